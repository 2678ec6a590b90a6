import { realpathSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Problem } from '../model/problem.ts';
import type { GitState, Workspace, WorkspaceFile } from '../model/workspace.ts';
import { type Above, readAbove } from './above.ts';
import { decodeText, fileReader } from './decode.ts';
import { findGit, type GitFolder, type GitIndex, readCommit, readIndex } from './git.ts';
import { type IgnoreRules, ignoreRules } from './ignore-rules.ts';
import { everythingTracked, fromGitRoot, type Tracked, trackedIn } from './tracked.ts';
import { type UnreadLog, unreadLog, unreadReason } from './unread.ts';
import { type Walked, walk } from './walk.ts';

export interface WorkspaceOptions {
  readonly maxFiles?: number;
  /** Bytes; a longer file is not read. */
  readonly maxFileSize?: number;
}

const MAX_FILES = 200_000;
const MAX_FILE_SIZE = 10_000_000;
const KEPT_FILE = 100_000;
const KEPT_TOTAL = 8_000_000;

/** Opens the folder to audit: walks it once, reads git's files, runs nothing. */
export function openWorkspace(dir: string, options: WorkspaceOptions = {}): Workspace {
  const root = rootOf(dir);
  const unread = unreadLog();
  const repository = openRepository(root, unread);
  const { git, tracked, rules } = repository;
  const prefix = git?.prefix ?? '';
  const walked = walk({
    root,
    prefix,
    tracked,
    rules,
    maxFiles: options.maxFiles ?? MAX_FILES,
    unread,
  });
  const above = git === undefined || prefix === '' ? { files: [], ignoredFiles: [] } : readAbove(git, tracked, rules);
  const byPath = new Map([...walked.files, ...above.files].map((file) => [file.path, file]));
  return {
    root,
    git: git === undefined ? undefined : gitState(git, walked),
    files: walked.files,
    above: above.files,
    ignoredFiles: [...above.ignoredFiles, ...walked.ignoredFiles],
    has: (path) => byPath.has(path),
    read: textReader({
      root,
      unread,
      maxFileSize: options.maxFileSize ?? MAX_FILE_SIZE,
      known: knownPaths(byPath, walked, above),
    }),
    ignored: (path) => isIgnored(rules, git, path),
    match: matcher(walked.files),
    get unread() {
      return unread.list();
    },
  };
}

function rootOf(dir: string): string {
  const path = resolve(dir);
  try {
    const found = statSync(path);
    if (!found.isDirectory())
      throw problem('not-a-directory', path, 'a file', 'Give the folder that holds the service.');
    readdirSync(path);
    return realpathSync(path);
  } catch (error) {
    if (error instanceof Problem) throw error;
    const { reason, detail } = unreadReason(error);
    if (detail === 'ENOENT') throw problem('no-such-directory', path, 'nothing', 'Check the path for a typing error.');
    if (detail === 'ENOTDIR')
      throw problem('no-such-directory', path, 'nothing, because a part of the path is a file', 'Check the path.');
    throw problem('unreadable-directory', path, `a folder that cannot be read (${detail})`, unreadableTodo(reason));
  }
}

const unreadableTodo = (reason: string): string =>
  reason === 'no-permission'
    ? 'Run as a user who may read the folder, or change its permissions.'
    : 'Mend the folder, then run again.';

const problem = (code: string, where: string, found: string, todo: string): Problem =>
  new Problem(code, { found, where, expected: 'a folder that can be read', todo });

interface Repository {
  readonly git: GitFolder | undefined;
  readonly tracked: Tracked;
  readonly rules: IgnoreRules;
}

function openRepository(root: string, unread: UnreadLog): Repository {
  const git = findGit(root);
  if (git === undefined) return outsideGit(root);
  const index = readIndex(git);
  if (index.status === 'broken') noteBrokenIndex(index, unread);
  const tracked = trackedIn(index);
  const rules = ignoreRules(git.root, join(git.commonDir, 'info', 'exclude'));
  const foreign = git.prefix !== '' && !tracked.folder(git.prefix) && rules.ignores(`${git.prefix}/`);
  return foreign ? outsideGit(root) : { git, tracked, rules };
}

