import { resolve } from 'node:path';
import type { Assessment } from '../model/assessment.ts';
import { catalogueOf } from '../model/catalogue.ts';
import type { AnyControl } from '../model/control.ts';
import { Problem } from '../model/problem.ts';
import { cacheFolder } from './cache.ts';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import { writeReport } from './output.ts';
import { progressOn } from './progress.ts';
import { selected } from './select.ts';
import { nearest } from './suggest.ts';
import { fileStyle, styleOf } from './terminal.ts';
import type { Tools } from './tools.ts';

export interface AuditFlags {
  readonly format: string;
  readonly output?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly service?: string;
  readonly verbose?: boolean;
  readonly cache: boolean;
}

/** Audits a directory, writes the report and says GO or NO-GO. */
export async function auditCommand(io: Io, tools: Tools, dir: string, flags: AuditFlags): Promise<number> {
  const controls = await tools.controls();
  const assessment = await assess(io, tools, controls, dir, flags);
  refuseNothing(assessment, dir);
  await report(io, controls, assessment, flags);
  if (assessment.services.length === 0 && assessment.blockers.length === 0) return exitCodes.nothing;
  return assessment.verdict === 'go' ? exitCodes.go : exitCodes.noGo;
}

async function assess(
  io: Io,
  tools: Tools,
  controls: readonly AnyControl[],
  dir: string,
  flags: AuditFlags,
): Promise<Assessment> {
  const selection = {
    ...(flags.only ? { only: selected('--only', flags.only, controls) } : {}),
    ...(flags.skip ? { skip: selected('--skip', flags.skip, controls) } : {}),
    ...(flags.service === undefined ? {} : { service: flags.service }),
  };
  const cacheDir = flags.cache ? cacheFolder(io) : undefined;
  const progress = progressOn(io);
  const forget = io.onInterrupt(progress.clear);
  try {
    return await tools.audit({
      dir: resolve(io.cwd, dir),
      signal: io.signal,
      progress: progress.report,
      ...(cacheDir ? { cacheDir } : {}),
      ...selection,
    });
  } catch (error) {
    throw misspelt(error, dir);
  } finally {
    progress.clear();
    forget();
  }
}

/** `staticfire contrls` reads as a directory; say which command was meant. */
function misspelt(error: unknown, word: string): unknown {
  const meant = nearest(word, ['audit', 'controls', 'endpoints', 'explain', 'help']);
  if (!(error instanceof Problem) || error.code !== 'no-such-directory' || meant === undefined) return error;
  return new Problem(error.code, {
    ...error.details,
    todo: `${error.details.todo} Did you mean the command ${meant}?`,
  });
}

/** A run that looked at nothing must not look like a pass. */
function refuseNothing({ services, coverage }: Assessment, dir: string): void {
  if (services.length > 0 || coverage.sourceFiles > 0) return;
  throw new Problem('nothing-to-audit', {
    found: 'no service and no source file was found',
    where: `${dir} (${coverage.files} files were looked at)`,
    expected: 'a directory with TypeScript or JavaScript source',
    todo: 'name the directory of your service: staticfire path/to/service',
  });
}

async function report(
  io: Io,
  controls: readonly AnyControl[],
  assessment: Assessment,
  flags: AuditFlags,
): Promise<void> {
  const { reporters } = await import('../reporters/index.ts');
  const reporter = reporters.find(({ id }) => id === flags.format) ?? reporters[0];
  const shared = { details: flags.verbose === true, catalogue: catalogueOf(controls) };
  if (flags.output === undefined || flags.output === '-') {
    return io.stdout.write(reporter.render(assessment, { ...styleOf(io, io.stdout), ...shared }));
  }
  writeReport(io, flags.output, reporter.render(assessment, { ...fileStyle, ...shared }));
  const { digest } = await import('../reporters/digest.ts');
  const { headline, verdictWord } = await import('../reporters/sentences.ts');
  await io.stdout.write(
    `${verdictWord(assessment)}  ${headline(digest(assessment))}\nThe report is in ${flags.output}\n`,
  );
}
