import { asPaths, methodsOf, optionOf, pathsOf, root, textOption, type Path } from './routing/arguments.ts';
import { servedBy } from './routing/emission.ts';
import { toPlaced, type Placed } from './routing/links.ts';
import { addRoute, addUse, methodNames, mount, Router, routerOf, routerThings, type Manner } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import type { Arg, PackageValue, Site, Value } from './running/values.ts';

const id = 'koa';
const routers = new Set([
  'koa-router',
  '@koa/router',
  'koa-joi-router',
  'koa-tree-router',
  'koa-zod-router',
  '@discourse/koa-router',
]);
const application: Manner = { falls: true, nextAt: 1, exactly: false };
/** Middleware of a router runs only where one of its routes matches. */
const routing: Manner = { ...application, falls: false };

/** Koa with its routers and koa-mount. */
export const koa: Library = {
  id,
  packages: ['koa', 'koa-mount', 'koa-compose', ...routers],
  makers: /^(?:Router|KoaRouter|Koa)$/,
  given: {
    types: /^(?:Koa\w*|(?:\w+\.)?Router)\b(?!\.)/,
    make: (run, at) => run.make(id, 'router', at, new Router(routing)),
  },
  make(run, of, args, at) {
    if (of.package === 'koa-mount') return mounted(run, args, at);
    if (of.package === 'koa-compose') return args[0]?.value;
    if (of.path !== '' && !routers.has(of.package)) return undefined;
    const kind = of.package === 'koa' ? 'app' : 'router';
    if (kind === 'app' && of.name !== 'default' && of.name !== '*') return undefined;
    return made(run, of, kind, args, at);
  },
  call(run, thing, name, args, at) {
    const router = routerOf(thing);
    const self: Value = { k: 'thing', thing };
    if (!router) return undefined;
    const [first] = args;
    if (name === 'routes' || name === 'middleware' || name === 'callback') return self;
    if (name === 'use') addUse(run, id, router, args, at);
    else if (name === 'prefix' && first) router.prefix = joined(asPaths(first)[0] ?? root, router.prefix);
    else if (name === 'param') forParam(run, router, args);
    else if (name === 'register' && first && args[1])
      addRoute(run, router, { methods: methodsOf(args[1]), paths: asPaths(first), args: args.slice(2), at });
    else if (name === 'route' && first) described(run, router, args, at);
    else if (!registered(run, router, name, args, at)) return undefined;
    return self;
  },
  endpoints: (run, things) => ({ list: servedBy(run, id, things, ({ kind }) => kind === 'app'), lost: [] }),
};

function made(run: Run, of: PackageValue, kind: string, args: readonly Arg[], at: Site): Value {
  const router = new Router(kind === 'app' ? application : routing);
  if (of.package !== 'koa') router.prefix = textOption(args[0], 'prefix');
  return { k: 'thing', thing: run.make(id, kind, at, router) };
}

const joined = (a: Path, b: Path): Path => ({ text: `${a.text}${b.text}`, partial: a.partial || b.partial });

/** `mount('/prefix', app)`. */
function mounted(run: Run, args: readonly Arg[], at: Site): Value {
  const router = new Router(application);
  const [first] = args;
  const given = first && args.length > 1;
  addUse(run, id, router, given ? args : args.slice(0, 1), at);
  for (const thing of router.steps.length === 0 ? args.flatMap(({ value }) => routerThings(value)) : [])
    mount(run, router, thing, [root]);
  return { k: 'thing', thing: run.make(id, 'mount', at, router) };
}

function forParam(run: Run, router: Router, [name, ...rest]: readonly Arg[]): void {
  if (name?.value.k !== 'text') return;
  router.params.set(name.value.v, [...(router.params.get(name.value.v) ?? []), ...toPlaced(run, rest)]);
}

/** `router.get(name?, path, ...handlers)`. */
function registered(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const [first, second] = args;
  if (method === undefined || !first) return false;
  const named = second !== undefined && args.length > 2 && second.value.k !== 'arr' && pathsOf(second) !== undefined;
  const path = named ? second : first;
  addRoute(run, router, { methods: [method], paths: asPaths(path), args: args.slice(named ? 2 : 1), at });
  return true;
}

/** `router.route({ method, path, validate, handler })`, one or a list. */
function described(run: Run, router: Router, args: readonly Arg[], at: Site): void {
  for (const arg of args.flatMap((one) =>
    one.value.k === 'arr' ? one.value.items.map((value) => ({ ...one, value })) : [one],
  )) {
    const method = optionOf(arg, 'method');
    const path = optionOf(arg, 'path');
    const handlers = ['pre', 'handler'].flatMap((key) => optionOf(arg, key) ?? []);
    if (method && path)
      addRoute(run, router, {
        methods: methodsOf(method),
        paths: asPaths(path),
        args: handlers,
        at,
        before: validators(run, arg),
      });
  }
}

/** Schemas of koa-joi-router and its kin. */
const validators = (run: Run, route: Arg): readonly Placed[] =>
  ['header', 'query', 'params', 'body'].flatMap((key) => {
    const schema = optionOf(optionOf(route, 'validate') ?? optionOf(route, 'request'), key);
    return schema ? toPlaced(run, [schema], { role: 'validator', on: key === 'header' ? 'headers' : key }) : [];
  });
