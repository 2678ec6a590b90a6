import type { Expr } from '../../code/summary.ts';
import { eachStmt } from '../../code/walk.ts';
import { joinPath, type Found, type Names, type Spot } from './names.ts';
import { parseOf } from './techniques.ts';

/** A chain that begins at the environment: `path` is '' for the whole of it, else the variable and what hangs on it. */
export interface EnvPath {
  readonly path: string;
  /** The environment as a schema returned it. */
  readonly checked: boolean;
}

/** Tells which expressions are the environment. */
export interface EnvObjects {
  readonly names: Names;
  pathOf(spot: Spot, expr: Expr): EnvPath | undefined;
  /** An object literal that gathers variables under their own names, or the environment itself. */
  gathers(spot: Spot, expr: Expr): boolean;
  /** Parameters that callers fill with the environment. */
  mark(file: string, fn: number, index: number): boolean;
}

interface Known {
  readonly names: Names;
  readonly marked: ReadonlySet<string>;
  readonly objects: EnvObjects;
  readonly chains: WeakMap<Expr, EnvPath | undefined>;
}

const deepest = 6;
const direct = /^(?:globalThis\.|global\.)?(?:process\.env|Bun\.env|import\.meta\.env)(?:\.|$)/;

export function envObjects(names: Names): EnvObjects {
  const marked = new Set<string>();
  const objects: EnvObjects = {
    names,
    pathOf: (spot, expr) => pathOf(known, spot, expr, 0),
    gathers: (spot, expr) => gathers(known, spot, expr),
    mark(file, fn, index) {
      const key = `${file}\0${fn}\0${index}`;
      return !marked.has(key) && !!marked.add(key);
    },
  };
  const known: Known = { names, marked, objects, chains: new WeakMap() };
  return objects;
}

function pathOf(k: Known, spot: Spot, expr: Expr, depth: number): EnvPath | undefined {
  if (depth > deepest) return undefined;
  switch (expr.k) {
    case 'ref':
      return ofRef(k, spot, expr, depth);
    case 'await':
      return pathOf(k, spot, expr.of, depth + 1);
    case 'member':
      return extended(pathOf(k, spot, expr.of, depth + 1), expr.name);
    case 'index': {
      const name = k.names.model.literal(spot.file, spot.fn, expr.by);
      return typeof name === 'string' ? extended(pathOf(k, spot, expr.of, depth + 1), name) : undefined;
    }
    case 'call':
    case 'obj':
    case 'bin':
      return whole(k, spot, expr, depth);
    default:
      return undefined;
  }
}

const extended = (env: EnvPath | undefined, path: string): EnvPath | undefined =>
  env && plain({ ...env, path: joinPath(env.path, path) });

/** What a schema returns may lie one member deeper. */
function plain(env: EnvPath): EnvPath {
  return env.checked
    ? { ...env, path: env.path.replace(/^(?:data|value|output|right|success|env)(?=\.|$)\.?/, '') }
    : env;
}

function ofRef(k: Known, spot: Spot, expr: Extract<Expr, { k: 'ref' }>, depth: number): EnvPath | undefined {
  if (k.chains.has(expr)) return k.chains.get(expr);
  k.chains.set(expr, undefined);
  const found = direct.test(expr.path) ? directPath(expr.path) : ofFound(k, k.names.follow(spot, expr.path), depth + 1);
  k.chains.set(expr, found);
  return found;
}

const directPath = (path: string): EnvPath => ({ path: path.replace(direct, ''), checked: false });

function ofFound(k: Known, found: Found | undefined, depth: number): EnvPath | undefined {
  switch (found?.k) {
    case 'global':
      return direct.test(found.path) ? directPath(found.path) : undefined;
    case 'param':
      return isEnvParam(k, found) ? { path: found.rest, checked: false } : undefined;
    case 'expr':
      return found.expr.k === 'ref' ? undefined : extended(pathOf(k, found, found.expr, depth + 1), found.rest);
    default:
      return undefined;
  }
}

function isEnvParam(k: Known, found: Extract<Found, { k: 'param' }>): boolean {
  if (k.marked.has(`${found.file}\0${found.fn}\0${found.index}`)) return true;
  const param = k.names.model.get(found.file)?.summary.functions[found.fn]?.params[found.index];
  if (param?.type && /\bProcessEnv\b/.test(param.type)) return true;
  return param?.default?.k === 'ref' && direct.test(param.default.path) && directPath(param.default.path).path === '';
}

/** Calls and literals that give the environment as a whole. */
function whole(k: Known, spot: Spot, expr: Expr, depth: number): EnvPath | undefined {
  if (expr.k === 'obj') {
    const spread = expr.props.some((p) => p.key === '...' && isWhole(k, spot, p.value, depth));
    return spread ? { path: '', checked: false } : undefined;
  }
  if (expr.k === 'bin') return expr.op === '||' || expr.op === '??' ? either(k, spot, expr, depth) : undefined;
  if (expr.k !== 'call') return undefined;
  if (parseOf(k.objects, spot, expr)) return { path: '', checked: true };
  if (expr.callee.k === 'ref' && /^Object\.(?:freeze|assign)$/.test(expr.callee.path)) {
    return expr.args.some((arg) => isWhole(k, spot, arg, depth)) ? { path: '', checked: false } : undefined;
  }
  const callee = k.names.resolve(spot, expr.callee);
  return callee?.k === 'function' && callee.rest === '' ? returned(k, callee, depth) : undefined;
}

const isWhole = (k: Known, spot: Spot, expr: Expr, depth: number): boolean =>
  pathOf(k, spot, expr, depth + 1)?.path === '';

function either(k: Known, spot: Spot, expr: Extract<Expr, { k: 'bin' }>, depth: number): EnvPath | undefined {
  const l = pathOf(k, spot, expr.l, depth + 1);
  return l?.path === '' ? l : undefined;
}

function returned(k: Known, callee: Spot, depth: number): EnvPath | undefined {
  const body = k.names.model.get(callee.file)?.summary.functions[callee.fn]?.body ?? [];
  let found: EnvPath | undefined;
  eachStmt(body, (stmt) => {
    if (stmt.k !== 'return' || !stmt.of || found) return;
    const env = pathOf(k, callee, stmt.of, depth + 1);
    if (env?.path === '') found = env;
  });
  return found;
}

function gathers(k: Known, spot: Spot, expr: Expr): boolean {
  if (isWhole(k, spot, expr, 0)) return true;
  if (expr.k === 'ref') {
    const found = k.names.resolve(spot, expr);
    return found?.k === 'expr' && found.rest === '' && found.expr.k === 'obj' && gathers(k, found, found.expr);
  }
  if (expr.k !== 'obj') return false;
  const read = expr.props.filter((p) => carries(k, spot, p.key, p.value, 0));
  return read.length > 0 && read.length * 2 >= expr.props.length;
}

/** `X: process.env.X`, also through `.trim()`, `Number()`, a normaliser or a fallback. */
function carries(k: Known, spot: Spot, key: string, expr: Expr, depth: number): boolean {
  if (depth > 3) return false;
  const env = pathOf(k, spot, expr, 0);
  if (env) return env.path !== '' || key === '...';
  if (expr.k === 'bin') return carries(k, spot, key, expr.l, depth + 1);
  if (expr.k === 'cond') return carries(k, spot, key, expr.then, depth + 1);
  if (expr.k !== 'call') return false;
  return [...expr.args, expr.callee.k === 'member' ? expr.callee.of : expr.callee].some(
    (e) => e.k !== 'fn' && carries(k, spot, key, e, depth + 1),
  );
}
