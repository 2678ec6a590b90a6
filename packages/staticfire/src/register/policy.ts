import type { Finding, Result } from '../model/assessment.ts';

/** The default policy: a critical finding of a stable control decides against the launch. */
export function blockersOf(results: readonly Result[]): readonly Finding[] {
  return results
    .filter((result) => result.stage === 'stable' && result.verdict === 'fail')
    .flatMap((result) => result.findings.filter((f) => f.severity === 'critical'));
}

/** Where a check that can block could not run, its answer is not known, and an unknown answer is no GO. */
export function failedToDecide(results: readonly Result[]): boolean {
  return results.some(
    (result) => result.stage === 'stable' && result.verdict === 'error' && result.severity === 'critical',
  );
}
