import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A configuration of a bot that proposes dependency updates. */
export interface UpdateBot {
  readonly tool: 'Dependabot' | 'Renovate';
  readonly at: Place;
  /** Why it does nothing for JavaScript packages; undefined for a good one. */
  readonly idle?: { readonly kind: 'misplaced' | 'off' | 'other-ecosystems' | 'broken'; readonly text: string };
}

export const updates = defineFact<readonly UpdateBot[], 'repository'>({
  id: 'updates',
  title: 'bots that update dependencies',
  scope: 'repository',
});
