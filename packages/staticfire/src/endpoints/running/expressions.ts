import { inProduction } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import { callExpr } from './calls.ts';
import type { Machine } from './machine.ts';
import { memberOf } from './members.ts';
import { importedName, setExport, wholeOf } from './modules.ts';
import { bind, bindPattern, holderOf, moduleOf, selfOf } from './scopes.ts';
import { either, holdsThing, nothing, text, unknown, type Scope, type Value, type Written } from './values.ts';

/** What an expression comes to. */
export function evaluate(m: Machine, scope: Scope, expr: Expr): Value {
  if ((m.fuel -= 1) <= 0) return unknown;
  switch (expr.k) {
    case 'str':
      return text(expr.v);
    case 'num':
    case 'bool':
      return { k: 'lit', v: expr.v };
    case 'null':
      return { k: 'lit', v: null };
    case 'undefined':
      return nothing;
    case 'regex':
      return { k: 'regex', v: expr.v };
    case 'template':
      return expr.tag ? unknown : joined(m, scope, expr);
    case 'ref':
      return refValue(m, scope, expr);
    case 'member':
      return memberOf(m, evaluate(m, scope, expr.of), expr.name);
    case 'index':
      return indexed(m, evaluate(m, scope, expr.of), evaluate(m, scope, expr.by));
    case 'call':
      return callExpr(m, scope, expr);
    case 'await':
      return awaited(m, evaluate(m, scope, expr.of));
    case 'spread':
      return evaluate(m, scope, expr.of);
    case 'obj':
      return objectValue(m, scope, expr);
    case 'arr':
      return listValue(m, scope, expr.items);
    case 'fn':
      return { k: 'fn', file: scope.file, fn: expr.fn, scope };
    case 'class':
      return { k: 'class', file: scope.file, cls: expr.cls, scope };
    case 'bin':
      return binary(m, scope, expr);
    case 'cond':
      return choice(m, scope, expr);
    case 'assign':
      return assign(m, scope, expr);
    case 'seq':
      return expr.of.map((one) => evaluate(m, scope, one)).at(-1) ?? nothing;
    case 'import':
      return loaded(m, scope, expr.of);
    case 'unary':
      return expr.op === 'yield' || expr.op === 'void'
        ? (evaluate(m, scope, expr.of), nothing)
        : negated(m, scope, expr);
    default:
      return unknown;
  }
}

function awaited(m: Machine, value: Value): Value {
  if (value.k === 'thing') m.libraries.find(({ id }) => id === value.thing.library)?.awaited?.(value.thing);
  return value;
}

function negated(m: Machine, scope: Scope, expr: Extract<Expr, { k: 'unary' }>): Value {
  const of = evaluate(m, scope, expr.of);
  return expr.op === '!' && of.k === 'lit' ? { k: 'lit', v: !of.v } : unknown;
}

function listValue(m: Machine, scope: Scope, exprs: readonly Expr[]): Value {
  const items: Value[] = [];
  const written: (Written | undefined)[] = [];
  for (const expr of exprs) {
    const value = evaluate(m, scope, expr);
    const inner = expr.k === 'spread' && value.k === 'arr' ? value : undefined;
    items.push(...(inner ? inner.items : [value]));
    const own = { file: scope.file, fn: scope.fn, expr };
    written.push(...(inner ? inner.items.map((_, index) => inner.written?.[index]) : [own]));
  }
  return { k: 'arr', items, written };
}

/** `import(x)` and `require(x)`; of a computed path, every file of the repository that it may mean. */
export function loaded(m: Machine, scope: Scope, of: Expr): Value {
  const path = evaluate(m, scope, of);
  if (path.k === 'text' && !path.partial) {
    const target = m.site.code.get(scope.file)?.resolve(path.v);
    if (target?.kind === 'file') return wholeOf(m, target.path);
    if (target?.kind === 'package')
      return { k: 'pkg', package: target.name, subpath: target.subpath, name: '*', path: '' };
    if (target?.kind === 'builtin')
      return { k: 'pkg', package: `node:${target.name}`, subpath: '', name: '*', path: '' };
  }
  if (of.k === 'str') return unknown;
  const files = m.site.computed(scope.file);
  return files.length > 0 ? { k: 'any', of: files.map((file) => wholeOf(m, file)) } : unknown;
}

function joined(m: Machine, scope: Scope, expr: Extract<Expr, { k: 'template' }>): Value {
  let all = expr.parts[0] ?? '';
  let partial = false;
  expr.of.forEach((hole, index) => {
    const value = written(m, scope, hole);
    all += value.text + (expr.parts[index + 1] ?? '');
    partial ||= value.partial;
  });
  return text(all, partial);
}

/** A value as text: itself, or its expression in braces. */
function written(m: Machine, scope: Scope, expr: Expr): { readonly text: string; readonly partial: boolean } {
  const value = evaluate(m, scope, expr);
  if (value.k === 'text') return { text: value.v, partial: value.partial };
  if (value.k === 'lit' && value.v !== undefined && value.v !== null) return { text: String(value.v), partial: false };
  const literal = m.site.code.literal(scope.file, scope.fn, expr);
  if (typeof literal === 'string' || typeof literal === 'number') return { text: String(literal), partial: false };
  return { text: `{${nameOf(expr)}}`, partial: true };
}

/** How an unreadable part of a path is shown. */
export const nameOf = (expr: Expr): string =>
  expr.k === 'ref'
    ? expr.path.replace(/^this\./, '')
    : expr.k === 'member'
      ? expr.name
      : expr.k === 'call'
        ? nameOf(expr.callee)
        : '…';

