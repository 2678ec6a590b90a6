import { optionsOf } from '../../code/options.ts';
import type { Spot } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { OutboundCall } from '../../facts/outbound.ts';
import type { Place } from '../../model/place.ts';
import type { Client } from './clients.ts';
import { hasDefault, paramsIn, type Ground } from './ground.ts';
import { fires } from './signals.ts';

/** What options say of the time limit. `silent`: nothing. */
export type Said =
  | { readonly kind: 'limited'; readonly by: string; readonly callers?: number }
  | { readonly kind: 'off' | 'silent' | 'lost' }
  /** The live callers that pass no limit. */
  | { readonly kind: 'callers'; readonly without: readonly Place[]; readonly callers: number };

const silent: Said = { kind: 'silent' };
const deepest = 3;

/** Parts of options that are data for the other server. */
const data = /(?:^|\.)(?:headers|body|data|json|params|query|searchParams|form|metadata|variables|input)(?:\.|$)/;

/** What these option arguments say; `lost` only where something that was not followed could hold a limit. */
export function saidBy(ground: Ground, spot: Spot, args: readonly Expr[], keys: RegExp, member = '', depth = 0): Said {
  const all = args.map((arg) => saidIn(ground, spot, arg, keys, member, depth));
  return strongest(all);
}

/** The answer that settles most. */
export function strongest(all: readonly Said[]): Said {
  for (const kind of ['limited', 'off', 'callers', 'lost'] as const) {
    const found = all.find((one) => one.kind === kind);
    if (found) return found;
  }
  return silent;
}

function saidIn(ground: Ground, spot: Spot, arg: Expr, keys: RegExp, member: string, depth: number): Said {
  const { entries, lost } = optionsOf(ground.model, spot, unwrapped(arg));
  const found = entries
    .filter((entry) => keys.test(entry.key) && !data.test(entry.path) && below(entry.path, member))
    .map((entry) => valueSays(ground, entry.spot, entry.key, entry.value, depth));
  const handlers = entries
    .filter((entry) => /^(?:requestHandler|httpOptions|httpClient)$/.test(entry.key) && entry.value.k === 'call')
    .map((entry) => saidBy(ground, entry.spot, entry.value.k === 'call' ? entry.value.args : [], keys, '', depth + 1));
  const said = strongest([...found, ...handlers]);
  if (said.kind !== 'silent' || !lost) return said;
  return throughParams(ground, spot, arg, keys, depth);
}

/** `new Request(url, options)` holds the options. */
const unwrapped = (arg: Expr): Expr =>
  arg.k === 'call' && arg.new && arg.args[1] && arg.callee.k === 'ref' && arg.callee.path === 'Request'
    ? arg.args[1]
    : arg;

const below = (path: string, member: string): boolean =>
  member === '' || path === member || path.startsWith(`${member}.`);

/** How an argument is read that is the value itself, not an object that holds it. */
type Reader = (spot: Spot, arg: Expr) => Said;

/** What comes from the callers: what each of them passes. */
function throughParams(ground: Ground, spot: Spot, expr: Expr, keys: RegExp, depth: number, whole?: Reader): Said {
  const params = paramsIn(ground, spot, expr);
  if (params.length === 0 || depth >= deepest) return { kind: 'lost' };
  return strongest(
    params.map(({ fn, index, member }): Said => {
      const callers = ground.callers(spot.file, fn);
      if (callers.length === 0) return { kind: 'lost' };
      return together(callers, (caller) => passedBy(ground, caller, { index, member, keys, depth, whole }));
    }),
  );
}

/** Limited when every caller passes a limit. */
function together(callers: readonly CallSite[], read: (caller: CallSite) => Said): Said {
  const without: Place[] = [];
  let lost = false;
  let count = 0;
  for (const caller of callers) {
    const said = read(caller);
    if (said.kind === 'silent' || said.kind === 'off') without.push(placeOf(caller));
    if (said.kind === 'callers') without.push(...said.without);
    lost ||= said.kind === 'lost';
    count += 'callers' in said ? (said.callers ?? 1) : 1;
  }
  if (without.length > 0) return { kind: 'callers', without, callers: count };
  return lost ? { kind: 'lost' } : { kind: 'limited', by: 'its callers pass a time limit', callers: count };
}

const placeOf = (call: CallSite): Place => ({ file: call.file, line: lineOf(call.expr.at) });

