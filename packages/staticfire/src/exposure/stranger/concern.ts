import type { Names } from '../../code/polarity/names.ts';
import type { CodeModel } from '../../code/model.ts';
import type { Expr, FileSummary } from '../../code/summary.ts';
import { walkFunction } from '../../code/walk.ts';
import { sourceOf } from './sources/index.ts';
import { saysWho } from './request.ts';

const words =
  /auth|session|token|api_?key|secret|cookie|header|credential|passw|signature|hmac|jwt|permission|otp|verif|timingSafe|guard|forbidden|signed|currentUser|current_user|viewer|\badmin|isAdmin|clerk|locals/i;

/** May what a function does depend on who calls? Asked by names, so that what only reads and computes is not followed. */
export interface Concern {
  of(file: string, fn: number): boolean;
}

const deepest = 10;

export function createConcern(model: CodeModel, names: Names): Concern {
  const known = new Map<string, boolean>();
  const of = (file: string, fn: number, depth: number): boolean => {
    const key = `${file}\0${fn}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (depth > deepest) return false;
    known.set(key, false);
    const found = asks(file, fn, depth);
    known.set(key, found);
    return found;
  };
  const asks = (file: string, fn: number, depth: number): boolean => {
    const summary = model.get(file)?.summary;
    const func = summary?.functions[fn];
    if (!summary || !func) return false;
    const callees: Expr[] = [];
    let found = false;
    walkFunction(func, (expr) => {
      found ||= mentions(expr);
      if (expr.k === 'call') callees.push(expr.callee);
      return !found;
    });
    if (found) return true;
    if (within(summary, fn).some((inner) => of(file, inner, depth))) return true;
    return callees.some((callee) => leads(file, fn, callee, depth));
  };
  const leads = (file: string, fn: number, callee: Expr, depth: number): boolean => {
    const origin = names.callee(file, fn, callee);
    if (origin.kind === 'package') return sourceOf(origin) !== undefined;
    return origin.kind === 'function' && of(origin.file, origin.fn, depth + 1);
  };
  return { of: (file, fn) => of(file, fn, 0) };
}

const within = (summary: FileSummary, fn: number): readonly number[] =>
  summary.functions.flatMap(({ parent }, index) => (parent === fn && index !== fn ? [index] : []));

function mentions(expr: Expr): boolean {
  switch (expr.k) {
    case 'ref':
      return words.test(expr.path) || saysWho(expr.path.slice(expr.path.lastIndexOf('.') + 1));
    case 'member':
      return words.test(expr.name) || saysWho(expr.name);
    case 'obj':
      return expr.props.some(({ key }) => words.test(key));
    case 'num':
      return expr.v >= 400 && expr.v < 500;
    default:
      return false;
  }
}
