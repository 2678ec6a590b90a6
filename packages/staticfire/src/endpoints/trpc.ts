import { lineOf } from '../code/summary.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { handledBy, heldUnder, placed, toLink, toPlaced, type Placed } from './routing/links.ts';
import type { Library, Run } from './running/library.ts';
import { eachOf, unknown, type Arg, type Site, type Thing, type Value } from './running/values.ts';

const id = 'trpc';

/** Builders, procedures and middlewares carry what stands before the resolver. */
class Procedure {
  readonly links: readonly Placed[];
  readonly end: Pick<Endpoint, 'handler' | 'serves'> & { readonly kind?: string };

  constructor(links: readonly Placed[], end: Procedure['end'] = { handler: undefined }) {
    this.links = links;
    this.end = end;
  }
}

class Procedures {
  readonly parts: ReadonlyMap<string, Value>;
  nested = false;
  served = false;

  constructor(parts: ReadonlyMap<string, Value>) {
    this.parts = parts;
  }
}

const operations: ReadonlySet<string> = new Set(['query', 'mutation', 'subscription']);

/** Procedures of the routers that an adapter serves. */
export const trpc: Library = {
  id,
  packages: ['@trpc/server', '@hono/trpc-server', 'trpc-to-openapi', 'trpc-openapi'],
  makers: /^initTRPC$|^lazy$|^experimental_\w+$|Handler$|Server$|Middleware$|Plugin$/,
  make(run, of, args, at) {
    if (of.name === 'initTRPC')
      return of.path.endsWith('create') ? { k: 'thing', thing: run.make(id, 'root', at, {}) } : { ...of, path: '' };
    if (of.name.endsWith('lazy')) return lazily(run, args);
    if (of.name === 'experimental_standaloneMiddleware' && of.path === 'create') return middleware(run, args, at);
    serve(args);
    return undefined;
  },
  call(run, thing, name, args, at) {
    if (thing.kind === 'root') return rootCall(run, name, args, at);
    if (thing.data instanceof Procedure) return procedureCall(run, thing.data, name, args, at);
    return name === 'createCaller' ? unknown : undefined;
  },
  member(run, thing, name) {
    if (thing.kind === 'root' && name === 'procedure')
      return { k: 'thing', thing: run.make(id, 'builder', thing.at, new Procedure([])) };
    return thing.data instanceof Procedures ? thing.data.parts.get(name) : undefined;
  },
  endpoints(run, things) {
    serveWithin(run);
    const routers = things.filter((thing) => thing.data instanceof Procedures);
    const served = routers.filter(({ data }) => data instanceof Procedures && data.served);
    const outermost = routers.filter(({ data, escaped }) => data instanceof Procedures && !data.nested && escaped);
    const list = (served.length > 0 ? served : outermost).flatMap((thing) => proceduresOf(run, thing, '', []));
    return { list, lost: [] };
  },
};

function rootCall(run: Run, name: string, args: readonly Arg[], at: Site): Value | undefined {
  if (name === 'router') return router(run, args[0]?.value, at);
  if (name === 'mergeRouters') return merged(run, args, at);
  return name === 'middleware' ? middleware(run, args, at) : undefined;
}

/** A middleware, which others may be piped behind. */
const middleware = (run: Run, args: readonly Arg[], at: Site): Value => ({
  k: 'thing',
  thing: run.make(id, 'middleware', at, new Procedure(toPlaced(run, args))),
});

/** `lazy(() => import('./router'))`: the module's default export, else its router. */
function lazily(run: Run, [load]: readonly Arg[]): Value {
  const given = load?.value.k === 'fn' ? run.call(load.value, []) : unknown;
  if (given.k !== 'module') return given;
  const named = run.member(given, 'default');
  if (named.k !== 'unknown') return named;
  return run.entries(given).find((one) => one.k === 'thing' && one.thing.data instanceof Procedures) ?? unknown;
}

function router(run: Run, value: Value | undefined, at: Site): Value {
  const parts = new Map<string, Value>();
  if (value?.k === 'obj')
    for (const [key, part] of value.props) {
      parts.set(key, part.k === 'obj' ? router(run, part, at) : part);
      if (part.k === 'unknown') run.lose(at, id, 'number', `what stands behind ${key} could not be followed`);
    }
  else run.lose(at, id, 'number', 'the procedures of this router could not be followed');
  nest(parts.values());
  return { k: 'thing', thing: run.make(id, 'router', at, new Procedures(parts)) };
}

