import type { AnyCollector, CollectContext } from '../model/collector.ts';
import type { Fact } from '../model/fact.ts';
import { Problem } from '../model/problem.ts';
import type { Workspace } from '../model/workspace.ts';
import { service as serviceFact, services, type Service } from '../facts/services.ts';
import { gather, type FactBook } from './book.ts';
import type { Stopwatch } from './clock.ts';
import { describe } from './evaluate.ts';

export interface Progress {
  /** For example 'reading', 'collecting', 'judging'. */
  readonly phase: string;
  readonly done?: number;
  readonly total?: number;
}

/** What collectors are run with. */
export interface CollectInput {
  readonly workspace: Workspace;
  /** The same where reading is not noted; by default what is read matters to nobody. */
  readonly unwatched?: Workspace;
  readonly version: string;
  readonly cacheDir?: string | undefined;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** The services that were found. */
export function listed(book: FactBook): readonly Service[] {
  const gathered = gather(book, { services }, undefined);
  return gathered.status === 'known'
    ? (gathered.facts as { services: { list: readonly Service[] } }).services.list
    : [];
}

/**
 * Runs the collectors of one scope, each as soon as what it needs is there: while threads parse, this one reads the rest.
 * Each runs in isolation: what one throws is known only to what needs its fact.
 */
export async function collect(
  input: CollectInput,
  plan: readonly AnyCollector[],
  book: FactBook,
  watch: Stopwatch,
  service: Service | undefined,
): Promise<void> {
  const scope = service ? 'service' : 'repository';
  const tasks = new Map<string, Promise<void>>();
  for (const collector of plan.filter((c) => c.fact.scope === scope && c.fact.id !== serviceFact.id)) {
    const needs: readonly Fact<unknown>[] = Object.values(collector.needs);
    const ready = Promise.all(needs.map((need) => tasks.get(need.id)));
    tasks.set(
      collector.fact.id,
      ready.then(() => collectOne(input, collector, book, watch, service)),
    );
  }
  await Promise.all(tasks.values());
}

async function collectOne(
  input: CollectInput,
  collector: AnyCollector,
  book: FactBook,
  watch: Stopwatch,
  service: Service | undefined,
): Promise<void> {
  input.signal?.throwIfAborted();
  input.progress?.({ phase: `reading ${collector.fact.title}` });
  await watch.time('collectors', collector.fact.id, () => runCollector(input, collector, book, service?.id));
}

async function runCollector(
  input: CollectInput,
  collector: AnyCollector,
  book: FactBook,
  service: string | undefined,
): Promise<void> {
  const gathered = gather(book, collector.needs, service);
  if (gathered.status !== 'known') {
    book.set(collector.fact, service, { status: gathered.status, reason: gathered.reason });
    return;
  }
  try {
    book.set(collector.fact, service, await collector.collect(contextOf(input, collector, gathered.facts)));
  } catch (error) {
    if (error instanceof Problem) throw error;
    book.set(collector.fact, service, { status: 'failed', reason: `its collector failed: ${describe(error)}` });
  }
}

function contextOf(
  input: CollectInput,
  collector: AnyCollector,
  facts: Readonly<Record<string, unknown>>,
): CollectContext<Readonly<Record<string, unknown>>> {
  return {
    workspace: collector.readsAll ? (input.unwatched ?? input.workspace) : input.workspace,
    facts,
    signal: input.signal ?? new AbortController().signal,
    cacheDir: input.cacheDir,
    version: input.version,
    progress: (done, total) => input.progress?.({ phase: `reading ${collector.fact.title}`, done, total }),
  };
}
