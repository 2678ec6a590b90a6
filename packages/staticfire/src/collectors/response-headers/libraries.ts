import type { CodeModel, Origin } from '../../code/model.ts';
import { optionsOf, type Options } from '../../code/options.ts';
import { byDefault, type Spot } from '../../code/production.ts';
import type { CallSite, FileSites } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { Project } from '../../facts/project.ts';
import type { SecurityHeader } from '../../facts/response-headers.ts';
import { conditionsOf, found, framing, mentions, merged, offBecause, type Found } from './found.ts';

type Part = 'csp' | 'hsts' | 'sniff' | 'frame' | 'referrer';

interface Library {
  readonly names: readonly string[];
  /** What it sends when no option says otherwise. */
  readonly defaults: readonly Part[];
}

const all: readonly Part[] = ['csp', 'hsts', 'sniff', 'frame', 'referrer'];
const whole: readonly string[] = ['default', '*', 'helmet', 'fastifyHelmet', 'elysiaHelmet'];

const libraries: Readonly<Record<string, Library>> = {
  helmet: { names: whole, defaults: all },
  'koa-helmet': { names: whole, defaults: all },
  '@fastify/helmet': { names: whole, defaults: all },
  'fastify-helmet': { names: whole, defaults: all },
  'elysia-helmet': { names: whole, defaults: all },
  hono: { names: ['secureHeaders'], defaults: ['hsts', 'sniff', 'frame', 'referrer'] },
  lusca: { names: ['default', '*'], defaults: [] },
  nosecone: { names: ['default', 'nosecone'], defaults: all },
  '@nosecone/next': { names: ['createMiddleware', 'nosecone', 'default'], defaults: all },
  '@nosecone/sveltekit': { names: ['createHook', 'nosecone', 'default'], defaults: all },
  'helmet-csp': { names: ['default', '*'], defaults: ['csp'] },
  hsts: { names: ['default', '*'], defaults: ['hsts'] },
  frameguard: { names: ['default', '*'], defaults: ['frame'] },
  'referrer-policy': { names: ['default', '*'], defaults: ['referrer'] },
  'dont-sniff-mimetype': { names: ['default', '*'], defaults: ['sniff'] },
};

/** Options and single middlewares of these libraries, by the part they switch. */
const switches: Readonly<Record<string, Part>> = {
  contentSecurityPolicy: 'csp', csp: 'csp',
  hsts: 'hsts', strictTransportSecurity: 'hsts',
  noSniff: 'sniff', xContentTypeOptions: 'sniff', nosniff: 'sniff',
  frameguard: 'frame', xFrameOptions: 'frame', xframe: 'frame',
  referrerPolicy: 'referrer',
}; // prettier-ignore

const headerOf: Readonly<Record<Part, SecurityHeader>> = {
  csp: 'Content-Security-Policy',
  hsts: 'Strict-Transport-Security',
  sniff: 'X-Content-Type-Options',
  frame: 'X-Frame-Options',
  referrer: 'Referrer-Policy',
};

interface Facts {
  readonly code: CodeModel;
  readonly calls: LiveCalls;
  readonly project: Project;
  readonly sites: (file: string) => FileSites;
}

/** Headers that live calls of header libraries send. */
export function byLibraries(facts: Facts): Found {
  const used = Object.keys(libraries).filter((name) => facts.calls.packages.has(name));
  if (used.length === 0) return merged([]);
  const locals = used.flatMap((name) => localNames(facts, name));
  const direct = facts.calls
    .named(
      ...new Set([
        ...locals,
        ...Object.keys(switches),
        'secureHeaders',
        'createMiddleware',
        'createHook',
        'default',
        ...used,
      ]),
    )
    .map((call) => ofCall(facts, call, call, facts.calls.origin(call), call.expr.args[0]));
  const registered = facts.calls.named('register', 'use').flatMap((call) => {
    const [plugin, options] = call.expr.args;
    if (!plugin || (plugin.k === 'call' && !isRequire(plugin)) || plugin.k === 'str' || plugin.k === 'fn') return [];
    const origin = facts.code.origin(call.file, call.fn, plugin);
    return call.name === 'register' && origin.kind === 'package' && !origin.called
      ? [ofCall(facts, call, call, origin, options)]
      : [];
  });
  return merged([...direct, ...registered]);
}

