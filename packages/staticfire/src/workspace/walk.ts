import { type Dirent, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join, sep } from 'node:path';
import type { WorkspaceFile } from '../model/workspace.ts';
import type { IgnoreRules } from './ignore-rules.ts';
import { fromGitRoot, type Tracked } from './tracked.ts';
import { type UnreadLog, unreadReason } from './unread.ts';

export interface WalkInput {
  /** Absolute and free of links. */
  readonly root: string;
  /** From the git root to the audited root. */
  readonly prefix: string;
  readonly tracked: Tracked;
  readonly rules: IgnoreRules;
  readonly maxFiles: number;
  readonly unread: UnreadLog;
}

export interface Walked {
  /** Sorted by path. */
  readonly files: readonly WorkspaceFile[];
  /** On disk but ignored, in folders that are not; sorted. */
  readonly ignoredFiles: readonly string[];
  /** Asked late, because it may have to hash files. */
  readonly dirty: () => boolean;
}

interface Folder {
  readonly path: string;
  /** Walked only because git tracks something in it. */
  readonly ignored: boolean;
}

interface Walk extends WalkInput {
  readonly files: WorkspaceFile[];
  readonly ignoredFiles: string[];
  readonly links: Set<string>;
  readonly folders: Folder[];
}

/** `.git` is a file in a worktree. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** Walks the tree without following folder links, so that no loop can hang it. */
export function walk(input: WalkInput): Walked {
  const state: Walk = {
    ...input,
    files: [],
    ignoredFiles: [],
    links: new Set(),
    folders: [{ path: '', ignored: false }],
  };
  for (let folder = state.folders.pop(); folder !== undefined; folder = state.folders.pop()) {
    visitFolder(state, folder);
    if (state.files.length >= input.maxFiles) {
      input.unread.add(
        folder.path === '' ? '.' : folder.path,
        'too-many-files',
        `reading stopped after ${input.maxFiles} files`,
      );
      break;
    }
  }
  state.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  state.ignoredFiles.sort();
  return { files: state.files, ignoredFiles: state.ignoredFiles, dirty: () => isDirty(state) };
}

function visitFolder(state: Walk, folder: Folder): void {
  const entries = entriesOf(state, folder.path);
  if (!entries.some((entry) => entry.name === '.gitignore'))
    state.rules.noneIn(folder.path === '' ? state.prefix : fromGitRoot(state, folder.path));
  const below: Folder[] = [];
  for (const entry of entries) {
    const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
    if (SKIPPED.has(entry.name)) continue;
    if (entry.isDirectory()) {
      const found = folderAt(state, folder, path);
      if (found !== undefined) below.push(found);
    } else if (entry.isFile()) {
      visitFile(state, folder, path);
    } else if (entry.isSymbolicLink()) {
      visitLink(state, folder, path);
    }
    if (state.files.length >= state.maxFiles) return;
  }
  state.folders.push(...below.toReversed());
}

function entriesOf(state: Walk, folder: string): Dirent[] {
  try {
    const entries = readdirSync(join(state.root, folder), { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const { reason, detail } = unreadReason(error);
    state.unread.add(folder, reason, detail);
    return [];
  }
}

function folderAt(state: Walk, parent: Folder, path: string): Folder | undefined {
  const full = fromGitRoot(state, path);
  const tracked = state.tracked.folder(full);
  if (tracked && !parent.ignored) return { path, ignored: state.rules.ignoresEntry(full, true) };
  if (tracked) return { path, ignored: true };
  return parent.ignored || state.rules.ignoresEntry(full, true) ? undefined : { path, ignored: false };
}

type Standing = 'tracked' | 'untracked' | 'ignored';

function standing(state: Walk, folder: Folder, path: string): Standing {
  const full = fromGitRoot(state, path);
  if (state.tracked.file(full)) return 'tracked';
  if (folder.ignored || state.rules.ignoresEntry(full, false)) return 'ignored';
  return state.tracked.known ? 'untracked' : 'tracked';
}

function visitFile(state: Walk, folder: Folder, path: string): void {
  const stands = standing(state, folder, path);
  if (stands === 'ignored') {
    state.ignoredFiles.push(path);
    return;
  }
  const found = statOf(state, path);
  if (found !== undefined) addFile(state, path, found, stands);
}

function addFile(state: Walk, path: string, found: Stats, stands: Standing): void {
  state.files.push({ path, size: found.size, mtime: found.mtimeMs, tracked: stands === 'tracked' });
}

function statOf(state: Walk, path: string): Stats | undefined {
  try {
    return statSync(`${state.root}/${path}`);
  } catch (error) {
    const { reason, detail } = unreadReason(error);
    state.unread.add(path, reason, detail);
    return undefined;
  }
}

/** A linked file counts when it leads to a file of the tree; a linked folder is walked at its own place. */
function visitLink(state: Walk, folder: Folder, path: string): void {
  const stands = standing(state, folder, path);
  if (stands === 'ignored') return;
  state.links.add(path);
  const target = targetOf(state, path);
  if (target === undefined) return;
  if (!target.startsWith(state.root + sep)) {
    if (target !== state.root) state.unread.add(path, 'outside-root', 'a link that leads out of the audited folder');
    return;
  }
  if (
    target
      .slice(state.root.length)
      .split(sep)
      .some((name) => SKIPPED.has(name))
  )
    return;
  const found = statOf(state, path);
  if (found?.isFile() === true) addFile(state, path, found, stands);
}

function targetOf(state: Walk, path: string): string | undefined {
  try {
    return realpathSync(`${state.root}/${path}`);
  } catch (error) {
    const { reason, detail } = unreadReason(error);
    state.unread.add(path, reason, detail === 'ENOENT' ? 'a link to nothing' : detail);
    return undefined;
  }
}

function isDirty(state: Walk): boolean {
  if (!state.tracked.known) return state.files.length > 0;
  if (state.files.some((file) => !file.tracked)) return true;
  const seen = new Set(
    [...state.files.map((file) => file.path), ...state.links].map((path) => fromGitRoot(state, path)),
  );
  if (state.tracked.missing(state.prefix, seen)) return true;
  return state.files.some((file) => !state.links.has(file.path) && changed(state, file));
}

const changed = (state: Walk, file: WorkspaceFile): boolean =>
  state.tracked.changed(
    fromGitRoot(state, file.path),
    { size: file.size, mtimeMs: file.mtime },
    `${state.root}/${file.path}`,
  );
