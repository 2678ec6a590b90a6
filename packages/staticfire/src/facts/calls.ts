import type { Origin } from '../code/model.ts';
import type { CallReach } from '../code/reach/calls-of.ts';
import type { CallSite, FileSites, Mention, Setting } from '../code/sites.ts';
import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** The calls of every file, each file walked once when someone first asks. */
export interface SitesByFile {
  /** Empty for a file that is not source. */
  of(file: string): FileSites;
}

export const sites = defineFact<SitesByFile, 'repository'>({
  id: 'sites',
  title: 'the calls of each source file',
  scope: 'repository',
});

/** The calls that live functions of the service make. */
export interface LiveCalls {
  /** By the last name of the callee, in the order of files and lines. */
  named(...names: readonly string[]): readonly CallSite[];
  /** Properties and assignments of this name; only the names that some reader asked to be kept. */
  settings(...keys: readonly string[]): readonly Setting[];
  /** Member chains that name one of these; only the names that some reader asked to be kept. */
  mentions(...keys: readonly string[]): readonly Mention[];
  /** What the callee stands for. */
  origin(call: CallSite): Origin;
  /** Packages that live files import at run time, each with the places where they do. */
  readonly packages: ReadonlyMap<string, readonly Place[]>;
  /** How many live files were walked. */
  readonly files: number;
}

export const calls = defineFact<LiveCalls, 'service'>({
  id: 'calls',
  title: 'the calls of live code',
  scope: 'service',
});

/** What a function leads to, call by call. */
export const callReach = defineFact<CallReach, 'repository'>({
  id: 'call-reach',
  title: 'the calls that each function leads to',
  scope: 'repository',
});
