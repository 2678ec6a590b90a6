import type { Place } from './place.ts';

/** Whose fact it is: one value for the repository, or one for each service. */
export type Scope = 'repository' | 'service';

/** A name for one piece of knowledge. Controls and collectors depend on facts by importing them; collectors produce them. */
export interface Fact<T, S extends Scope = Scope> {
  readonly id: string;
  readonly title: string;
  readonly scope: S;
  /** Type carrier only; never present at run time. */
  readonly _value?: T;
}

export type FactValue<F> = F extends Fact<infer T> ? T : never;

/** What a collector hands back: a value, or the reason there is none. Never an exception. */
export type Collected<T> =
  | { readonly status: 'known'; readonly value: T }
  | { readonly status: 'absent'; readonly reason: string }
  | { readonly status: 'unreadable'; readonly reason: string; readonly at?: Place };

export const known = <T>(value: T): Collected<T> => ({ status: 'known', value });
export const absent = <T>(reason: string): Collected<T> => ({ status: 'absent', reason });

export function defineFact<T, const S extends Scope = 'repository'>(spec: {
  id: string;
  title: string;
  scope: S;
}): Fact<T, S> {
  return spec;
}
