import type { Origin } from '../../code/model.ts';
import { optionsOf, type Options } from '../../code/options.ts';
import { runsInProduction } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { SessionCookie, SessionCookies } from '../../facts/session-cookies.ts';
import { attributes, attributesOf, stateOf, type Attributes } from './attributes.ts';
import { isSession } from './names.ts';
import type { Facts } from './setters.ts';

/** A library that keeps sessions in a cookie, or the key to them. */
interface Store {
  /** Exports that take the options; default and namespace imports always may. */
  readonly names: RegExp;
  /** Where the options of the cookie stand: 'cookie.'. */
  readonly under: string;
  /** Which argument holds them, from 0. */
  readonly argument: number;
  readonly standard: Attributes;
  /** The cookie's name when none is given; undefined where the name decides whether it is a session at all. */
  readonly called: string;
}

const all = attributes('Secure', 'HttpOnly', 'SameSite');
const whole = /^(?:default|\*)$/;
const remix = /^create(?:Cookie|Memory|File|DatabaseSession|WorkersKV|ArcTable|CloudflareKV)?SessionStorage$/;
const ofRemix: Store = {
  names: remix,
  under: 'cookie.',
  argument: 0,
  standard: attributes('SameSite'),
  called: '__session',
};
const ofH3: Store = {
  names: /^(?:useSession|getSession|updateSession)$/,
  under: 'cookie.',
  argument: 1,
  standard: attributes('Secure', 'HttpOnly'),
  called: 'h3',
};

const stores: Readonly<Record<string, Store>> = {
  'express-session': { names: whole, under: 'cookie.', argument: 0, standard: attributes('HttpOnly'), called: 'connect.sid' },
  // Secure is left to whether the connection is encrypted.
  'cookie-session': { names: whole, under: '', argument: 0, standard: attributes('Secure', 'HttpOnly'), called: 'session' },
  'koa-session': { names: whole, under: '', argument: 0, standard: attributes('Secure', 'HttpOnly'), called: 'koa.sess' },
  'koa-generic-session': { names: whole, under: 'cookie.', argument: 0, standard: attributes('Secure', 'HttpOnly'), called: 'koa.sid' },
  '@fastify/session': { names: whole, under: 'cookie.', argument: 0, standard: attributes('Secure', 'HttpOnly'), called: 'sessionId' },
  '@fastify/secure-session': { names: whole, under: 'cookie.', argument: 0, standard: attributes(), called: 'session' },
  'iron-session': { names: /^(?:getIronSession|withIronSession\w*|ironSession|IronSession)$/, under: 'cookieOptions.', argument: -1, standard: all, called: 'iron-session' },
  'next-iron-session': { names: /^withIronSession$/, under: 'cookieOptions.', argument: 1, standard: all, called: 'iron-session' },
  'react-router': ofRemix,
  '@remix-run/node': ofRemix,
  '@remix-run/cloudflare': ofRemix,
  '@remix-run/server-runtime': ofRemix,
  h3: ofH3,
  '@tanstack/react-start': { ...ofH3, argument: 0 },
  '@tanstack/start': { ...ofH3, argument: 0 },
  '@tanstack/solid-start': { ...ofH3, argument: 0 },
}; // prettier-ignore

/** Libraries whose session cookie is sound unless an option takes something away, with the path to those options. */
const providers: Readonly<
  Record<string, { readonly calls: RegExp; readonly options: RegExp; readonly switch: RegExp }>
> = {
  'next-auth': {
    calls: whole,
    options: /^cookies\.sessionToken\.options\./,
    switch: /^useSecureCookies$/,
  },
  '@auth/express': {
    calls: /^ExpressAuth$/,
    options: /^cookies\.sessionToken\.options\./,
    switch: /^useSecureCookies$/,
  },
  '@auth/sveltekit': {
    calls: /^SvelteKitAuth$/,
    options: /^cookies\.sessionToken\.options\./,
    switch: /^useSecureCookies$/,
  },
  'better-auth': {
    calls: /^betterAuth$/,
    options: /^advanced\.(?:defaultCookieAttributes|cookies\.session_?[tT]oken\.attributes)\./,
    switch: /^advanced\.useSecureCookies$/,
  },
  lucia: { calls: /^(?:Lucia|lucia)$/, options: /^sessionCookie\.attributes\./, switch: /^$/ },
};