const isRequire = (expr: Expr): boolean =>
  expr.k === 'call' && expr.callee.k === 'ref' && expr.callee.path === 'require';

function localNames(facts: Facts, name: string): string[] {
  return (facts.calls.packages.get(name) ?? []).flatMap(({ file }) =>
    (facts.code.get(file)?.head.imports ?? [])
      .filter((i) => i.from === name || i.from.startsWith(`${name}/`))
      .flatMap((i) => (i.names.length > 0 ? i.names.map((n) => n.local) : ['helmet', 'fastifyHelmet'])),
  );
}

/** The parts that one call of a library sends, and why not, where it does not. */
function ofCall(facts: Facts, call: CallSite, spot: Spot, origin: Origin, options: Expr | undefined): Found {
  if (origin.kind !== 'package' || origin.instance || origin.called) return merged([]);
  const library = libraries[origin.package];
  if (!library || (origin.package === 'hono' && !/secure-headers/.test(origin.subpath))) return merged([]);
  const at = { file: call.file, line: lineOf(call.expr.at) };
  const why = offBecause(facts.code, call, conditionsOf(facts.code, facts.sites, call)) ?? outOfForce(facts, call);
  const single = switches[origin.member || origin.name];
  if (single && (origin.member !== '' || !library.names.includes(origin.name)))
    return found([headerOf[single]], origin.package, at, why);
  if (!library.names.includes(origin.name) || origin.member !== '') return merged([]);
  const given = options ? optionsOf(facts.code, spot, options) : { entries: [], lost: false };
  if (isOff(facts.code, given, 'global'))
    return found(
      library.defaults.map((part) => headerOf[part]),
      origin.package,
      at,
      'it is registered with global: false',
    );
  const defaults = old(facts, call.file, origin.package) ? (['hsts', 'sniff', 'frame'] as const) : library.defaults;
  return merged(all.map((part) => ofPart(facts, given, part, defaults.includes(part), origin.package, { at, why })));
}

/** The first major version that sends a policy and a referrer header by itself. */
const wholeSince: Readonly<Record<string, number>> = {
  helmet: 4,
  'koa-helmet': 6,
  'fastify-helmet': 5,
};

function old(facts: Facts, file: string, name: string): boolean {
  const since = wholeSince[name];
  const manifest = facts.project.manifestOf(file);
  const major = /^[\^~]?v?(\d+)\./.exec(manifest?.dependencies[name] ?? manifest?.devDependencies[name] ?? '')?.[1];
  return since !== undefined && major !== undefined && Number(major) < since;
}

function ofPart(
  facts: Facts,
  given: Options,
  part: Part,
  byItself: boolean,
  by: string,
  place: { readonly at: { file: string; line: number }; readonly why: string | undefined },
): Found {
  const { at, why } = place;
  const entry = given.entries.findLast((one) => !one.path.includes('.') && switches[one.key] === part);
  const header = headerOf[part];
  const frames = part === 'csp' ? framesOf(facts, entry?.value, entry?.spot) : [];
  if (!entry) return byItself ? found([header, ...frames], by, at, why) : merged([]);
  const here = { file: entry.spot.file, line: lineOf(entry.at) };
  const state = stateOf(facts.code, entry.spot, entry.value);
  if (state === 'off') return found([header], by, here, `${entry.key} is switched off`);
  const reportOnly = given.entries.some(
    (one) =>
      one.path === `${entry.key}.reportOnly` && facts.code.literal(one.spot.file, one.spot.fn, one.value) === true,
  );
  if (reportOnly) return found([header], by, here, 'the policy is report-only');
  const depends = state === 'on' ? offBecause(facts.code, entry.spot, entry.when) : state;
  return found([header, ...frames], by, depends === undefined ? at : here, why ?? depends);
}

