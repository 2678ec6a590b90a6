import type { IdleTest as Idle } from '../code/summary.ts';
import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A test that does not run, keeps others from running, or tests nothing. */
export interface IdleTest extends Omit<Idle, 'line'> {
  readonly at: Place;
}

export interface TestFile {
  readonly file: string;
  /** 'vitest', 'jest', 'playwright', …; 'unknown' when neither the file nor a package.json says. */
  readonly runner: string;
  readonly tests: number;
  readonly assertions: number;
  readonly idle: readonly IdleTest[];
  /** Paths that its requests and page visits name. */
  readonly requests: readonly string[];
  /** It drives a running service from outside. */
  readonly endToEnd: boolean;
  /** Packages that it imports and that no package.json of the repository declares: it cannot run. */
  readonly undeclared: readonly string[];
  /** The first file of the service or of its helpers that each import leads to, helpers followed. */
  readonly reaches: readonly string[];
}

/** Sorted by path. */
export const testFiles = defineFact<readonly TestFile[], 'repository'>({
  id: 'test-files',
  title: 'the tests of the repository',
  scope: 'repository',
});
