import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import { lastName } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { initOf } from '../../endpoints/reading/exports.ts';

const deepest = 4;
const readers = /^(?:get|header|getHeader|getRequestHeader|headers)$/;

/** Is it the Origin header of the request, whatever the framework calls it? */
export function isRequestOrigin(model: CodeModel, spot: Spot, expr: Expr, depth = 0): boolean {
  if (depth > deepest) return false;
  const again = (inner: Expr, at: Spot = spot): boolean => isRequestOrigin(model, at, inner, depth + 1);
  switch (expr.k) {
    case 'call': {
      const named = expr.args.some((arg) => arg.k === 'str' && /^origin$/i.test(arg.v));
      if (named) return readers.test(lastName(expr.callee));
      const of = expr.callee.k === 'ref' && /\.(?:trim|toLowerCase|toString|at)$/.test(expr.callee.path);
      return of && expr.callee.k === 'ref' && again({ ...expr.callee, path: expr.callee.path.replace(/\.\w+$/, '') });
    }
    case 'bin':
      return (expr.op === '||' || expr.op === '??') && (again(expr.l) || again(expr.r));
    case 'await':
      return again(expr.of);
    case 'index':
      return again(expr.of);
    case 'member':
      return /^origin$/i.test(expr.name) && /headers?$/i.test(lastName(expr.of));
    case 'ref':
      return ofRef(model, spot, expr, again);
    default:
      return false;
  }
}

function ofRef(
  model: CodeModel,
  spot: Spot,
  expr: Extract<Expr, { k: 'ref' }>,
  again: (inner: Expr, at?: Spot) => boolean,
): boolean {
  if (/(?:^|\.)headers\.origin$/i.test(expr.path)) return true;
  const origin = model.origin(spot.file, spot.fn, expr);
  // Also `({ origin }, callback)`; and the first parameter of a function that is asked about an origin.
  if (origin.kind === 'param')
    return /(?:^|\.)headers\.origin$/i.test(origin.member) || (origin.member === '' && /origin/i.test(expr.path));
  const init = initOf(model, spot, expr.path);
  return init !== undefined && init.expr !== expr && init.expr.k !== 'arr' && again(init.expr, init);
}
