import type { FactsOf, Needs } from './control.ts';
import type { Collected, Fact, Scope } from './fact.ts';
import type { Workspace } from './workspace.ts';

/** Reads one fact. It judges nothing. It may build on other facts, which the engine collects first. */
export interface Collector<T, N extends Needs = Needs> {
  readonly fact: Fact<T, Scope>;
  readonly needs: N;
  collect(context: CollectContext<FactsOf<N>>): Promise<Collected<T>> | Collected<T>;
}

export interface CollectContext<F> {
  readonly workspace: Workspace;
  readonly facts: F;
  readonly signal: AbortSignal;
  /** A folder outside the tree for what is worth keeping between runs; undefined when nothing may be kept. */
  readonly cacheDir: string | undefined;
  /** The version of the tool, part of every cache key. */
  readonly version: string;
  /** For work that takes long. */
  progress(done: number, total: number): void;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one seam where a collector's own types are forgotten
export type AnyCollector = Collector<any, any>;

export function defineCollector<T, const N extends Needs>(collector: Collector<T, N>): Collector<T, N> {
  return collector;
}