/** The default policy of helmet and every policy that names frame-ancestors keep others from framing. */
function framesOf(facts: Facts, value: Expr | undefined, spot: Spot | undefined): SecurityHeader[] {
  return value && spot && mentions(facts.code, spot, value, framing) ? ['X-Frame-Options'] : [];
}

/** 'on', 'off', or the reason why it depends. */
function stateOf(model: CodeModel, spot: Spot, value: Expr): string {
  if (model.literal(spot.file, spot.fn, value) === false || value.k === 'null') return 'off';
  if (value.k === 'cond') {
    const chosen = byDefault(model, spot, value.test);
    if (chosen !== undefined) return stateOf(model, spot, chosen ? value.then : value.else);
    return 'on';
  }
  if (value.k === 'bin' && value.op === '&&') return byDefault(model, spot, value.l) === false ? 'off' : 'on';
  return byDefault(model, spot, value) === false && value.k !== 'undefined' ? 'off' : 'on';
}

const isOff = (model: CodeModel, given: Options, key: string): boolean =>
  given.entries.some((one) => one.path === key && model.literal(one.spot.file, one.spot.fn, one.value) === false);

/** Why a middleware protects not every route: mounted on a path, after the routes, or inside a plugin's own scope. */
function outOfForce(facts: Facts, call: CallSite): string | undefined {
  const use = call.name === 'register' ? call : call.within;
  if (!use || (use.name !== 'use' && use.name !== 'register')) return undefined;
  const [first] = use.expr.args;
  if (use.name === 'use' && first?.k === 'str' && !/^(?:\/|\*|\/\*|\(\.\*\)|\/\(\.\*\))$/.test(first.v))
    return `it covers ${first.v} only`;
  if (use.name === 'register')
    return encapsulated(facts, use) ? "it is registered inside a plugin's own scope" : undefined;
  return afterRoutes(facts, use) ? 'it is registered after the routes' : undefined;
}

const routeNames = /^(?:get|post|put|patch|delete|all|route)$/;

function afterRoutes(facts: Facts, use: CallSite): boolean {
  const receiver = use.path.slice(0, -'.use'.length);
  if (!receiver) return false;
  const routes = facts
    .sites(use.file)
    .calls.filter(
      (call) =>
        call.fn === use.fn &&
        call.path.startsWith(`${receiver}.`) &&
        call.path.split('.').length === receiver.split('.').length + 1 &&
        isRoute(call),
    );
  return routes.length > 0 && routes.every((route) => route.expr.at < use.expr.at);
}

function isRoute(call: CallSite): boolean {
  const [first] = call.expr.args;
  if (routeNames.test(call.name)) return call.expr.args.length > 1 && first?.k !== 'obj';
  return call.name === 'use' && first?.k === 'str' && call.expr.args.length > 1 && first.v !== '*';
}

/** Fastify keeps what a plugin registers to itself, unless fastify-plugin lifts it. */
export function encapsulated(facts: Pick<Facts, 'code' | 'sites' | 'calls'>, register: CallSite): boolean {
  const functions = facts.code.get(register.file)?.summary.functions ?? [];
  for (let fn = register.fn; fn > 0; fn = functions[fn]?.parent ?? -1) {
    const handed = facts.sites(register.file).handedTo.get(fn);
    if (handed?.name === 'register') return true;
    const name = functions[fn]?.name;
    const registered = facts.calls.named('register').some((call) => {
      const [plugin] = call.expr.args;
      const origin = plugin?.k === 'ref' ? facts.code.origin(call.file, call.fn, plugin) : undefined;
      return origin?.kind === 'function' && origin.file === register.file && origin.fn === fn;
    });
    if (registered && name !== undefined)
      return !(facts.code.get(register.file)?.head.imports ?? []).some((i) => i.from === 'fastify-plugin');
  }
  return false;
}
