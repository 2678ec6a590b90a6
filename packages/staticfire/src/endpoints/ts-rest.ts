import { asPaths, methodsOf, optionOf, root, textOption, type Path } from './routing/arguments.ts';
import { servedBy } from './routing/emission.ts';
import { placed, toLink, toPlaced, type Placed } from './routing/links.ts';
import { addRoute, Router, routerThings } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import type { Arg, Site, Value } from './running/values.ts';

const id = 'ts-rest';

/** A contract with the prefix of its paths. */
interface Contract {
  readonly of: Arg;
  readonly prefix: Path;
}

/** What implements a contract. */
interface Implemented {
  readonly contract: Arg;
  readonly by: Arg;
}

/** ts-rest: contracts, what implements them, and the adapters that serve them. */
export const tsRest: Library = {
  id,
  packages: ['@ts-rest/core', '@ts-rest/express', '@ts-rest/fastify', '@ts-rest/next', '@ts-rest/serverless'],
  makers: /^(?:init(?:Contract|Server)|create\w+|tsr|fetchRequestHandler)$/,
  make(run, of, args, at) {
    if (of.name === 'initContract') return { k: 'thing', thing: run.make(id, 'contracts', at, {}) };
    if (of.name === 'initServer') return { k: 'thing', thing: run.make(id, 'server', at, {}) };
    if (of.name === 'tsr' || of.path === 'router') return implemented(run, args, at);
    if (of.name === 'createExpressEndpoints') return express(run, args, at);
    if (/^create(?:Next|Single)\w*|^fetchRequestHandler$|^create\w+Handler$/.test(of.name))
      return adapter(run, args, at);
    return undefined;
  },
  call(run, thing, name, args, at) {
    if (thing.kind === 'contracts')
      return name === 'router' && args[0]
        ? {
            k: 'thing',
            thing: run.make(id, 'contract', at, { of: args[0], prefix: textOption(args[1], 'pathPrefix') }),
          }
        : args[0]?.value;
    if (thing.kind !== 'server') return undefined;
    if (name === 'route') return args[1]?.value;
    if (name === 'router') return implemented(run, args, at);
    return name === 'plugin' || name === 'registerRouter' ? adapter(run, args, at) : undefined;
  },
  member: (_, thing, name) =>
    thing.kind === 'contract' ? optionOf((thing.data as Contract).of, name)?.value : undefined,
  endpoints: (run, things) => ({ list: servedBy(run, id, things, ({ kind }) => kind === 'app'), lost: [] }),
};

const implemented = (run: Run, [contract, by]: readonly Arg[], at: Site): Value | undefined =>
  contract && by && { k: 'thing', thing: run.make(id, 'implemented', at, { contract, by } satisfies Implemented) };

/** `createExpressEndpoints(contract, router, app, { globalMiddleware })`. */
function express(run: Run, [contract, by, app, options]: readonly Arg[], at: Site): undefined {
  const target = app && routerThings(app.value)[0]?.data;
  if (!contract || !by || !(target instanceof Router)) return;
  const global = optionOf(options, 'globalMiddleware');
  register(run, target, { contract, by }, { at, prefix: root, before: global ? toPlaced(run, [global]) : [] });
}

/** Adapters that serve a router by themselves: the one that they are handed, with its contract. */
function adapter(run: Run, args: readonly Arg[], at: Site): undefined {
  const [first] = args;
  const contract = optionOf(first, 'contract') ?? first;
  const by = optionOf(first, 'router') ?? args[1];
  const both = [first, args[1]].find((arg) => arg?.value.k === 'thing' && arg.value.thing.kind === 'implemented');
  const router = new Router({ falls: false, nextAt: 9, exactly: false });
  run.make(id, 'app', at, router);
  const told = { at, prefix: root, before: [] };
  if (both?.value.k === 'thing') register(run, router, both.value.thing.data as Implemented, told);
  else if (contract && by) register(run, router, { contract, by }, told);
}

interface Around {
  readonly at: Site;
  readonly prefix: Path;
  readonly before: readonly Placed[];
}

/** Each route of the contract is an endpoint, with what stands for it in the implementation. */
function register(run: Run, router: Router, { contract, by }: Implemented, around: Around): void {
  const own = contract.value.k === 'thing' ? (contract.value.thing.data as Partial<Contract>) : undefined;
  const of = own?.of ?? contract;
  const prefix = own?.prefix ? joined(around.prefix, own.prefix) : around.prefix;
  const through = by.value.k === 'thing' ? (by.value.thing.data as Partial<Implemented>).by : undefined;
  if (of.value.k !== 'obj') return run.lose(around.at, id, 'number', 'the contract could not be followed');
  for (const key of of.value.props.keys()) {
    const part = optionOf(of, key);
    const impl = optionOf(through ?? by, key) ?? { ...by, value: { k: 'unknown' as const } };
    const method = optionOf(part, 'method');
    const path = optionOf(part, 'path');
    if (!part) continue;
    if (!method || !path) register(run, router, { contract: part, by: impl }, { ...around, prefix });
    else route(run, router, part, impl, { ...around, prefix });
  }
}

const joined = (a: Path, b: Path): Path => ({ text: `${a.text}${b.text}`, partial: a.partial || b.partial });

const parts: Readonly<Record<string, string>> = {
  headers: 'headers',
  pathParams: 'params',
  query: 'query',
  body: 'body',
};

function route(run: Run, router: Router, part: Arg, impl: Arg, { prefix, before, at }: Around): void {
  const path = optionOf(part, 'path');
  const middleware = optionOf(impl, 'middleware') ?? optionOf(optionOf(impl, 'hooks'), 'preHandler');
  const handler = optionOf(impl, 'handler') ?? impl;
  const schemas = Object.entries(parts).flatMap(([key, on]) => {
    const found = optionOf(part, key);
    return found && found.value.k !== 'lit' ? [placed(run, toLink(run, found, { role: 'validator', on }))] : [];
  });
  addRoute(run, router, {
    methods: methodsOf(optionOf(part, 'method')),
    paths: path ? asPaths(path).map((one) => joined(prefix, one)) : [],
    args: [handler],
    at: { ...at, file: impl.site.file || at.file, at: 'at' in impl.expr ? impl.expr.at : at.at },
    before: [...before, ...toPlaced(run, middleware ? [middleware] : []), ...schemas],
  });
}
