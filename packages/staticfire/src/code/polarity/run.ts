import type { CodeModel } from '../model.ts';
import type { Names } from './names.ts';
import type { Expr } from '../summary.ts';
import type { Outcome, Site, Value } from './values.ts';
import type { World } from './world.ts';

/** One reading of a function under an assumption: which settings are missing. */
export interface Run {
  readonly model: CodeModel;
  readonly names: Names;
  readonly missing: ReadonlySet<string>;
  /** Files from which a secret is not far. */
  readonly near: ReadonlySet<string>;
  /** Comparisons and verifications that failed because the caller cannot know a secret. */
  readonly refusals: { readonly of: string; readonly site: Site }[];
  /** Every test that was decided, in order. */
  readonly tests: Map<object, Outcome & { readonly site: Site }>;
  /** For each statement: was it ever passed? */
  readonly passed: Map<object, boolean>;
  /** Where each setting was read. */
  readonly reads: Map<string, Site>;
  /** Values outside of functions, by the expression that makes them. */
  readonly outside: Map<Expr, Value>;
  /** Functions being followed, innermost last. */
  readonly stack: string[];
  /** Where each of them was called. */
  readonly path: Site[];
  /** What is assumed of the world around the code; undefined where only settings matter. */
  readonly world: World | undefined;
  site: Site;
  /** Evaluations left. */
  budget: number;
  /** A signature was accepted that anyone can make. */
  forged: boolean;
  /** The last thing thrown said that the caller is not allowed. */
  thrownAuth: boolean;
}

export const createRun = (
  model: CodeModel,
  names: Names,
  missing: ReadonlySet<string>,
  near: ReadonlySet<string>,
  site: Site,
  world?: World,
): Run => ({
  model,
  names,
  missing,
  near,
  refusals: [],
  tests: new Map(),
  passed: new Map(),
  reads: new Map(),
  outside: world?.outside ?? new Map(),
  stack: [],
  path: [],
  world,
  site,
  budget: world?.budget ?? 6000,
  forged: false,
  thrownAuth: false,
});

export const refuse =
  (run: Run) =>
  (of: string): void => {
    run.refusals.push({ of, site: run.site });
  };

/** Remembers how a test came out. */
export function note(run: Run, test: object, outcome: Outcome, value?: Value): Outcome {
  if (value) run.world?.tested(run, value);
  const before = run.tests.get(test);
  run.tests.set(test, {
    yes: outcome.yes || (before?.yes ?? false),
    no: outcome.no || (before?.no ?? false),
    site: before?.site ?? run.site,
  });
  return outcome;
}
