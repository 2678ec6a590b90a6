import { bestMatch } from './paths.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Conditions of a platform that is no server. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'browser',
  'react-native',
  'edge-light',
  'worker',
  'workerd',
  'deno',
  'bun',
  'electron',
  'netlify',
]);
const TYPES_ONLY = /^types(@|$)|^typings$/;
const FROM_SOURCE = /(^|[/:_-])(source|src|ts|typescript|dev|development)$/;

/** Where `exports` or `imports` may lead for a key such as './utils' or '#db', the likeliest for a server first. */
export function conditionTargets(field: unknown, key: string): readonly string[] {
  const hit = bestMatch(keysOf(field), key);
  if (hit === undefined) return [];
  const value = isFields(field) && Object.hasOwn(field, hit.pattern) ? field[hit.pattern] : field;
  const leaves = leavesOf(value, 0);
  return leaves.toSorted((a, b) => a.rank - b.rank).map((leaf) => leaf.target.replaceAll('*', hit.star));
}

/** A field without keys of its own is the entry of the whole package. */
const keysOf = (field: unknown): readonly string[] => {
  if (!isFields(field)) return field === undefined || field === null ? [] : ['.'];
  const keys = Object.keys(field).filter((key) => key.startsWith('.') || key.startsWith('#'));
  return keys.length === 0 ? ['.'] : keys;
};

interface Leaf {
  readonly target: string;
  readonly rank: number;
}

function leavesOf(value: unknown, rank: number): readonly Leaf[] {
  if (typeof value === 'string') return [{ target: value, rank }];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => leavesOf(item, rank));
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([condition, inner]) => leavesOf(inner, Math.max(rank, rankOf(condition))));
}

function rankOf(condition: string): number {
  if (FROM_SOURCE.test(condition)) return 0;
  if (TYPES_ONLY.test(condition)) return 3;
  return ELSEWHERE.has(condition) ? 4 : 1;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
