import type { SourceFile } from '../../code/model.ts';
import type { Expr, Import } from '../../code/summary.ts';
import { eachStmt, walkStmts } from '../../code/walk.ts';
import { isConfigService, type Call } from './config-service.ts';
import { headsOf } from './heads.ts';
import { headOf, joinPath, type Found, type Names, type Spot } from './names.ts';
import { envLibrary, parseOf } from './techniques.ts';

/** A chain that begins at the environment: `path` is '' for the whole of it, else the variable and what hangs on it. */
interface EnvPath {
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
  /** A function that gives back the environment as a whole. */
  gives(spot: Spot): boolean;
  /** Parameters that callers fill with the environment. */
  mark(file: string, fn: number, index: number): boolean;
}

interface Known {
  readonly names: Names;
  readonly marked: ReadonlySet<string>;
  readonly objects: EnvObjects;
  /** Answers so far; also what keeps a circle from being followed for ever. */
  chains: Map<Expr, EnvPath | undefined>;
  heads: Map<string, ReadonlySet<string>>;
  /** By file: it names the environment, or a library that reads it. */
  readonly speaking: Map<string, boolean>;
  /** By function: the parameter by which it reads a variable. */
  readers: Map<string, number | undefined>;
}

const deepest = 6;
const direct = /^(?:globalThis\.|global\.)?(?:process\.env|Bun\.env|import\.meta\.env)(?:\.|$)/;

export function envObjects(names: Names): EnvObjects {
  const marked = new Set<string>();
  const objects: EnvObjects = {
    names,
    pathOf: (spot, expr) => pathOf(known, spot, expr, 0),
    gathers: (spot, expr) => gathers(known, spot, expr),
    gives: (spot) => returned(known, spot, 0) !== undefined,
    mark(file, fn, index) {
      const key = `${file}\0${fn}\0${index}`;
      if (marked.has(key)) return false;
      marked.add(key);
      known.chains = new Map();
      known.heads = new Map();
      known.readers = new Map();
      return true;
    },
  };
  const known: Known = {
    names,
    marked,
    objects,
    chains: new Map(),
    heads: new Map(),
    speaking: new Map(),
    readers: new Map(),
  };
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
      return once(k, expr, () => whole(k, spot, expr, depth));
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
  if (direct.test(expr.path)) return directPath(expr.path);
  if (!headsIn(k, spot.file).has(headOf(expr.path)[0])) return undefined;
  return once(k, expr, () => ofFound(k, k.names.follow(spot, expr.path), depth + 1));
}

/** The names of a file that are worth following. */
function headsIn(k: Known, file: string): ReadonlySet<string> {
  const found = k.heads.get(file);
  if (found) return found;
  const source = k.names.model.get(file);
  const heads = source
    ? headsOf(
        source,
        (imported, name) => leads(k, source, imported, name),
        (fn, index) => isEnvParam(k, { file, fn, index }),
      )
    : new Set<string>();
  k.heads.set(file, heads);
  return heads;
}

/** A name from a file that names the environment, also through files that pass it on. */
function leads(k: Known, source: SourceFile, imported: Import, name: string): boolean {
  if (imported.typeOnly) return false;
  if (imported.from.startsWith('$env/')) return true;
  const target = source.resolve(imported.from);
  if (target.kind === 'builtin') return target.name === 'process';
  return target.kind === 'file' && exportLeads(k, target.path, name, target.path, 0);
}

function exportLeads(k: Known, file: string, name: string, start: string, depth: number): boolean {
  const held = name === '*' ? undefined : k.names.exporter(file, name);
  const source = held?.source ?? k.names.model.get(file);
  if (!source || (name !== '*' && !held) || depth > deepest) return false;
  const from = held?.export.from;
  if (from === undefined) return speaks(k, source) || passesOn(source) || (source.path !== start && hears(k, source));
  const target = source.resolve(from);
  return target.kind === 'file' && exportLeads(k, target.path, held?.export.imported ?? name, start, depth + 1);
}

function speaks(k: Known, { path, head }: SourceFile): boolean {
  const known = k.speaking.get(path);
  if (known !== undefined) return known;
  const found = head.namesEnvironment || head.imports.some((i) => envLibrary.test(i.from));
  k.speaking.set(path, found);
  return found;
}

