import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import type { ChainLink, LinkRole } from '../../facts/endpoints.ts';

/** The function of the repository that an expression names or is. */
export function functionOf(code: CodeModel, { file, fn }: Spot, expr: Expr): Spot | undefined {
  if (expr.k === 'fn') return { file, fn: expr.fn };
  if (expr.k === 'call' && lastOf(expr.callee) === 'bind')
    return functionOf(code, { file, fn }, withoutLast(expr.callee));
  if (expr.k !== 'ref' && expr.k !== 'member') return undefined;
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'function' && !origin.called && !origin.member
    ? { file: origin.file, fn: origin.fn }
    : undefined;
}

/** One link of a chain; the function it comes to is looked up behind calls that make middleware. */
export function linkOf(code: CodeModel, spot: Spot, expr: Expr, role?: LinkRole, on?: string): ChainLink {
  const runs = functionOf(code, spot, expr) ?? madeBy(code, spot, expr);
  return {
    file: spot.file,
    fn: spot.fn,
    expr,
    ...(runs ? { runs } : {}),
    ...(role ? { role } : {}),
    ...(on === undefined ? {} : { on }),
  };
}

function madeBy(code: CodeModel, { file, fn }: Spot, expr: Expr): Spot | undefined {
  if (expr.k !== 'call') return undefined;
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'function' && !origin.member ? { file: origin.file, fn: origin.fn } : undefined;
}

/** The last name of a callee. */
export const lastOf = (expr: Expr): string =>
  expr.k === 'ref' ? expr.path.slice(expr.path.lastIndexOf('.') + 1) : expr.k === 'member' ? expr.name : '';

function withoutLast(expr: Expr): Expr {
  if (expr.k === 'member') return expr.of;
  if (expr.k !== 'ref') return expr;
  return { ...expr, path: expr.path.slice(0, Math.max(0, expr.path.lastIndexOf('.'))) };
}
