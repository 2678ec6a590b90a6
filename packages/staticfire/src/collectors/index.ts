import type { AnyCollector } from '../model/collector.ts';
import { containersCollector } from './containers.ts';
import { projectCollector } from './project.ts';

/** Sorted by the id of their fact. The engine orders them by what they need. */
export const collectors = [containersCollector, projectCollector] as const satisfies readonly AnyCollector[];
