import type { Unread, WorkspaceFile } from '../model/workspace.ts';
import { fileReader, type FileReader } from '../workspace/decode.ts';
import type { Cache, CacheEntry } from './cache.ts';
import type { Loaded } from './link.ts';
import type { CodeModel } from './model.ts';
import { hashFile, parseFile, type ParsedFile } from './parse-file.ts';
import { parseAll } from './parse-pool.ts';
import type { FileHead, FileSummary } from './summary.ts';

/** The source files of a tree, summarised, and those that could not be. */
export interface LoadedFiles extends Read {
  readonly counts: CodeModel['read'];
}

interface Read {
  readonly loaded: Map<string, Loaded>;
  readonly unread: Unread[];
}

interface Source {
  readonly root: string;
  readonly cache: Cache;
  readonly reader: FileReader;
  readonly read: Read;
}

/** Takes from the cache what is unchanged and parses the rest. */
export async function load(
  root: string,
  files: readonly WorkspaceFile[],
  cache: Cache,
  onProgress: (done: number) => void,
): Promise<LoadedFiles> {
  const source: Source = { root, cache, reader: fileReader(), read: { loaded: new Map(), unread: [] } };
  const missing = files.filter((file) => !fromCache(source, file));
  const cached = files.length - missing.length;
  const paths = missing.map((file) => file.path);
  const parsed = await parseAll(root, paths, { onProgress: (done) => onProgress(cached + done) });
  const stamps = new Map(missing.map((file) => [file.path, file]));
  for (const file of parsed) keep(source, file, stamps);
  cache.save();
  return { ...source.read, counts: { parsed: missing.length, cached } };
}

/** By size and time without reading the file; else by the content's hash. */
function fromCache({ root, cache, reader, read }: Source, file: WorkspaceFile): boolean {
  const entry = cache.get(file) ?? byContent(cache, file, cache.empty ? undefined : hashFile(root, file.path, reader));
  if (!entry) return false;
  const head = entry.head as FileHead;
  const body = (): FileSummary => decode(entry.body()) ?? parseAgain(root, file.path, reader);
  add(read, file.path, { head, body });
  return true;
}

const byContent = (cache: Cache, file: WorkspaceFile, hash: string | undefined): CacheEntry | undefined =>
  hash === undefined ? undefined : cache.getByHash(file, hash);

const decode = (body: string | undefined): FileSummary | undefined =>
  body === undefined ? undefined : (JSON.parse(body) as FileSummary);

/** Another run took the summary away, or the disk lost it. */
function parseAgain(root: string, path: string, reader: FileReader): FileSummary {
  const parsed = parseFile(root, path, reader);
  if (parsed.kind === 'unread') throw new Error(`${path} cannot be read any more: ${parsed.unread.reason}`);
  return JSON.parse(parsed.body) as FileSummary;
}

function keep(
  { root, cache, reader, read }: Source,
  file: ParsedFile,
  stamps: ReadonlyMap<string, WorkspaceFile>,
): void {
  if (file.kind === 'unread') {
    read.unread.push(file.unread);
    return;
  }
  const stamp = stamps.get(file.path);
  const { path, head } = file;
  const entry = stamp && cache.put(stamp, file);
  add(read, path, { head, body: () => decode(entry?.body()) ?? parseAgain(root, path, reader) });
}

function add(read: Read, path: string, loaded: Loaded): void {
  read.loaded.set(path, loaded);
  const [error] = loaded.head.errors;
  if (error !== undefined) read.unread.push({ path, reason: 'syntax-error', detail: error });
}

/** Is what the files say now the same as what is kept of them? Each is parsed again. */
export function summariesStand(
  root: string,
  cache: Cache,
  changes: readonly { readonly file: WorkspaceFile; readonly before: WorkspaceFile }[],
): boolean {
  const read = fileReader();
  return changes.every(({ file, before }) => {
    const now = parseFile(root, file.path, read);
    return now.kind === 'parsed' && now.body === cache.get(before)?.body();
  });
}
