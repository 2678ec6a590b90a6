import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';

/** A text that is sent to a database as a query, with what stands in it beside fixed words. */
export interface QueryText {
  /** The call that sends it: '$queryRawUnsafe', 'pool.query'. */
  readonly by: string;
  readonly at: Place;
  /** The function that sends it, '' at the top of a module. */
  readonly fn: string;
  /** Nothing in it comes from outside; a request reaches it; or its parts could not be followed. */
  readonly made: 'fixed' | 'input' | 'lost';
  /** Where the part is joined to the text. */
  readonly joined: Place;
  /** The part as written: 'sort', 'req.query.sort'. */
  readonly part: string;
  /** From where the part comes, step by step, to the text. */
  readonly trail: readonly Step[];
}

export interface QueryTexts {
  readonly texts: readonly QueryText[];
  /** How many queries are sent with a text of their own. */
  readonly queries: number;
  /** Live files looked at. */
  readonly files: number;
  /** Where live code reaches a database, '' where it reaches none. */
  readonly store: string;
}

export const queryTexts = defineFact<QueryTexts, 'service'>({
  id: 'query-texts',
  title: 'the texts that are sent to databases as queries',
  scope: 'service',
});
