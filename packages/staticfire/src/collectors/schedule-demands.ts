import { follow, type Reached } from '../code/follow.ts';
import type { CodeModel } from '../code/model.ts';
import type { Spot } from '../code/production.ts';
import { lineOf, type Expr } from '../code/summary.ts';
import { walkFunction } from '../code/walk.ts';
import { sites, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { guardCode, type GuardCode } from '../facts/guards.ts';
import { scheduleDemands, schedules, type Schedule, type ScheduleDemand } from '../facts/schedules.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

export const scheduleDemandsCollector = defineCollector({
  fact: scheduleDemands,
  needs: { code, guardCode, schedules, sites },
  collect: ({ facts }) =>
    known(
      facts.schedules.list.flatMap((schedule) =>
        schedule.target.kind === 'request' && schedule.target.endpoint && !schedule.broken
          ? [demandOf(facts, schedule, schedule.target.endpoint)]
          : [],
      ),
    ),
});

interface Facts {
  readonly code: CodeModel;
  readonly guardCode: GuardCode;
  readonly sites: SitesByFile;
}

function demandOf(
  { code: model, guardCode: guarding, sites: byFile }: Facts,
  schedule: Schedule,
  endpoint: Endpoint,
): ScheduleDemand {
  const spots = spotsOf(model, endpoint);
  const reached = follow(model, byFile.of, spots);
  const guards = [...spots, ...candidatesIn(model, guarding, reached)]
    .flatMap(({ file, fn }) => guarding.in(file, fn))
    .filter((guard) => guard.kind === 'secret');
  const reads = [...reached.functions].flatMap((key) => readsIn(model, key));
  const library = libraryIn(reached);
  const decisive = guards.find((guard) => guard.polarity === 'open') ?? guards[0];
  return {
    schedule,
    secrets: [...new Set(guards.flatMap((guard) => guard.settings))],
    open: guards.filter((guard) => guard.polarity === 'open').flatMap((guard) => guard.settings),
    reads: reads.filter(
      (one, index) => reads.findIndex((other) => other.in === one.in && other.name === one.name) === index,
    ),
    library,
    at: decisive ? { file: decisive.test.file, line: decisive.test.line } : endpoint.at,
    unclear: guards.length > 0 || library ? undefined : uncertainty(endpoint, reached),
  };
}

/** Functions on the way that may turn the caller away. */
function candidatesIn(model: CodeModel, guarding: GuardCode, { functions }: Reached): readonly Spot[] {
  return [...functions].flatMap((key) => {
    const [file = '', fn = '0'] = key.split('\0');
    const name = model.get(file)?.summary.functions[Number(fn)]?.name ?? '';
    return telling.test(name) && guarding.candidates(file).includes(Number(fn)) ? [{ file, fn: Number(fn) }] : [];
  });
}

/** The handler and all that runs before it. */
function spotsOf(model: CodeModel, { handler, chain, serves }: Endpoint): readonly Spot[] {
  const wrapper = serves ? model.origin(serves.file, serves.fn, serves.expr) : undefined;
  return [
    ...(handler ? [handler] : []),
    ...chain.flatMap(({ runs }) => (runs ? [runs] : [])),
    ...(wrapper?.kind === 'function' ? [{ file: wrapper.file, fn: wrapper.fn }] : []),
  ];
}

type Read = ScheduleDemand['reads'][number];

/** The headers and query parameters that a function reads. */
function readsIn(model: CodeModel, key: string): readonly Read[] {
  const [file = '', fn = '0'] = key.split('\0');
  const func = model.get(file)?.summary.functions[Number(fn)];
  const found: Read[] = [];
  if (func) walkFunction(func, (expr) => void found.push(...readOf(model, { file, fn: Number(fn) }, expr)));
  return found;
}

function readOf(model: CodeModel, spot: Spot, expr: Expr): readonly Read[] {
  if (expr.k === 'ref' || expr.k === 'member') return ofMember(expr);
  if (expr.k === 'index')
    return pathIn(expr.of).endsWith('headers') ? named('header', literal(model, spot, expr.by)) : [];
  if (expr.k !== 'call') return [];
  const path = pathIn(expr.callee);
  if (/headers(?:\(\))?\.get$|(?:^|\.)req(?:uest)?\.(?:get|header)$/.test(path))
    return named('header', literal(model, spot, expr.args[0]));
  if (/(?:^|\.)(?:getHeader|getRequestHeader)$/.test(path)) return named('header', literal(model, spot, expr.args[1]));
  return /searchParams\.get$|\.req\.query$/.test(path) ? named('query', literal(model, spot, expr.args[0])) : [];
}

const named = (where: Read['in'], name: string | undefined): readonly Read[] =>
  name === undefined ? [] : [{ in: where, name: where === 'header' ? name.toLowerCase() : name }];

/** `req.headers.authorization`, `req.query.secret` */
function ofMember(expr: Expr): readonly Read[] {
  const [, where, name] = /(?:^|\.)(headers|query)\.([\w-]+)(?:\.\w+)*$/.exec(pathIn(expr)) ?? [];
  if (name === undefined || /^(?:get|has|entries|forEach|set|append|keys)$/.test(name)) return [];
  return named(where === 'query' ? 'query' : 'header', name);
}

function pathIn(expr: Expr): string {
  if (expr.k === 'ref') return expr.path;
  if (expr.k === 'member') return `${pathIn(expr.of)}.${expr.name}`;
  if (expr.k === 'await') return pathIn(expr.of);
  return expr.k === 'call' ? `${pathIn(expr.callee)}()` : '';
}

function literal(model: CodeModel, { file, fn }: Spot, expr: Expr | undefined): string | undefined {
  const value = expr && model.literal(file, fn, expr);
  return typeof value === 'string' ? value : undefined;
}

const signing = /^(?:@upstash\/qstash|svix|inngest|@octokit\/webhooks|@trigger\.dev\/sdk)$/;
const sessions =
  /^(?:next-auth|@auth\/[\w-]+|better-auth|@clerk\/[\w-]+|@supabase\/[\w-]+|iron-session|express-session|passport|jsonwebtoken|jose|@kinde-oss\/[\w-]+|@workos-inc\/[\w-]+|lucia|firebase-admin)$/;
const asking = /auth|session|verify|getUser|currentUser|Token|decode/i;

function libraryIn({ calls }: Reached): ScheduleDemand['library'] {
  const used = calls.flatMap(({ call, origin }) =>
    origin.kind === 'package' ? [{ package: origin.package, name: `${origin.name} ${call.name}` }] : [],
  );
  const signed = used.find((one) => signing.test(one.package));
  if (signed) return { kind: 'signature', package: signed.package };
  const session = used.find((one) => sessions.test(one.package) && asking.test(one.name));
  return session && { kind: 'session', package: session.package };
}

const telling = /auth|guard|verif|secur|protect|cron|secret|token|permission|signature|check/i;

/** Something whose name says that it checks, and whose inside was not seen. */
function uncertainty({ handler, chain }: Endpoint, reached: Reached): string | undefined {
  if (!handler) return 'its handler could not be followed';
  const link = chain.find((one) => !one.runs && one.role !== 'validator');
  if (link) return `what runs before it in ${link.file} could not be followed`;
  const lost = reached.calls.find(
    ({ call, origin }) =>
      telling.test(call.path || call.name) &&
      origin.kind !== 'function' &&
      origin.kind !== 'global' &&
      origin.kind !== 'builtin',
  );
  return (
    lost &&
    `${lost.call.path || lost.call.name} in ${lost.call.file}:${lineOf(lost.call.expr.at)} could not be followed`
  );
}
