import type { AnyControl } from '../model/control.ts';

/** Sorted by id. The registry test compares this list with the files on disk. */
export const controls = [] as const satisfies readonly AnyControl[];
