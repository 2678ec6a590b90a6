/** The part of a sorted list that begins with a prefix. */
export function filesBelow(sorted: readonly string[], prefix: string): readonly string[] {
  if (prefix === '') return sorted;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (sorted[end]?.startsWith(prefix)) end += 1;
  return sorted.slice(low, end);
}
