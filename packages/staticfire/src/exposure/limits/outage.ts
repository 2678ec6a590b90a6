import type { OwnCall, ReachedFunction } from '../../code/reach/calls-of.ts';
import { lineOf, type Expr, type Stmt } from '../../code/summary.ts';
import { eachStmt, exprsOf, walkExpr } from '../../code/walk.ts';
import type { Outage } from '../../facts/exposure.ts';
import type { Context } from '../reading/context.ts';

type Try = Extract<Stmt, { k: 'try' }>;

/** What becomes of a request when a call to the store of a limiter fails. */
export function outageOf(context: Context, at: ReachedFunction, call: OwnCall): Outage {
  for (let here: ReachedFunction | undefined = at, site = call.site; here;) {
    const guarded = caughtAround(context, here, site.expr);
    if (guarded) return ofCatch(context, here, guarded);
    if (!here.by) break;
    ({ site } = here.by.call);
    here = here.by.in;
  }
  return {
    kind: 'errors',
    why: 'nothing catches the error of the store, so every limited request fails while it is down',
    at: { file: call.site.file, line: lineOf(call.site.expr.at) },
  };
}

function caughtAround(context: Context, { spot }: ReachedFunction, expr: Expr): Try | undefined {
  let found: Try | undefined;
  eachStmt(context.site.code.get(spot.file)?.summary.functions[spot.fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'try' && stmt.handler && holds(stmt.block, expr)) found = stmt;
  });
  return found;
}

function holds(stmts: readonly Stmt[], expr: Expr): boolean {
  let found = false;
  eachStmt(stmts, (stmt) => {
    for (const own of exprsOf(stmt))
      walkExpr(own, (inner) => {
        found ||= inner === expr;
        return !found;
      });
  });
  return found;
}

function ofCatch(context: Context, { spot }: ReachedFunction, { handler = [], at }: Try): Outage {
  const place = { file: spot.file, line: lineOf(at) };
  const seen = { says: false, refuses: false, tells: false, another: false };
  eachStmt(handler, (stmt) => {
    if (stmt.k === 'throw') seen.refuses = true;
    for (const own of exprsOf(stmt)) {
      walkExpr(own, (expr) => {
        if (expr.k === 'bin' && expr.op === 'instanceof') seen.tells = true;
        if (expr.k === 'num' && expr.v >= 400) seen.refuses = true;
        if (expr.k === 'obj' && expr.props.some(isRefusal)) seen.refuses = true;
        if (expr.k === 'call') {
          const name = expr.callee.k === 'ref' ? expr.callee.path : expr.callee.k === 'member' ? expr.callee.name : '';
          if (/log|warn|error|capture|report|emit|metric/i.test(name)) seen.says = true;
          if (/memory|fallback|local/i.test(name)) seen.another = true;
          const origin = context.site.code.origin(spot.file, spot.fn, expr.callee);
          if (origin.kind === 'function' && /limit/i.test(name)) seen.another = true;
        }
      });
    }
  });
  if (seen.another) return { kind: 'chosen', why: 'another limiter takes its place', at: place };
  if (seen.refuses && !seen.tells && !seen.says)
    return { kind: 'errors', why: 'the catch answers the same to a broken store as to too many requests', at: place };
  if (seen.refuses) return { kind: 'chosen', why: 'it refuses while the store is down', at: place };
  if (seen.says) return { kind: 'chosen', why: 'it lets requests through and says so', at: place };
  return { kind: 'open', why: 'the error of the store is swallowed and every request passes', at: place };
}

const isRefusal = ({ key, value }: { readonly key: string; readonly value: Expr }): boolean =>
  (/^(?:success|allowed|ok|isAllowed)$/.test(key) && value.k === 'bool' && !value.v) ||
  (/^(?:limited|blocked|isLimited|isRateLimited)$/.test(key) && value.k === 'bool' && value.v);
