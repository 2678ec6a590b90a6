import type { CodeModel, SourceFile } from '../../code/model.ts';
import { inProduction, type Spot } from '../../code/production.ts';
import { scopesOf, type Binding, type Scopes } from '../../code/scopes.ts';
import type { Expr, Stmt } from '../../code/summary.ts';
import { eachStmt, propOf } from '../../code/walk.ts';

/** An expression and where it stands. */
export interface Written extends Spot {
  readonly expr: Expr;
}

/** What names were given where they were declared. */
export interface Bindings {
  lookup(spot: Spot, name: string): Binding | undefined;
  /** The expression behind names, choices and functions that return it; calls of packages and literals stand for themselves. */
  written(spot: Spot, expr: Expr): Written | undefined;
}

const deepest = 10;

export function createBindings(code: CodeModel): Bindings {
  const known = new WeakMap<SourceFile, Scopes>();
  const lookup: Bindings['lookup'] = ({ file, fn }, name) => {
    const source = code.get(file);
    if (!source) return undefined;
    const scopes = known.get(source) ?? scopesOf(source.summary);
    known.set(source, scopes);
    return scopes.lookup(fn, name);
  };
  const reading: Reading = { code, lookup };
  return { lookup, written: (spot, expr) => follow(reading, { file: spot.file, fn: spot.fn, expr }, 0) };
}

interface Reading {
  readonly code: CodeModel;
  readonly lookup: Bindings['lookup'];
}

function follow(r: Reading, at: Written, depth: number): Written | undefined {
  const { expr } = at;
  if (depth > deepest) return undefined;
  const again = (inner: Expr): Written | undefined => follow(r, { ...at, expr: inner }, depth + 1);
  switch (expr.k) {
    case 'await':
      return again(expr.of);
    case 'cond': {
      const chosen = inProduction(r.code, at, expr.test);
      return again(chosen === false ? expr.else : expr.then);
    }
    case 'bin':
      return expr.op === '||' || expr.op === '??' ? again(expr.l) : expr.op === '&&' ? again(expr.r) : at;
    case 'ref':
      return ofName(r, at, expr.path, depth);
    case 'call':
      return ofCall(r, at, expr, depth);
    default:
      return at;
  }
}

function ofName(r: Reading, at: Written, path: string, depth: number): Written | undefined {
  const [head = '', ...rest] = path.split('.');
  if (head === 'this') return rest.length === 1 ? ofThis(r, at, rest[0] ?? '', depth) : undefined;
  const binding = r.lookup(at, head);
  if (!binding) return at;
  if (binding.k === 'value') {
    const init = binding.init && follow(r, { file: at.file, fn: binding.fn, expr: binding.init }, depth + 1);
    return init && within(r, init, [...(binding.path ? binding.path.split('.') : []), ...rest], depth);
  }
  if (binding.k !== 'import') return at;
  const target = r.code.get(at.file)?.resolve(binding.from);
  if (target?.kind !== 'file') return at;
  const [name = '', ...inner] = binding.imported === '*' ? rest : [binding.imported, ...rest];
  const exported = ofExport(r, target.path, name, depth + 1);
  return exported && within(r, exported, inner, depth);
}

/** A member of an object literal. */
function within(r: Reading, at: Written, path: readonly string[], depth: number): Written | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return at;
  const value = propOf(at.expr, name);
  const found = value && follow(r, { ...at, expr: value }, depth + 1);
  return found && within(r, found, rest, depth);
}

function ofExport(r: Reading, file: string, name: string, depth: number): Written | undefined {
  const source = r.code.get(file);
  if (!source || depth > deepest) return undefined;
  const head = source.head.exports.find((one) => one.name === name && !one.typeOnly);
  const from = head ? head.from : undefined;
  const stars = head ? [] : source.head.exports.filter((one) => one.name === '*' && one.from !== undefined);
  for (const specifier of from === undefined ? stars.flatMap((one) => one.from ?? []) : [from]) {
    const target = source.resolve(specifier);
    const found = target.kind === 'file' ? ofExport(r, target.path, head?.imported ?? name, depth + 1) : undefined;
    if (found) return found;
  }
  if (!head || from !== undefined) return undefined;
  const full = source.summary.exports.find((one) => one.name === name && one.at === head.at) ?? head;
  const expr: Expr = full.value ?? { k: 'ref', path: full.local ?? name, at: full.at };
  return follow(r, { file, fn: 0, expr }, depth + 1);
}

function ofThis(r: Reading, at: Written, name: string, depth: number): Written | undefined {
  const summary = r.code.get(at.file)?.summary;
  let owner: number | undefined;
  for (let fn = at.fn; fn > 0 && owner === undefined; fn = summary?.functions[fn]?.parent ?? -1)
    owner = summary?.functions[fn]?.owner;
  const cls = owner === undefined ? undefined : summary?.classes[owner];
  const value = cls?.members.find((member) => member.name === name)?.value;
  if (cls && value) return follow(r, { file: at.file, fn: cls.parent, expr: value }, depth + 1);
  const fn = cls?.members.find(({ kind }) => kind === 'constructor')?.fn;
  const given = fn === undefined ? undefined : assigned(summary?.functions[fn]?.body ?? [], `this.${name}`);
  return fn === undefined || !given ? undefined : follow(r, { file: at.file, fn, expr: given }, depth + 1);
}

function assigned(body: readonly Stmt[], path: string): Expr | undefined {
  let found: Expr | undefined;
  eachStmt(body, (stmt) => {
    if (stmt.k !== 'expr' || stmt.of.k !== 'assign') return;
    const { target, value } = stmt.of;
    if (target.k === 'ref' && target.path === path) found = value;
  });
  return found;
}

/** A call of a function of the repository stands for what it returns. */
function ofCall(r: Reading, at: Written, expr: Extract<Expr, { k: 'call' }>, depth: number): Written | undefined {
  const origin = r.code.origin(at.file, at.fn, expr.callee);
  if (origin.kind !== 'function' || origin.called || origin.member) return at;
  const spot = { file: origin.file, fn: origin.fn };
  const returned = returnsOf(r.code, spot);
  for (const value of returned) {
    const found = follow(r, { ...spot, expr: value }, depth + 1);
    if (found?.expr.k === 'call') return found;
  }
  return at;
}

/** The values that a function returns, the last first. */
export function returnsOf(code: CodeModel, { file, fn }: Spot): readonly Expr[] {
  const found: Expr[] = [];
  eachStmt(code.get(file)?.summary.functions[fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of) found.unshift(stmt.of);
  });
  return found;
}
