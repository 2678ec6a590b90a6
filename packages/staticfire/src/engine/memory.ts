import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assessment } from '../model/assessment.ts';
import type { Change } from '../model/collector.ts';
import type { Workspace } from '../model/workspace.ts';

/** The last assessment of a folder: as long as no file says anything else, it is still the answer. */
export interface Memory {
  /**
   * Undefined when anything that the assessment may depend on is not as it was. Of files that have changed and whose text
   * no collector has read, `stillSame` is asked.
   */
  recall(stillSame: (changes: readonly Change[]) => Promise<boolean>): Promise<Assessment | undefined>;
  /** `read`: the files whose text was read as it is. */
  keep(assessment: Assessment, read: ReadonlySet<string>): void;
}

export interface MemoryInput {
  readonly workspace: Workspace;
  /** Undefined keeps nothing. */
  readonly cacheDir: string | undefined;
  readonly version: string;
  /** What was asked: controls and service. */
  readonly question: readonly unknown[];
}

const forgetful: Memory = { recall: () => Promise.resolve(undefined), keep: () => undefined };
/** A file may change twice within one tick of its clock: younger ones prove nothing. Milliseconds. */
const tooYoung = 2000;
const mostIgnored = 2000;
/** With more changes than this it is quicker to begin anew. */
const mostChanges = 40;

/** Whatever happens to its file, it gives the right answer or none, and never throws. */
export function openMemory(input: MemoryInput): Memory {
  const { workspace, cacheDir } = input;
  if (cacheDir === undefined || workspace.ignoredFiles.length > mostIgnored) return forgetful;
  const key = keyOf(input);
  const folder = join(cacheDir, 'assessments');
  const file = join(folder, `${digest([workspace.root, ...input.question])}.json`);
  return {
    recall: async (stillSame) => {
      const kept = read(file, key);
      const changes = kept && changesOf(kept, workspace);
      if (!kept || !changes) return undefined;
      return changes.length === 0 || (await stillSame(changes)) ? kept.assessment : undefined;
    },
    keep: (assessment, texts) => {
      if (!hasYoung(workspace)) write(folder, file, { key, stamps: stampsOf(workspace), read: [...texts], assessment });
    },
  };
}

interface Kept {
  readonly key: string;
  readonly stamps: readonly Stamp[];
  readonly read: readonly string[];
  readonly assessment: Assessment;
}

type Stamp = readonly [path: string, size: number, mtime: number];

const stampsOf = (workspace: Workspace): readonly Stamp[] =>
  workspace.files.map(({ path, size, mtime }) => [path, size, mtime]);

/** Files that are not as they were; undefined when the answer cannot stand. The key says that all paths are the same. */
function changesOf({ stamps, read: texts }: Kept, workspace: Workspace): readonly Change[] | undefined {
  const changes = workspace.files.flatMap((file, index): Change[] => {
    const [path = '', size = 0, mtime = 0] = stamps[index] ?? [];
    return path === file.path && size === file.size && mtime === file.mtime
      ? []
      : [{ file, before: { path, size, mtime, tracked: file.tracked } }];
  });
  if (changes.length > mostChanges) return undefined;
  const seen = new Set(texts);
  return changes.some(({ file, before }) => before.path !== file.path || seen.has(file.path)) ? undefined : changes;
}

const hasYoung = ({ files, above }: Workspace): boolean =>
  Date.now() - [...files, ...above].reduce((latest, file) => Math.max(latest, file.mtime), 0) < tooYoung;

function read(file: string, key: string): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    return kept.key === key ? kept : undefined;
  } catch {
    return undefined;
  }
}

function write(folder: string, file: string, kept: Kept): void {
  if (kept.assessment.results.some((result) => result.verdict === 'error')) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const fresh = `${file}.${process.pid}.tmp`;
    writeFileSync(fresh, JSON.stringify(kept), { mode: 0o600 });
    renameSync(fresh, file);
  } catch {
    // A cache that cannot be written is none; the summaries' cache says why.
  }
}

/** Of every file's path and standing in git, of git's own rules, and of this very build of the tool. */
function keyOf({ workspace, version, question }: MemoryInput): string {
  const stamps = [
    ...workspace.files.map((file) => `${file.path}\0${file.tracked}`),
    ...workspace.above.map((file) => `${file.path}\0${file.size}\0${file.mtime}\0${file.tracked}`),
  ];
  const beside = [
    ...workspace.ignoredFiles.map((path) => join(workspace.root, path)),
    ...(workspace.git ? [join(workspace.git.root, '.git/info/exclude')] : []),
    fileURLToPath(import.meta.url),
  ].map(stampOf);
  const git = workspace.git ? [workspace.git.commit, workspace.git.prefix] : ['no git'];
  return digest([
    version,
    ...question,
    ...git,
    ...stamps,
    ...beside,
    ...workspace.unread.map((u) => `${u.path} ${u.reason}`),
  ]);
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${path}\0${found.size}\0${found.mtimeMs}` : path;
}

function digest(parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${JSON.stringify(part ?? null)}\n`);
  return hash.digest('hex');
}
