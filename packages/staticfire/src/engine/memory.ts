import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assessment } from '../model/assessment.ts';
import type { Workspace } from '../model/workspace.ts';

/** The last assessment of a folder: as long as no file has changed, it is still the answer. */
export interface Memory {
  /** Undefined when anything that the assessment may depend on is not as it was. */
  recall(): Assessment | undefined;
  keep(assessment: Assessment): void;
}

export interface MemoryInput {
  readonly workspace: Workspace;
  /** Undefined keeps nothing. */
  readonly cacheDir: string | undefined;
  readonly version: string;
  /** What was asked: controls and service. */
  readonly question: readonly unknown[];
}

const forgetful: Memory = { recall: () => undefined, keep: () => undefined };
/** A file may change twice within one tick of its clock: younger ones prove nothing. Milliseconds. */
const tooYoung = 2000;
const mostIgnored = 2000;

/** Whatever happens to its file, it gives the right answer or none, and never throws. */
export function openMemory(input: MemoryInput): Memory {
  const { workspace, cacheDir } = input;
  if (cacheDir === undefined || workspace.ignoredFiles.length > mostIgnored) return forgetful;
  const key = keyOf(input);
  if (key === undefined) return forgetful;
  const folder = join(cacheDir, 'assessments');
  const file = join(folder, `${digest([workspace.root, ...input.question])}.json`);
  return { recall: () => read(file, key), keep: (assessment) => write(folder, file, key, assessment) };
}

function read(file: string, key: string): Assessment | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { key: string; assessment: Assessment };
    return kept.key === key ? kept.assessment : undefined;
  } catch {
    return undefined;
  }
}

function write(folder: string, file: string, key: string, assessment: Assessment): void {
  if (assessment.results.some((result) => result.verdict === 'error')) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const fresh = `${file}.${process.pid}.tmp`;
    writeFileSync(fresh, JSON.stringify({ key, assessment }), { mode: 0o600 });
    renameSync(fresh, file);
  } catch {
    // A cache that cannot be written is none; the summaries' cache says why.
  }
}

/** Of every file's path, size, time and standing in git, of git's own rules, and of this very build of the tool. */
function keyOf({ workspace, version, question }: MemoryInput): string | undefined {
  const files = [...workspace.files, ...workspace.above];
  const youngest = files.reduce((latest, file) => Math.max(latest, file.mtime), 0);
  if (Date.now() - youngest < tooYoung) return undefined;
  const stamps = files.map((file) => `${file.path}\0${file.size}\0${file.mtime}\0${file.tracked}`);
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
