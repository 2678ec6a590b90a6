import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem } from '../model/problem.ts';
import type { Io } from './io.ts';

/** Writes the report whole or not at all: into a temporary file beside it, then into its place. */
export function writeReport(io: Io, file: string, text: string): void {
  const target = resolve(io.cwd, file);
  try {
    write(io, target, text);
  } catch (error) {
    throw unwritable(file, error);
  }
}

function write(io: Io, target: string, text: string): void {
  const there = statSync(target, { throwIfNoEntry: false });
  // A device or a pipe is written to; renaming over it would replace it.
  if (there !== undefined && !there.isFile()) return writeFileSync(target, text);
  const real = there === undefined ? target : realpathSync(target);
  const temporary = `${real}.${randomBytes(4).toString('hex')}.tmp`;
  const remove = (): void => rmSync(temporary, { force: true });
  const forget = io.onInterrupt(remove);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: there?.mode ?? 0o666 });
    renameSync(temporary, real);
  } finally {
    remove();
    forget();
  }
}

function unwritable(file: string, error: unknown): Problem {
  return new Problem('unwritable-output', {
    found: `the report cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    where: `--output ${file}`,
    expected: 'a file in a folder that exists and may be written to',
    todo: 'create the folder, or name another file',
  });
}
