import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Unread } from '../model/workspace.ts';
import { decodeText, type FileReader } from '../workspace/decode.ts';
import { unreadReason } from '../workspace/unread.ts';
import { nestsTooDeep } from './nesting.ts';
import { summarise } from './summarise/summarise.ts';
import { parseByJson, type Parse } from './syntax/parse.ts';
import type { FileHead, FileSummary } from './summary.ts';

/** One file, read and summarised. `body` is the whole summary as JSON, decoded when someone asks for it. */
export type ParsedFile =
  | {
      readonly kind: 'parsed';
      readonly path: string;
      readonly hash: string;
      readonly head: FileHead;
      readonly body: string;
    }
  | { readonly kind: 'unread'; readonly unread: Unread };

/** Source above this size is data or a bundle, not something a person wrote: it is counted as unread. Bytes. */
const largestSource = 1_000_000;

/** Reads and parses one file. Nothing that stands in a file makes this throw. */
export function parseFile(root: string, path: string, read: FileReader, parse: Parse = parseByJson): ParsedFile {
  try {
    const bytes = read(join(root, path), largestSource);
    if (!bytes) return unread(path, 'too-large', `more than ${largestSource} bytes of source`);
    const key = hashOf(bytes);
    const text = decodeText(bytes);
    if (text === undefined) return unread(path, 'not-utf8', 'neither UTF-8 nor marked UTF-16');
    if (nestsTooDeep(text)) return unread(path, 'too-large', 'nested too deeply to be read');
    return parsed(path, key, summarise(path, text, parse));
  } catch (error) {
    if (error instanceof RangeError) return unread(path, 'too-large', 'nested too deeply to be read');
    const { reason, detail } = unreadReason(error);
    return unread(path, reason, detail === 'unknown' && error instanceof Error ? error.message : detail);
  }
}

/** The content's key, without parsing; undefined when the file cannot be read. */
export function hashFile(root: string, path: string, read: FileReader): string | undefined {
  try {
    const bytes = read(join(root, path), largestSource);
    return bytes && hashOf(bytes);
  } catch {
    return undefined;
  }
}

/** The key under which a file's summary is kept. */
const hashOf = (bytes: Uint8Array): string => hash('sha1', bytes, 'base64url');

function parsed(path: string, hash: string, summary: FileSummary): ParsedFile {
  return { kind: 'parsed', path, hash, head: headOf(summary), body: JSON.stringify(summary) };
}

/** The part of a summary that linking needs for every file. */
export function headOf(summary: FileSummary): FileHead {
  const { functions: _functions, classes: _classes, exports, ...rest } = summary;
  return { ...rest, exports: exports.map(({ value: _value, ...head }) => head) };
}

const unread = (path: string, reason: Unread['reason'], detail: string): ParsedFile => ({
  kind: 'unread',
  unread: { path, reason, detail },
});