/** Also for a folder that the repository around it ignores: it is no part of that repository. */
const outsideGit = (root: string): Repository => ({
  git: undefined,
  tracked: everythingTracked,
  rules: ignoreRules(root, undefined),
});

const noteBrokenIndex = (index: Extract<GitIndex, { status: 'broken' }>, unread: UnreadLog): void =>
  unread.add(
    '.git/index',
    'syntax-error',
    `git's index was not understood: ${index.detail}; every file that is not ignored counts as tracked`,
  );

function gitState(git: GitFolder, walked: Walked): GitState {
  let dirty: boolean | undefined;
  return {
    root: git.root,
    prefix: git.prefix,
    commit: readCommit(git),
    get dirty() {
      return (dirty ??= walked.dirty());
    },
  };
}

/** Paths that may be read, with their sizes where the walk has asked for them. */
const knownPaths = (
  files: ReadonlyMap<string, WorkspaceFile>,
  walked: Walked,
  above: Above,
): ReadonlyMap<string, number> =>
  new Map([
    ...[...walked.ignoredFiles, ...above.ignoredFiles].map((path): [string, number] => [path, 0]),
    ...[...files.values()].map((file): [string, number] => [file.path, file.size]),
  ]);

interface ReaderInput {
  readonly root: string;
  readonly unread: UnreadLog;
  readonly maxFileSize: number;
  readonly known: ReadonlyMap<string, number>;
}

/** Small texts are kept, because several collectors read the same manifests. */
function textReader({ root, unread, maxFileSize, known }: ReaderInput): (path: string) => string | undefined {
  const readBytes = fileReader();
  const kept = new Map<string, string>();
  let keptTotal = 0;
  const load = (path: string, size: number): string | undefined => {
    const bytes = size > maxFileSize ? undefined : readBytes(join(root, path), maxFileSize);
    if (bytes === undefined) {
      unread.add(path, 'too-large', `more than ${maxFileSize} bytes`);
      return undefined;
    }
    const text = decodeText(bytes);
    if (text === undefined) unread.add(path, 'not-utf8');
    return text;
  };
  const keep = (path: string, text: string): void => {
    if (text.length > KEPT_FILE || keptTotal + text.length > KEPT_TOTAL || SOURCE.test(path)) return;
    kept.set(path, text);
    keptTotal += text.length;
  };
  return (path) => {
    const size = known.get(path);
    const held = kept.get(path);
    if (size === undefined || held !== undefined) return held;
    try {
      const text = load(path, size);
      if (text !== undefined) keep(path, text);
      return text;
    } catch (error) {
      const { reason, detail } = unreadReason(error);
      unread.add(path, reason, detail);
      return undefined;
    }
  };
}

/** Read once, for its summary. */
const SOURCE = /\.[cm]?[jt]sx?$/;

function isIgnored(rules: IgnoreRules, git: GitFolder | undefined, path: string): boolean {
  const full = normalised(fromGitRoot(git, path));
  return full !== undefined && rules.ignores(full);
}

function normalised(path: string): string | undefined {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..' && names.pop() === undefined) return undefined;
    if (name !== '..' && name !== '.' && name !== '') names.push(name);
  }
  return names.length === 0 ? undefined : names.join('/') + (path.endsWith('/') ? '/' : '');
}

/** Several collectors ask for the same files, some once for each service. */
function matcher(files: readonly WorkspaceFile[]): Workspace['match'] {
  const known = new Map<string, readonly string[]>();
  return (pattern) => {
    const key = String(pattern);
    const held = known.get(key) ?? matching(files, pattern);
    known.set(key, held);
    return held;
  };
}

function matching(files: readonly WorkspaceFile[], pattern: RegExp): readonly string[] {
  const stateless =
    pattern.global || pattern.sticky ? new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')) : pattern;
  return files.filter((file) => stateless.test(file.path)).map((file) => file.path);
}
