import { optionsOf, type Options } from '../../code/options.ts';
import { runsInProduction, type Spot } from '../../code/production.ts';
import { lastName, type CallSite } from '../../code/sites.ts';
import type { Origin } from '../../code/model.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { CrossOriginPolicy } from '../../facts/cross-origin.ts';
import type { Endpoints } from '../../facts/endpoints.ts';
import type { Project } from '../../facts/project.ts';
import { conditionsOf } from '../response-headers/found.ts';
import { encapsulated } from '../response-headers/libraries.ts';
import { behind, most, originsOf, type Let, type Reading } from './origins.ts';

export interface Facts extends Reading {
  readonly calls: LiveCalls;
  readonly endpoints: Endpoints;
  readonly project: Project;
}

/** How a library answers when no option says otherwise. */
interface Library {
  readonly origin: 'any' | 'reflected' | 'none';
  readonly credentials: boolean;
  /** With credentials it turns `*` into the name of whoever asks. */
  readonly turns: boolean;
}

const plain: Library = { origin: 'any', credentials: false, turns: false };
const turning: Library = { origin: 'any', credentials: false, turns: true };
const mirror: Library = { origin: 'reflected', credentials: false, turns: true };

/** Packages whose default export, or export of a name with `cors`, is the policy. */
const libraries: Readonly<Record<string, Library>> = {
  cors: plain,
  'cors-gate': plain,
  '@fastify/cors': plain,
  'fastify-cors': plain,
  '@koa/cors': turning,
  'koa2-cors': mirror,
  kcors: mirror,
  hono: turning,
  '@elysiajs/cors': { origin: 'reflected', credentials: true, turns: true },
  'nextjs-cors': plain,
  'micro-cors': plain,
  '@tinyhttp/cors': plain,
  'itty-router': plain,
};

/** Policies of libraries that live code calls. */
export function byLibraries(facts: Facts): readonly CrossOriginPolicy[] {
  const used = Object.keys(libraries).filter((name) => facts.calls.packages.has(name));
  return [...(used.length > 0 ? ofMiddleware(facts, used) : []), ...ofFrameworks(facts)];
}

function ofMiddleware(facts: Facts, used: readonly string[]): readonly CrossOriginPolicy[] {
  const names = new Set(['cors', 'Cors', 'default', ...used, ...used.flatMap((name) => localNames(facts, name))]);
  const direct = facts.calls.named(...names).flatMap((call) => {
    const library = libraryOf(facts.calls.origin(call));
    return library ? ofCall(facts, library, call, call.expr.args[0]) : [];
  });
  const registered = facts.calls.named('register').flatMap((call) => {
    const [plugin, options] = call.expr.args;
    const library = plugin && libraryOf(facts.code.origin(call.file, call.fn, plugin));
    return library && !encapsulated(facts, call) ? ofCall(facts, library, call, options) : [];
  });
  return [...direct, ...registered];
}

function libraryOf(origin: Origin): (Library & { readonly name: string }) | undefined {
  if (origin.kind !== 'package' || origin.instance || origin.called || origin.member !== '') return undefined;
  if (origin.package === 'hono' && !/(?:^|\/)cors$/.test(origin.subpath)) return undefined;
  const library = libraries[origin.package];
  const whole = origin.name === 'default' || origin.name === '*' || /cors/i.test(origin.name);
  return library && whole ? { ...library, name: origin.package } : undefined;
}

function localNames(facts: Facts, name: string): string[] {
  return (facts.calls.packages.get(name) ?? []).flatMap(({ file }) =>
    (facts.code.get(file)?.head.imports ?? [])
      .filter((one) => one.from === name || one.from.startsWith(`${name}/`))
      .flatMap((one) => one.names.map(({ local }) => local)),
  );
}

function ofCall(
  facts: Facts,
  library: Library & { readonly name: string },
  call: CallSite,
  options: Expr | undefined,
): readonly CrossOriginPolicy[] {
  const old = library.name === '@koa/cors' && majorOf(facts, call.file, '@koa/cors') < 5;
  return policy(facts, old ? { ...mirror, name: library.name } : library, call, options);
}

