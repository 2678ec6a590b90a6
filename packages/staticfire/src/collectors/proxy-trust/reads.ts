import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr, type Position } from '../../code/summary.ts';
import { walkFunction } from '../../code/walk.ts';
import type { AddressRead, ProxyTrust } from '../../facts/proxy-trust.ts';
import type { Place } from '../../model/place.ts';
import type { Ground } from './settings.ts';

interface Spotted {
  readonly file: string;
  readonly fn: number;
  readonly at: Position;
  readonly path: string;
}

const header = /^x-forwarded-for$/i;

/** Where live code reads the caller's address out of X-Forwarded-For, by hand or with a library. */
export function readsOf(ground: Ground): readonly AddressRead[] {
  const byHand = [...mentioned(ground), ...asked(ground)];
  const firstOf = new Map(byHand.map((one) => [`${one.file} ${one.fn}`, one]));
  const hand = [...firstOf.values()].flatMap((one): AddressRead[] => {
    if (one.path.startsWith('=')) return [];
    return [{ ...base(ground, one), what: 'X-Forwarded-For', takes: takenIn(ground, one) }];
  });
  return [...hand, ...byLibrary(ground)].toSorted((a, b) =>
    a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : (a.at.line ?? 0) - (b.at.line ?? 0),
  );
}

/** `['x-real-ip', 'x-forwarded-for'].find(…)`: the header is named, and how it is read cannot be told. */
export function namedIn(ground: Ground, files: readonly string[], reads: readonly AddressRead[]): readonly Place[] {
  const read = new Set(reads.map(({ at }) => at.file));
  return files.flatMap((file) => {
    if (read.has(file)) return [];
    const { strings } = ground.sites.of(file);
    const at = strings.get('x-forwarded-for') ?? strings.get('X-Forwarded-For');
    return at === undefined ? [] : [{ file, line: lineOf(at) }];
  });
}

/** `req.headers['x-forwarded-for']` */
const mentioned = ({ calls }: Ground): readonly Spotted[] =>
  calls.mentions('x-forwarded-for', 'X-Forwarded-For').map(({ file, fn, at, path }) => ({ file, fn, at, path }));

/** `headers.get('x-forwarded-for')`, `req.header('X-Forwarded-For')`; setting the header of a request to others is no read. */
function asked({ calls }: Ground): readonly Spotted[] {
  return calls.named('get', 'header', 'getHeader', 'getRequestHeader').flatMap((call) => {
    const name = call.expr.args.find((arg) => arg.k === 'str' && header.test(arg.v));
    return name && call.expr.args.length <= 2
      ? [{ file: call.file, fn: call.fn, at: call.expr.at, path: call.path }]
      : [];
  });
}

function base(ground: Ground, { file, fn, at }: Spotted): Omit<AddressRead, 'what' | 'takes'> {
  const scope = scopeOf(ground, file, fn);
  return { scope, at: { file, line: lineOf(at) }, purpose: purposeOf(ground, file, fn, scope) };
}

function scopeOf({ model }: Ground, file: string, fn: number): string {
  const functions = model.get(file)?.summary.functions ?? [];
  for (let at = fn; at > 0; at = functions[at]?.parent ?? 0) if (functions[at]?.name) return functions[at]?.name ?? '';
  return file.slice(file.lastIndexOf('/') + 1);
}

/** Which of the addresses a function takes: told by what it does with the list. */
function takenIn({ model }: Ground, { file, fn }: Spotted): AddressRead['takes'] {
  const func = model.get(file)?.summary.functions[fn];
  let split = false;
  let first = false;
  let last = false;
  if (func)
    walkFunction(func, (expr) => {
      const name = nameOf(expr);
      split ||= name === 'split';
      first ||=
        name === 'shift' ||
        (expr.k === 'index' && expr.by.k === 'num' && expr.by.v === 0) ||
        takesMember(expr, '0') ||
        (name === 'at' && argument(expr) === 0);
      last ||=
        name === 'pop' ||
        name === 'findLast' ||
        name === 'reverse' ||
        name === 'toReversed' ||
        (name === 'at' && argument(expr) === -1) ||
        (expr.k === 'index' && expr.by.k === 'bin' && expr.by.op === '-');
    });
  if (last) return 'last';
  return split && !first ? (destructures(func?.body ?? []) ? 'first' : 'whole') : first ? 'first' : 'whole';
}

function nameOf(expr: Expr): string {
  if (expr.k !== 'call') return '';
  const { callee } = expr;
  return callee.k === 'member'
    ? callee.name
    : callee.k === 'ref'
      ? callee.path.slice(callee.path.lastIndexOf('.') + 1)
      : '';
}

function argument(expr: Expr): number | undefined {
  const [first] = expr.k === 'call' ? expr.args : [];
  if (first?.k === 'num') return first.v;
  return first?.k === 'unary' && first.op === '-' && first.of.k === 'num' ? -first.of.v : undefined;
}

const takesMember = (expr: Expr, name: string): boolean =>
  (expr.k === 'member' && expr.name === name) || (expr.k === 'ref' && expr.path.endsWith(`.${name}`));

/** `const [ip] = header.split(',')` */
const destructures = (body: readonly { readonly k: string }[]): boolean =>
  body.some((stmt) => stmt.k === 'let' && 'pattern' in stmt && hasItems(stmt.pattern));
