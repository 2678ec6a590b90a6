import type { Reporter } from '../model/reporter.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { terminal } from './terminal.ts';

/** Sorted by id. */
export const reporters = [json, markdown, terminal] as const satisfies readonly Reporter[];
