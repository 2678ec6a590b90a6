import { defaultsOf } from './fastify/plugins.ts';
import { asPaths, methodsOf, optionOf, root, textOption } from './routing/arguments.ts';
import { servedBy } from './routing/emission.ts';
import { placed, toLink, toPlaced, type Placed } from './routing/links.ts';
import { addRoute, mount, Router, routerOf } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import { itemsAsArgs, type Arg, type Site, type Thing, type Value } from './running/values.ts';

const id = 'hapi';

/** What all scopes of one server share. */
interface Shared {
  readonly strategies: Map<string, Arg>;
  /** Routes that say nothing of authentication wait for the default, which counts whenever it is set. */
  readonly waiting: ((before: readonly Placed[]) => void)[];
  standard: readonly Placed[];
}

class Server extends Router {
  readonly shared: Shared;

  constructor(shared: Shared = { strategies: new Map(), waiting: [], standard: [] }) {
    super({ falls: false, nextAt: 9, exactly: false });
    this.shared = shared;
  }
}

/** hapi: described routes, plugins with prefixes, authentication by strategies. */
export const hapi: Library = {
  id,
  packages: ['@hapi/hapi', 'hapi'],
  makers: /^[sS]erver$/,
  given: { types: /^(?:\w+\.)?Server\b/, make: (run, at) => run.make(id, 'app', at, new Server()) },
  make: (run, of, _, at) =>
    of.path === '' && /^[sS]erver$/.test(of.name)
      ? { k: 'thing', thing: run.make(id, 'app', at, new Server()) }
      : undefined,
  call(run, thing, name, args, at) {
    const server = routerOf(thing);
    if (!(server instanceof Server)) return undefined;
    const self: Value = { k: 'thing', thing };
    if (thing.kind === 'auth') authentication(run, server, name, args);
    else if (name === 'route') for (const route of listed(args)) described(run, server, route, at);
    else if (name === 'register')
      for (const plugin of listed(args.slice(0, 1))) register(run, server, plugin, args[1], at);
    else if (name === 'ext') extension(run, server, args);
    else return undefined;
    return self;
  },
  member: (run, { data, at }, name) =>
    name === 'auth' ? { k: 'thing', thing: run.make(id, 'auth', at, data) } : undefined,
  endpoints(run, things) {
    for (const { data } of things)
      if (data instanceof Server) for (const add of data.shared.waiting.splice(0)) add(data.shared.standard);
    return { list: servedBy(run, id, things, ({ kind }) => kind === 'app'), lost: [] };
  },
};

const listed = (args: readonly Arg[]): readonly Arg[] => args.flatMap((arg) => itemsAsArgs(arg));

function authentication(run: Run, { shared }: Server, name: string, [first, , options]: readonly Arg[]): void {
  if (name === 'strategy' && first?.value.k === 'text' && options) shared.strategies.set(first.value.v, options);
  if (name === 'default' && first) shared.standard = [guard(run, shared, first)];
}

/** A strategy by its name, with the function that its options say validates. */
function guard(run: Run, { strategies }: Shared, given: Arg): Placed {
  const named = optionOf(given, 'strategy') ?? given;
  const options = named.value.k === 'text' ? strategies.get(named.value.v) : undefined;
  const validate = optionOf(options, 'validate') ?? optionOf(options, 'validateFunc');
  const runs = validate && toLink(run, validate).runs;
  return placed(run, { ...toLink(run, given, { role: 'guard' }), ...(runs ? { runs } : {}) }, ranks.auth);
}

const ranks = { auth: 2, validator: 4, pre: 5 } as const;
const extensions: Readonly<Record<string, number>> = {
  onRequest: 0,
  onPreAuth: 1,
  onCredentials: 3,
  onPostAuth: 3,
  onPreHandler: 5,
};

function extension(run: Run, server: Server, [name, fn]: readonly Arg[]): void {
  const rank = name?.value.k === 'text' ? extensions[name.value.v] : undefined;
  if (rank !== undefined && fn) server.always.push(...toPlaced(run, [fn], { role: 'hook', rank }));
}

/** `{ method, path, handler, options: { auth, validate, pre } }`. */
function described(run: Run, server: Server, route: Arg, at: Site): void {
  const options = optionOf(route, 'options') ?? optionOf(route, 'config');
  const path = optionOf(route, 'path');
  const method = optionOf(route, 'method');
  if (!path || !method) return run.lose(at, id, 'path', 'the description of this route could not be followed');
  const handler = optionOf(route, 'handler') ?? optionOf(options, 'handler');
  const auth = optionOf(options, 'auth');
  const add = (before: readonly Placed[]): void =>
    addRoute(run, server, {
      methods: methodsOf(method).map((one) => (one === '*' ? 'ALL' : one)),
      paths: asPaths(path),
      args: handler ? [handler] : [],
      at: path.site.at === 0 ? at : { ...at, file: path.site.file },
      before: [...before, ...schemas(run, options), ...pre(run, options)],
    });
  if (!auth) server.shared.waiting.push(add);
  else add(auth.value.k === 'lit' ? [] : [guard(run, server.shared, auth)]);
}

const parts: Readonly<Record<string, string>> = {
  headers: 'headers',
  params: 'params',
  query: 'query',
  payload: 'body',
  state: 'cookies',
};

function schemas(run: Run, options: Arg | undefined): readonly Placed[] {
  const validate = optionOf(options, 'validate');
  return Object.entries(parts).flatMap(([key, on]) => {
    const found = optionOf(validate, key);
    return found ? [placed(run, toLink(run, found, { role: 'validator', on }), ranks.validator)] : [];
  });
}

/** `pre: [load, { method: check, assign: 'x' }]`. */
function pre(run: Run, options: Arg | undefined): readonly Placed[] {
  const given = optionOf(options, 'pre');
  return listed(given ? [given] : []).flatMap((one) =>
    toPlaced(run, [optionOf(one, 'method') ?? one], { role: 'hook', rank: ranks.pre }),
  );
}

/** `{ name, register }`, or `{ plugin, options, routes: { prefix } }`. */
function register(run: Run, server: Server, given: Arg, settings: Arg | undefined, at: Site): void {
  const plugin = optionOf(given, 'plugin') ?? given;
  const inner = optionOf(plugin, 'plugin') ?? plugin;
  const child = new Server(server.shared);
  child.prefix = textOption(optionOf(given, 'routes') ?? optionOf(settings, 'routes'), 'prefix');
  const thing: Thing = run.make(id, 'scope', at, child);
  mount(run, server, thing, [root]);
  const options = optionOf(given, 'options')?.value ?? { k: 'obj', props: new Map<string, Value>() };
  const own = optionOf(inner, 'register')?.value;
  for (const value of own ? [own] : defaultsOf(run, inner.value)) {
    const start = value.k === 'fn' ? value : run.member(value, 'register');
    if (start.k === 'fn') run.call(start, [{ k: 'thing', thing }, options]);
  }
}