const hasItems = (pattern: unknown): boolean =>
  typeof pattern === 'object' && pattern !== null && 'k' in pattern && pattern.k === 'arr';

const limiting = /limit|throttl|rate|quota|ban|abuse|brute|attempt/i;
const access = /allow|whitelist|blocklist|blacklist|isInternal|trusted|isLocal|authori[sz]|restrict|deny|geo|firewall/i;

/** What the address is for, by the functions that lead to it. */
function purposeOf(ground: Ground, file: string, fn: number, scope: string): AddressRead['purpose'] {
  const around = new Set<string>();
  gather(ground, file, fn, around, 0);
  const words = [scope, ...around].join(' ');
  return limiting.test(words) ? 'limit' : access.test(words) ? 'access' : 'record';
}

/** Names of the functions that call it, of the functions that those calls stand in, and of what the answer is handed to. */
function gather(ground: Ground, file: string, fn: number, into: Set<string>, depth: number): void {
  const functions = ground.model.get(file)?.summary.functions ?? [];
  let at = fn;
  while (at > 0 && !functions[at]?.name) {
    const taker = ground.sites.of(file).handedTo.get(at);
    if (taker) into.add(taker.path || taker.name);
    at = functions[at]?.parent ?? 0;
  }
  const name = functions[at]?.name;
  if (!name || at === 0 || depth > 2) return;
  into.add(name);
  for (const call of ground.calls.named(name)) {
    const origin = ground.calls.origin(call);
    if (origin.kind !== 'function' || origin.file !== file || origin.fn !== at) continue;
    if (call.bound) for (const used of usesOf(ground, call)) into.add(used);
    if (call.within) into.add(call.within.path || call.within.name);
    gather(ground, call.file, call.fn, into, depth + 1);
  }
}

/** Calls of the same function that are handed the variable. */
function usesOf(ground: Ground, call: CallSite): readonly string[] {
  return ground.sites
    .of(call.file)
    .calls.flatMap((other) =>
      other.fn === call.fn && mentions(other.expr.args, call.bound) ? [other.path || other.name] : [],
    );
}

const mentions = (args: readonly Expr[], name: string): boolean =>
  args.some((arg) => (arg.k === 'ref' && arg.path === name) || (arg.k === 'template' && mentions(arg.of, name)));

/** Libraries that believe the first address, and helpers that do when told to. */
function byLibrary(ground: Ground): readonly AddressRead[] {
  const named = ground.calls.named('getClientIp', 'mw', 'getRequestIP', 'getRequestHeaders');
  return named.flatMap((call): AddressRead[] => {
    const origin = ground.calls.origin(call);
    const library = origin.kind === 'package' && /^(?:request-ip|@supercharge\/request-ip)$/.test(origin.package);
    const told =
      call.name === 'getRequestIP' &&
      call.expr.args.some(
        (arg) =>
          arg.k === 'obj' &&
          arg.props.some((prop) => prop.key === 'xForwardedFor' && prop.value.k === 'bool' && prop.value.v),
      );
    if (!library && !told) return [];
    const spot = { file: call.file, fn: call.fn, at: call.expr.at, path: call.path };
    return [{ ...base(ground, spot), what: told ? 'getRequestIP' : 'request-ip', takes: 'first' }];
  });
}

const limiters = ['rateLimit', 'slowDown', 'ThrottlerGuard'];

/** What goes by the address that the framework tells: `req.ip`, and limiters that take it for their key. */
export function toldBy(ground: Ground): ProxyTrust['told'] {
  const own = ground.calls
    .mentions('ip', 'ips')
    .filter(({ path }) => /(?:^|\.)(?:req|request|ctx|context|_req)\.(?:ip|ips)$/.test(path));
  const limiting = ground.calls
    .named(...limiters, ...defaultLimiters(ground))
    .filter((call) => isLimiter(ground, call) && !keyed(call));
  return [
    ...limiting.map((call) => ({ what: call.name, at: { file: call.file, line: lineOf(call.expr.at) }, limits: true })),
    ...own.map((one) => ({
      what: one.path,
      at: { file: one.file, line: lineOf(one.at) },
      limits: purposeOf(ground, one.file, one.fn, scopeOf(ground, one.file, one.fn)) === 'limit',
    })),
  ];
}

const limiterPackages = /^(?:express-rate-limit|express-slow-down|@nestjs\/throttler|@fastify\/rate-limit)$/;

function defaultLimiters({ model, calls }: Ground): readonly string[] {
  return [...calls.packages].flatMap(([name, places]) =>
    limiterPackages.test(name)
      ? places.flatMap(({ file }) =>
          (model.get(file)?.head.imports ?? [])
            .filter((i) => i.from === name)
            .flatMap((i) => i.names.map((n) => n.local)),
        )
      : [],
  );
}

function isLimiter({ calls }: Ground, call: CallSite): boolean {
  const origin = calls.origin(call);
  return (
    origin.kind === 'package' && limiterPackages.test(origin.package) && !/^(?:Throttle|SkipThrottle)$/.test(call.name)
  );
}

/** It says itself by what it tells callers apart. */
const keyed = (call: CallSite): boolean =>
  call.expr.args.some(
    (arg) => arg.k === 'obj' && arg.props.some((prop) => prop.key === 'keyGenerator' || prop.key === 'getTracker'),
  );
