import type { Endpoint } from '../../facts/endpoints.ts';
import type { Open } from '../running/machine.ts';
import type { Run } from '../running/library.ts';
import type { Arg, Site, Thing, Value } from '../running/values.ts';
import { asPaths, opened, pathsOf, root, type Path } from './arguments.ts';
import { exceptionsOf } from './exceptions.ts';
import { handledBy, placed, toLink, toPlaced, type Kind, type Placed } from './links.ts';
import { passesOn } from './passing.ts';
import { registered } from './registry.ts';

export interface RouteStep {
  readonly k: 'route';
  readonly methods: readonly string[];
  readonly paths: readonly Path[];
  readonly links: readonly Placed[];
  readonly handler: Endpoint['handler'];
  readonly serves?: NonNullable<Endpoint['serves']>;
  /** The handler as a link of later routes, when it may pass requests on. */
  readonly passing?: Placed;
  readonly at: Site;
  readonly open: readonly Open[];
}

export interface UseStep {
  readonly k: 'use';
  readonly paths: readonly Path[];
  readonly links: readonly Placed[];
  /** Paths for which it does not run. */
  readonly except: readonly Path[];
}

interface MountStep {
  readonly k: 'mount';
  readonly paths: readonly Path[];
  readonly router: Thing;
  readonly links: readonly Placed[];
  readonly open: readonly Open[];
}

interface ErrorStep {
  readonly k: 'errors';
  readonly paths: readonly Path[];
  readonly links: readonly Placed[];
}

/** What was registered on a router, in order. */
export type Step = RouteStep | UseStep | MountStep | ErrorStep;

/** How a library's routers behave. */
export interface Manner {
  /** Middleware of a mounted router also runs for what is registered after it and not served by it. */
  readonly falls: boolean;
  /** Which parameter of a handler passes a request on. */
  readonly nextAt: number;
  /** `use('/x')` is for this path alone and not for those below it. */
  readonly exactly: boolean;
}

/** A router of a library that registers in order: its prefix, its steps, and whether something mounts it. */
export class Router {
  readonly manner: Manner;
  prefix: Path = root;
  readonly steps: Step[] = [];
  /** What runs for all of its routes, whenever it is registered. */
  readonly always: Placed[] = [];
  /** What handles the errors of all of its routes. */
  readonly filters: Placed[] = [];
  /** What runs for a parameter of the path. */
  readonly params = new Map<string, Placed[]>();
  mounted = false;
  /** The path of the latest registration, for libraries where the next may leave it out. */
  last: Path = root;
  /** The router that this one is a view of, with a longer path. */
  viewOf: Thing | undefined;

  constructor(manner: Manner) {
    this.manner = manner;
  }
}

export const routerOf = (thing: Thing): Router | undefined => (thing.data instanceof Router ? thing.data : undefined);

export const routerThings = (value: Value): readonly Thing[] =>
  value.k === 'thing' && routerOf(value.thing)
    ? [value.thing]
    : value.k === 'any'
      ? value.of.flatMap(routerThings)
      : [];

/** What a library was told of a route. */
interface Told {
  readonly methods: readonly string[];
  readonly paths: readonly Path[];
  /** Middleware, and the handler last. */
  readonly args: readonly Arg[];
  readonly at: Site;
  /** What stands before them. */
  readonly before?: readonly Placed[];
}

/** Registers a route. */
export function addRoute(run: Run, router: Router, { methods, paths, args, at, before = [] }: Told): void {
  const { self, links, ...handled } = handledBy(run, args);
  const { description, from } = registered(run, paths, args);
  const { nextAt } = router.manner;
  router.last = paths[0] ?? root;
  router.steps.push({
    k: 'route',
    methods,
    paths,
    links: [...before, ...(description ? [placed(run, description)] : []), ...links],
    ...handled,
    ...(self && handled.handler && passesOn(run, handled.handler, nextAt) ? { passing: self } : {}),
    at: from ?? at,
    open: run.open,
  });
}

/** `use(path?, ...middleware or routers)`: routers among the arguments are mounted. */
export function addUse(run: Run, framework: string, router: Router, args: readonly Arg[], at: Site): void {
  const [first] = args;
  const given = first && args.length > 1 ? pathsOf(first) : undefined;
  const paths = given ?? [root];
  const links: Placed[] = [];
  for (const arg of opened(given ? args.slice(1) : args)) {
    const things = routerThings(arg.value);
    for (const thing of things) mount(run, router, thing, paths, links);
    if (things.length > 0 || arg.value.k === 'lit') continue;
    if (looksLikeRouter(run, arg)) {
      run.lose(at, framework, 'number', 'the routes that are mounted here could not be followed');
      continue;
    }
    const { inner, except } = exceptionsOf(arg);
    const given = toPlaced(run, [inner]);
    if (handlesErrors(run, arg)) {
      router.steps.push({ k: 'errors', paths, links: toPlaced(run, [inner], { role: 'filter' }) });
      continue;
    }
    if (except.length === 0) links.push(...given);
    else router.steps.push({ k: 'use', paths, links: given, except });
  }
  if (links.length > 0) router.steps.push({ k: 'use', paths, links, except: [] });
}

export function mount(
  run: Run,
  router: Router,
  given: Thing,
  paths: readonly Path[],
  links: readonly Placed[] = [],
): void {
  const thing = routerOf(given)?.viewOf ?? given;
  const data = routerOf(thing);
  if (data) data.mounted = true;
  router.steps.push({ k: 'mount', paths, router: thing, links: [...links], open: run.open });
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

/** Registers under a method name; false when the name is no method. */
export function verbCall(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const [first] = args;
  if (method === undefined || !first) return false;
  addRoute(run, router, { methods: [method], paths: asPaths(first), args: args.slice(1), at });
  return true;
}

/** Middleware of this router alone, for all of its routes that follow. */
export function addLinks(run: Run, router: Router, args: readonly Arg[], kind: Kind): void {
  const links = opened(args).map((arg) => placed(run, toLink(run, arg, kind), kind.rank));
  router.steps.push({ k: 'use', paths: [root], links, except: [] });
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
