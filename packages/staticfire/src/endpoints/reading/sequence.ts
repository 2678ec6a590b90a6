import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import type { ChainLink, LinkRole } from '../../facts/endpoints.ts';
import { exportedExpr, initOf } from './exports.ts';
import { functionOf, lastOf, linkOf } from './functions.ts';
import { unwrap } from './unwrap.ts';

/** What runs one after the other: lists, and calls of `sequence(…)`; each link runs the function behind its wrappers. */
export function linksInSequence(
  code: CodeModel,
  spot: Spot,
  expr: Expr,
  role: LinkRole = 'middleware',
  depth = 0,
): readonly ChainLink[] {
  const again = (inner: Expr, at: Spot = spot): readonly ChainLink[] =>
    linksInSequence(code, at, inner, role, depth + 1);
  if (depth > 8) return [linkOf(code, spot, expr, role)];
  if (expr.k === 'arr') return expr.items.flatMap((item) => again(item));
  if (expr.k === 'spread' || expr.k === 'await') return again(expr.of);
  if (expr.k === 'call' && lastOf(expr.callee) === 'sequence') return expr.args.flatMap((arg) => again(arg));
  const init = expr.k === 'ref' && !functionOf(code, spot, expr) ? initOf(code, spot, expr.path) : undefined;
  if (init && (init.expr.k === 'arr' || init.expr.k === 'call' || init.expr.k === 'ref')) return again(init.expr, init);
  const link = linkOf(code, spot, expr, role);
  const { handler } = unwrap(code, spot, expr);
  return [handler ? { ...link, runs: handler } : link];
}

/** Those of a name that a file exports. */
export function exportedSequence(code: CodeModel, file: string, name: string, role?: LinkRole): readonly ChainLink[] {
  const value = exportedExpr(code, file, name);
  return value ? linksInSequence(code, value, value.expr, role) : [];
}
