import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type GitIndex, type GitFolder } from './git.ts';
import { type IndexEntry, isGitlink, isSparseFolder } from './git-index.ts';

const LARGEST_HASHED = 5_000_000;

/** The tracked part of a tree, by paths from the git root. */
export interface Tracked {
  /** False when there is no git or no usable index: then every file that is not ignored counts as tracked. */
  readonly known: boolean;
  file(path: string): boolean;
  /** Does the folder hold tracked files? */
  folder(path: string): boolean;
  /** The file on disk differs from what git remembers. */
  changed(path: string, found: { readonly size: number; readonly mtimeMs: number }, absolute: string): boolean;
  /** Tracked files below a folder that a checkout must hold and `seen` lacks. */
  missing(prefix: string, seen: ReadonlySet<string>): boolean;
}

export const everythingTracked: Tracked = {
  known: false,
  file: () => false,
  folder: () => false,
  changed: () => false,
  missing: () => false,
};

/** Git's index as questions. An index that is missing, broken or empty answers nothing. */
export function trackedIn(index: GitIndex): Tracked {
  if (index.status !== 'read' || index.entries.length === 0) return everythingTracked;
  const entries = new Map(index.entries.map((entry) => [entry.path, entry]));
  const wholes = index.entries.filter((entry) => isGitlink(entry) || isSparseFolder(entry)).map((entry) => entry.path);
  const folders = foldersOf(index.entries);
  for (const whole of wholes) folders.add(whole);
  const inWhole = (path: string): boolean => wholes.some((whole) => path.startsWith(`${whole}/`));
  return {
    known: true,
    file: (path) => entries.has(path) || inWhole(path),
    folder: (path) => folders.has(path) || inWhole(path),
    changed: (path, found, absolute) => {
      const entry = entries.get(path);
      return entry !== undefined && differs(entry, found, absolute, index);
    },
    missing: (prefix, seen) => index.entries.some((entry) => mustExist(entry, prefix) && !seen.has(entry.path)),
  };
}

function foldersOf(entries: readonly IndexEntry[]): Set<string> {
  const folders = new Set<string>();
  for (const { path } of entries) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

const mustExist = (entry: IndexEntry, prefix: string): boolean =>
  !entry.skipped &&
  !isGitlink(entry) &&
  !isSparseFolder(entry) &&
  (prefix === '' || entry.path.startsWith(`${prefix}/`)) &&
  !entry.path.split('/').includes('node_modules');

type ReadIndex = Extract<GitIndex, { status: 'read' }>;

function differs(
  entry: IndexEntry,
  found: { readonly size: number; readonly mtimeMs: number },
  absolute: string,
  index: ReadIndex,
): boolean {
  const racy = found.mtimeMs >= Math.floor(index.mtime);
  if (!racy && sameTime(entry, found.mtimeMs) && entry.size === found.size % 2 ** 32) return false;
  if (found.size > LARGEST_HASHED) return true;
  try {
    return !sameBlob(readFileSync(absolute), entry.hash, index.algorithm);
  } catch {
    return false;
  }
}

const sameTime = (entry: IndexEntry, mtimeMs: number): boolean =>
  entry.exactTime
    ? Math.abs(entry.mtime - Math.floor(mtimeMs)) <= 1
    : entry.mtime === Math.floor(mtimeMs / 1000) * 1000;

const blobHash = (bytes: Buffer, algorithm: string): string =>
  createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** Line ends that git converted at checkout make no difference. */
function sameBlob(bytes: Buffer, hash: string, algorithm: string): boolean {
  if (blobHash(bytes, algorithm) === hash) return true;
  if (!bytes.includes('\r\n')) return false;
  return blobHash(Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'), algorithm) === hash;
}

/** The path of a file from the git root. */
export const fromGitRoot = (git: Pick<GitFolder, 'prefix'> | undefined, path: string): string =>
  git === undefined || git.prefix === '' ? path : `${git.prefix}/${path}`;
