import type { CodeModel } from '../../code/model.ts';
import type { ReachedFunction } from '../../code/reach/calls-of.ts';
import { lastName } from '../../code/sites.ts';
import { lineOf, type Expr, type Stmt } from '../../code/summary.ts';
import { eachStmt, exprsOf, walkExpr, walkFunction, walkStmts } from '../../code/walk.ts';
import type { Asked, HealthClaim } from '../../facts/health.ts';
import type { Touch } from './asks.ts';

const refusing =
  /(?:^|\.)(?:SERVICE_UNAVAILABLE|INTERNAL_SERVER_ERROR|BAD_GATEWAY|GATEWAY_TIMEOUT|InternalServerError|ServiceUnavailable)(?:_\w+)?$/;
const refusals =
  /^(?:ServiceUnavailableException|InternalServerErrorException|HealthCheckError|serviceUnavailable|internalServerError|ServiceUnavailableError)$/;

/** Does the endpoint answer with an error when one of these fails? */
export function failsWith(model: CodeModel, functions: readonly ReachedFunction[], touches: readonly Touch[]): boolean {
  const near = new Set<ReachedFunction>(functions.filter((one) => distance(one) <= 2));
  for (const one of touches) for (const step of wayTo(one.in)) near.add(step);
  if ([...near].some((one) => refuses(model, one))) return true;
  return touches.some((one) => wayTo(one.in).every((step) => !swallows(model, step)));
}

/** The functions from the handler to one that it leads to. */
const wayTo = (at: ReachedFunction): readonly ReachedFunction[] => (at.by ? [...wayTo(at.by.in), at] : [at]);

const distance = (at: ReachedFunction): number => (at.by ? distance(at.by.in) + (at.by.handed ? 0 : 1) : 0);

function bodyOf(model: CodeModel, { spot }: ReachedFunction): readonly Stmt[] {
  return model.get(spot.file)?.summary.functions[spot.fn]?.body ?? [];
}

/** It names a status that says no, or an error that stands for one. */
function refuses(model: CodeModel, at: ReachedFunction): boolean {
  let yes = false;
  walkStmts(bodyOf(model, at), (expr) => {
    if (expr.k === 'num') yes ||= expr.v >= 400 && expr.v < 600 && expr.v % 100 < 60 && Number.isInteger(expr.v);
    if (expr.k === 'ref') yes ||= refusing.test(expr.path);
    if (expr.k === 'call') yes ||= refusals.test(lastName(expr.callee)) || isTerminus(expr);
  });
  return yes;
}

/** `this.health.check([…])` of @nestjs/terminus answers 503 by itself. */
const isTerminus = (call: Extract<Expr, { k: 'call' }>): boolean =>
  lastName(call.callee) === 'check' && call.args[0]?.k === 'arr';

/** A catch that goes on as if nothing had happened. */
function swallows(model: CodeModel, at: ReachedFunction): boolean {
  let yes = false;
  const body = bodyOf(model, at);
  eachStmt(body, (stmt) => {
    if (stmt.k === 'try' && stmt.handler) yes ||= !passesOn(stmt.handler);
  });
  walkStmts(body, (expr) => {
    if (expr.k === 'call') yes ||= /^(?:catch|allSettled)$/.test(lastName(expr.callee));
  });
  return yes;
}

function passesOn(handler: readonly Stmt[]): boolean {
  let yes = false;
  eachStmt(handler, (stmt) => {
    yes ||= stmt.k === 'throw';
    for (const expr of exprsOf(stmt))
      walkExpr(expr, (inner) => {
        if (inner.k === 'call')
          yes ||= /^(?:next|reject|done|error)$/.test(lastName(inner.callee)) && inner.args.length > 0;
      });
  });
  return yes;
}

const subjects: readonly (readonly [RegExp, Asked['what']])[] = [
  [
    /^(?:db|database|postgres(?:ql)?|mysql|mongo(?:db)?|prisma|sql)(?:_?(?:status|connection|health|state))?$/i,
    'database',
  ],
  [/^(?:redis|cache)(?:_?(?:status|connection|health|state))?$/i, 'cache'],
  [/^(?:queue|rabbitmq|kafka|broker)(?:_?(?:status|connection|health|state))?$/i, 'queue'],
];
const fine = /^(?:ok|okay|up|healthy|connected|operational|online|available|pass|green|ready|running|active)$/i;

/** Constant good news about dependencies in what the handler says. */
export function claimsOf(model: CodeModel, functions: readonly ReachedFunction[]): readonly HealthClaim[] {
  return functions.filter((one) => distance(one) <= 2).flatMap((one) => inFunction(model, one));
}

function inFunction(model: CodeModel, { spot }: ReachedFunction): readonly HealthClaim[] {
  const func = model.get(spot.file)?.summary.functions[spot.fn];
  const found: HealthClaim[] = [];
  if (func)
    walkFunction(func, (expr) => {
      if (expr.k !== 'obj') return;
      for (const { key, value, at } of expr.props) {
        const what = subjects.find(([pattern]) => pattern.test(key))?.[1];
        if (what && isFine(value)) found.push({ key, what, at: { file: spot.file, line: lineOf(at) } });
      }
    });
  return found;
}

/** `'connected'`, `true`, `{ status: 'ok' }`. */
function isFine(value: Expr): boolean {
  if (value.k === 'str') return fine.test(value.v);
  if (value.k === 'bool') return value.v;
  return (
    value.k === 'obj' &&
    value.props.some(({ key, value: inner }) => /^(?:status|state|healthy|ok)$/i.test(key) && isFine(inner))
  );
}
