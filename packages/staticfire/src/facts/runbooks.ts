import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** What people need in front of them when the service is down. */
export const runbookParts = ['restore', 'rollback', 'escalation', 'severity', 'alerts', 'services'] as const;
export type RunbookPart = (typeof runbookParts)[number];

/** A section that treats one part with more than its heading. */
export interface RunbookSection {
  readonly part: RunbookPart;
  readonly heading: string;
  readonly at: Place;
}

export interface Runbooks {
  /** Sorted by place. */
  readonly sections: readonly RunbookSection[];
  /** Sections that name a part and say next to nothing about it. */
  readonly hollow: readonly RunbookSection[];
  /** How many documents were read. */
  readonly documents: number;
}

export const runbooks = defineFact<Runbooks, 'repository'>({
  id: 'runbooks',
  title: 'what the documents say for when the service is down',
  scope: 'repository',
});