function passedBy(ground: Ground, caller: CallSite, asked: Asked): Said {
  const { index, member, keys, depth, whole } = asked;
  const { args } = caller.expr;
  if (args.slice(0, index + 1).some((arg) => arg.k === 'spread')) return { kind: 'lost' };
  const arg = args[index];
  if (!arg || arg.k === 'undefined' || arg.k === 'null') return silent;
  if (member === '' && whole) return whole(caller, arg);
  const last = member.slice(member.lastIndexOf('.') + 1);
  return saidBy(ground, caller, [arg], keys, keys.test(last) ? '' : member, depth + 1);
}

/** The parameter that a caller is asked for, and where in it the limit would stand. */
interface Asked {
  readonly index: number;
  readonly member: string;
  readonly keys: RegExp;
  readonly depth: number;
  readonly whole: Reader | undefined;
}

/** What one option's value says. */
function valueSays(ground: Ground, spot: Spot, key: string, value: Expr, depth: number): Said {
  if (/signal|cancelToken/i.test(key)) return signalSays(ground, spot, value, depth);
  const literal = ground.model.literal(spot.file, spot.fn, value);
  if (literal === 0 || literal === false || literal === null || value.k === 'undefined') return { kind: 'off' };
  if (value.k === 'ref' && value.path === 'Infinity') return { kind: 'off' };
  if (literal !== undefined) return { kind: 'limited', by: `${key} is ${String(literal)}` };
  if (value.k !== 'ref') return { kind: 'limited', by: `${key} is set` };
  return fromParam(ground, spot, key, value, depth) ?? { kind: 'limited', by: `${key} is set` };
}

/** A limit that is a parameter without a default is there only when every caller passes it. */
function fromParam(ground: Ground, spot: Spot, key: string, value: Expr, depth: number): Said | undefined {
  const name = value.k === 'ref' ? value.path.slice(value.path.lastIndexOf('.') + 1) : key;
  const params = paramsIn(ground, spot, value);
  if (params.length === 0 || hasDefault(ground, spot, name)) return undefined;
  const read: Reader = (at, arg) => valueSays(ground, at, key, arg, depth + 1);
  const said = throughParams(ground, spot, value, new RegExp(`^${name}$`), depth, read);
  return said.kind === 'lost' ? { kind: 'limited', by: `${key} is set` } : said;
}

function signalSays(ground: Ground, spot: Spot, value: Expr, depth: number): Said {
  const answer = fires(ground, spot, value);
  if (answer === true) return { kind: 'limited', by: 'a signal ends it after a time' };
  if (answer === false) return silent;
  if (answer)
    return fromParam(ground, answer.spot, 'timeout', answer.when, depth) ?? { kind: 'limited', by: 'a timer ends it' };
  const read: Reader = (at, arg) => signalSays(ground, at, arg, depth + 1);
  return throughParams(ground, spot, value, /signal/i, depth, read);
}

/** What the options of a call to another server say. */
export function callSays(ground: Ground, call: CallSite, client: Client): Said {
  const { args } = call.expr;
  const at = client.optionsAt?.(call.name, args.length);
  const options = at ? at.flatMap((index) => args[index] ?? []) : args.filter(mayHold);
  return client.optionsAt || options.every((arg) => arg.k === 'obj')
    ? saidBy(ground, call, options, client.keys)
    : forget(saidBy(ground, call, options, client.keys));
}

const mayHold = (arg: Expr): boolean => arg.k === 'obj' || arg.k === 'ref' || arg.k === 'cond' || arg.k === 'bin';

/** Arguments of which only some may be options: what was not followed is no reason to doubt. */
const forget = (said: Said): Said => (said.kind === 'lost' ? silent : said);

/** The verdict on a call from what its own options, its client and the client's default say. */
export function limitFrom(own: Said, made: Said, fallback: string | undefined): OutboundCall['limit'] {
  if (own.kind === 'limited' || own.kind === 'off') return settled(own);
  if (made.kind === 'limited' || made.kind === 'off') return settled(made);
  if (fallback !== undefined) return { kind: 'limited', by: `its default limit is ${fallback}` };
  if (own.kind === 'callers' || made.kind === 'callers') return { kind: 'unlimited', why: 'none' };
  return own.kind === 'lost' || made.kind === 'lost' ? { kind: 'lost' } : { kind: 'unlimited', why: 'none' };
}

const settled = (said: Said): OutboundCall['limit'] =>
  said.kind === 'limited' ? said : { kind: 'unlimited', why: 'off' };
