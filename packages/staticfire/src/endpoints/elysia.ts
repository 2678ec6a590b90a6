import { asPaths, optionOf, root, textOption, toLink } from './routing/arguments.ts';
import { addRoute, methodNames, mount, Router, routerOf, routerThings, servedBy } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import type { Arg, Site, Thing, Value } from './running/values.ts';

const id = 'elysia';

/** Elysia: plugins, groups, guards, prefixes. */
export const elysia: Library = {
  id,
  packages: ['elysia'],
  makers: /^Elysia$/,
  make(run, of, args, at) {
    if (of.path !== '' || (of.name !== 'Elysia' && of.name !== 'default')) return undefined;
    const router = new Router();
    router.prefix = textOption(args[0], 'prefix');
    return { k: 'thing', thing: run.make(id, 'app', at, router) };
  },
  call(run, thing, name, args, at) {
    const router = routerOf(thing);
    if (!router) return undefined;
    const [first] = args;
    if (name === 'use') args.forEach((arg) => used(run, thing, arg));
    else if ((name === 'group' || name === 'guard') && first) grouped(run, router, name, args, at);
    else if (name === 'route' && first && args[1])
      addRoute(run, router, [textOf(first)], asPaths(args[1]), args.slice(2, 3), at);
    else if (name === 'onBeforeHandle' || name === 'derive' || name === 'resolve')
      router.steps.push({ k: 'use', paths: [root], links: args.slice(-1).map((arg) => toLink(run, arg)) });
    else if (methodNames[name] !== undefined && first && args.length > 1) verb(run, router, name, args, at);
    return { k: 'thing', thing };
  },
  endpoints: (run, things) => ({ list: servedBy(run, id, things, () => true), lost: [] }),
};

const textOf = ({ value }: Arg): string => (value.k === 'text' ? value.v.toUpperCase() : '{method}');

/** Instances are mounted with their own prefix; functions are given the application. */
function used(run: Run, thing: Thing, arg: Arg): void {
  const router = routerOf(thing);
  const things = routerThings(arg.value);
  if (router) for (const inner of things) mount(router, inner, [root]);
  if (arg.value.k === 'fn') run.call(arg.value, [{ k: 'thing', thing }]);
  if (arg.value.k === 'module') used(run, thing, { ...arg, value: run.member(arg.value, 'default') });
}

/** `group(prefix, options?, app => …)` and `guard(options, app => …)`. */
function grouped(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): void {
  const callback = args.at(-1);
  if (callback?.value.k !== 'fn') return;
  const inner = new Router();
  const child = run.make(id, 'group', at, inner);
  const options = name === 'group' ? args.slice(1, -1)[0] : args[0];
  const before = optionOf(options, 'beforeHandle');
  if (before) inner.steps.push({ k: 'use', paths: [root], links: [toLink(run, before)] });
  mount(router, child, name === 'group' && args[0] ? asPaths(args[0]) : [root]);
  const value: Value = { k: 'thing', thing: child };
  run.call(callback.value, [value]);
}

/** `app.get(path, handler, options?)`. */
function verb(run: Run, router: Router, name: string, [path, handler, options]: readonly Arg[], at: Site): void {
  if (!path || !handler) return;
  const before = optionOf(options, 'beforeHandle');
  addRoute(run, router, [methodNames[name] ?? 'ALL'], asPaths(path), [...(before ? [before] : []), handler], at);
}
