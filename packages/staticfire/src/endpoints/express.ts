import type { Library, Run } from './running/library.ts';
import type { Arg, Site, Thing, Value } from './running/values.ts';
import { asPaths, type Path } from './routing/arguments.ts';
import { addRoute, addUse, methodNames, Router, routerOf, servedBy, verbCall } from './routing/router.ts';

const id = 'express';
const applications = new Set(['default', '*', 'App', 'application']);

/** `app.route('/x')`: verbs without a path. */
interface Route {
  readonly router: Router;
  readonly paths: readonly Path[];
}

/** Express 4 and 5, and the libraries that follow its manner. */
export const express: Library = {
  id,
  packages: [
    'express',
    'express-promise-router',
    'router',
    'polka',
    '@tinyhttp/app',
    'ultimate-express',
    'hyper-express',
  ],
  makers: /^(?:Router|App|application|express)$/,
  given: {
    types: /^(?:\w+\.)?(?:Express|Application|IRouter|Router)\b(?!\.)/,
    make: (run, at) => run.make(id, 'router', at, new Router()),
  },
  make(run, of, _, at) {
    if (of.path !== '') return undefined;
    const kind =
      of.package === 'express-promise-router' || of.package === 'router' || of.name === 'Router'
        ? 'router'
        : applications.has(of.name)
          ? 'app'
          : undefined;
    return kind ? { k: 'thing', thing: run.make(id, kind, at, new Router()) } : undefined;
  },
  call(run, thing, name, args, at) {
    const self: Value = { k: 'thing', thing };
    const router = routerOf(thing);
    if (!router) return routeCall(run, thing, name, args, at) ? self : undefined;
    if (name === 'use') addUse(run, id, router, args, at);
    else if (name === 'route' && args[0])
      return { k: 'thing', thing: run.make(id, 'route', at, { router, paths: asPaths(args[0]) } satisfies Route) };
    else if (name === '[]') computed(run, router, args, at);
    else if (name === 'get' && args.length < 2) return undefined;
    else if (!verbCall(run, router, name, args, at)) return undefined;
    return self;
  },
  endpoints: (run, things) => ({ list: servedBy(run, id, things, ({ kind }) => kind === 'app'), lost: [] }),
};

/** `app[method](path, handler)` with a method that could not be read. */
function computed(run: Run, router: Router, args: readonly Arg[], at: Site): void {
  const [first, ...rest] = args;
  if (!first || rest.length === 0) return;
  run.lose(at, id, 'method', 'the method is computed');
  addRoute(run, router, ['{method}'], asPaths(first), rest, at);
}

function routeCall(run: Run, thing: Thing, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const { router, paths } = thing.data as Route;
  if (method === undefined) return false;
  addRoute(run, router, [method], paths, args, at);
  return true;
}
