import type { CodeModel } from '../../code/model.ts';
import { optionsOf, type Options } from '../../code/options.ts';
import { runsInProduction } from '../../code/production.ts';
import { receiverOf, type CallSite, type FileSites } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { Service } from '../../facts/services.ts';
import type { SessionCookie } from '../../facts/session-cookies.ts';
import { attributes, attributesOf, type Attributes } from './attributes.ts';
import { cookieName, isEmpty, isSession } from './names.ts';

export interface Facts {
  readonly code: CodeModel;
  readonly calls: LiveCalls;
  readonly service: Service;
  readonly sites: (file: string) => FileSites;
}

/** One call that sets one cookie. */
interface Setting {
  readonly by: string;
  readonly name: Expr | undefined;
  readonly value: Expr | undefined;
  readonly options: Expr | undefined;
  readonly standard: Attributes;
}

export interface Set {
  readonly sessions: readonly SessionCookie[];
  readonly others: number;
}

/** Cookies that code sets one at a time. */
export function bySetters(facts: Facts): Set {
  const parsed = parseOptions(facts);
  const found = facts.calls
    .named('cookie', 'setCookie', 'setSignedCookie', 'serialize', 'serializeCookie', 'set')
    .flatMap((call) => {
      const one = settingOf(facts, call);
      return one && !isEmpty(one.value) && runsInProduction(facts.code, call, call.when) !== false
        ? [{ call, one }]
        : [];
    });
  const sessions = found.flatMap(({ call, one }) => toCookie(facts, call, one, parsed));
  return { sessions, others: found.length - sessions.length };
}

function toCookie(facts: Facts, call: CallSite, one: Setting, parsed: Options): readonly SessionCookie[] {
  const name = cookieName(facts.code, call, one.name);
  if (!isSession(name, one.value)) return [];
  const given: Options = one.options ? optionsOf(facts.code, call, one.options) : { entries: [], lost: false };
  if (takesAway(facts, given)) return [];
  const all = one.by === 'reply.setCookie()' ? { ...given, entries: [...parsed.entries, ...given.entries] } : given;
  const at = { file: call.file, line: lineOf(call.expr.at) };
  return [{ name: name || 'session', by: one.by, at, ...attributesOf(facts.code, one.standard, all) }];
}

function takesAway({ code }: Facts, given: Options): boolean {
  return given.entries.some(
    ({ path, spot, value }) =>
      (/^maxAge$/i.test(path) && Number(code.literal(spot.file, spot.fn, value) ?? 1) <= 0) ||
      (path === 'expires' && value.k === 'call' && value.args[0]?.k === 'num' && value.args[0].v === 0),
  );
}

/** `register(cookie, { parseOptions })` of Fastify: the options of every cookie. */
function parseOptions(facts: Facts): Options {
  const entries = facts.calls.named('register').flatMap((call) => {
    const [plugin, options] = call.expr.args;
    const origin = plugin && facts.code.origin(call.file, call.fn, plugin);
    if (!options || origin?.kind !== 'package' || !/^(?:@fastify\/cookie|fastify-cookie)$/.test(origin.package))
      return [];
    return optionsOf(facts.code, call, options).entries.flatMap((entry) =>
      entry.path.startsWith('parseOptions.') ? [{ ...entry, path: entry.path.slice('parseOptions.'.length) }] : [],
    );
  });
  return { entries, lost: false };
}

const bare = attributes();

function settingOf(facts: Facts, call: CallSite): Setting | undefined {
  const [first, second, third, fourth, fifth] = call.expr.args;
  switch (call.name) {
    case 'cookie':
      return isResponse(call) && second
        ? { by: 'res.cookie()', name: first, value: second, options: third, standard: bare }
        : undefined;
    case 'setSignedCookie':
      return { by: 'setSignedCookie()', name: second, value: third, options: fifth, standard: bare };
    case 'setCookie':
      return ofSetCookie(facts, call);
    case 'serialize':
    case 'serializeCookie':
      return fromPackage(facts, call, /^(?:cookie|cookie-es|hono)$/) && second
        ? { by: 'serialize()', name: first, value: second, options: third, standard: bare }
        : undefined;
    default:
      return fourth === undefined ? ofStore(facts, call) : undefined;
  }
}

function fromPackage(facts: Facts, call: CallSite, names: RegExp): boolean {
  const origin = facts.calls.origin(call);
  return origin.kind === 'package' && names.test(origin.package);
}

/** `reply.setCookie(name, value, options)`, and functions that are given the request first, or nothing. */
function ofSetCookie(facts: Facts, call: CallSite): Setting | undefined {
  const { args } = call.expr;
  const origin = facts.calls.origin(call);
  if (call.path.includes('.') || call.path === '') {
    const [name, value, options] = args;
    return value ? { by: 'reply.setCookie()', name, value, options, standard: bare } : undefined;
  }
  if (origin.kind === 'package' && origin.package.startsWith('@tanstack/'))
    return { by: 'setCookie()', name: args[0], value: args[1], options: args[2], standard: bare };
  if (origin.kind !== 'global' && origin.kind !== 'package') return undefined;
  return { by: 'setCookie()', name: args[1], value: args[2], options: args[3], standard: bare };
}

/** `res.cookie`, `res.status(200).cookie`. */
function isResponse(call: CallSite): boolean {
  const receiver = receiverOf(call.expr.callee);
  if (receiver?.k === 'ref') return /(?:^|\.)(?:res|response|resp|reply|httpResponse|_res)$/i.test(receiver.path);
  return receiver?.k === 'call';
}

/** `cookies.set(name, value, options)` and `cookies.set({ name, value, … })` of the frameworks. */
function ofStore(facts: Facts, call: CallSite): Setting | undefined {
  const receiver = receiverOf(call.expr.callee);
  const standard = receiver && standardOf(facts, call, receiver);
  if (!standard) return undefined;
  const [first, second, third] = call.expr.args;
  const by = 'cookies.set()';
  if (second) return { by, name: first, value: second, options: third, standard };
  return first?.k === 'obj'
    ? { by, name: propOf(first, 'name'), value: propOf(first, 'value'), options: first, standard }
    : undefined;
}

function standardOf(facts: Facts, call: CallSite, receiver: Expr): Attributes | undefined {
  const path = receiver.k === 'ref' ? receiver.path : receiver.k === 'member' ? receiver.name : '';
  if (!importsNext(facts, call.file) && !/cookies$/i.test(path)) return undefined;
  const origin = facts.code.origin(call.file, call.fn, receiver);
  // Other packages of this name work in browsers.
  if (origin.kind === 'package') return origin.package === 'next' ? bare : undefined;
  if (!/(?:^|\.)cookies$/i.test(path) || /(?:^|\.)(?:this|req|request|document)\.cookies$/i.test(path))
    return undefined;
  const { frameworks } = facts.service;
  if (frameworks.includes('sveltekit')) return attributes('Secure', 'HttpOnly', 'SameSite');
  // Koa leaves Secure to whether the connection is encrypted.
  if (frameworks.includes('koa') && /(?:^|\.)(?:ctx|context)\.cookies$/.test(path))
    return attributes('Secure', 'HttpOnly');
  return bare;
}

const importsNext = ({ code }: Facts, file: string): boolean =>
  code.get(file)?.head.imports.some(({ from }) => from === 'next/headers') === true;
