import { type CacheFolder, openFolder } from './cache/folder.ts';
import {
  type Identity,
  type IndexFile,
  type Location,
  readIndex,
  type SegmentName,
  writeIndex,
} from './cache/index-file.ts';
import {
  type GrowingSegment,
  growSegment,
  loadSegment,
  openSegment,
  type Piece,
  type Segment,
  textOf,
} from './cache/segment.ts';

export interface CacheOptions {
  /** The user's cache folder; undefined keeps everything in memory for this run. */
  readonly dir: string | undefined;
  /** Absolute path of the audited root. */
  readonly root: string;
  /** Of the tool and of all that shapes a summary; another version starts anew. */
  readonly version: string;
}

/** What is kept of one file. */
export interface CacheEntry {
  readonly hash: string;
  /** The small part, ready at once: any JSON value. */
  readonly head: unknown;
  /** The large part as it was given, read from the disk when asked for; undefined when it is lost, and the file must be parsed again. */
  body(): string | undefined;
}

export interface Stamp {
  readonly path: string;
  readonly size: number;
  readonly mtime: number;
}

interface Parsed {
  readonly hash: string;
  readonly head: unknown;
  readonly body: string;
}

/** What parsing has found, kept between runs. Whatever happens to its files, it gives right answers or none, and never throws. */
export interface Cache {
  /** The entry of a file whose size and time are as they were: it need not even be read. */
  get(file: Stamp): CacheEntry | undefined;
  /** The entry of a file whose content is known by its hash: only its time has changed, or it has moved. */
  getByHash(file: Stamp, hash: string): CacheEntry | undefined;
  /** Keeps what was parsed. */
  put(file: Stamp, parsed: Parsed): CacheEntry;
  /** Writes what has changed; files that were not asked for are forgotten. Call it once, after all files. */
  save(): void;
  /** Lets go of open files; large parts cannot be read after it. */
  close(): void;
  /** Nothing is kept of earlier runs, so that there is nothing to ask for. */
  readonly empty: boolean;
  /** At most one sentence: why nothing is kept. */
  readonly note: string | undefined;
}

/** A file may change twice within one tick of its clock, so the time of a young file proves nothing. Milliseconds. */
const TOO_YOUNG = 2000;
const MOST_SEGMENTS = 16;

interface Kept {
  readonly stamp: Stamp;
  readonly hash: string;
  readonly head: Piece;
  readonly body: Piece;
}

export function openCache(options: CacheOptions): Cache {
  const state = openState(options);
  const { old } = state;
  return {
    get: (file) => {
      const held = old.byPath.get(file.path);
      const same = held !== undefined && held.stamp.size === file.size && held.stamp.mtime === file.mtime;
      return same ? reuse(state, file, held) : undefined;
    },
    getByHash: (file, hash) => {
      const held = old.byContent.get(contentKey(file.path, hash));
      const entry = held && reuse(state, file, held);
      if (entry !== undefined) state.changed = true;
      return entry;
    },
    put: (file, parsed) => put(state, file, parsed),
    save: () => save(state),
    close: () => {
      for (const segment of [...old.segments, ...Object.values(state.fresh ?? {})]) segment.close();
    },
    empty: old.byPath.size === 0,
    get note() {
      return state.note;
    },
  };
}

const stampOf = ({ path, size, mtime }: Stamp): Stamp => ({ path, size, mtime });

function reuse(state: State, file: Stamp, held: Kept): CacheEntry | undefined {
  const text = textOf(held.head);
  if (text === undefined) return undefined;
  state.now.set(file.path, { ...held, stamp: stampOf(file) });
  const head: unknown = JSON.parse(text);
  return { hash: held.hash, head, body: () => textOf(held.body) };
}

function put(state: State, file: Stamp, { hash, head, body }: Parsed): CacheEntry {
  state.changed = true;
  const fresh = freshSegments(state);
  if (fresh === undefined) return { hash, head, body: () => body };
  const kept = {
    stamp: stampOf(file),
    hash,
    head: pieceIn(fresh.heads, JSON.stringify(head)),
    body: pieceIn(fresh.bodies, body),
  };
  state.now.set(file.path, kept);
  return { hash, head, body: () => textOf(kept.body) };
}

const pieceIn = (segment: GrowingSegment, text: string): Piece => ({ segment, span: segment.add(Buffer.from(text)) });

/** The name's endings decide how a text is parsed, so equal text under another ending is another content. */
const contentKey = (path: string, hash: string): string => `${hash}${/\.[^/]*$/.exec(path)?.[0] ?? ''}`;

interface Old {
  readonly segments: readonly Segment[];
  readonly byPath: ReadonlyMap<string, Kept>;
  readonly byContent: ReadonlyMap<string, Kept>;
}

interface Fresh {
  readonly heads: GrowingSegment;
  readonly bodies: GrowingSegment;
}

interface State {
  readonly identity: Identity;
  readonly openedAt: number;
  readonly old: Old;
  readonly now: Map<string, Kept>;
  folder: CacheFolder | undefined;
  fresh: Fresh | undefined;
  changed: boolean;
  note: string | undefined;
}

function openState({ dir, root, version }: CacheOptions): State {
  const identity = { root, version };
  const base = { identity, openedAt: Date.now(), now: new Map<string, Kept>(), fresh: undefined, changed: false };
  if (dir === undefined) return { ...base, folder: undefined, old: nothing, note: undefined };
  let folder: CacheFolder | undefined;
  try {
    folder = openFolder(dir, root);
    const text = folder.readIndex();
    const index = text === undefined ? undefined : readIndex(text, identity);
    return { ...base, folder, old: index === undefined ? nothing : openOld(folder, index), note: undefined };
  } catch (error) {
    const note =
      folder === undefined
        ? `nothing is cached: ${dir} cannot be used (${reasonOf(error)})`
        : `the cache in ${folder.path} was not readable and is made anew (${reasonOf(error)})`;
    return { ...base, folder, old: nothing, note, changed: true };
  }
}

