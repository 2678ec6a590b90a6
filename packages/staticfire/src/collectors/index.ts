import type { AnyCollector } from '../model/collector.ts';

/** Sorted by the id of their fact. The engine orders them by what they need. */
export const collectors = [] as const satisfies readonly AnyCollector[];
