import type { FactsOf, Needs } from './control.ts';
import type { Collected, Fact, Scope } from './fact.ts';
import type { Workspace } from './workspace.ts';

/** Reads one fact. It judges nothing. It may build on other facts, which the engine collects first. */
export interface Collector<T, N extends Needs = Needs> {
  readonly fact: Fact<T, Scope>;
  readonly needs: N;
  collect(context: { readonly workspace: Workspace; readonly facts: FactsOf<N>; readonly signal: AbortSignal }): Promise<Collected<T>> | Collected<T>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the one seam where a collector's own types are forgotten
export type AnyCollector = Collector<any, any>;

export function defineCollector<T, const N extends Needs>(collector: Collector<T, N>): Collector<T, N> {
  return collector;
}
