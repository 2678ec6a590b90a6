import type { Collected, Fact } from '../model/fact.ts';

/** What is known, or why it is not. `failed`: our own code threw. */
type Entry = Collected<unknown> | { readonly status: 'failed'; readonly reason: string };

/** The facts of the repository and of each service. */
export interface FactBook {
  get(fact: Fact<unknown>, service: string | undefined): Entry | undefined;
  set(fact: Fact<unknown>, service: string | undefined, entry: Entry): void;
}

export function createBook(): FactBook {
  const entries = new Map<string, Entry>();
  const key = (fact: Fact<unknown>, service: string | undefined): string =>
    fact.scope === 'repository' ? fact.id : `${fact.id}\0${service ?? ''}`;
  return {
    get: (fact, service) => entries.get(key(fact, service)),
    set: (fact, service, entry) => void entries.set(key(fact, service), entry),
  };
}

export type Gathered =
  | { readonly status: 'known'; readonly facts: Readonly<Record<string, unknown>> }
  | { readonly status: 'absent' | 'unreadable' | 'failed'; readonly reason: string };

/** The values of all needed facts, or the first reason why one is missing; our own failures come before all others. */
export function gather(
  book: FactBook,
  needs: Readonly<Record<string, Fact<unknown>>>,
  service: string | undefined,
): Gathered {
  const facts: Record<string, unknown> = {};
  let missing: Gathered | undefined;
  for (const [name, fact] of Object.entries(needs)) {
    const entry = book.get(fact, service) ?? {
      status: 'failed',
      reason: `nothing collects ${fact.title} (${fact.id})`,
    };
    if (entry.status === 'known') facts[name] = entry.value;
    else if (!missing || entry.status === 'failed')
      missing = { status: entry.status, reason: `${fact.title}: ${entry.reason}` };
  }
  return missing ?? { status: 'known', facts: Object.freeze(facts) };
}
