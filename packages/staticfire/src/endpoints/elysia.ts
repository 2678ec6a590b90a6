import { addPart, hooksOf, Instance, useInstance } from './elysia/instance.ts';
import { asPaths, optionOf, root, textOption } from './routing/arguments.ts';
import { servedBy } from './routing/emission.ts';
import { placed, toLink } from './routing/links.ts';
import { addRoute, methodNames, mount, routerOf, routerThings } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import type { Arg, Site, Thing, Value } from './running/values.ts';

const id = 'elysia';
const before = new Set(['onRequest', 'onParse', 'onTransform', 'derive', 'onBeforeHandle', 'resolve']);

/** Elysia: plugins, groups, guards, macros, prefixes. */
export const elysia: Library = {
  id,
  packages: ['elysia'],
  makers: /^Elysia$/,
  given: { types: /^Elysia\b/, make: (run, at) => run.make(id, 'app', at, new Instance()) },
  make(run, of, args, at) {
    if (of.path !== '' || (of.name !== 'Elysia' && of.name !== 'default')) return undefined;
    const router = new Instance();
    router.prefix = textOption(args[0], 'prefix');
    return { k: 'thing', thing: run.make(id, 'app', at, router) };
  },
  call(run, thing, name, args, at) {
    const router = routerOf(thing);
    if (!(router instanceof Instance)) return undefined;
    const [first] = args;
    if (name === 'use') args.forEach((arg) => used(run, thing, router, arg));
    else if ((name === 'group' || name === 'guard') && first) grouped(run, router, name, args, at);
    else if (name === 'route' && first && args[1]) verb(run, router, textOf(first), args.slice(1), at);
    else if (before.has(name)) addPart(run, router, name, args);
    else if (name === 'macro') macros(run, router, args);
    else if (name === 'as') router.exportAll(first?.value.k === 'text' && first.value.v === 'global');
    else if (name === 'onError') router.filters.push(...args.slice(-1).map((arg) => filter(run, arg)));
    else if (name === 'mount' && first)
      addRoute(run, router, { methods: ['ALL'], paths: asPaths(first), args: args.slice(1), at });
    else if (name === 'ws' && first) verb(run, router, 'WS', args, at);
    else if (methodNames[name] !== undefined && first && args.length > 1)
      verb(run, router, methodNames[name], args, at);
    return { k: 'thing', thing };
  },
  endpoints: (run, things) => ({ list: servedBy(run, id, things, () => true), lost: [] }),
};

const textOf = ({ value }: Arg): string => (value.k === 'text' ? value.v.toUpperCase() : '{method}');

const filter = (run: Run, arg: Arg) => placed(run, toLink(run, arg, { role: 'filter' }));

/** Instances are mounted with their own prefix; functions are given the application. */
function used(run: Run, thing: Thing, router: Instance, arg: Arg): void {
  for (const inner of routerThings(arg.value)) useInstance(run, router, inner);
  if (arg.value.k === 'fn') run.call(arg.value, [{ k: 'thing', thing }]);
  if (arg.value.k === 'module') used(run, thing, router, { ...arg, value: run.member(arg.value, 'default') });
  if (arg.value.k === 'arr') for (const value of arg.value.items) used(run, thing, router, { ...arg, value });
}

/** `macro({ auth: { resolve } })`, `macro('auth', { … })`. */
function macros(run: Run, router: Instance, [first, second]: readonly Arg[]): void {
  if (first?.value.k === 'text' && second) router.macros.set(first.value.v, second);
  const made = first?.value.k === 'fn' ? run.call(first.value, []) : first?.value;
  if (!first || made?.k !== 'obj') return;
  for (const name of made.props.keys()) {
    const found = optionOf({ ...first, value: made }, name);
    if (found) router.macros.set(name, found);
  }
}

/** `group(prefix, options?, app => …)`, `guard(options, app => …)`, and `guard(options)` for what follows. */
function grouped(run: Run, router: Instance, name: string, args: readonly Arg[], at: Site): void {
  const callback = args.at(-1);
  const options = name === 'group' ? args.slice(1, -1)[0] : args[0];
  const links = hooksOf(run, router, options);
  if (callback?.value.k !== 'fn') {
    router.steps.push({ k: 'use', paths: [root], links, except: [] });
    return;
  }
  const inner = new Instance(router.macros);
  const child = run.make(id, 'group', at, inner);
  inner.steps.push({ k: 'use', paths: [root], links, except: [] });
  mount(run, router, child, name === 'group' && args[0] ? asPaths(args[0]) : [root]);
  const value: Value = { k: 'thing', thing: child };
  run.call(callback.value, [value]);
}

/** `app.get(path, handler, options?)`. */
function verb(run: Run, router: Instance, method: string, [path, handler, options]: readonly Arg[], at: Site): void {
  if (!path || !handler) return;
  addRoute(run, router, {
    methods: [method],
    paths: asPaths(path),
    args: [handler],
    at,
    before: hooksOf(run, router, options),
  });
}
