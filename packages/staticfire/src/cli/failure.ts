import { clean, hang, wrap } from '../reporters/text.ts';
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
  const columns = Math.min(width, 100);
  const head = wrap(`Problem ${code}: ${clean(details.found)}`, columns);
  const rows = [
    ...hang({ shown: '  where     ', width: 12 }, clean(details.where), columns),
    ...hang({ shown: '  expected  ', width: 12 }, clean(details.expected), columns),
    ...hang({ shown: '  do        ', width: 12 }, clean(details.todo), columns),
  ];
  return `${[...head.map((line) => (color ? `\u001b[1m${line}\u001b[22m` : line)), ...rows].join('\n')}\n`;
}

const bugText = (io: Io, error: unknown): string =>
  [
    'This is a bug in staticfire, not in the audited repository. The run gave no answer.',
    `Report it at ${reportBugs} with:`,
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
