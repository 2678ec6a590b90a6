import { posix } from 'node:path';
import { pathOf } from '../code/reach/paths.ts';
import { Scope, type Plugin } from './fastify/scope.ts';
import { defaultsOf } from './fastify/plugins.ts';
import { addFilter, addHook, addPackage, ofOptions } from './fastify/hooks.ts';
import { asPaths, methodsOf, optionOf, textOption } from './routing/arguments.ts';
import { servedBy } from './routing/emission.ts';
import { addRoute, addUse, methodNames, mount, routerOf } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import { holdsThing, unknown, type Arg, type Site, type Thing, type Value } from './running/values.ts';

const id = 'fastify';

/** Fastify: scopes of plugins, prefixes, hooks, autoload. */
export const fastify: Library = {
  id,
  packages: ['fastify', 'fastify-plugin', '@fastify/autoload', 'fastify-autoload'],
  makers: /^(?:fastify|fastifyPlugin|fp|fastifyAutoload|autoload)$/i,
  given: {
    types: /^Fastify(?:Instance|Typed\w*)\b/,
    make: (run, at) => run.make(id, 'scope', at, new Scope(undefined)),
  },
  make(run, of, args, at) {
    if (of.package === 'fastify-plugin') return plugin(run, args, at);
    if (of.package !== 'fastify' || of.path !== '') return undefined;
    if (of.name !== 'default' && of.name !== '*' && of.name !== 'fastify') return undefined;
    return { k: 'thing', thing: run.make(id, 'app', at, new Scope(undefined)) };
  },
  call(run, thing, name, args, at) {
    const scope = routerOf(thing);
    if (!(scope instanceof Scope)) return undefined;
    const self: Value = { k: 'thing', thing };
    const [first, second] = args;
    if (name === 'register' && first) register(run, scope, args, at);
    else if (name === 'route' && first) described(run, scope, first, at);
    else if (name === 'addHook' && second) addHook(run, scope, first, second);
    else if (name === 'setErrorHandler' && first) addFilter(run, scope, first);
    else if (name === 'auth' && first?.value.k === 'arr') return first.value;
    else if (name === 'use' && first) addUse(run, id, scope, args, at);
    else if (name === 'decorate' && first?.value.k === 'text' && second)
      scope.decorations.set(first.value.v, second.value);
    else if (name === 'after' || name === 'ready' || name === 'listen') return started(run, scope, self, args);
    else if (name === 'withTypeProvider' || /^(?:set|add)[A-Z]/.test(name)) return self;
    else if (!verb(run, scope, name, args, at)) return undefined;
    return self;
  },
  member(_, thing, name) {
    const scope = routerOf(thing);
    return scope instanceof Scope ? scope.decoration(name) : undefined;
  },
  awaited({ data }) {
    if (data instanceof Scope) data.load();
  },
  endpoints: (run, things) => ({ list: servedBy(run, id, things, ({ kind }) => kind === 'app'), lost: [] }),
};

/** `fp(plugin)`: what it registers is the parent's. */
function plugin(run: Run, [first]: readonly Arg[], at: Site): Value {
  const data: Plugin = { of: first?.value ?? unknown };
  return { k: 'thing', thing: run.make(id, 'plugin', at, data) };
}

function started(run: Run, scope: Scope, self: Value, args: readonly Arg[]): Value {
  scope.load();
  for (const { value } of args) if (value.k === 'fn') run.call(value, []);
  return self;
}

function register(run: Run, scope: Scope, args: readonly Arg[], at: Site): void {
  const [first, second] = args;
  if (!first) return;
  const options = second?.value ?? { k: 'obj', props: new Map<string, Value>() };
  if (first.value.k === 'pkg') {
    if (first.value.package.endsWith('autoload')) return autoload(run, scope, second, at);
    addPackage(run, scope, first.value.package, first, second);
    // Plugins of packages may serve what they are given: the router of an RPC library.
    if (holdsThing(options)) run.call(first.value, [unknown, options]);
    return;
  }
  const plugins = defaultsOf(run, first.value);
  if (plugins.length === 0 || plugins.some(({ k }) => k === 'unknown')) unread(run, first, at);
  const prefix = textOption(second, 'prefix');
  for (const value of plugins) enter(run, scope, value, prefix, options, at);
}

