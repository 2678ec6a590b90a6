import { localValue } from '../../code/reach/local-value.ts';
import type { CodeModel } from '../../code/model.ts';
import { lineOf, type Expr, type Stmt } from '../../code/summary.ts';
import { eachStmt, propOf, walkFile } from '../../code/walk.ts';

export interface ClassRef {
  readonly file: string;
  readonly cls: number;
}

/** What a list of a module comes down to. */
export interface Expanded {
  readonly classes: readonly ClassRef[];
  /** Literal dynamic modules: their own lists count too. */
  readonly dynamic: readonly { readonly file: string; readonly fn: number; readonly expr: Expr }[];
  readonly lost: readonly { readonly file: string; readonly line: number }[];
}

interface Gathering {
  readonly classes: ClassRef[];
  readonly dynamic: { readonly file: string; readonly fn: number; readonly expr: Expr }[];
  readonly lost: { readonly file: string; readonly line: number }[];
  readonly seen: Set<string>;
}

const deepest = 12;

/** Follows `imports`, `controllers` or `providers` through arrays, spreads, conditions, variables, functions and forwardRef. */
export function expand(code: CodeModel, file: string, fn: number, expr: Expr | undefined): Expanded {
  const gathering: Gathering = { classes: [], dynamic: [], lost: [], seen: new Set() };
  if (expr) follow({ code, into: gathering }, file, fn, expr, 0);
  return gathering;
}

interface Walk {
  readonly code: CodeModel;
  readonly into: Gathering;
}

function follow(walk: Walk, file: string, fn: number, expr: Expr, depth: number): void {
  if (depth > deepest) return;
  const next = (inner: Expr): void => follow(walk, file, fn, inner, depth + 1);
  switch (expr.k) {
    case 'arr':
      return expr.items.forEach(next);
    case 'spread':
    case 'await':
      return next(expr.of);
    case 'cond':
      next(expr.then);
      return next(expr.else);
    case 'bin':
      if (/^(?:\|\||&&|\?\?)$/.test(expr.op)) {
        if (expr.op !== '&&') next(expr.l);
        next(expr.r);
      }
      return undefined;
    case 'obj':
      return dynamicModule(walk, file, fn, expr, depth);
    case 'fn':
      return returns(walk, file, expr.fn, depth);
    case 'ref':
      return named(walk, file, fn, expr, depth);
    case 'call':
      return called(walk, file, fn, expr, depth);
    default:
      return undefined;
  }
}

/** `{ module: X, imports: […] }`, and `{ provide, useClass }` of a provider. */
function dynamicModule(walk: Walk, file: string, fn: number, expr: Expr, depth: number): void {
  const module = propOf(expr, 'module');
  if (module) walk.into.dynamic.push({ file, fn, expr });
  for (const key of ['module', 'useClass', 'useExisting']) {
    const value = propOf(expr, key);
    if (value) follow(walk, file, fn, value, depth + 1);
  }
}

function returns(walk: Walk, file: string, fn: number, depth: number): void {
  const key = `${file}\0${fn}`;
  const func = walk.code.get(file)?.summary.functions[fn];
  if (!func || walk.into.seen.has(key)) return;
  walk.into.seen.add(key);
  eachStmt(func.body, (stmt: Stmt) => {
    if (stmt.k === 'return' && stmt.of) follow(walk, file, fn, stmt.of, depth + 1);
  });
}

function named(walk: Walk, file: string, fn: number, expr: Extract<Expr, { k: 'ref' }>, depth: number): void {
  const origin = walk.code.origin(file, fn, expr);
  if (origin.kind === 'class' && origin.member === '')
    return void walk.into.classes.push({ file: origin.file, cls: origin.cls });
  if (origin.kind === 'package' || origin.kind === 'builtin' || origin.kind === 'global') return undefined;
  const local = localValue(walk.code, file, fn, expr.path);
  if (local) return value(walk, file, local.fn, expr.path, local.init, depth);
  if (origin.kind === 'value' && origin.member === '')
    return value(walk, origin.file, origin.fn, expr.path, origin.expr, depth);
  return lose(walk, file, expr.at);
}

function value(walk: Walk, file: string, fn: number, name: string, init: Expr, depth: number): void {
  const key = `${file}\0${name}`;
  if (walk.into.seen.has(key)) return undefined;
  walk.into.seen.add(key);
  follow(walk, file, fn, init, depth + 1);
  return pushed(walk, file, name, depth);
}

/** `modules.push(X)` after `const modules = []`. */
function pushed(walk: Walk, file: string, name: string, depth: number): void {
  const summary = walk.code.get(file)?.summary;
  if (!summary || name.includes('.')) return;
  walkFile(summary, (expr, fn) => {
    if (expr.k !== 'call' || expr.callee.k !== 'ref' || !/^(.+)\.(?:push|unshift)$/.test(expr.callee.path)) return;
    if (expr.callee.path.slice(0, expr.callee.path.lastIndexOf('.')) === name)
      for (const arg of expr.args) follow(walk, file, fn, arg, depth + 1);
  });
}

function called(walk: Walk, file: string, fn: number, expr: Extract<Expr, { k: 'call' }>, depth: number): void {
  const next = (inner: Expr): void => follow(walk, file, fn, inner, depth + 1);
  const { callee, args } = expr;
  if (callee.k === 'ref' && /(?:^|\.)(?:forwardRef|registerWhen)$/.test(callee.path))
    return args.slice(0, 1).forEach(next);
  if (callee.k === 'member')
    return /^(?:filter|concat|flat|slice|then|map|flatMap)$/.test(callee.name)
      ? [callee.of, ...args].forEach(next)
      : undefined;
  if (callee.k !== 'ref') return undefined;
  const list = /^(.+)\.(?:filter|concat|flat|slice)$/.exec(callee.path)?.[1];
  if (list !== undefined) {
    next({ k: 'ref', path: list, at: expr.at });
    return args.forEach((arg) => (arg.k === 'fn' ? undefined : next(arg)));
  }
  return method(walk, file, fn, expr, callee, depth);
}

/** `X.forRoot(…)` is X, and whatever its static method returns; a function of ours is what it returns. */
function method(
  walk: Walk,
  file: string,
  fn: number,
  expr: Expr & { k: 'call' },
  callee: Extract<Expr, { k: 'ref' }>,
  depth: number,
): void {
  const dot = callee.path.lastIndexOf('.');
  const owner =
    dot === -1 ? undefined : walk.code.origin(file, fn, { k: 'ref', path: callee.path.slice(0, dot), at: callee.at });
  if (owner?.kind === 'class' && owner.member === '') walk.into.classes.push({ file: owner.file, cls: owner.cls });
  const origin = walk.code.origin(file, fn, callee);
  if (origin.kind === 'function') returns(walk, origin.file, origin.fn, depth);
  else if (origin.kind === 'unknown' && owner?.kind !== 'class' && owner?.kind !== 'package') lose(walk, file, expr.at);
}

const lose = (walk: Walk, file: string, at: number): void => void walk.into.lost.push({ file, line: lineOf(at) });