function majorOf({ project }: Facts, file: string, name: string): number {
  const manifest = project.manifestOf(file);
  const major = /^[\^~>=]*v?(\d+)/.exec(manifest?.dependencies[name] ?? '')?.[1];
  return major === undefined ? Infinity : Number(major);
}

function policy(
  facts: Facts,
  library: Library & { readonly name: string },
  call: CallSite,
  options: Expr | undefined,
): readonly CrossOriginPolicy[] {
  const when = conditionsOf(facts.code, facts.sites, call);
  if (runsInProduction(facts.code, call, when) === false) return [];
  const said = saidBy(facts, call, options);
  const given = said ?? { entries: [], lost: false };
  const credentials = givesCredentials(facts, given) ?? library.credentials;
  const allowed = allowedBy(facts, library, given);
  const allows = allowed.allows === 'any' && credentials && library.turns ? 'reflected' : allowed.allows;
  return [
    {
      by: library.name,
      at: { file: call.file, line: lineOf(call.expr.at) },
      allows,
      credentials,
      everywhere: coversMost(facts, call),
      detail: allowed.detail,
    },
  ];
}

/** The options, also those that `(request, callback) => callback(null, options)` hands over. */
function saidBy(facts: Facts, call: CallSite, options: Expr | undefined): Options | undefined {
  if (!options) return undefined;
  const origin =
    options.k === 'fn'
      ? { kind: 'function' as const, file: call.file, fn: options.fn, member: '' }
      : facts.code.origin(call.file, call.fn, options);
  if (origin.kind !== 'function' || origin.member) return optionsOf(facts.code, call, options);
  const name = facts.code.get(origin.file)?.summary.functions[origin.fn]?.params[1]?.pattern;
  if (name?.k !== 'name') return optionsOf(facts.code, call, options);
  const handed = facts
    .sites(origin.file)
    .calls.filter((one) => one.path === name.name && one.expr.args[1])
    .map((one) => optionsOf(facts.code, one, one.expr.args[1] ?? { k: 'undefined' }));
  return {
    entries: handed.flatMap(({ entries }) => entries),
    lost: handed.length === 0 || handed.some(({ lost }) => lost),
  };
}

function allowedBy(facts: Facts, library: Library, given: Options): Let {
  const entries = given.entries.filter(
    (one) => one.path === 'origin' && runsInProduction(facts.code, one.spot, one.when) !== false,
  );
  if (entries.length > 0)
    return most(
      entries.map(({ spot, value, when }) => behind(facts, spot, allowsUnset(facts, library, spot, value), when)),
    );
  return { allows: given.lost ? 'unknown' : library.origin, detail: '' };
}

/** Some libraries take a missing value for their default. */
function allowsUnset(facts: Facts, library: Library & { readonly name?: string }, spot: Spot, value: Expr): Let {
  const found = originsOf(facts, spot, value);
  const origin = value.k === 'ref' ? facts.code.origin(spot.file, spot.fn, value) : undefined;
  const bare = origin?.kind === 'global' && origin.name === 'process';
  return bare && library.name === '@koa/cors' ? { allows: 'by-default', detail: lastName(value) } : found;
}

function givesCredentials(facts: Facts, given: Options): boolean | undefined {
  const entry = given.entries.findLast((one) => one.path === 'credentials');
  if (!entry) return undefined;
  const value = facts.code.literal(entry.spot.file, entry.spot.fn, entry.value);
  return value !== false && value !== null && entry.value.k !== 'undefined';
}

/** Does it stand before most endpoints? A middleware that cannot be told from the chains counts for all. */
function coversMost({ endpoints }: Facts, call: CallSite): boolean {
  const use = call.within?.name === 'use' ? call.within : undefined;
  const http = endpoints.list.filter(({ surface }) => surface === 'http');
  const covered = http.filter(({ chain }) =>
    chain.some(({ file, expr }) => file === call.file && 'at' in expr && expr.at === call.expr.at),
  ).length;
  if (covered > 0) return covered * 2 > http.length;
  if (!use) return call.name === 'register' || call.within === undefined ? call.bound === '' : false;
  const [first] = use.expr.args;
  return first?.k !== 'str' || /^(?:\/|\*|\/\*)$/.test(first.v);
}

