import { lineOf } from '../../code/summary.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import { joinUrl } from '../reading/paths.ts';
import type { Open } from '../running/machine.ts';
import type { Run } from '../running/library.ts';
import type { Thing } from '../running/values.ts';
import type { Path } from './arguments.ts';
import { covering, everywhere, type Covers } from './covers.ts';
import { heldUnder, type Placed } from './links.ts';
import { routerOf, type RouteStep, type Router, type Step } from './router.ts';

/** A link that stands before what follows, where it applies. */
interface Held {
  readonly placed: Placed;
  readonly covers: Covers;
  /** Only for these methods; missing: for all. */
  readonly methods?: readonly string[];
}

/** An endpoint that is being put together; what handles its errors is known only later. */
type Draft = Endpoint & { chain: readonly ChainLink[] };

interface Way {
  readonly run: Run;
  readonly framework: string;
  readonly found: Draft[];
  readonly seen: Set<string>;
  readonly above: readonly Thing[];
  readonly open: readonly Open[];
}

const most = 20_000;

/** Every endpoint that a router serves below a prefix. */
function endpointsOf(run: Run, framework: string, thing: Thing, prefix: string = ''): readonly Endpoint[] {
  const found: Draft[] = [];
  emit({ run, framework, found, seen: new Set(), above: [], open: [] }, thing, prefix, []);
  if (found.length > most) run.lose(thing.at, framework, 'number', 'there are more endpoints than are followed');
  return found;
}

/** Gathers the endpoints of a router; gives what stands before what its parent registers after it. */
function emit(way: Way, thing: Thing, prefix: string, chain: readonly Held[]): readonly Held[] {
  const router = routerOf(thing);
  if (!router || way.above.includes(thing) || way.found.length > most) return [];
  const below: Way = { ...way, above: [...way.above, thing] };
  const base = joinUrl(prefix, router.prefix.text);
  const first = way.found.length;
  const own: Held[] = router.always.map((placed) => ({ placed, covers: everywhere }));
  for (const step of router.steps) emitStep(below, router, step, { base, first, chain, own });
  handled(way, first, router.filters, everywhere);
  return router.manner.falls ? own : [];
}

interface Round {
  readonly base: string;
  /** The first endpoint of this router among those found. */
  readonly first: number;
  readonly chain: readonly Held[];
  /** What this router has registered so far. */
  readonly own: Held[];
}

function emitStep(way: Way, router: Router, step: Step, { base, first, chain, own }: Round): void {
  if (step.k === 'use') own.push(...step.paths.flatMap((path) => toHeld(step, base, path, router.manner.exactly)));
  else if (step.k === 'errors') for (const path of step.paths) handled(way, first, step.links, covering(base, path));
  else if (step.k === 'route') {
    toEndpoints(way, router, step, base, [...chain, ...own]);
    if (step.passing) own.push(...passed(step, step.passing, base));
  } else
    for (const path of step.paths) {
      const links = [...step.links, ...forParams(router, path)].map((placed) => ({ placed, covers: everywhere }));
      const open = [...way.open, ...step.open];
      own.push(...emit({ ...way, open }, step.router, joinUrl(base, path.text), [...chain, ...own, ...links]));
    }
}

function toHeld(step: Extract<Step, { k: 'use' }>, base: string, path: Path, exactly: boolean): readonly Held[] {
  const under = covering(base, path, exactly);
  const except = step.except.map((one) => covering('/', one, true));
  const covers: Covers = except.length === 0 ? under : (url) => under(url) && !except.some((not) => not(url));
  return step.links.map((placed) => ({ placed, covers }));
}

/** A handler that may pass a request on stands before later handlers of its path. */
const passed = ({ paths, methods }: RouteStep, placed: Placed, base: string): readonly Held[] =>
  paths.map((path) => ({
    placed,
    covers: covering(base, path, true),
    ...(methods.includes('ALL') ? {} : { methods }),
  }));

/** What handles errors stands after everything. */
function handled(way: Way, first: number, filters: readonly Placed[], covers: Covers): void {
  if (filters.length === 0) return;
  for (const endpoint of way.found.slice(first))
    if (covers(endpoint.path))
      endpoint.chain = [...endpoint.chain, ...filters.map((placed) => heldUnder(placed, way.open))];
}

function toEndpoints(way: Way, router: Router, step: RouteStep, base: string, held: readonly Held[]): void {
  const open = [...way.open, ...step.open];
  for (const path of step.paths) {
    const url = joinUrl(base, path.text);
    if (step.passing && onlyPasses(step, url)) continue;
    const own = [...forParams(router, { ...path, text: `${router.prefix.text}/${path.text}` }), ...step.links];
    for (const method of step.methods) {
      // One place in the code that runs twice, as in both ways of a choice, is one endpoint.
      const key = `${step.at.file}\0${step.at.at}\0${method}\0${url}`;
      if (way.seen.has(key)) continue;
      way.seen.add(key);
      if (path.partial) way.run.lose(step.at, way.framework, 'path', 'part of the path could not be read');
      const before = held.filter((one) => one.covers(url) && (!one.methods || one.methods.includes(method)));
      way.found.push({
        surface: 'http',
        method,
        path: url,
        at: { file: step.at.file, line: lineOf(step.at.at) },
        handler: step.handler,
        ...(step.serves ? { serves: step.serves } : {}),
        framework: way.framework,
        chain: inOrder([...before.map(({ placed }) => placed), ...own]).map((placed) => heldUnder(placed, open)),
      });
    }
  }
}

/** `all('/api/*', check)` is middleware in the place of a route. */
const onlyPasses = ({ methods }: RouteStep, url: string): boolean =>
  methods.length === 1 && methods[0] === 'ALL' && /\*\w*\}?$|\(\.\*\)$/.test(url);

const inOrder = (links: readonly Placed[]): readonly Placed[] =>
  links.some(({ rank }) => rank !== 0) ? links.toSorted((a, b) => a.rank - b.rank) : links;

function forParams({ params }: Router, { text }: Path): readonly Placed[] {
  if (params.size === 0) return [];
  return [...text.matchAll(/:(\w+)/g)].flatMap(([, name = '']) => params.get(name) ?? []);
}

/** Roots first; then routers that nothing known mounts, though something unknown was handed them. */
export function servedBy(
  run: Run,
  framework: string,
  things: readonly Thing[],
  isRoot: (thing: Thing) => boolean,
): readonly Endpoint[] {
  return things.flatMap((thing) => {
    const router = routerOf(thing);
    if (!router || router.mounted) return [];
    if (isRoot(thing)) return endpointsOf(run, framework, thing);
    if (!thing.escaped) return [];
    run.lose(thing.at, framework, 'path', 'where this router is mounted could not be followed');
    return endpointsOf(run, framework, thing, '{mount}');
  });
}
