import type { Library, Run } from './running/library.ts';
import type { Arg, PackageValue, Site, Thing, Value } from './running/values.ts';
import { asPaths, root, type Path } from './routing/arguments.ts';
import { servedBy } from './routing/emission.ts';
import { toPlaced } from './routing/links.ts';
import {
  addRoute,
  addUse,
  methodNames,
  mount,
  Router,
  routerOf,
  routerThings,
  verbCall,
  type Manner,
} from './routing/router.ts';

const id = 'express';
const applications = new Set(['default', '*', 'App', 'application']);
const manner: Manner = { falls: true, nextAt: 2, exactly: false };

/** Packages that make routes of a description that stands outside the code. */
const describers = new Set([
  'express-openapi',
  'swagger-routes-express',
  'openapi-backend',
  'swagger-tools',
  'exegesis-express',
  'oas-tools',
]);

/** Express 4 and 5, and the libraries that follow its manner. */
export const express: Library = {
  id,
  packages: [
    'express',
    'express-promise-router',
    'router',
    'polka',
    'restify',
    '@tinyhttp/app',
    'ultimate-express',
    'hyper-express',
    'express-ws',
    'vhost',
    ...describers,
  ],
  makers:
    /^(?:Router|App|application|express|createServer|Server|initialize|connector|OpenAPIBackend|initializeMiddleware|middleware)$/,
  given: {
    types: /^(?:\w+\.)?(?:Express|Application|IRouter|Router)\b(?!\.)/,
    make: (run, at) => run.make(id, 'router', at, new Router(manner)),
  },
  make(run, of, args, at) {
    if (describers.has(of.package)) run.lose(at, id, 'number', 'routes are made from an API description');
    if (of.package === 'express-ws') return withSockets(args);
    if (of.package === 'vhost') return onHost(run, args, at);
    const kind = of.path === '' ? kindOf(of) : undefined;
    return kind ? { k: 'thing', thing: run.make(id, kind, at, new Router(manner)) } : undefined;
  },
  call(run, thing, name, args, at) {
    const self: Value = { k: 'thing', thing };
    const router = routerOf(thing);
    if (!router) return routeCall(run, thing, name, args, at) ? self : undefined;
    if (name === 'use' || name === 'pre') addUse(run, id, router, args, at);
    else if (name === 'route' && args[0])
      return { k: 'thing', thing: run.make(id, 'route', at, { router, paths: asPaths(args[0]) } satisfies Route) };
    else if (name === 'param') forParam(run, router, args);
    else if (name === 'ws' && args[0])
      addRoute(run, router, { methods: ['WS'], paths: asPaths(args[0]), args: args.slice(1), at });
    else if (name === '[]') computed(run, router, args, at);
    else if (name === 'get' && args.length < 2) return undefined;
    else if (!verbCall(run, router, name, args, at)) return undefined;
    return self;
  },
  endpoints: (run, things) => ({ list: servedBy(run, id, things, ({ kind }) => kind === 'app'), lost: [] }),
};

function kindOf(of: PackageValue): 'router' | 'app' | undefined {
  if (of.package === 'restify') return of.name === 'createServer' ? 'app' : undefined;
  if (of.package === 'hyper-express') return of.name === 'Server' ? 'app' : of.name === 'Router' ? 'router' : undefined;
  if (of.package === 'express-promise-router' || of.package === 'router' || of.name === 'Router') return 'router';
  return applications.has(of.name) ? 'app' : undefined;
}

/** `app.route('/x')`: verbs without a path. */
interface Route {
  readonly router: Router;
  readonly paths: readonly Path[];
}

/** `expressWs(app)` gives the application sockets: `const { app } = expressWs(express())`. */
function withSockets([first]: readonly Arg[]): Value {
  return { k: 'obj', props: new Map(first ? [['app', first.value]] : []) };
}

/** `vhost('api.example.com', app)` is served where it is used. */
function onHost(run: Run, args: readonly Arg[], at: Site): Value {
  const router = new Router(manner);
  for (const thing of args.flatMap(({ value }) => routerThings(value))) mount(run, router, thing, [root]);
  return { k: 'thing', thing: run.make(id, 'router', at, router) };
}

/** `router.param('id', load)`: runs before the routes of this router that have the parameter. */
function forParam(run: Run, router: Router, [name, ...rest]: readonly Arg[]): void {
  const names = name?.value.k === 'arr' ? name.value.items : name ? [name.value] : [];
  for (const one of names)
    if (one.k === 'text') router.params.set(one.v, [...(router.params.get(one.v) ?? []), ...toPlaced(run, rest)]);
}

/** `app[method](path, handler)` with a method that could not be read. */
function computed(run: Run, router: Router, args: readonly Arg[], at: Site): void {
  const [first, ...rest] = args;
  if (!first || rest.length === 0) return;
  run.lose(at, id, 'method', 'the method is computed');
  addRoute(run, router, { methods: ['{method}'], paths: asPaths(first), args: rest, at });
}

function routeCall(run: Run, thing: Thing, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const { router, paths } = thing.data as Route;
  if (method === undefined) return false;
  addRoute(run, router, { methods: [method], paths, args, at });
  return true;
}
