import type { ChainLink, Endpoint, Endpoints } from '../facts/endpoints.ts';
import { endpoints } from '../facts/endpoints.ts';
import { exposure, type Exposed, type Exposure, type Reached } from '../facts/exposure.ts';
import { service as serviceFact, type Service } from '../facts/services.ts';
import { lineOf, type Expr } from '../code/summary.ts';
import type { AnyCollector } from '../model/collector.ts';
import {
  endpointMapSchema,
  type EndpointMap,
  type MappedEndpoint,
  type MappedLink,
  type MappedProtection,
  type MappedStep,
} from '../model/endpoint-map.ts';
import type { Step } from '../model/place.ts';
import { openWorkspace } from '../workspace/open.ts';
import { subjectOf } from './assemble.ts';
import { createBook, gather, type FactBook } from './book.ts';
import { chooseServices } from './choose.ts';
import { createStopwatch } from './clock.ts';
import { collect, listed, type Progress } from './collect.ts';
import { createExcerpts, type Excerpts } from './excerpt.ts';
import { planCollectors } from './plan.ts';

export interface MapOptions {
  readonly dir: string;
  readonly collectors: () => Promise<readonly AnyCollector[]>;
  /** Only this service. */
  readonly service?: string;
  /** Carry the code of each step: for the endpoints that this names. */
  readonly withCode?: (endpoint: { readonly method: string; readonly path: string }) => boolean;
  readonly cacheDir?: string | undefined;
  readonly version: string;
  readonly progress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Reads what stands between strangers and every endpoint of a folder. Throws a Problem when there is nothing to go on. */
export async function mapEndpoints(options: MapOptions): Promise<EndpointMap> {
  const watch = createStopwatch();
  const workspace = openWorkspace(options.dir);
  const input = { ...options, workspace };
  const plan = planCollectors(await options.collectors(), [], [serviceFact, exposure]);
  const book = createBook();
  await collect(input, plan, book, watch, undefined);
  const found = chooseServices(listed(book), options.service);
  const excerpts = createExcerpts(workspace);
  const maps: ServiceMap[] = [];
  for (const service of found) {
    book.set(serviceFact, service.id, { status: 'known', value: service });
    await collect(input, plan, book, watch, service);
    maps.push(ofService(book, service, options, excerpts));
  }
  return {
    schema: endpointMapSchema,
    tool: { name: 'staticfire', version: options.version },
    subject: subjectOf(workspace),
    services: found.map(({ id, root }, index) => ({ id, root, endpoints: maps[index]?.endpoints.length ?? 0 })),
    endpoints: maps.flatMap((map) => map.endpoints),
    lost: maps.flatMap(({ lost }) => lost),
    unread: maps.flatMap(({ unread }) => unread),
  };
}

type ServiceMap = Pick<EndpointMap, 'endpoints' | 'lost' | 'unread'>;

function ofService(book: FactBook, { id }: Service, options: MapOptions, excerpts: Excerpts): ServiceMap {
  const gathered = gather(book, { endpoints, exposure }, id);
  // What our own code could not do is no silence.
  if (gathered.status !== 'known')
    return { endpoints: [], lost: [{ service: id, what: 'number', why: gathered.reason, file: '.' }], unread: [] };
  const facts = gathered.facts as { readonly endpoints: Endpoints; readonly exposure: Exposure };
  return {
    endpoints: facts.exposure.list.map((one) =>
      mapped(id, one, options.withCode?.(one.endpoint) === true ? excerpts : undefined),
    ),
    lost: facts.endpoints.lost.map(({ at, what, why }) => ({
      service: id,
      what,
      why,
      file: at.file,
      ...(at.line === undefined ? {} : { line: at.line }),
    })),
    unread: facts.endpoints.unread.map((framework) => ({ service: id, framework })),
  };
}

function mapped(
  service: string,
  { endpoint, reaches, open, sensitive }: Exposed,
  excerpts: Excerpts | undefined,
): MappedEndpoint {
  const { surface, method, path, at, framework, chain } = endpoint;
  return {
    service,
    surface,
    method,
    path,
    file: at.file,
    line: at.line ?? 1,
    framework,
    open: open ? { kind: open.kind, why: open.why } : null,
    sensitive: [...sensitive],
    protections: Object.fromEntries(
      Object.entries(reaches).map(([name, reached]) => [name, protection(reached, excerpts)]),
    ),
    chain: [...chain.map(linked), ...handlerOf(endpoint)],
  };
}

const protection = ({ answer, what, why, trail }: Reached, excerpts: Excerpts | undefined): MappedProtection => ({
  answer,
  what,
  why,
  trail: trail.map((step) => stepOf(step, excerpts)),
});

function stepOf({ note, at }: Step, excerpts: Excerpts | undefined): MappedStep {
  if (!at) return { note };
  const code = excerpts?.around(at, 1);
  return {
    note,
    file: at.file,
    ...(at.line === undefined ? {} : { line: at.line }),
    ...(code ? { excerpt: code.text, excerptLine: code.first } : {}),
  };
}

const linked = ({ expr, file, role }: ChainLink): MappedLink => ({
  name: nameOf(expr),
  role: role ?? 'middleware',
  file,
  line: 'at' in expr ? lineOf(expr.at) : 1,
});

function nameOf(expr: Expr): string {
  if (expr.k === 'call') return `${nameOf(expr.callee)}(…)`;
  if (expr.k === 'ref') return expr.path;
  return expr.k === 'member'
    ? expr.name
    : expr.k === 'fn'
      ? 'a function'
      : expr.k === 'obj'
        ? 'a schema'
        : 'an expression';
}

const handlerOf = ({ handler, at }: Endpoint): readonly MappedLink[] => [
  { name: 'the handler', role: 'handler', file: handler?.file ?? at.file, line: at.line ?? 1 },
];