const nothing: Old = { segments: [], byPath: new Map(), byContent: new Map() };

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
};

/** A segment that is gone or cut off takes its entries with it, nothing else. */
function openOld(folder: CacheFolder, index: IndexFile): Old {
  const opened = (open: typeof openSegment, names: readonly SegmentName[]): readonly (Segment | undefined)[] =>
    names.map(({ name, size }) => {
      try {
        return open(folder.segmentPath(name), name, size);
      } catch {
        return undefined;
      }
    });
  const heads = opened(loadSegment, index.heads);
  const bodies = opened(openSegment, index.bodies);
  const kept = index.rows.flatMap(({ head, body, hash, ...stamp }): readonly Kept[] => {
    const pieces = { head: pieceAt(heads, head), body: pieceAt(bodies, body) };
    return pieces.head && pieces.body ? [{ stamp, hash, head: pieces.head, body: pieces.body }] : [];
  });
  return {
    segments: [...heads, ...bodies].filter((segment) => segment !== undefined),
    byPath: new Map(kept.map((entry) => [entry.stamp.path, entry])),
    byContent: new Map(kept.map((entry) => [contentKey(entry.stamp.path, entry.hash), entry])),
  };
}

function pieceAt(segments: readonly (Segment | undefined)[], { segment, span }: Location): Piece | undefined {
  const held = segments[segment];
  return held === undefined ? undefined : { segment: held, span };
}

function freshSegments(state: State): Fresh | undefined {
  const { folder } = state;
  if (state.fresh !== undefined || folder === undefined) return state.fresh;
  const grow = (kind: 'heads' | 'bodies'): GrowingSegment => {
    const name = folder.newSegmentName(kind);
    return growSegment(folder.segmentPath(name), name);
  };
  try {
    state.fresh = { heads: grow('heads'), bodies: grow('bodies') };
  } catch (error) {
    giveUp(state, error);
  }
  return state.fresh;
}

/** What was opened stays readable for this run. */
function giveUp(state: State, error: unknown): void {
  state.note = `nothing is cached: ${state.folder?.path} cannot be written (${reasonOf(error)})`;
  for (const segment of Object.values(state.fresh ?? {})) removeQuietly(state.folder, segment.name);
  state.folder = undefined;
}

function removeQuietly(folder: CacheFolder | undefined, name: string): void {
  try {
    folder?.remove(name);
  } catch {
    return;
  }
}

function save(state: State): void {
  const { folder, old, now } = state;
  const forgotten = [...old.byPath.keys()].some((path) => !now.has(path));
  if (folder === undefined || !(state.changed || forgotten)) return;
  try {
    const rows = gathered(state, gathered(state, [...now.values()], 'heads', 'head'), 'bodies', 'body');
    for (const segment of Object.values(state.fresh ?? {})) segment.flush();
    const index = indexOf(rows, state.openedAt);
    folder.writeIndex(writeIndex(index, state.identity));
    state.changed = false;
    folder.sweep(new Set([...index.heads, ...index.bodies].map((segment) => segment.name)));
  } catch (error) {
    giveUp(state, error);
  }
}

const trusted = (mtime: number, openedAt: number): number => (mtime > openedAt - TOO_YOUNG ? -1 : mtime);

function indexOf(rows: readonly Kept[], openedAt: number): IndexFile {
  const heads = segmentsOf(rows, 'head');
  const bodies = segmentsOf(rows, 'body');
  const at = (segments: ReadonlyMap<Segment, number>, { segment, span }: Piece): Location => ({
    segment: segments.get(segment) ?? 0,
    span,
  });
  return {
    heads: [...heads.keys()].map(({ name, size }) => ({ name, size })),
    bodies: [...bodies.keys()].map(({ name, size }) => ({ name, size })),
    rows: rows.map(({ stamp, hash, head, body }) => ({
      ...stamp,
      mtime: trusted(stamp.mtime, openedAt),
      hash,
      head: at(heads, head),
      body: at(bodies, body),
    })),
  };
}

const segmentsOf = (rows: readonly Kept[], part: 'head' | 'body'): ReadonlyMap<Segment, number> =>
  new Map([...new Set(rows.map((row) => row[part].segment))].map((segment, n) => [segment, n]));

/** Everything as it lies, or in one segment when too much of the old ones is no longer needed. */
function gathered(state: State, rows: readonly Kept[], kind: keyof Fresh, part: 'head' | 'body'): readonly Kept[] {
  const segments = [...segmentsOf(rows, part).keys()];
  const needed = rows.reduce((sum, row) => sum + row[part].span.length, 0);
  const held = segments.reduce((sum, segment) => sum + segment.size, 0);
  if (held <= needed * 2 && segments.length <= MOST_SEGMENTS) return rows;
  const target = freshSegments(state)?.[kind];
  return target === undefined ? rows : rows.flatMap((row) => moved(row, part, target));
}

function moved(row: Kept, part: 'head' | 'body', target: GrowingSegment): readonly Kept[] {
  const { segment, span } = row[part];
  if (segment === target) return [row];
  const bytes = segment.read(span);
  return bytes === undefined ? [] : [{ ...row, [part]: { segment: target, span: target.add(bytes) } }];
}