/** Sessions that a library keeps. */
export function byStores(facts: Facts): Pick<SessionCookies, 'list' | 'provided'> {
  const used = [...Object.keys(stores), ...Object.keys(providers)].filter((name) => facts.calls.packages.has(name));
  const found = facts.calls
    .named(...new Set(used.flatMap((name) => namesOf(facts, name))))
    .filter((call) => runsInProduction(facts.code, call, call.when) !== false);
  const registered = facts.calls.named('register').flatMap((call) => {
    const [plugin, options] = call.expr.args;
    const origin = plugin && facts.code.origin(call.file, call.fn, plugin);
    return origin ? ofStore(facts, call, origin, options) : [];
  });
  const made = found.flatMap((call) => {
    const origin = facts.calls.origin(call);
    const store = origin.kind === 'package' ? stores[origin.package] : undefined;
    const options = store && (store.argument < 0 ? call.expr.args.at(-1) : call.expr.args[store.argument]);
    return ofStore(facts, call, origin, options);
  });
  const provided = found.flatMap((call) => ofProvider(facts, call));
  return {
    list: [...registered, ...made, ...provided.flatMap(({ cookie }) => cookie)],
    provided: provided.map(({ by, at }) => ({ by, at })),
  };
}

const exported = ['useSession', 'createCookieSessionStorage', 'createSessionStorage', 'getIronSession'];

function namesOf(facts: Facts, name: string): string[] {
  const imported = (facts.calls.packages.get(name) ?? []).flatMap(({ file }) =>
    (facts.code.get(file)?.head.imports ?? [])
      .filter((one) => one.from === name || one.from.startsWith(`${name}/`))
      .flatMap((one) => one.names.map(({ local }) => local)),
  );
  return [...imported, ...exported, name];
}

function ofStore(facts: Facts, call: CallSite, origin: Origin, options: Expr | undefined): readonly SessionCookie[] {
  if (origin.kind !== 'package' || origin.called || origin.instance || origin.member) return [];
  const store = stores[origin.package];
  if (!store || !(whole.test(origin.name) || store.names.test(origin.name))) return [];
  if (whole.test(origin.name) && !store.names.test(origin.name)) return [];
  const given: Options = options ? optionsOf(facts.code, call, options) : { entries: [], lost: false };
  const name = given.entries.find(
    ({ path }) => path === `${store.under}name` || /^(?:name|cookieName|key)$/.test(path),
  );
  const text = name && facts.code.literal(name.spot.file, name.spot.fn, name.value);
  const called = typeof text === 'string' ? text : store.called;
  // Such storage also holds messages and steps of sign-in.
  if (store === ofRemix && !isSession(called, undefined)) return [];
  const at = { file: call.file, line: lineOf(call.expr.at) };
  return [{ name: called, by: origin.package, at, ...attributesOf(facts.code, store.standard, given, store.under) }];
}

interface Provided {
  readonly by: string;
  readonly at: { readonly file: string; readonly line: number };
  readonly cookie: readonly SessionCookie[];
}

function ofProvider(facts: Facts, call: CallSite): readonly Provided[] {
  const origin = facts.calls.origin(call);
  const provider = origin.kind === 'package' ? providers[origin.package] : undefined;
  if (origin.kind !== 'package' || !provider || !provider.calls.test(origin.name) || origin.called) return [];
  if (/(?:^|\/)(?:providers?|adapters?)\b/.test(origin.subpath)) return [];
  const at = { file: call.file, line: lineOf(call.expr.at) };
  const entries = call.expr.args.flatMap((arg) => optionsOf(facts.code, call, arg).entries);
  const own = entries.flatMap((entry) => {
    const match = provider.options.exec(entry.path);
    return match ? [{ ...entry, path: entry.path.slice(match[0].length) }] : [];
  });
  const off = entries.find(
    ({ path, spot, value }) => provider.switch.test(path) && stateOf(facts.code, spot, value) === 'off',
  );
  const read = attributesOf(facts.code, all, { entries: own, lost: false });
  const cookie: SessionCookie = {
    name: 'session',
    by: origin.package,
    at,
    attributes: off && !read.decided.Secure ? { ...read.attributes, Secure: 'off' } : read.attributes,
    decided: off ? { Secure: { file: off.spot.file, line: lineOf(off.at) }, ...read.decided } : read.decided,
  };
  return [{ by: origin.package, at, cookie: own.length > 0 || off ? [cookie] : [] }];
}
