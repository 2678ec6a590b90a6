import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type IndexEntry, parseIndex } from './git-index.ts';

/** A git repository as its files describe it. */
export interface GitFolder {
  /** Absolute path of the folder that holds `.git`. */
  readonly root: string;
  /** From the git root to the audited root, forward slashes, '' when they are the same. */
  readonly prefix: string;
  /** The `.git` folder itself, for a worktree its own one. */
  readonly gitDir: string;
  /** Shared by all worktrees: refs, info, config. */
  readonly commonDir: string;
}

export type GitIndex =
  | {
      readonly status: 'read';
      readonly entries: readonly IndexEntry[];
      readonly mtime: number;
      readonly algorithm: 'sha1' | 'sha256';
    }
  | { readonly status: 'missing' }
  | { readonly status: 'broken'; readonly detail: string };

/** The repository that holds a folder, found at it or above it. */
export function findGit(root: string): GitFolder | undefined {
  for (let at = root; ; at = dirname(at)) {
    const gitDir = gitDirAt(at);
    if (gitDir !== undefined) {
      return {
        root: at,
        prefix: relative(at, root).split(sep).join('/'),
        gitDir,
        commonDir: commonDirOf(gitDir),
      };
    }
    if (dirname(at) === at) return undefined;
  }
}

function gitDirAt(folder: string): string | undefined {
  const path = join(folder, '.git');
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const gitDir = found.isDirectory() ? path : gitDirIn(path);
  return gitDir !== undefined && text(join(gitDir, 'HEAD')) !== undefined ? gitDir : undefined;
}

function gitDirIn(file: string): string | undefined {
  const pointed = /^gitdir:\s*(.+?)\s*$/m.exec(text(file) ?? '')?.[1];
  return pointed === undefined ? undefined : resolve(dirname(file), pointed);
}

function commonDirOf(gitDir: string): string {
  const common = text(join(gitDir, 'commondir'))?.trim();
  if (common === undefined || common === '') return gitDir;
  return isAbsolute(common) ? common : resolve(gitDir, common);
}

/** The commit that HEAD stands on; undefined before the first one. */
export function readCommit(git: GitFolder): string | undefined {
  let name = 'HEAD';
  for (let hop = 0; hop < 5; hop++) {
    const value = refValue(git, name);
    if (value === undefined) return undefined;
    if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(value)) return value;
    const next = /^ref:\s*(\S+)$/.exec(value)?.[1];
    if (next === undefined || next.split('/').includes('..')) return undefined;
    name = next;
  }
  return undefined;
}

function refValue(git: GitFolder, name: string): string | undefined {
  const loose = text(join(git.gitDir, name)) ?? (name === 'HEAD' ? undefined : text(join(git.commonDir, name)));
  return (loose ?? packedRef(git, name))?.trim();
}

function packedRef(git: GitFolder, name: string): string | undefined {
  const line = text(join(git.commonDir, 'packed-refs'))
    ?.split('\n')
    .find((candidate) => candidate.trimEnd().endsWith(` ${name}`));
  return line?.split(' ')[0];
}

/** The index: what git tracks. */
export function readIndex(git: GitFolder): GitIndex {
  const path = join(git.gitDir, 'index');
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { status: 'missing' };
    const algorithm = objectFormat(git);
    return {
      status: 'read',
      entries: parseIndex(readFileSync(path), algorithm === 'sha1' ? 20 : 32),
      mtime: found.mtimeMs,
      algorithm,
    };
  } catch (error) {
    return {
      status: 'broken',
      detail:
        error instanceof RangeError ? 'it ends too early' : error instanceof Error ? error.message : String(error),
    };
  }
}

const objectFormat = (git: GitFolder): 'sha1' | 'sha256' =>
  /^\s*objectformat\s*=\s*sha256\s*$/im.test(text(join(git.commonDir, 'config')) ?? '') ? 'sha256' : 'sha1';

function text(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
