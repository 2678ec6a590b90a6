import { createHash } from 'node:crypto';
import type { Span } from './segment.ts';

/** What the cache knows of one file. */
interface Row {
  readonly path: string;
  readonly size: number;
  /** Milliseconds; -1 when the file was too young to trust its time. */
  readonly mtime: number;
  readonly hash: string;
  /** The small part, needed of every file. */
  readonly head: Location;
  readonly body: Location;
}

export interface Location {
  /** Position in the list of segments. */
  readonly segment: number;
  readonly span: Span;
}

export interface SegmentName {
  readonly name: string;
  readonly size: number;
}

export interface IndexFile {
  readonly heads: readonly SegmentName[];
  readonly bodies: readonly SegmentName[];
  readonly rows: readonly Row[];
}

/** Which cache this is: another tool version or another folder has nothing to say to us. */
export interface Identity {
  readonly root: string;
  readonly version: string;
}

const FORMAT = 1;
const sumOf = (text: string): string => createHash('sha1').update(text).digest('hex');

export function writeIndex({ heads, bodies, rows }: IndexFile, { root, version }: Identity): string {
  const written = rows.map(({ path, size, mtime, hash, head, body }) => [
    path,
    size,
    mtime,
    hash,
    ...numbers(head),
    ...numbers(body),
  ]);
  const text = JSON.stringify({ format: FORMAT, root, version, heads, bodies, rows: written });
  return `${sumOf(text)}\n${text}`;
}

type Numbers = [segment: number, offset: number, length: number, sum: number];
type WrittenRow = [path: string, size: number, mtime: number, hash: string, ...head: Numbers, ...body: Numbers];

const numbers = ({ segment, span }: Location): Numbers => [segment, span.offset, span.length, span.sum];
const location = ([segment, offset, length, sum]: Numbers): Location => ({ segment, span: { offset, length, sum } });

interface WrittenIndex extends Omit<IndexFile, 'rows'> {
  readonly format: number;
  readonly root: string;
  readonly version: string;
  readonly rows: readonly WrittenRow[];
}

/** The index, or undefined when it belongs to another version or folder. Throws when the text is not what was written. */
export function readIndex(text: string, { root, version }: Identity): IndexFile | undefined {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== sumOf(body)) throw new Error('its sum does not match');
  const written: WrittenIndex = JSON.parse(body);
  if (written.format !== FORMAT || written.root !== root || written.version !== version) return undefined;
  return { heads: written.heads, bodies: written.bodies, rows: written.rows.map(rowOf) };
}

const rowOf = ([path, size, mtime, hash, a, b, c, d, e, f, g, h]: WrittenRow): Row => ({
  path,
  size,
  mtime,
  hash,
  head: location([a, b, c, d]),
  body: location([e, f, g, h]),
});
