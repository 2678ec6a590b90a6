import type { Spot } from '../../code/production.ts';
import { lineOf } from '../../code/summary.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import { joinUrl } from '../reading/paths.ts';
import type { Run } from '../running/library.ts';
import type { Arg, Site, Thing, Value } from '../running/values.ts';
import { asPaths, handledBy, opened, pathsOf, root, toLink, type Path } from './arguments.ts';

/** What was registered on a router, in order. */
export type Step =
  | { readonly k: 'use'; readonly paths: readonly Path[]; readonly links: readonly ChainLink[] }
  | {
      readonly k: 'mount';
      readonly paths: readonly Path[];
      readonly router: Thing;
      readonly links: readonly ChainLink[];
    }
  | {
      readonly k: 'route';
      readonly methods: readonly string[];
      readonly paths: readonly Path[];
      readonly links: readonly ChainLink[];
      readonly handler: Spot | undefined;
      readonly at: Site;
    };

/** A router of a library that registers in order: its prefix, its steps, and whether something mounts it. */
export class Router {
  prefix: Path = root;
  readonly steps: Step[] = [];
  mounted = false;
  /** The path of the latest registration, for libraries where the next may leave it out. */
  last: Path = root;
  /** The router that this one is a view of, with a longer path. */
  viewOf: Thing | undefined;
}

export const routerOf = (thing: Thing): Router | undefined => (thing.data instanceof Router ? thing.data : undefined);

export const routerThings = (value: Value): readonly Thing[] =>
  value.k === 'thing' && routerOf(value.thing)
    ? [value.thing]
    : value.k === 'any'
      ? value.of.flatMap(routerThings)
      : [];

/** Registers a route. */
export function addRoute(
  run: Run,
  router: Router,
  methods: readonly string[],
  paths: readonly Path[],
  args: readonly Arg[],
  at: Site,
): void {
  const { handler, links } = handledBy(run, args);
  router.last = paths[0] ?? root;
  router.steps.push({ k: 'route', methods, paths, links, handler, at });
}

/** `use(path?, ...middleware or routers)`: routers among the arguments are mounted. */
export function addUse(run: Run, framework: string, router: Router, args: readonly Arg[], at: Site): void {
  const [first] = args;
  const given = first && args.length > 1 ? pathsOf(first) : undefined;
  const paths = given ?? [root];
  const links: ChainLink[] = [];
  for (const arg of opened(given ? args.slice(1) : args)) {
    const things = routerThings(arg.value);
    for (const thing of things) mount(router, thing, paths, links);
    if (things.length > 0 || handlesErrors(run, arg)) continue;
    links.push(toLink(run, arg));
    if (looksLikeRouter(run, arg))
      run.lose(at, framework, 'number', 'the routes that are mounted here could not be followed');
  }
  if (links.length > 0) router.steps.push({ k: 'use', paths, links });
}

export function mount(router: Router, given: Thing, paths: readonly Path[], links: readonly ChainLink[] = []): void {
  const thing = routerOf(given)?.viewOf ?? given;
  const data = routerOf(thing);
  if (data) data.mounted = true;
  router.steps.push({ k: 'mount', paths, router: thing, links: [...links] });
}

function handlesErrors(run: Run, { value }: Arg): boolean {
  return value.k === 'fn' && run.site.code.get(value.file)?.summary.functions[value.fn]?.params.length === 4;
}

/** Named like routes, and neither a function nor from a package. */
function looksLikeRouter(run: Run, { value, expr, site }: Arg): boolean {
  if (value.k !== 'unknown' && value.k !== 'method') return false;
  const named = expr.k === 'call' ? expr.callee : expr;
  const name = named.k === 'ref' ? named.path : named.k === 'member' ? named.name : '';
  if (!/rout(?:e|er|es|ing)s?(?:\(\))?$/i.test(name)) return false;
  const origin = run.site.code.origin(site.file, site.fn, named);
  return origin.kind !== 'package' && origin.kind !== 'builtin';
}

interface Held {
  readonly link: ChainLink;
  /** Only for paths below this one. */
  readonly under: string;
}

interface Way {
  readonly run: Run;
  readonly framework: string;
  readonly found: Endpoint[];
  readonly seen: Set<string>;
  readonly above: readonly Thing[];
}

/** Every endpoint that a router serves below a prefix. */
function endpointsOf(run: Run, framework: string, thing: Thing, prefix: string = ''): readonly Endpoint[] {
  const found: Endpoint[] = [];
  emit({ run, framework, found, seen: new Set(), above: [] }, thing, prefix, []);
  return found;
}

const most = 20_000;

function emit(way: Way, thing: Thing, prefix: string, chain: readonly Held[]): void {
  const router = routerOf(thing);
  if (!router || way.above.includes(thing) || way.found.length > most) return;
  const below: Way = { ...way, above: [...way.above, thing] };
  const base = joinUrl(prefix, router.prefix.text);
  let held = chain;
  for (const step of router.steps) {
    if (step.k === 'use')
      held = [
        ...held,
        ...step.paths.flatMap((path) => step.links.map((link) => ({ link, under: joinUrl(base, path.text) }))),
      ];
    else if (step.k === 'mount')
      for (const path of step.paths)
        emit(below, step.router, joinUrl(base, path.text), [
          ...held,
          ...step.links.map((link) => ({ link, under: '/' })),
        ]);
    else toEndpoints(below, step, base, held);
  }
}

function toEndpoints(way: Way, step: Extract<Step, { k: 'route' }>, base: string, held: readonly Held[]): void {
  for (const path of step.paths)
    for (const method of step.methods) {
      const url = joinUrl(base, path.text);
      // One place in the code that runs twice, as in both ways of a choice, is one endpoint.
      const key = `${step.at.file}\0${step.at.at}\0${method}\0${url}`;
      if (way.seen.has(key)) continue;
      way.seen.add(key);
      if (path.partial) way.run.lose(step.at, way.framework, 'path', 'part of the path could not be read');
      way.found.push({
        surface: 'http',
        method,
        path: url,
        at: { file: step.at.file, line: lineOf(step.at.at) },
        handler: step.handler,
        framework: way.framework,
        chain: [...held.filter(({ under }) => covers(under, url)).map(({ link }) => link), ...step.links],
      });
    }
}

const covers = (under: string, url: string): boolean =>
  under === '/' || url === under || url.startsWith(`${under}/`) || (/[*:{(]/.test(under) && patternOf(under).test(url));

/** Parameters and wildcards of a path, and what could not be read of it, stand for anything. */
function patternOf(path: string): RegExp {
  const parts = path
    .replace(/\/(?:\{\*\w+\}|\(\.\*\)|\*\w*)$/, '')
    .split('/')
    .map((part) =>
      /[*{(]/.test(part)
        ? '.*'
        : part.startsWith(':')
          ? '[^/]+'
          : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`),
    );
  return new RegExp(`^${parts.join('/')}(?:/|$)`);
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

/** Registers under a method name; false when the name is no method. */
export function verbCall(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const [first] = args;
  if (method === undefined || !first) return false;
  addRoute(run, router, [method], asPaths(first), args.slice(1), at);
  return true;
}

export const methodNames: Readonly<Record<string, string>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  del: 'DELETE',
  head: 'HEAD',
  options: 'OPTIONS',
  all: 'ALL',
  search: 'SEARCH',
  propfind: 'PROPFIND',
  query: 'QUERY',
};
