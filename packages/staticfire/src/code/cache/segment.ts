import { isAscii } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** Where a text lies in a segment, and the sum that proves it whole. */
export interface Span {
  readonly offset: number;
  readonly length: number;
  readonly sum: number;
}

/** A text and the segment that holds it. */
export interface Piece {
  readonly segment: Segment;
  readonly span: Span;
}

export function textOf({ segment, span }: Piece): string | undefined {
  const bytes = segment.read(span);
  return bytes?.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

/** A file of texts one after another, written once and never changed. */
export interface Segment {
  readonly name: string;
  readonly size: number;
  /** The bytes, or undefined when they are not what was written. */
  read(span: Span): Buffer | undefined;
  close(): void;
}

/** Opens a segment. It stays readable for this run even if another run takes it away. Throws when it is too short or not there. */
export function openSegment(path: string, name: string, size: number): Segment {
  const file = openSync(path, constants.O_RDONLY);
  if (fstatSync(file).size < size) {
    closeSync(file);
    throw new Error(`${name} is cut off`);
  }
  return segmentOf(file, name, () => size);
}

/** Reads a segment whole, for texts that are all needed. */
export function loadSegment(path: string, name: string, size: number): Segment {
  const bytes = readFileSync(path);
  if (bytes.length < size) throw new Error(`${name} is cut off`);
  return {
    name,
    size,
    read: ({ offset, length, sum }) => {
      const part = bytes.subarray(offset, offset + length);
      return crc32(part) === sum ? part : undefined;
    },
    close: () => undefined,
  };
}

function segmentOf(file: number, name: string, size: () => number): Segment {
  let open = true;
  return {
    name,
    get size() {
      return size();
    },
    read: (span) => (open ? readSpan(file, span) : undefined),
    close: () => {
      if (open) closeSync(file);
      open = false;
    },
  };
}

function readSpan(file: number, { offset, length, sum }: Span): Buffer | undefined {
  try {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const read = readSync(file, bytes, done, length - done, offset + done);
      if (read === 0) return undefined;
      done += read;
    }
    return crc32(bytes) === sum ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** A segment in the making. Texts wait in memory until enough have come together, or for ever if the disk is full. */
export interface GrowingSegment extends Segment {
  /** Where the text will lie. */
  add(bytes: Buffer): Span;
  /** Writes what waits; throws when the disk does not take it. */
  flush(): void;
}

const ENOUGH = 1 << 20;

/** Creates the file, readable by its owner alone. Throws when that is not possible. */
export function growSegment(path: string, name: string): GrowingSegment {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  const waiting = waitingRoom();
  let written = 0;
  let broken = false;
  const flush = (): void => {
    const bytes = waiting.bytes();
    writeAll(file, bytes, written);
    written += bytes.length;
    waiting.clear();
  };
  const flushQuietly = (): void => {
    try {
      flush();
    } catch {
      broken = true;
    }
  };
  const base = segmentOf(file, name, () => written);
  return {
    name,
    get size() {
      return written + waiting.size();
    },
    add: (bytes) => {
      const span = { offset: written + waiting.size(), length: bytes.length, sum: crc32(bytes) };
      waiting.push(bytes);
      if (waiting.size() >= ENOUGH && !broken) flushQuietly();
      return span;
    },
    read: (span) =>
      span.offset < written
        ? base.read(span)
        : waiting.bytes().subarray(span.offset - written, span.offset - written + span.length),
    flush,
    close: base.close,
  };
}

interface WaitingRoom {
  size(): number;
  push(bytes: Buffer): void;
  /** Everything, in one piece. */
  bytes(): Buffer;
  clear(): void;
}

function waitingRoom(): WaitingRoom {
  let parts: Buffer[] = [];
  let size = 0;
  return {
    size: () => size,
    push: (bytes) => {
      parts.push(bytes);
      size += bytes.length;
    },
    bytes: () => {
      const [first, second] = parts;
      if (first !== undefined && second === undefined) return first;
      const whole = Buffer.concat(parts);
      parts = [whole];
      return whole;
    },
    clear: () => {
      parts = [];
      size = 0;
    },
  };
}

function writeAll(file: number, bytes: Buffer, offset: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, offset + done);
}
