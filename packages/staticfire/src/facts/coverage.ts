import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A coverage threshold as configured, whether or not a pipeline asks for it. */
export interface CoverageThreshold {
  readonly tool: 'Vitest' | 'Jest' | 'nyc' | 'c8' | 'Codecov';
  readonly at: Place;
  /** Folder whose tests it judges. */
  readonly dir: string;
  /** The configuration switches coverage on by itself. */
  readonly enabled: boolean;
}

export const coverageThresholds = defineFact<readonly CoverageThreshold[], 'repository'>({
  id: 'coverage-thresholds',
  title: 'configured coverage thresholds',
  scope: 'repository',
});
