import type { OwnCall, ReachedFunction } from '../../code/reach/calls-of.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr, type Func } from '../../code/summary.ts';
import { eachStmt, exprsOf, walkExpr } from '../../code/walk.ts';
import type { Limit, Outage } from '../../facts/exposure.ts';
import type { Place } from '../../model/place.ts';
import { way } from '../input/parses.ts';
import type { Context } from '../reading/context.ts';
import { stepOf, type Stage } from '../reading/stages.ts';
import { isTested } from '../reading/tested.ts';
import { askedLimiters, limiterName } from '../sources/limiters.ts';
import { limitMadeOf } from './made.ts';
import { outageOf } from './outage.ts';

/** A limit that code asks for, or why what was found limits nothing. */
export type Asked = Limit | string;

/** Limits in the code that a stage runs: those of libraries, and counting by hand. */
export function askedLimits(context: Context, stage: Stage): readonly Asked[] {
  const found: Asked[] = [];
  for (const at of stage.reached?.functions ?? []) {
    for (const call of at.calls) {
      const one = ofLibrary(context, stage, at, call);
      if (one) found.push(one);
    }
    const own = found.some((one) => typeof one !== 'string') ? undefined : byHand(context, stage, at);
    if (own) found.push(own);
  }
  return found;
}

const asking =
  /^(?:limit|consume|penalty|protect|check|checkRateLimit|tryRemoveTokens|removeTokens|isLimited|blockUntilReady|get)$/;

function ofLibrary(context: Context, stage: Stage, at: ReachedFunction, call: OwnCall): Asked | undefined {
  const { site } = call;
  if (limiterName.test(site.name) && call.origin.kind === 'package' && call.origin.called)
    return limitMadeOf(context, site, site.expr.callee, [stepOf(stage), ...way(at)]);
  if (!asking.test(site.name)) return undefined;
  const origin = call.origin.kind === 'param' ? context.site.reach.origin(at, site.expr.callee) : call.origin;
  if (origin.kind !== 'package') return undefined;
  const known = askedLimiters.find(({ packages, asks }) => packages.test(origin.package) && asks.test(site.name));
  if (!known) return undefined;
  if (!known.throws && !decides(context, at, site)) return `what ${site.path || site.name} answers is not looked at`;
  const memory = /memory/i.test(origin.name) || (origin.package === 'limiter' && !/redis/i.test(origin.name));
  const outage = insured(context, site) ?? outageOf(context, at, call);
  return {
    what: `${memory ? 'in memory, ' : ''}by ${origin.package}`,
    by: origin.package,
    at: placeOf(site),
    store: memory ? 'memory' : 'shared',
    outage: memory ? none : outage,
    inHandler: stage.link === undefined,
    trail: [stepOf(stage), ...way(at), { note: `${site.path || site.name} asks ${origin.package}`, at: placeOf(site) }],
  };
}

const none: Outage = { kind: 'none', why: '', at: undefined };

/** `insuranceLimiter` stands in when the store is down. */
function insured(context: Context, site: CallSite): Outage | undefined {
  const { callee } = site.expr;
  if (callee.k !== 'ref') return undefined;
  const receiver: Expr = { ...callee, path: callee.path.slice(0, callee.path.lastIndexOf('.')) };
  const made = context.bindings.written(site, receiver);
  const options = made?.expr.k === 'call' ? made.expr.args[0] : undefined;
  const has =
    options?.k === 'obj' && options.props.some(({ key }) => /^(?:insuranceLimiter|ephemeralCache)$/.test(key));
  return made && has && options.props.some(({ key }) => key === 'insuranceLimiter')
    ? { kind: 'chosen', why: 'its insurance limiter takes over', at: { file: made.file } }
    : undefined;
}

/** Its answer is looked at here, or given back to a caller who looks at it. */
function decides(context: Context, at: ReachedFunction, site: CallSite): boolean {
  if (!isTested(context.site.code, site)) return false;
  for (let here: ReachedFunction = at; here.by && !here.by.handed; here = here.by.in) {
    if (refuses(context, here)) return true;
    if (!isTested(context.site.code, here.by.call.site)) return false;
  }
  return true;
}

