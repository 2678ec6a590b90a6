import type { FileSummary, Pattern } from '../../code/summary.ts';
import { eachStmt } from '../../code/walk.ts';
import { holdsThing, type Scope, type Value } from './values.ts';

export const newScope = (file: string, fn: number, parent: Scope | undefined, self: Value | undefined): Scope => ({
  vars: new Map(),
  parent,
  file,
  fn,
  self,
  touched: false,
});

/** Binds a name; a thing is not forgotten for nothing. */
export function bind(scope: Scope, name: string, value: Value): void {
  const before = scope.vars.get(name);
  if (before && holdsThing(before) && (value.k === 'unknown' || value.k === 'lit')) return;
  scope.vars.set(name, value);
  if (holdsThing(value)) scope.touched = true;
}

/** The scope that holds a name. */
export function holderOf(scope: Scope, name: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.vars.has(name)) return at;
  return undefined;
}

export const moduleOf = (scope: Scope): Scope => (scope.parent ? moduleOf(scope.parent) : scope);

export const selfOf = (scope: Scope): Value | undefined =>
  scope.self ?? (scope.parent ? selfOf(scope.parent) : undefined);

export const touched = (scope: Scope | undefined): boolean =>
  scope !== undefined && (scope.touched || touched(scope.parent));

/** Declared functions and classes are there before the body runs. */
export function hoist(scope: Scope, summary: FileSummary): void {
  const { file, fn } = scope;
  eachStmt(summary.functions[fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'function') {
      const name = summary.functions[stmt.fn]?.name;
      if (name) scope.vars.set(name, { k: 'fn', file, fn: stmt.fn, scope });
    } else if (stmt.k === 'class') {
      const name = summary.classes[stmt.cls]?.name;
      if (name) scope.vars.set(name, { k: 'class', file, cls: stmt.cls, scope });
    }
  });
}

/** Takes a pattern apart. */
export function bindPattern(
  scope: Scope,
  pattern: Pattern,
  value: Value,
  member: (of: Value, name: string) => Value,
  fallback: (expr: NonNullable<Extract<Pattern, { k: 'obj' }>['props'][number]['default']>) => Value,
): void {
  const again = (inner: Pattern, of: Value): void => bindPattern(scope, inner, of, member, fallback);
  if (pattern.k === 'name') {
    if (pattern.name) bind(scope, pattern.name, value);
    return;
  }
  if (pattern.k === 'arr') {
    pattern.items.forEach((item, index) => {
      if (item) again(item, member(value, String(index)));
    });
    return;
  }
  for (const prop of pattern.props) {
    const found = member(value, prop.key);
    const missing = (found.k === 'lit' && found.v === undefined) || found.k === 'unknown';
    again(prop.pattern, missing && prop.default ? fallback(prop.default) : found);
  }
  if (pattern.rest) bind(scope, pattern.rest, value);
}
