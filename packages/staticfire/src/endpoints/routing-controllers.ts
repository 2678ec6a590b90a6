import { actionsOf, packages } from './routing-controllers/controllers.ts';
import { optionOf, pathsOf, root, textOption, type Path } from './routing/arguments.ts';
import { servedBy } from './routing/emission.ts';
import { placed, toPlaced, type Placed } from './routing/links.ts';
import { mount, Router, routerOf, routerThings, type Manner } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import type { Arg, Site, Thing, Value } from './running/values.ts';

const id = 'routing-controllers';
const manner: Manner = { falls: false, nextAt: 9, exactly: false };
const web: Manner = { falls: true, nextAt: 2, exactly: false };

/** A server that registers controllers on an application of its own. */
interface Host {
  readonly app: Thing;
  readonly prefix: Path;
}

/** Controllers with decorators, where the application that serves them registers them. */
export const routingControllers: Library = {
  id,
  packages,
  makers: /^(?:create|use)\w*Server$|^InversifyExpressServer$|^Server$/,
  byPlace: (site) => site.importing(...packages).length > 0,
  make(run, of, args, at) {
    if (/^use\w+Server$/.test(of.name)) serve(run, args[0], args[1], at);
    else if (/^create\w*Server$/.test(of.name)) return created(run, args[0], at);
    else if (of.name === 'InversifyExpressServer') return hosted(run, args[3], textOption(args[2], 'rootPath'), at);
    else if (of.name === 'Server' && of.package.endsWith('core')) return hosted(run, undefined, root, at);
    return undefined;
  },
  call(run, { data, at: made }, name, args, at) {
    if (!isHost(data)) return undefined;
    const app: Value = { k: 'thing', thing: data.app };
    if (/^set(?:Error)?Config$/.test(name) && args[0]) {
      if (name === 'setErrorConfig') controllersOn(run, data.app, data.prefix, [], made);
      run.call(args[0].value, [app]);
    } else if (name === 'build' || name === 'addControllers') controllersOn(run, data.app, data.prefix, [], at);
    else return undefined;
    return app;
  },
  member: (_, { data }, name) => (isHost(data) && name === 'app' ? { k: 'thing', thing: data.app } : undefined),
  endpoints(run, things) {
    const serving = things.some(({ data }) => data instanceof Router);
    const alone = serving ? [] : [standing(run)];
    return { list: servedBy(run, id, [...things, ...alone], ({ kind }) => kind === 'app'), lost: [] };
  },
};

const isHost = (data: object): data is Host => 'app' in data && 'prefix' in data;

/** What nothing known serves, as by generated code. */
function standing(run: Run): Thing {
  const at = { file: run.site.service.entries[0].file, fn: 0, at: 0 };
  const router = new Router(manner);
  addActions(run, router);
  return run.make(id, 'app', at, router);
}

function hosted(run: Run, given: Arg | undefined, prefix: Path, at: Site): Value {
  const app = (given && routerThings(given.value)[0]) ?? run.make('express', 'app', at, new Router(web));
  return { k: 'thing', thing: run.make(id, 'host', at, { app, prefix } satisfies Host) };
}

/** `useExpressServer(app, { routePrefix, middlewares, authorizationChecker })`. */
function serve(run: Run, app: Arg | undefined, options: Arg | undefined, at: Site): void {
  const [host] = app ? routerThings(app.value) : [];
  if (host) controllersOn(run, host, textOption(options, 'routePrefix'), global(run, options), at);
}

function created(run: Run, options: Arg | undefined, at: Site): Value {
  const app = run.make('express', 'app', at, new Router(web));
  controllersOn(run, app, textOption(options, 'routePrefix'), global(run, options), at);
  return { k: 'thing', thing: app };
}

/** Middleware of every controller, and the function that `@Authorized` asks. */
function global(run: Run, options: Arg | undefined): readonly Placed[] {
  const middlewares = optionOf(options, 'middlewares');
  const checker = optionOf(options, 'authorizationChecker');
  return [
    ...(middlewares && pathsOf(middlewares) === undefined ? toPlaced(run, [middlewares]) : []),
    ...(checker ? toPlaced(run, [checker], { role: 'settings' }) : []),
  ];
}

/** Once on an application, where it is first asked for. */
function controllersOn(run: Run, app: Thing, prefix: Path, links: readonly Placed[], at: Site): void {
  const host = routerOf(app);
  if (!host || host.steps.some((step) => step.k === 'mount' && step.router.library === id)) return;
  const router = new Router(manner);
  addActions(run, router);
  mount(run, host, run.make(id, 'controllers', at, router), [prefix], links);
}

function addActions(run: Run, router: Router): void {
  for (const { method, path, file, at, handler, chain } of actionsOf(run.site))
    router.steps.push({
      k: 'route',
      methods: [method],
      paths: [{ text: path, partial: path.includes('{path}') }],
      links: chain.map((link) => placed(run, link)),
      handler,
      at: { file, fn: handler.fn, at },
      open: run.open,
    });
}
