import { isPublic, sensitivityOf, setByPlatform } from './environment-names.ts';
import type { Environment, EnvRead, ReachedCheck } from './environment.ts';

/** Checks that run at boot, in production, and end the process when something is missing. */
export function closedChecks({ checks }: Pick<Environment, 'checks'>): readonly ReachedCheck[] {
  return checks.filter(
    (check) =>
      check.reached === 'boot' &&
      isClosed(check) &&
      (check.required.length > 0 || (check.style === 'schema' && !check.complete)),
  );
}

/** Refuses to go on, wherever it runs. */
export const isClosed = (check: ReachedCheck): boolean =>
  check.production && !check.injects && (check.failure === 'throws' || check.failure === 'exits');

/** The variables that the process cannot boot without. */
export const demanded = (environment: Pick<Environment, 'checks'>): ReadonlySet<string> =>
  new Set(closedChecks(environment).flatMap((check) => check.required));

/** A literal or derived text stands in for a secret, a credential or a database address. */
export function isPlaceholder(read: EnvRead): boolean {
  const { kind } = read.fallback;
  return (
    read.production &&
    (kind === 'literal' || kind === 'derived' || kind === 'stand-in') &&
    sensitivityOf(read.name) !== 'plain'
  );
}

/** What the service cannot do without: read with nothing in its place, or with a stand-in that no one should run on. */
export function requiredVariables(environment: Environment): ReadonlyMap<string, EnvRead> {
  const placeholders = environment.reads
    .filter((read) => isPlaceholder(read))
    .map((read) => [read.name, read] as const);
  return new Map([...placeholders, ...environment.needed].filter(([name]) => !setByPlatform(name) && !isPublic(name)));
}
