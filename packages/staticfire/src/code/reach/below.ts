/** The part of a sorted list that begins with a prefix. */
export function filesBelow(sorted: readonly string[], prefix: string): readonly string[] {
  return prefix === '' ? sorted : sorted.slice(bound(sorted, prefix), bound(sorted, `${prefix}\uFFFF`));
}

/** Where a value stands, or would stand, in a sorted list. */
function bound(sorted: readonly string[], value: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
