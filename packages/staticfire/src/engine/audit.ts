import type { Assessment } from '../model/assessment.ts';
import type { AnyCollector, Change } from '../model/collector.ts';
import type { AnyControl } from '../model/control.ts';
import { code } from '../facts/code.ts';
import { endpoints } from '../facts/endpoints.ts';
import { live, reach } from '../facts/live.ts';
import { service as serviceFact, services, type Service } from '../facts/services.ts';
import type { Workspace } from '../model/workspace.ts';
import { openWorkspace } from '../workspace/open.ts';
import { assemble, subjectOf } from './assemble.ts';
import { createBook, type FactBook } from './book.ts';
import { createStopwatch, type Stopwatch } from './clock.ts';
import { collect, listed, type Progress } from './collect.ts';
import { evaluate } from './evaluate.ts';
import { createExcerpts } from './excerpt.ts';
import { openMemory } from './memory.ts';
import { planCollectors } from './plan.ts';
import { toResult } from './results.ts';
import { watchReading } from './watched.ts';
import { chooseControls, chooseServices } from './choose.ts';

export interface AuditOptions {
  /** The folder to audit. */
  readonly dir: string;
  readonly controls: readonly AnyControl[];
  /** Or how to load them: a run that remembers its answer needs none. */
  readonly collectors: readonly AnyCollector[] | (() => Promise<readonly AnyCollector[]>);
  /** Control ids or areas. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Judge this service alone. */
  readonly service?: string;
  /** Where summaries are kept between runs; undefined keeps nothing. */
  readonly cacheDir?: string | undefined;
  readonly version: string;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Audits a folder. Throws a Problem when there is nothing to go on; everything else it learned is in the answer. */
export async function audit(options: AuditOptions): Promise<Assessment> {
  const watch = createStopwatch();
  const workspace = watch.time('phases', 'walking', () => openWorkspace(options.dir));
  const memory = openMemory({
    workspace,
    cacheDir: options.cacheDir,
    version: options.version,
    question: [idsOf(options), options.service],
  });
  const known = await watch.time('phases', 'recalling', () =>
    memory.recall((changes) => stillSame(options, workspace, changes)),
  );
  if (known) return again(known, workspace, watch);
  const watched = watchReading(workspace);
  const assessment = await assess({ ...options, workspace: watched.workspace, unwatched: workspace, watch });
  memory.keep(assessment, watched.read);
  return assessment;
}

/** Do files that no collector has read as they are still say the same to those that take something of every file? */
async function stillSame(
  { collectors, cacheDir, version }: AuditOptions,
  workspace: Workspace,
  changes: readonly Change[],
): Promise<boolean> {
  for (const collector of await listOf(collectors))
    if (collector.unchanged && !(await collector.unchanged(changes, { workspace, cacheDir, version }))) return false;
  return true;
}

const listOf = async (collectors: AuditOptions['collectors']): Promise<readonly AnyCollector[]> =>
  typeof collectors === 'function' ? await collectors() : collectors;

const idsOf = ({ controls, only, skip }: AuditOptions): readonly string[] =>
  chooseControls(controls, only ?? [], skip ?? []).map((control) => control.id);

/** Nothing that matters has changed since the last run: its answer stands. Git's state and the timing are this run's. */
function again(known: Assessment, workspace: Workspace, watch: Stopwatch): Assessment {
  const { parsed, cached } = known.timing;
  const timing = {
    total: watch.total(),
    parsed: 0,
    cached: parsed + cached,
    phases: watch.phases,
    collectors: {},
    controls: {},
  };
  return { ...known, subject: subjectOf(workspace), timing };
}

interface AuditInput extends AuditOptions {
  readonly workspace: Workspace;
  readonly unwatched: Workspace;
  readonly watch: Stopwatch;
}

/** Collects facts, judges them, assembles the assessment. Everything it learned is in the answer. */
async function assess(input: AuditInput): Promise<Assessment> {
  const { watch } = input;
  const controls = chooseControls(input.controls, input.only ?? [], input.skip ?? []);
  const plan = planCollectors(await listOf(input.collectors), controls, [services, code, reach, live, endpoints]);
  const book = createBook();
  await watch.time('phases', 'repository facts', () => collect(input, plan, book, watch, undefined));
  const found = chooseServices(listed(book), input.service);
  for (const service of found) {
    book.set(serviceFact, service.id, { status: 'known', value: service });
    await watch.time('phases', 'service facts', () => collect(input, plan, book, watch, service));
  }
  input.progress?.({ phase: 'judging' });
  const results = watch.time('phases', 'judging', () => judge(input, controls, found, book, watch));
  return assemble({ workspace: input.workspace, version: input.version, services: found, results, book, watch });
}

function judge(
  input: AuditInput,
  controls: readonly AnyControl[],
  found: readonly Service[],
  book: FactBook,
  watch: Stopwatch,
): Assessment['results'] {
  const excerpts = createExcerpts(input.workspace);
  return controls.flatMap((control) =>
    watch.time('controls', control.id, () => {
      if (control.scope === 'repository')
        return [toResult(control, 'repository', evaluate(control, book, undefined), excerpts)];
      return found.map((service) => toResult(control, service.id, evaluate(control, book, service.id), excerpts));
    }),
  );
}
