import { lineOf } from '../code/summary.ts';
import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import { handledBy, toLink } from './routing/arguments.ts';
import type { Library, Run } from './running/library.ts';
import { eachOf, unknown, type Arg, type Site, type Thing, type Value } from './running/values.ts';

const id = 'trpc';

/** Builders and procedures carry what stands before the resolver. */
class Procedure {
  readonly links: readonly ChainLink[];
  readonly kind: string | undefined;
  readonly handler: Endpoint['handler'];

  constructor(links: readonly ChainLink[], kind?: string, handler?: Endpoint['handler']) {
    this.links = links;
    this.kind = kind;
    this.handler = handler;
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
  makers: /^initTRPC$|Handler$|Server$|Middleware$|Plugin$/,
  make(run, of, args, at) {
    if (of.name === 'initTRPC')
      return of.path.endsWith('create') ? { k: 'thing', thing: run.make(id, 'root', at, {}) } : { ...of, path: '' };
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
    const list = (served.length > 0 ? served : outermost).flatMap((thing) => proceduresOf(thing, '', []));
    return { list, lost: [] };
  },
};

function rootCall(run: Run, name: string, args: readonly Arg[], at: Site): Value | undefined {
  if (name === 'router') return router(run, args[0]?.value, at);
  if (name === 'mergeRouters') return merged(run, args, at);
  return name === 'middleware' ? args[0]?.value : undefined;
}

function router(run: Run, value: Value | undefined, at: Site): Value {
  const parts = new Map<string, Value>();
  if (value?.k === 'obj')
    for (const [key, part] of value.props) parts.set(key, part.k === 'obj' ? router(run, part, at) : part);
  nest(parts.values());
  return { k: 'thing', thing: run.make(id, 'router', at, new Procedures(parts)) };
}

function merged(run: Run, args: readonly Arg[], at: Site): Value {
  const parts = new Map<string, Value>();
  const routers = args.flatMap(({ value }) => eachOf(value));
  for (const value of routers)
    if (value.k === 'thing' && value.thing.data instanceof Procedures)
      for (const [key, part] of value.thing.data.parts) parts.set(key, part);
  nest(routers);
  return { k: 'thing', thing: run.make(id, 'router', at, new Procedures(parts)) };
}

function nest(values: Iterable<Value>): void {
  for (const value of values)
    for (const one of eachOf(value))
      if (one.k === 'thing' && one.thing.data instanceof Procedures) one.thing.data.nested = true;
}

function procedureCall(run: Run, own: Procedure, name: string, args: readonly Arg[], at: Site): Value {
  const next = (data: Procedure): Value => ({ k: 'thing', thing: run.make(id, 'procedure', at, data) });
  if (operations.has(name)) {
    const { handler, links } = handledBy(run, args);
    return next(new Procedure([...own.links, ...links], name, handler));
  }
  if (name === 'use') return next(new Procedure([...own.links, ...args.map((arg) => toLink(run, arg))]));
  return next(own);
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

function proceduresOf(thing: Thing, prefix: string, above: readonly Thing[]): readonly Endpoint[] {
  const { data } = thing;
  if (!(data instanceof Procedures) || above.includes(thing)) return [];
  return [...data.parts].flatMap(([key, value]) =>
    eachOf(value).flatMap((one): readonly Endpoint[] => {
      if (one.k !== 'thing') return [];
      if (one.thing.data instanceof Procedures) return proceduresOf(one.thing, `${prefix}${key}.`, [...above, thing]);
      return one.thing.data instanceof Procedure ? endpoint(one.thing, one.thing.data, `${prefix}${key}`) : [];
    }),
  );
}

function endpoint({ at }: Thing, { kind, handler, links }: Procedure, path: string): readonly Endpoint[] {
  if (!kind) return [];
  return [
    {
      surface: 'rpc',
      method: kind,
      path,
      at: { file: at.file, line: lineOf(at.at) },
      handler,
      framework: id,
      chain: links,
    },
  ];
}
