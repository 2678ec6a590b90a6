import { asPaths, optionOf, pathsOf, type Path } from './routing/arguments.ts';
import { addRoute, addUse, methodNames, mount, Router, routerOf, routerThings, servedBy } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import type { Arg, Site, Thing, Value } from './running/values.ts';

const id = 'hono';
const applications = new Set(['Hono', 'OpenAPIHono']);

/** Hono and OpenAPIHono. */
export const hono: Library = {
  id,
  packages: ['hono', '@hono/zod-openapi', '@hono/hono'],
  makers: /^(?:Hono|OpenAPIHono|createFactory|createRoute)$/,
  given: { types: /^(?:OpenAPI)?Hono\b/, make: (run, at) => run.make(id, 'app', at, new Router()) },
  make(run, of, args, at) {
    if (of.path === '' && applications.has(of.name)) return made(run, at);
    if (of.name === 'createFactory' && of.path === '') return { k: 'thing', thing: run.make(id, 'factory', at, {}) };
    if (of.name === 'createRoute' && of.path === '') return args[0]?.value;
    return undefined;
  },
  call(run, thing, name, args, at) {
    if (thing.kind === 'factory') return factoryCall(run, name, args, at);
    const router = routerOf(thing);
    if (!router) return undefined;
    if (name === 'basePath' && args[0]) return based(run, thing, args[0], at);
    return registered(run, router, name, args, at) ? { k: 'thing', thing } : undefined;
  },
  endpoints: (run, things) => ({
    list: servedBy(run, id, things, () => true),
    lost: [],
  }),
};

const made = (run: Run, at: Site): Value => ({ k: 'thing', thing: run.make(id, 'app', at, new Router()) });

function factoryCall(run: Run, name: string, args: readonly Arg[], at: Site): Value | undefined {
  if (name === 'createApp') return made(run, at);
  if (name === 'createHandlers') return { k: 'arr', items: args.map(({ value }) => value) };
  return name === 'createMiddleware' ? args[0]?.value : undefined;
}

/** What is registered on the new application stands below the path on the old one. */
function based(run: Run, thing: Thing, path: Arg, at: Site): Value {
  const router = new Router();
  const child = run.make(id, 'app', at, router);
  const old = routerOf(thing);
  if (old) mount(old, child, asPaths(path));
  router.viewOf = old?.viewOf ?? thing;
  return { k: 'thing', thing: child };
}

function registered(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): boolean {
  const [first, second] = args;
  if (name === 'use') addUse(run, id, router, args, at);
  else if (name === 'route' && first && second) mounts(run, router, first, second, at);
  else if (name === 'mount' && first) addRoute(run, router, ['ALL'], below(asPaths(first)), args.slice(1), at);
  else if (name === 'on' && first && second) addRoute(run, router, textsOf(first), asPaths(second), args.slice(2), at);
  else if (name === 'openapi' && first) described(run, router, first, args.slice(1), at);
  else if (/^doc(?:31)?$/.test(name) && first) addRoute(run, router, ['GET'], asPaths(first), [], at);
  else return verb(run, router, name, args, at);
  return true;
}

const below = (paths: readonly Path[]): readonly Path[] => paths.map((path) => ({ ...path, text: `${path.text}/*` }));

function mounts(run: Run, router: Router, path: Arg, app: Arg, at: Site): void {
  const things = routerThings(app.value);
  for (const thing of things) mount(router, thing, asPaths(path));
  if (things.length === 0) run.lose(at, id, 'number', 'the application that is mounted here could not be followed');
}

const textsOf = ({ value }: Arg): readonly string[] => {
  const items = value.k === 'arr' ? value.items : [value];
  const texts = items.flatMap((item) => (item.k === 'text' ? [item.v.toUpperCase()] : []));
  return texts.length > 0 ? texts : ['{method}'];
};

/** `app.get(path?, ...handlers)`: without a path the latest one counts. */
function verb(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const [first] = args;
  if (method === undefined || !first) return false;
  const given = pathsOf(first);
  addRoute(run, router, [method], given ?? [router.last], given ? args.slice(1) : args, at);
  return true;
}

/** `app.openapi(createRoute({ method, path, middleware }), handler)`. */
function described(run: Run, router: Router, route: Arg, args: readonly Arg[], at: Site): void {
  const method = optionOf(route, 'method');
  const path = optionOf(route, 'path');
  const middleware = optionOf(route, 'middleware');
  if (!path) run.lose(at, id, 'path', 'the description of this route could not be followed');
  addRoute(
    run,
    router,
    method ? textsOf(method) : ['{method}'],
    path ? asPaths(path) : [{ text: '{path}', partial: true }],
    [...(middleware ? [middleware] : []), ...args.slice(0, 1)],
    at,
  );
}
