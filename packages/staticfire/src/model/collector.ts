import type { FactsOf, Needs } from './control.ts';
import type { Collected, Fact, Scope } from './fact.ts';
import type { Workspace, WorkspaceFile } from './workspace.ts';

/** Reads one fact. It judges nothing. It may build on other facts, which the engine collects first. */
export interface Collector<T, N extends Needs = Needs> {
  readonly fact: Fact<T, Scope>;
  readonly needs: N;
  collect(context: CollectContext<FactsOf<N>>): Promise<Collected<T>> | Collected<T>;
  /**
   * For a collector that takes something of every file: do files that have changed still say the same to it?
   * The engine notes which texts collectors read through the workspace: when one of those changes, nobody is asked.
   */
  readonly unchanged?: (changes: readonly Change[], context: KeptContext) => Promise<boolean> | boolean;
  /** It reads every file, and `unchanged` answers for all of them: its reading is not noted. */
  readonly readsAll?: true;
}

/** A file that is not as it was when the last assessment was made. */
export interface Change {
  readonly file: WorkspaceFile;
  readonly before: WorkspaceFile;
}

/** What is left of earlier runs, and where to look now. */
export type KeptContext = Pick<CollectContext<unknown>, 'workspace' | 'cacheDir' | 'version'>;

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
