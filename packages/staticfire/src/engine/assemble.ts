import { basename } from 'node:path';
import {
  assessmentSchema,
  type AssessedService,
  type Assessment,
  type Coverage,
  type Result,
  type ResultVerdict,
} from '../model/assessment.ts';
import type { Unread, Workspace } from '../model/workspace.ts';
import type { CodeModel } from '../code/model.ts';
import { code } from '../facts/code.ts';
import { endpoints, type Endpoints, type Surface } from '../facts/endpoints.ts';
import { live, reach, type LiveCode, type Reach } from '../facts/live.ts';
import { services, type Service, type Services } from '../facts/services.ts';
import { blockersOf, failedToDecide } from '../register/policy.ts';
import { gather, type FactBook } from './book.ts';
import type { Stopwatch } from './clock.ts';

export interface Parts {
  readonly workspace: Workspace;
  readonly version: string;
  readonly services: readonly Service[];
  readonly results: readonly Result[];
  readonly book: FactBook;
  readonly watch: Stopwatch;
}

/** Puts everything a run learned into one document. */
export function assemble({ workspace, version, services: found, results, book, watch }: Parts): Assessment {
  const sorted = results.toSorted((a, b) => compare(a.control, b.control) || compare(a.service, b.service));
  const blockers = blockersOf(sorted).map((finding) => finding.fingerprint);
  return {
    schema: assessmentSchema,
    tool: { name: 'staticfire', version },
    subject: subjectOf(workspace),
    coverage: coverageOf(workspace, book),
    services: found.map((service) => toService(service, book)),
    results: sorted,
    // Without a service there is nothing that could be ready.
    verdict: blockers.length === 0 && found.length > 0 && !failedToDecide(sorted) ? 'go' : 'no-go',
    blockers,
    counts: countsOf(sorted),
    timing: {
      total: watch.total(),
      ...(valueOf<CodeModel>(book, { value: code })?.read ?? { parsed: 0, cached: 0 }),
      phases: watch.phases,
      collectors: watch.collectors,
      controls: watch.controls,
    },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What was audited, and how git stands. */
export function subjectOf({ root, git }: Workspace): Assessment['subject'] {
  const name = basename(root) || root;
  return { root: git?.prefix || '.', name, commit: git?.commit ?? null, dirty: git ? git.dirty : null };
}

function toService(service: Service, book: FactBook): AssessedService {
  const reached = gather(book, { live }, service.id);
  const files = reached.status === 'known' ? (reached.facts as { live: LiveCode }).live.files.length : 0;
  return {
    id: service.id,
    name: service.name,
    root: service.root,
    kind: service.kind,
    frameworks: [...service.frameworks],
    entries: service.entries.map(({ file, why }) => ({ file, why })),
    ...(service.start
      ? {
          start: {
            command: service.start.command,
            ...(service.start.at
              ? {
                  file: service.start.at.file,
                  ...(service.start.at.line === undefined ? {} : { line: service.start.at.line }),
                }
              : {}),
          },
        }
      : {}),
    endpoints: countEndpoints(service, book),
    liveFiles: files,
  };
}

/** Null where the endpoints could not be collected, or where a framework that no reader knows may serve more. */
function countEndpoints(service: Service, book: FactBook): AssessedService['endpoints'] {
  const gathered = gather(book, { endpoints }, service.id);
  if (gathered.status !== 'known') return { http: null, rpc: null, graphql: null };
  const { list, unread } = (gathered.facts as { endpoints: Endpoints }).endpoints;
  const count = (surface: Surface): number => list.filter((endpoint) => endpoint.surface === surface).length;
  const http = count('http');
  const unsure = http === 0 && service.kind === 'http' && (unread.length > 0 || service.frameworks.length === 0);
  return { http: unsure ? null : http, rpc: count('rpc'), graphql: count('graphql') };
}

function coverageOf(workspace: Workspace, book: FactBook): Coverage {
  const model = valueOf<CodeModel>(book, { value: code });
  const roles = valueOf<Reach>(book, { value: reach })?.counts ?? { live: 0, client: 0, test: 0, unreached: 0 };
  const unread = unreadOf(workspace, model);
  return {
    files: workspace.files.length,
    sourceFiles: (model?.files.length ?? 0) + (model?.unread ?? []).filter((u) => u.reason !== 'syntax-error').length,
    live: roles.live,
    clientOnly: roles.client,
    tests: roles.test,
    unreached: roles.unreached,
    imports: {
      resolved: model?.links.resolved ?? 0,
      external: model?.links.external ?? 0,
      unresolved: model?.links.unresolved.length ?? 0,
    },
    unread: unread
      .slice(0, 200)
      .map(({ path, reason, detail }) => ({ path, reason, ...(detail === undefined ? {} : { detail }) })),
    unreadTotal: unread.length,
    notes: [...(model?.notes ?? []), ...(valueOf<Services>(book, { value: services })?.notes ?? [])],
  };
}

/** A file that several collectors could not read is said once. */
function unreadOf(workspace: Workspace, model: CodeModel | undefined): readonly Unread[] {
  const byPath = new Map([...(model?.unread ?? []), ...workspace.unread].map((unread) => [unread.path, unread]));
  return [...byPath.values()].toSorted((a, b) => compare(a.path, b.path));
}

function valueOf<T>(book: FactBook, needs: Parameters<typeof gather>[1]): T | undefined {
  const gathered = gather(book, needs, undefined);
  return gathered.status === 'known' ? (gathered.facts as { value: T }).value : undefined;
}

function countsOf(results: readonly Result[]): Record<ResultVerdict, number> {
  const counts: Record<ResultVerdict, number> = { pass: 0, fail: 0, unknown: 0, 'not-applicable': 0, error: 0 };
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}