const funcOf = (context: Context, { spot }: ReachedFunction): Func | undefined =>
  context.site.code.get(spot.file)?.summary.functions[spot.fn];

/** Does a function turn someone away by itself: by throwing, or by an answer of its own? */
function refuses(context: Context, at: ReachedFunction): boolean {
  let found = false;
  eachStmt(funcOf(context, at)?.body ?? [], (stmt) => {
    if (stmt.k === 'throw') found = true;
    for (const own of exprsOf(stmt))
      walkExpr(own, (expr) => {
        if (expr.k === 'num' && expr.v === 429) found = true;
        if (expr.k === 'ref' && /TOO_MANY|TooMany/.test(expr.path)) found = true;
        return !found;
      });
  });
  return found;
}

const counting =
  /^(?:incr|incrby|hincrby|zadd|zcard|eval|evalsha|increment|count|upsert|findMany|findFirst|set|push|expire|pexpire|multi|pipeline|script)$/i;

/** Counting in a map, a cache or a table, under a name that says so. */
function byHand(context: Context, stage: Stage, at: ReachedFunction): Asked | undefined {
  const func = funcOf(context, at);
  if (!func || !limiterName.test(nameIn(context, at, func))) return undefined;
  const counts = at.calls.filter(({ site }) => counting.test(site.name));
  if (counts.length === 0 || !(compares(func) || counts.some(({ site }) => site.name.startsWith('eval'))))
    return undefined;
  if (at.by && !at.by.handed && !refuses(context, at) && !asks(context, at))
    return `what ${func.name} answers is not looked at`;
  const store = storeOf(context, counts);
  const [first] = counts;
  return {
    what: `${store === 'memory' ? 'in memory, ' : ''}by code of its own (${func.name || 'a function'})`,
    by: 'code of its own',
    at: { file: at.spot.file, line: lineOf(func.at) },
    store,
    outage: store === 'shared' && first ? outageOf(context, at, first) : none,
    inHandler: stage.link === undefined,
    trail: [stepOf(stage), ...way(at), { note: 'it counts here', at: { file: at.spot.file, line: lineOf(func.at) } }],
  };
}

const asks = (context: Context, at: ReachedFunction): boolean => {
  for (let here: ReachedFunction = at; here.by && !here.by.handed; here = here.by.in) {
    if (!isTested(context.site.code, here.by.call.site)) return false;
    if (refuses(context, here.by.in)) return true;
  }
  return true;
};

function nameIn(context: Context, { spot }: ReachedFunction, func: Func): string {
  const cls = func.owner === undefined ? undefined : context.site.code.get(spot.file)?.summary.classes[func.owner];
  const file = (spot.file.split('/').at(-1) ?? '').replaceAll('-', '');
  return `${file} ${cls?.name ?? ''} ${func.name}`;
}

function compares(func: Func): boolean {
  let found = false;
  eachStmt(func.body, (stmt) => {
    for (const own of exprsOf(stmt))
      walkExpr(own, (expr) => {
        if (expr.k === 'bin' && /^[<>]=?$/.test(expr.op)) found = true;
        return !found;
      });
  });
  return found;
}

function storeOf(context: Context, counts: readonly OwnCall[]): Limit['store'] {
  let store: Limit['store'] = 'unknown';
  for (const { site, origin } of counts) {
    const shared =
      /^(?:incr|incrby|hincrby|zadd|zcard|eval|evalsha|expire|pexpire|multi|pipeline)$/i.test(site.name) ||
      (origin.kind === 'package' && /redis|kv|upstash|memcache/i.test(origin.package));
    if (shared) return 'shared';
    if (/^(?:count|upsert|findMany|findFirst)$/.test(site.name)) store = 'database';
    else if (store === 'unknown' && /^(?:set|push)$/.test(site.name)) store = 'memory';
  }
  return context.site.service.serverless && store === 'unknown' ? 'unknown' : store;
}

const placeOf = (site: CallSite): Place => ({ file: site.file, line: lineOf(site.expr.at) });