/** It imports from a file that speaks: what it exports may be made of that. */
const hears = (k: Known, source: SourceFile): boolean =>
  k.names.model.importsOf(source.path).some((path) => {
    const imported = k.names.model.get(path);
    return imported !== undefined && speaks(k, imported);
  });

const passesOn = ({ head }: SourceFile): boolean => head.exports.some((e) => e.from !== undefined);

function once(k: Known, expr: Expr, ask: () => EnvPath | undefined): EnvPath | undefined {
  if (k.chains.has(expr)) return k.chains.get(expr);
  k.chains.set(expr, undefined);
  const found = ask();
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

function isEnvParam(k: Known, found: Spot & { readonly index: number }): boolean {
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
  return ofCalled(k, spot, expr, depth);
}

/** A call of a function of the repository: it may give the environment, wrap what it is given, or read one variable by its name. */
function ofCalled(k: Known, spot: Spot, call: Call, depth: number): EnvPath | undefined {
  const callee = k.names.resolve(spot, call.callee);
  if (callee?.k !== 'function' || callee.rest !== '') return configValue(k, spot, call);
  const name = readsParam(k, callee, 0);
  const arg = name === undefined || call.args.length !== 1 ? undefined : call.args[name];
  if (arg?.k === 'str') return { path: arg.v, checked: false };
  const given = call.args.findIndex((a) => isWhole(k, spot, a, depth));
  if (given !== -1 && passesBack(k, callee, given)) return { path: '', checked: false };
  return returned(k, callee, depth);
}

/** `config.get('X')` of NestJS, without a default. */
function configValue(k: Known, spot: Spot, call: Call): EnvPath | undefined {
  const [first, second] = call.args;
  if (first?.k !== 'str' || (second && second.k !== 'obj') || !/^[A-Z][A-Z0-9_]*$/.test(first.v)) return undefined;
  return isConfigService(k.names, spot, call) ? { path: first.v, checked: false } : undefined;
}

/** The parameter by which a function reads a variable. */
function readsParam(k: Known, spot: Spot, depth: number): number | undefined {
  const key = `${spot.file}\0${spot.fn}`;
  if (k.readers.has(key) || depth > 3) return k.readers.get(key);
  k.readers.set(key, undefined);
  const func = k.names.model.get(spot.file)?.summary.functions[spot.fn];
  const indexOf = (expr: Expr): number =>
    expr.k === 'ref' && func
      ? func.params.findIndex((p) => p.pattern.k === 'name' && p.pattern.name === expr.path)
      : -1;
  let found: number | undefined;
  walkStmts(func?.params.length ? func.body : [], (e) => {
    if (found !== undefined) return false;
    const index = e.k === 'index' ? indexOf(e.by) : -1;
    if (e.k === 'index' && index !== -1 && isWhole(k, spot, e.of, depth)) found = index;
    const passed = e.k === 'call' ? e.args.findIndex((a) => indexOf(a) !== -1) : -1;
    const inner = e.k === 'call' && passed !== -1 ? k.names.resolve(spot, e.callee) : undefined;
    if (e.k === 'call' && inner?.k === 'function' && inner.rest === '' && readsParam(k, inner, depth + 1) === passed)
      found = indexOf(e.args[passed] ?? e);
    return found === undefined;
  });
  k.readers.set(key, found);
  return found;
}

/** Returns what it was given, as it is or behind a proxy. */
function passesBack(k: Known, spot: Spot, index: number): boolean {
  const func = k.names.model.get(spot.file)?.summary.functions[spot.fn];
  const param = func?.params[index]?.pattern;
  const isParam = (expr: Expr | undefined): boolean =>
    param?.k === 'name' && expr?.k === 'ref' && expr.path === param.name;
  let found = false;
  eachStmt(func?.body ?? [], (stmt) => {
    if (stmt.k !== 'return' || !stmt.of) return;
    const proxied =
      stmt.of.k === 'call' && stmt.of.new === true && stmt.of.callee.k === 'ref' && stmt.of.callee.path === 'Proxy';
    if (isParam(stmt.of) || (proxied && stmt.of.k === 'call' && isParam(stmt.of.args[0]))) found = true;
  });
  return found;
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
