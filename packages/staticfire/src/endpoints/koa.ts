import { asPaths, optionOf, pathsOf, root, textOption, type Path } from './routing/arguments.ts';
import { addRoute, addUse, methodNames, mount, Router, routerOf, routerThings, servedBy } from './routing/router.ts';
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

/** Koa with its routers and koa-mount. */
export const koa: Library = {
  id,
  packages: ['koa', 'koa-mount', ...routers],
  makers: /^(?:Router|KoaRouter|Koa)$/,
  given: { types: /^(?:Koa|KoaRouter)\b/, make: (run, at) => run.make(id, 'router', at, new Router()) },
  make(run, of, args, at) {
    if (of.package === 'koa-mount') return mounted(run, args, at);
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
    else if (name === 'register' && first && args[1])
      addRoute(run, router, methodsOf(args[1]), asPaths(first), args.slice(2), at);
    else if (name === 'route' && first) described(run, router, args, at);
    else if (!registered(run, router, name, args, at)) return undefined;
    return self;
  },
  endpoints: (run, things) => ({ list: servedBy(run, id, things, ({ kind }) => kind === 'app'), lost: [] }),
};

function made(run: Run, of: PackageValue, kind: string, args: readonly Arg[], at: Site): Value {
  const router = new Router();
  if (of.package !== 'koa') router.prefix = textOption(args[0], 'prefix');
  return { k: 'thing', thing: run.make(id, kind, at, router) };
}

const joined = (a: Path, b: Path): Path => ({ text: `${a.text}${b.text}`, partial: a.partial || b.partial });

/** `mount('/prefix', app)`. */
function mounted(run: Run, args: readonly Arg[], at: Site): Value {
  const router = new Router();
  const [first] = args;
  const paths = first && args.length > 1 ? asPaths(first) : [root];
  for (const thing of args.flatMap(({ value }) => routerThings(value))) mount(router, thing, paths);
  return { k: 'thing', thing: run.make(id, 'mount', at, router) };
}

/** `router.get(name?, path, ...handlers)`. */
function registered(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const [first, second] = args;
  if (method === undefined || !first) return false;
  const named = second !== undefined && args.length > 2 && second.value.k !== 'arr' && pathsOf(second) !== undefined;
  const path = named ? second : first;
  addRoute(run, router, [method], asPaths(path), args.slice(named ? 2 : 1), at);
  return true;
}

const methodsOf = ({ value }: Arg): readonly string[] => {
  const items = value.k === 'arr' ? value.items : [value];
  const named = items.flatMap((item) => (item.k === 'text' && !item.partial ? [item.v.toUpperCase()] : []));
  return named.length > 0 ? named : ['{method}'];
};

/** `router.route({ method, path, handler })`, one or a list. */
function described(run: Run, router: Router, args: readonly Arg[], at: Site): void {
  for (const arg of args.flatMap((one) =>
    one.value.k === 'arr' ? one.value.items.map((value) => ({ ...one, value })) : [one],
  )) {
    const method = optionOf(arg, 'method');
    const path = optionOf(arg, 'path');
    const handlers = ['pre', 'handler'].flatMap((key) => optionOf(arg, key) ?? []);
    if (method && path) addRoute(run, router, methodsOf(method), asPaths(path), handlers, at);
  }
}
