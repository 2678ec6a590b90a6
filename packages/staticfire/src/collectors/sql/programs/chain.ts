import { lastName } from '../../../code/sites.ts';
import type { Expr } from '../../../code/summary.ts';
import { propOf } from '../../../code/walk.ts';

/** One call of a chain. */
export interface Link {
  readonly name: string;
  readonly args: readonly Expr[];
}

/** `a.b(1).c(2)`: its calls, the first first. */
export function chainOf(expr: Expr): Link[] {
  const links: Link[] = [];
  for (let at: Expr | undefined = expr; at?.k === 'call';) {
    links.unshift({ name: lastName(at.callee), args: at.args });
    at = at.callee.k === 'member' ? at.callee.of : undefined;
  }
  return links;
}

export const textOf = (expr: Expr | undefined): string => (expr?.k === 'str' ? expr.v.toLowerCase() : '');

/** Texts of a list, or of one text. */
export const textsOf = (expr: Expr | undefined): string[] =>
  expr?.k === 'arr' ? expr.items.map(textOf).filter(Boolean) : textOf(expr) ? [textOf(expr)] : [];

export const isSet = (expr: Expr | undefined, key: string): boolean => {
  const value = propOf(expr, key);
  return value !== undefined && !(value.k === 'bool' && !value.v) && value.k !== 'null' && value.k !== 'undefined';
};

export const isFalse = (expr: Expr | undefined, key: string): boolean => {
  const value = propOf(expr, key);
  return value?.k === 'bool' && !value.v;
};
