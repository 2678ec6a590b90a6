import type { EndpointReader } from './framework.ts';
import { nestjs } from './nestjs.ts';
import { next } from './next.ts';
import { routed } from './routed.ts';
import { tanstackStart } from './tanstack-start.ts';

/** Sorted by id. */
export const readers: readonly EndpointReader[] = [nestjs, next, routed, tanstackStart];