/** A plugin that could not be followed is said, unless its package is known not to have routes of this service. */
function unread(run: Run, { expr, site }: Arg, at: Site): void {
  const origin = run.site.code.origin(site.file, site.fn, expr.k === 'call' ? expr.callee : expr);
  if (origin.kind !== 'package') run.lose(at, id, 'number', 'the plugin that is registered here could not be followed');
}

/** Runs a plugin in a scope of its own; plugins that were registered before it are loaded by then. */
function enter(
  run: Run,
  scope: Scope,
  value: Value,
  prefix: { text: string; partial: boolean },
  options: Value,
  at: Site,
): void {
  if (value.k === 'thing' && value.thing.kind === 'plugin') {
    const inner = (value.thing.data as Plugin).of;
    const self = run.things.find((thing) => thing.data === scope);
    if (self) for (const one of defaultsOf(run, inner)) run.call(one, [{ k: 'thing', thing: self }, options]);
    return;
  }
  if (value.k !== 'fn') return;
  const child = new Scope(scope);
  child.prefix = prefix;
  const thing: Thing = run.make(id, 'scope', at, child);
  mount(run, scope, thing, [{ text: '', partial: false }], scope.waiting);
  run.call(value, [{ k: 'thing', thing }, options]);
}

/** `@fastify/autoload`: every file below a folder is a plugin, its folder the prefix. */
function autoload(run: Run, scope: Scope, options: Arg | undefined, at: Site): void {
  const dir = optionOf(options, 'dir');
  const { code } = run.site;
  const folder = dir && pathOf(code, at.file, at.fn, dir.expr, posix.dirname(at.file))?.path;
  const files = folder === undefined ? [] : run.site.computed(at.file).filter((file) => file.startsWith(`${folder}/`));
  if (files.length === 0) return run.lose(at, id, 'number', 'the folder of plugins could not be followed');
  const inner = optionOf(options, 'options');
  const above = textOption(inner, 'prefix');
  for (const file of files) {
    const own = posix
      .dirname(file)
      .slice((folder ?? '').length)
      .replaceAll(/\/_([^/]+)/g, '/:$1');
    const named = run.member({ k: 'module', file }, 'autoPrefix');
    const text = `${above.text}${named.k === 'text' ? named.v : own}`;
    for (const value of defaultsOf(run, { k: 'module', file }))
      enter(run, scope, value, { text, partial: above.partial }, inner?.value ?? unknown, at);
  }
}

/** `app.get(path, options?, handler)`. */
function verb(run: Run, scope: Scope, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const [first, ...rest] = args;
  if (method === undefined || !first) return false;
  const inline = rest.length === 1 && optionOf(rest[0], 'handler') ? rest[0] : undefined;
  const options = inline ?? (rest.length > 1 ? rest[0] : undefined);
  const handler = optionOf(options, 'handler') ?? rest.at(-1);
  addRoute(run, scope, {
    methods: [method],
    paths: asPaths(first),
    args: handler ? [handler] : [],
    at,
    before: ofOptions(run, options),
  });
  return true;
}

/** `app.route({ method, url, preHandler, handler })`. */
function described(run: Run, scope: Scope, options: Arg, at: Site): void {
  const path = optionOf(options, 'url') ?? optionOf(options, 'path');
  const methods = methodsOf(optionOf(options, 'method'));
  if (methods[0] === '{method}') run.lose(at, id, 'method', 'the method is computed');
  const handler = optionOf(options, 'handler');
  addRoute(run, scope, {
    methods,
    paths: path ? asPaths(path) : [{ text: '{path}', partial: true }],
    args: handler ? [handler] : [],
    at,
    before: ofOptions(run, options),
  });
}