function refValue(m: Machine, scope: Scope, expr: Extract<Expr, { k: 'ref' }>): Value {
  const parts = expr.path.split('.');
  let value = headValue(m, scope, parts[0] ?? '');
  for (const part of parts.slice(1)) {
    if (value.k === 'unknown') break;
    value = memberOf(m, value, part);
  }
  return value;
}

function headValue(m: Machine, scope: Scope, name: string): Value {
  if (name === 'this') return selfOf(scope) ?? unknown;
  const holder = holderOf(scope, name);
  if (holder) return holder.vars.get(name) ?? unknown;
  const imported = importedName(m, scope.file, name);
  if (imported) return imported;
  if (name === 'exports' || name === 'module') return wholeOf(m, scope.file);
  return unknown;
}

function indexed(m: Machine, of: Value, by: Value): Value {
  if (by.k === 'text' && !by.partial) return memberOf(m, of, by.v);
  if (by.k === 'lit' && typeof by.v === 'number') return memberOf(m, of, String(by.v));
  if (of.k === 'obj' && !of.cls) return either([...of.props.values()]);
  return of.k === 'arr' ? either(of.items) : of.k === 'thing' ? { k: 'method', of, name: '[]' } : unknown;
}

function objectValue(m: Machine, scope: Scope, expr: Extract<Expr, { k: 'obj' }>): Value {
  const props = new Map<string, Value>();
  const spread: Value[] = [];
  for (const prop of expr.props) {
    const value = evaluate(m, scope, prop.value);
    if (prop.key !== '...') props.set(prop.key === '[]' ? `[${props.size}]` : prop.key, value);
    else if (value.k === 'obj') {
      spread.push(value);
      for (const [key, inner] of value.props) props.set(key, inner);
    }
  }
  return { k: 'obj', props, literal: { file: scope.file, fn: scope.fn, expr, spread } };
}

function binary(m: Machine, scope: Scope, expr: Extract<Expr, { k: 'bin' }>): Value {
  if (expr.op === '+') {
    const [l, r] = [written(m, scope, expr.l), written(m, scope, expr.r)];
    return text(l.text + r.text, l.partial || r.partial);
  }
  const left = evaluate(m, scope, expr.l);
  if (expr.op === '&&') return left.k === 'lit' && !left.v ? left : onlyIf(m, scope, expr.l, true, expr.r);
  if (expr.op === '||' || expr.op === '??') {
    if (left.k === 'lit' && !left.v) return evaluate(m, scope, expr.r);
    if (left.k !== 'unknown') return left;
    return evaluate(m, scope, expr.r);
  }
  const right = evaluate(m, scope, expr.r);
  const equal =
    left.k === 'text' && right.k === 'text' && !left.partial && !right.partial ? left.v === right.v : undefined;
  if (equal === undefined) return unknown;
  return /^[!=]==?$/.test(expr.op) ? { k: 'lit', v: expr.op.startsWith('=') ? equal : !equal } : unknown;
}

/** The right side of `test && …`, which runs only where the test holds. */
function onlyIf(m: Machine, scope: Scope, test: Expr, holding: boolean, then: Expr): Value {
  const certain = inProduction(m.site.code, scope, test);
  if (certain !== undefined) return certain === holding ? evaluate(m, scope, then) : nothing;
  return under(m, scope, test, holding, () => evaluate(m, scope, then));
}

/** Runs something of which it is open whether it runs. */
export function under<T>(m: Machine, { file, fn }: Scope, test: Expr, holding: boolean, run: () => T): T {
  m.open.push({ file, fn, test, holds: holding });
  const given = run();
  m.open.pop();
  return given;
}

/** Does a test hold? What the run knows, then what is known of production. */
export function holds(m: Machine, scope: Scope, test: Expr): boolean | undefined {
  const value = evaluate(m, scope, test);
  if (value.k === 'lit' && typeof value.v === 'boolean' && test.k === 'bin') return value.v;
  return inProduction(m.site.code, scope, test);
}

function choice(m: Machine, scope: Scope, expr: Extract<Expr, { k: 'cond' }>): Value {
  const certain = holds(m, scope, expr.test);
  if (certain !== undefined) return evaluate(m, scope, certain ? expr.then : expr.else);
  return either([
    under(m, scope, expr.test, true, () => evaluate(m, scope, expr.then)),
    under(m, scope, expr.test, false, () => evaluate(m, scope, expr.else)),
  ]);
}

function assign(m: Machine, scope: Scope, { target, value: given }: Extract<Expr, { k: 'assign' }>): Value {
  const value = evaluate(m, scope, given);
  if (target.k === 'pattern') {
    bindPattern(
      scope,
      target.pattern,
      value,
      (of, name) => memberOf(m, of, name),
      (expr) => evaluate(m, scope, expr),
    );
    return value;
  }
  if (target.k === 'index') {
    const [of, by] = [evaluate(m, scope, target.of), evaluate(m, scope, target.by)];
    if (of.k === 'obj') of.props.set(by.k === 'text' ? by.v : `[${of.props.size}]`, value);
    return value;
  }
  if (target.k !== 'ref' || setExport(m, scope.file, target.path, value)) return value;
  assignPath(m, scope, target.path, value);
  return value;
}

function assignPath(m: Machine, scope: Scope, path: string, value: Value): void {
  const dot = path.lastIndexOf('.');
  if (dot === -1) return bind(holderOf(scope, path) ?? moduleOf(scope), path, value);
  const of = evaluate(m, scope, { k: 'ref', path: path.slice(0, dot), at: 0 });
  const name = path.slice(dot + 1);
  if (of.k !== 'obj') return;
  const before = of.props.get(name);
  if (before && holdsThing(before) && !holdsThing(value)) return;
  of.props.set(name, value);
}
