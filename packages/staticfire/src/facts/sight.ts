import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** What the audit could not look at. */
export interface Sight {
  /** Source files that could not be read at all, sorted. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
  /** Files that could be parsed only in part. */
  readonly broken: ReadonlyMap<string, string>;
  /** Imports of the repository's own files, by the importing file: how many lead somewhere, and those that do not. */
  readonly imports: ReadonlyMap<
    string,
    { readonly followed: number; readonly lost: readonly { readonly specifier: string; readonly at: Place }[] }
  >;
  /** Loads whose path is worked out at run time and could not be followed, by file. */
  readonly computed: ReadonlyMap<string, number>;
  /** Source of kinds that are not read: single-file components. Sorted. */
  readonly otherKinds: readonly string[];
}

export const sight = defineFact<Sight, 'repository'>({
  id: 'sight',
  title: 'what the audit could not look at',
  scope: 'repository',
});
