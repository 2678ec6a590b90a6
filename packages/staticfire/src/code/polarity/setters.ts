import type { Class, Expr, Func } from '../summary.ts';
import { walkStmts } from '../walk.ts';

/** `this.x = value` in a method. */
export interface Setter {
  readonly fn: number;
  readonly value: Expr;
}

/** What the methods of a class set on `this`, by name, in the order of its members. */
export function settersIn(functions: readonly Func[], cls: Class): ReadonlyMap<string, readonly Setter[]> {
  const found = new Map<string, Setter[]>();
  for (const { fn, kind } of cls.members) {
    const func = fn === undefined ? undefined : functions[fn];
    if (!func || fn === undefined || kind === 'property') continue;
    walkStmts(func.body, (expr) => {
      if (expr.k !== 'assign' || expr.op !== '=' || expr.target.k !== 'ref') return;
      if (!expr.target.path.startsWith('this.')) return;
      const name = expr.target.path.slice(5);
      const list = found.get(name);
      if (list) list.push({ fn, value: expr.value });
      else found.set(name, [{ fn, value: expr.value }]);
    });
  }
  return found;
}
