import { controls } from './controls/index.ts';
import { audit as auditWith } from './engine/audit.ts';
import { mapEndpoints } from './engine/endpoint-map.ts';
import type { Assessment } from './model/assessment.ts';
import type { AnyCollector } from './model/collector.ts';
import type { EndpointMap } from './model/endpoint-map.ts';
import { version } from './version.ts';

export type * from './model/assessment.ts';
export type * from './model/endpoint-map.ts';
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

export interface EndpointOptions extends Pick<AuditOptions, 'service' | 'cacheDir' | 'progress' | 'signal'> {
  /** Which endpoints carry the code of each step of their proofs. */
  readonly withCode?: (endpoint: { readonly method: string; readonly path: string }) => boolean;
}

/** Reads every endpoint of a directory, and what protects it. Nothing of it is executed. Rejects with a `Problem` when there is no answer. */
export const endpoints = (dir: string, options: EndpointOptions = {}): Promise<EndpointMap> =>
  mapEndpoints({ ...options, dir, collectors: loadCollectors, version });

const loadCollectors = async (): Promise<readonly AnyCollector[]> => (await import('./collectors/index.ts')).collectors;
