import { asPaths, methodsOf, optionOf, pathsOf, type Path } from './routing/arguments.ts';
import { servedBy } from './routing/emission.ts';
import { placed, toLink, toPlaced, type Placed } from './routing/links.ts';
import { addRoute, addUse, methodNames, mount, Router, routerOf, routerThings, type Manner } from './routing/router.ts';
import type { Library, Run } from './running/library.ts';
import { listOf, type Arg, type PackageValue, type Site, type Thing, type Value } from './running/values.ts';

const id = 'hono';
const applications = new Set(['Hono', 'OpenAPIHono']);
const manner: Manner = { falls: true, nextAt: 1, exactly: true };

/** Hono and OpenAPIHono. */
export const hono: Library = {
  id,
  packages: ['hono', '@hono/zod-openapi', '@hono/hono', 'hono-openapi', '@hono/'],
  makers: /^(?:Hono|OpenAPIHono|createFactory|createRoute|createApp|createMiddleware)$/,
  given: { types: /^(?:OpenAPI)?Hono\b/, make: (run, at) => run.make(id, 'app', at, new Router(manner)) },
  make(run, of, args, at) {
    if (of.path !== '') return undefined;
    if (applications.has(of.name)) return made(run, at);
    if (of.name === 'createFactory') return { k: 'thing', thing: run.make(id, 'factory', at, {}) };
    if (of.name === 'createRoute' || of.name === 'createMiddleware') return args[0]?.value;
    if (of.name === 'every') return listOf(args);
    return undefined;
  },
  call(run, thing, name, args, at) {
    if (thing.kind === 'factory') return factoryCall(run, name, args, at);
    const router = routerOf(thing);
    if (!router) return undefined;
    if (name === 'basePath' && args[0]) return based(run, thing, args[0], at);
    return registered(run, router, name, args, at) ? { k: 'thing', thing } : undefined;
  },
  endpoints: (run, things) => ({ list: servedBy(run, id, things, () => true), lost: [] }),
};

const made = (run: Run, at: Site): Value => ({ k: 'thing', thing: run.make(id, 'app', at, new Router(manner)) });

function factoryCall(run: Run, name: string, args: readonly Arg[], at: Site): Value | undefined {
  if (name === 'createApp') return made(run, at);
  if (name === 'createHandlers') return listOf(args);
  return name === 'createMiddleware' ? args[0]?.value : undefined;
}

/** What is registered on the new application stands below the path on the old one. */
function based(run: Run, thing: Thing, path: Arg, at: Site): Value {
  const router = new Router(manner);
  const child = run.make(id, 'app', at, router);
  const old = routerOf(thing);
  if (old) mount(run, old, child, asPaths(path));
  router.viewOf = old?.viewOf ?? thing;
  return { k: 'thing', thing: child };
}

function registered(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): boolean {
  const [first, second] = args;
  const plain = args.map(asValidator);
  if (name === 'use') addUse(run, id, router, plain, at);
  else if (name === 'route' && first && second) mounts(run, router, first, second, at);
  else if (name === 'mount' && first)
    addRoute(run, router, { methods: ['ALL'], paths: below(asPaths(first)), args: args.slice(1), at });
  else if (name === 'on' && first && second)
    addRoute(run, router, { methods: methodsOf(first), paths: asPaths(second), args: plain.slice(2), at });
  else if (name === 'openapi' && first) described(run, router, first, plain.slice(1), at);
  else if (name === 'onError' && first) router.filters.push(placed(run, toLink(run, first, { role: 'filter' })));
  else if (/^doc(?:31)?$/.test(name) && first)
    addRoute(run, router, { methods: ['GET'], paths: asPaths(first), args: [], at });
  else return verb(run, router, name, plain, at);
  return true;
}

const below = (paths: readonly Path[]): readonly Path[] => paths.map((path) => ({ ...path, text: `${path.text}/*` }));

function mounts(run: Run, router: Router, path: Arg, app: Arg, at: Site): void {
  const things = routerThings(app.value);
  for (const thing of things) mount(run, router, thing, asPaths(path));
  if (things.length === 0) run.lose(at, id, 'number', 'the application that is mounted here could not be followed');
}

const targets: Readonly<Record<string, string>> = {
  json: 'body',
  form: 'body',
  body: 'body',
  query: 'query',
  param: 'params',
  params: 'params',
  header: 'headers',
  headers: 'headers',
  cookie: 'cookies',
  cookies: 'cookies',
};

/** `zValidator('json', schema)`, also behind a function of the repository that hands both on. */
function asValidator(arg: Arg): Arg {
  const on = targetOf(arg.value);
  return on === undefined ? arg : { ...arg, kind: { role: 'validator', on } };
}

function targetOf(value: Value): string | undefined {
  const from = value.k === 'unknown' || value.k === 'fn' ? value.from : undefined;
  const [target, schema] = from?.args ?? [];
  if (!from || !schema || target?.value.k !== 'text') return undefined;
  const { callee } = from.expr;
  const named = callee.k === 'ref' ? callee.path : callee.k === 'member' ? callee.name : '';
  return /validat/i.test(named) || isValidator(from.callee) ? targets[target.value.v] : undefined;
}

const isValidator = (callee: Value): boolean => callee.k === 'pkg' && isValidating(callee);

const isValidating = ({ package: from, subpath }: PackageValue): boolean =>
  /valid/.test(from) || /valid/.test(subpath) || from === 'hono-openapi';

/** `app.get(path?, ...handlers)`: without a path the latest one counts. */
function verb(run: Run, router: Router, name: string, args: readonly Arg[], at: Site): boolean {
  const method = methodNames[name];
  const [first] = args;
  if (method === undefined || !first) return false;
  const given = pathsOf(first);
  addRoute(run, router, { methods: [method], paths: given ?? [router.last], args: given ? args.slice(1) : args, at });
  return true;
}

/** `app.openapi(createRoute({ method, path, middleware, request, security }), handler)`. */
function described(run: Run, router: Router, route: Arg, args: readonly Arg[], at: Site): void {
  const method = optionOf(route, 'method');
  const path = optionOf(route, 'path');
  const middleware = optionOf(route, 'middleware');
  if (!path) run.lose(at, id, 'path', 'the description of this route could not be followed');
  addRoute(run, router, {
    methods: methodsOf(method),
    paths: path ? asPaths(path) : [{ text: '{path}', partial: true }],
    args: args.slice(0, 1),
    at,
    before: [...toPlaced(run, middleware ? [middleware] : []), ...schemas(run, route), ...security(run, route)],
  });
}

/** `request: { body: { content: { 'application/json': { schema } } }, query, params, headers, cookies }`. */
function schemas(run: Run, route: Arg): readonly Placed[] {
  const request = optionOf(route, 'request');
  return ['params', 'query', 'headers', 'cookies', 'body'].flatMap((key) => {
    const given = optionOf(request, key);
    const found = key === 'body' ? (inContent(given) ?? given) : given;
    return found ? [placed(run, toLink(run, found, { role: 'validator', on: key }))] : [];
  });
}

function inContent(body: Arg | undefined): Arg | undefined {
  const content = optionOf(body, 'content');
  if (content?.value.k !== 'obj') return undefined;
  return [...content.value.props.keys()].map((key) => optionOf(optionOf(content, key), 'schema')).find((one) => one);
}

/** What a description says of security; nothing checks it. */
function security(run: Run, route: Arg): readonly Placed[] {
  const given = optionOf(route, 'security');
  return given ? [placed(run, toLink(run, given, { role: 'settings' }))] : [];
}
