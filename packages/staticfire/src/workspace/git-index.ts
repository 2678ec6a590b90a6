/** What git remembers of a tracked file. */
export interface IndexEntry {
  /** From the git root, forward slashes. */
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  /** Whole milliseconds, or whole seconds when git stored no fraction. */
  readonly mtime: number;
  readonly exactTime: boolean;
  readonly hash: string;
  /** Left out of a sparse checkout on purpose. */
  readonly skipped: boolean;
}

const GITLINK = 0o160000;
const FOLDER = 0o040000;
const NAME_MASK = 0xfff;
const EXTENDED = 0x4000;
const SKIP_WORKTREE = 0x4000;
const STAT_BYTES = 40;

export const isGitlink = (entry: IndexEntry): boolean => entry.mode === GITLINK;
/** A folder of a sparse index: all of it is tracked, none of it is checked out. */
export const isSparseFolder = (entry: IndexEntry): boolean => entry.mode === FOLDER;

/** Reads git's index, versions 2 to 4. Throws a plain Error with a reason when the bytes make no sense. */
export function parseIndex(bytes: Buffer, hashBytes: 20 | 32 = 20): readonly IndexEntry[] {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') throw new Error('it has no index header');
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) throw new Error(`its version ${version} is not known`);
  const count = bytes.readUInt32BE(8);
  const entries: IndexEntry[] = [];
  let at = 12;
  let previous: Buffer = Buffer.alloc(0);
  for (let n = 0; n < count; n++) {
    const read = readEntry(bytes, at, { version, hashBytes, previous });
    entries.push(read.entry);
    at = read.next;
    previous = read.name;
  }
  if (at > bytes.length - hashBytes) throw new Error('its checksum is cut off');
  if (hasExtension(bytes, at, hashBytes, 'link')) throw new Error('it is a split index');
  return entries;
}

interface Shape {
  readonly version: number;
  readonly hashBytes: number;
  readonly previous: Buffer;
}

function readEntry(bytes: Buffer, start: number, shape: Shape): { entry: IndexEntry; name: Buffer; next: number } {
  let at = start + STAT_BYTES + shape.hashBytes;
  const flags = bytes.readUInt16BE(at);
  at += 2;
  let more = 0;
  if (flags & EXTENDED) {
    more = bytes.readUInt16BE(at);
    at += 2;
  }
  const { name, end } =
    shape.version === 4 ? compressedName(bytes, at, shape.previous) : plainName(bytes, at, flags & NAME_MASK);
  const next = shape.version === 4 ? end + 1 : start + Math.ceil((end + 1 - start) / 8) * 8;
  if (next > bytes.length) throw new Error('it ends in the middle of an entry');
  return { entry: entryOf(bytes, start, name, shape.hashBytes, more), name, next };
}

function entryOf(bytes: Buffer, start: number, name: Buffer, hashBytes: number, more: number): IndexEntry {
  const nanoseconds = bytes.readUInt32BE(start + 12);
  const mode = bytes.readUInt32BE(start + 24);
  const path = name.toString('utf8');
  return {
    path: mode === FOLDER && path.endsWith('/') ? path.slice(0, -1) : path,
    mode,
    size: bytes.readUInt32BE(start + 36),
    mtime: bytes.readUInt32BE(start + 8) * 1000 + Math.floor(nanoseconds / 1e6),
    exactTime: nanoseconds !== 0,
    hash: bytes.toString('hex', start + STAT_BYTES, start + STAT_BYTES + hashBytes),
    skipped: (more & SKIP_WORKTREE) !== 0,
  };
}

function plainName(bytes: Buffer, at: number, length: number): { name: Buffer; end: number } {
  const end = length < NAME_MASK ? at + length : terminator(bytes, at);
  if (bytes[end] !== 0) throw new Error('a name does not end where it should');
  return { name: bytes.subarray(at, end), end };
}

/** Version 4: how many bytes of the previous name to drop, then the rest. */
function compressedName(bytes: Buffer, start: number, previous: Buffer): { name: Buffer; end: number } {
  let at = start;
  let byte = bytes.readUInt8(at++);
  let drop = byte & 0x7f;
  while (byte & 0x80) {
    byte = bytes.readUInt8(at++);
    drop = ((drop + 1) << 7) | (byte & 0x7f);
  }
  if (drop < 0 || drop > previous.length) throw new Error('a compressed name makes no sense');
  const end = terminator(bytes, at);
  return {
    name: Buffer.concat([previous.subarray(0, previous.length - drop), bytes.subarray(at, end)]),
    end,
  };
}

function terminator(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(0, from);
  if (end < 0) throw new Error('a name has no end');
  return end;
}

function hasExtension(bytes: Buffer, from: number, hashBytes: number, signature: string): boolean {
  for (let at = from; at + 8 <= bytes.length - hashBytes; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString('latin1', at, at + 4) === signature) return true;
  }
  return false;
}
