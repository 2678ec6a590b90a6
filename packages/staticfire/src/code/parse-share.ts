/** What parse threads share: the list of paths, and how far into it they have come together. */
export interface Share {
  readonly paths: readonly string[];
  /** One 32-bit number: the index of the next path that nobody has taken. */
  readonly taken: SharedArrayBuffer;
}

export const createShare = (paths: readonly string[]): Share => ({ paths, taken: new SharedArrayBuffer(4) });

const batchSize = 24;

/** Batches for one thread; a thread never waits for another, nor for the one that collects. */
export function* takeBatches({ paths, taken }: Share): Generator<readonly string[]> {
  const counter = new Int32Array(taken);
  for (;;) {
    const from = Atomics.add(counter, 0, batchSize);
    if (from >= paths.length) return;
    yield paths.slice(from, from + batchSize);
  }
}
