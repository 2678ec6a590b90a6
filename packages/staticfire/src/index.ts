import { controls } from './controls/index.ts';
import { audit as auditWith } from './engine/audit.ts';
import type { Assessment } from './model/assessment.ts';
import type { AnyCollector } from './model/collector.ts';
import { version } from './version.ts';

export type * from './model/assessment.ts';
export type { Area } from './model/area.ts';
export type { Confidence, ProofLevel, Severity, Stage } from './model/control.ts';
export { Problem } from './model/problem.ts';

export interface AuditOptions {
  /** Ids or areas of the only controls to judge. */
  readonly only?: readonly string[];
  /** Ids or areas of controls to leave out. */
  readonly skip?: readonly string[];
  /** Judge only this service, and what belongs to the repository. */
  readonly service?: string;
  /** Where summaries of source files are kept between runs; without it nothing is kept. */
  readonly cacheDir?: string;
  readonly progress?: (event: { phase: string; done?: number; total?: number }) => void;
  readonly signal?: AbortSignal;
}

/** Reads a directory and judges it. Nothing of it is executed. Rejects with a `Problem` when there is no answer. */
export const audit = (dir: string, options: AuditOptions = {}): Promise<Assessment> =>
  auditWith({ ...options, dir, controls, collectors: loadCollectors, version });

const loadCollectors = async (): Promise<readonly AnyCollector[]> => (await import('./collectors/index.ts')).collectors;