function merged(run: Run, args: readonly Arg[], at: Site): Value {
  const parts = new Map<string, Value>();
  const routers = args.flatMap(({ value }) => eachOf(value));
  for (const value of routers)
    if (value.k === 'thing' && value.thing.data instanceof Procedures)
      for (const [key, part] of value.thing.data.parts) parts.set(key, part);
    else run.lose(at, id, 'number', 'a router that is merged here could not be followed');
  nest(routers);
  return { k: 'thing', thing: run.make(id, 'router', at, new Procedures(parts)) };
}

function nest(values: Iterable<Value>): void {
  for (const value of values)
    for (const one of eachOf(value))
      if (one.k === 'thing' && one.thing.data instanceof Procedures) one.thing.data.nested = true;
}

function procedureCall(run: Run, own: Procedure, name: string, args: readonly Arg[], at: Site): Value {
  const next = (links: readonly Placed[], end?: Procedure['end']): Value => ({
    k: 'thing',
    thing: run.make(id, 'procedure', at, new Procedure([...own.links, ...links], end)),
  });
  if (operations.has(name)) {
    const { links, handler, serves } = handledBy(run, args);
    return next(links, { kind: name, handler, ...(serves ? { serves } : {}) });
  }
  if (name === 'use' || name === 'unstable_pipe' || name === 'concat' || name === 'unstable_concat')
    return next(args.flatMap((arg) => behind(run, arg)));
  if (name === 'input') return next(toPlaced(run, args, { role: 'validator', on: 'body' }));
  if (name === 'meta') return next(args.map((arg) => placed(run, toLink(run, arg, { role: 'settings' }))));
  return next([]);
}

/** What a middleware or another builder puts before the resolver. */
function behind(run: Run, arg: Arg): readonly Placed[] {
  const { value } = arg;
  if (value.k === 'thing' && value.thing.data instanceof Procedure) {
    const { links } = value.thing.data;
    return links.length === 1 && links[0] ? [{ ...links[0], link: named(run, arg, links[0]) }] : links;
  }
  return toPlaced(run, [arg]);
}

/** A middleware is shown by the name under which it is used; what it runs is its function. */
function named(run: Run, arg: Arg, { link }: Placed): Placed['link'] {
  const { file, fn, expr } = toLink(run, arg);
  return arg.value.k === 'thing' && arg.value.thing.kind === 'middleware' && !arg.loose
    ? { ...link, file, fn, expr }
    : link;
}

/** Routers in the options of an adapter are served. */
function serve(args: readonly Arg[]): void {
  for (const { value } of args) markServed(value, 0);
}

function markServed(value: Value, depth: number): void {
  for (const one of eachOf(value)) {
    if (one.k === 'thing' && one.thing.data instanceof Procedures) one.thing.data.served = true;
    if (one.k === 'obj' && depth < 2)
      for (const [key, inner] of one.props) if (/router|trpcOptions/i.test(key)) markServed(inner, depth + 1);
  }
}

const adapters =
  /^(?:fetchRequestHandler|createExpressMiddleware|createNextApiHandler|createHTTPHandler|createHTTPServer|nodeHTTPRequestHandler|awsLambdaRequestHandler|trpcServer|applyWSSHandler|createOpenApiFetchHandler|createOpenApiExpressMiddleware|createOpenApiNextHandler|createOpenApiHttpHandler)$/;

/** Adapters that are called within handlers, which are not run. */
function serveWithin(run: Run): void {
  const { site } = run;
  for (const file of site.importing(...trpc.packages))
    for (const call of site.sites(file).calls) {
      if (!adapters.test(call.name)) continue;
      for (const arg of call.expr.args)
        if (arg.k === 'obj')
          for (const prop of arg.props) if (prop.key === 'router') markServed(run.valueAt(file, prop.value), 0);
    }
}

function proceduresOf(run: Run, thing: Thing, prefix: string, above: readonly Thing[]): readonly Endpoint[] {
  const { data } = thing;
  if (!(data instanceof Procedures) || above.includes(thing)) return [];
  return [...data.parts].flatMap(([key, value]) =>
    eachOf(value).flatMap((one): readonly Endpoint[] => {
      if (one.k !== 'thing') return [];
      if (one.thing.data instanceof Procedures)
        return proceduresOf(run, one.thing, `${prefix}${key}.`, [...above, thing]);
      return one.thing.data instanceof Procedure ? endpoint(one.thing, one.thing.data, `${prefix}${key}`) : [];
    }),
  );
}

function endpoint({ at }: Thing, { end, links }: Procedure, path: string): readonly Endpoint[] {
  const { kind, ...rest } = end;
  if (kind === undefined) return [];
  return [
    {
      surface: 'rpc',
      method: kind,
      path,
      at: { file: at.file, line: lineOf(at.at) },
      ...rest,
      framework: id,
      chain: links.map((link) => heldUnder(link, [])),
    },
  ];
}
