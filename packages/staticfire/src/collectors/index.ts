import type { AnyCollector } from '../model/collector.ts';
import { codeCollector } from './code.ts';
import { containersCollector } from './containers.ts';
import { projectCollector } from './project.ts';
import { servicesCollector } from './services.ts';

/** Sorted by the id of their fact. The engine orders them by what they need. */
export const collectors = [codeCollector, containersCollector, projectCollector, servicesCollector] as const satisfies readonly AnyCollector[];
