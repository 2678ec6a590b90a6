import pc from 'picocolors';
import { clean, hang } from '../reporters/text.ts';
import { reportBugs } from '../engine/results.ts';
import { Problem } from '../model/problem.ts';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import { styleOf } from './terminal.ts';
import { version } from '../version.ts';

/** Says why the run ended without an answer. */
export async function tellFailure(io: Io, error: unknown): Promise<number> {
  if (error instanceof Problem) {
    await io.stderr.write(problemText(io, error));
    return error.code === 'nothing-to-audit' ? exitCodes.nothing : exitCodes.problem;
  }
  await io.stderr.write(bugText(io, error));
  return exitCodes.bug;
}

function problemText(io: Io, { code, details }: Problem): string {
  const { color, width } = styleOf(io, io.stderr);
  const head = `Problem: ${clean(code)}`;
  const row = (label: string, text: string): string[] =>
    hang({ shown: `  ${label.padEnd(10)}`, width: 12 }, clean(text), Math.min(width, 100));
  const rows = [
    row('found', details.found),
    row('where', details.where),
    row('expected', details.expected),
    row('do', details.todo),
  ];
  return `${[color ? pc.createColors(true).bold(head) : head, ...rows.flat()].join('\n')}\n`;
}

const bugText = (io: Io, error: unknown): string =>
  [
    'This is a bug in staticfire, not in the audited repository. The run gave no answer.',
    `Please report it (${reportBugs}) with:`,
    '',
    `  staticfire ${version}, node ${process.version}, ${io.platform}`,
    `  arguments: ${io.argv.map(clean).join(' ')}`,
    ...(error instanceof Error ? (error.stack ?? error.message) : String(error))
      .split('\n')
      .map((line) => `  ${clean(line)}`),
    '',
  ].join('\n');

/** A command line that was not understood. */
export const usageProblem = (message: string): Problem =>
  new Problem('usage', {
    found: clean(message).replace(/^error: /, ''),
    where: 'the command line',
    expected: 'staticfire [audit] [dir] [options], staticfire explain <control> or staticfire controls',
    todo: 'see staticfire --help',
  });