/** Options of frameworks and servers. */
function ofFrameworks(facts: Facts): readonly CrossOriginPolicy[] {
  return [
    ...facts.calls.named('enableCors').flatMap((call) => whole(facts, plain, 'enableCors()', call, call.expr.args[0])),
    ...facts.calls.named('create').flatMap((call) => ofNest(facts, call)),
    ...facts.calls.named('Server', 'WebSocketGateway').flatMap((call) => ofSockets(facts, call)),
    ...facts.calls.named('handleCors').flatMap((call) => ofH3(facts, call)),
    ...facts.calls
      .named('createYoga', 'ApolloServer', 'startStandaloneServer')
      .flatMap((call) => ofGraphql(facts, call)),
  ];
}

const whole = (
  facts: Facts,
  library: Library,
  name: string,
  call: CallSite,
  options: Expr | undefined,
): readonly CrossOriginPolicy[] =>
  policy(facts, { ...library, name }, call, options).map((one) => ({ ...one, everywhere: true }));

const fromPackage = (facts: Facts, call: CallSite, names: RegExp): boolean => {
  const origin = facts.calls.origin(call);
  return origin.kind === 'package' && names.test(origin.package);
};

/** `NestFactory.create(AppModule, { cors: true })`. */
function ofNest(facts: Facts, call: CallSite): readonly CrossOriginPolicy[] {
  if (!fromPackage(facts, call, /^@nestjs\/core$/)) return [];
  const cors = call.expr.args
    .slice(1)
    .map((arg) => propOf(arg, 'cors'))
    .find((found) => found !== undefined);
  if (!cors || facts.code.literal(call.file, call.fn, cors) === false) return [];
  return whole(facts, plain, 'the cors option of NestFactory', call, cors.k === 'bool' ? undefined : cors);
}

function ofSockets(facts: Facts, call: CallSite): readonly CrossOriginPolicy[] {
  if (!fromPackage(facts, call, /^(?:socket\.io|@nestjs\/websockets)$/)) return [];
  const cors = call.expr.args
    .map((arg) => optionsOf(facts.code, call, arg))
    .flatMap(({ entries }) => entries)
    .find((one) => one.path === 'cors');
  if (!cors || facts.code.literal(cors.spot.file, cors.spot.fn, cors.value) === false) return [];
  return policy(facts, { ...plain, name: 'socket.io' }, call, cors.value.k === 'bool' ? undefined : cors.value).map(
    (one) => ({ ...one, everywhere: false }),
  );
}

function ofH3(facts: Facts, call: CallSite): readonly CrossOriginPolicy[] {
  const origin = facts.calls.origin(call);
  // Nuxt and Nitro import it by themselves.
  if (origin.kind !== 'global' && !(origin.kind === 'package' && origin.package === 'h3')) return [];
  return policy(facts, { ...plain, name: 'handleCors()' }, call, call.expr.args[1]);
}

/** GraphQL servers that answer other origins by themselves. */
function ofGraphql(facts: Facts, call: CallSite): readonly CrossOriginPolicy[] {
  const origin = facts.calls.origin(call);
  if (origin.kind !== 'package') return [];
  if (call.name === 'startStandaloneServer')
    return policy(facts, { ...plain, name: '@apollo/server' }, call, undefined);
  const yoga = origin.package === 'graphql-yoga';
  if (!yoga && origin.package !== 'apollo-server') return [];
  const given = call.expr.args[0] ? optionsOf(facts.code, call, call.expr.args[0]) : undefined;
  const cors = given?.entries.find((one) => one.path === 'cors');
  if ((!cors && given?.lost) || (cors && facts.code.literal(cors.spot.file, cors.spot.fn, cors.value) === false))
    return [];
  const library = yoga ? { origin: 'reflected' as const, credentials: true, turns: true } : plain;
  return policy(facts, { ...library, name: origin.package }, call, cors?.value);
}
