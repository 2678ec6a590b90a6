import type { CodeModel } from '../model.ts';
import type { Expr, FileSummary, Func, Pattern, Stmt } from '../summary.ts';
import { eachStmt, pathOf, walkExpr, walkFunction } from '../walk.ts';
import type { Names } from './names.ts';
import { isSecretName, isStoredName, settingGetter } from './settings.ts';

/** Tells by names alone, without following anything, whether code has to do with a secret or the mode of the service. */
export interface Concern {
  /** False only when following this function cannot lead to a place where either is read. */
  reaches(file: string, fn: number): boolean;
}

/** A piece of code that following may enter: a function, or a value outside of functions. */
interface Piece {
  readonly file: string;
  readonly fn: number;
  /** Undefined for the whole function. */
  readonly value?: Expr;
}

interface Content {
  readonly mentions: boolean;
  readonly leadsTo: readonly Piece[];
}

export function createConcern(model: CodeModel, names: Names, near: ReadonlySet<string>): Concern {
  const functions = new Map<string, Content>();
  const values = new Map<Expr, Content>();
  const decided = new Map<string, boolean>();
  const contentOf = (piece: Piece): Content => {
    const key = keyOf(piece);
    const found = piece.value ? values.get(piece.value) : functions.get(key);
    if (found) return found;
    const made = read({ model, names, near }, piece);
    if (piece.value) values.set(piece.value, made);
    else functions.set(key, made);
    return made;
  };
  return {
    reaches(file, fn) {
      const root: Piece = { file, fn };
      const known = decided.get(keyOf(root));
      if (known !== undefined) return known;
      const seen = new Set<string | Expr>([keyOf(root)]);
      const open = [root];
      for (let piece = open.pop(); piece; piece = open.pop()) {
        const before = piece.value ? undefined : decided.get(keyOf(piece));
        if (before === false) continue;
        const content = contentOf(piece);
        if (before || content.mentions) {
          decided.set(keyOf(root), true);
          return true;
        }
        for (const next of content.leadsTo) {
          const id = next.value ?? keyOf(next);
          if (!seen.has(id)) open.push(next);
          seen.add(id);
        }
      }
      // What was come by leads to no more than what was looked at.
      for (const id of seen) if (typeof id === 'string') decided.set(id, false);
      return false;
    },
  };
}

const keyOf = ({ file, fn }: Piece): string => `${fn} ${file}`;

interface Ground {
  readonly model: CodeModel;
  readonly names: Names;
  readonly near: ReadonlySet<string>;
}

interface Reading extends Ground {
  readonly file: string;
  readonly summary: FileSummary;
  readonly leadsTo: Piece[];
  mentions: boolean;
}

function read(ground: Ground, { file, fn, value }: Piece): Content {
  const summary = ground.model.get(file)?.summary;
  if (!summary) return { mentions: false, leadsTo: [] };
  const reading: Reading = { ...ground, file, summary, leadsTo: [], mentions: false };
  if (value) readExpr(reading, fn, value);
  else readFunction(reading, fn);
  return reading;
}

function readFunction(r: Reading, fn: number): void {
  const func = r.summary.functions[fn];
  if (!func) return;
  walkFunction(func, (expr) => one(r, fn, expr));
  for (const pattern of patternsOf(func)) readPattern(r, fn, pattern);
}

const readExpr = (r: Reading, fn: number, expr: Expr): void => walkExpr(expr, (inner) => one(r, fn, inner));

function one(r: Reading, fn: number, expr: Expr): void {
  switch (expr.k) {
    case 'ref':
      return readPath(r, fn, expr.path);
    case 'member':
      r.mentions ||= isStoredName(expr.name);
      return;
    case 'str':
      r.mentions ||= endsInSecret.test(expr.v);
      return;
    case 'template':
      r.mentions ||= expr.parts.some((part) => endsInSecret.test(part));
      return;
    case 'fn':
      // A callback may run wherever it is handed to.
      return readFunction(r, expr.fn);
    case 'assign':
      return expr.target.k === 'pattern' ? readPattern(r, fn, expr.target.pattern) : undefined;
    case 'call':
      return readCall(r, fn, expr);
    default:
  }
}

/** The name of a stored secret, or the end of one. */
const endsInSecret = /secret$/i;

function readPattern(r: Reading, fn: number, pattern: Pattern): void {
  if (pattern.k === 'arr') for (const item of pattern.items) item && readPattern(r, fn, item);
  if (pattern.k !== 'obj') return;
  for (const prop of pattern.props) {
    r.mentions ||= isStoredName(prop.key);
    if (prop.default) readExpr(r, fn, prop.default);
    readPattern(r, fn, prop.pattern);
  }
}

function patternsOf(func: Func): readonly Pattern[] {
  const found: Pattern[] = func.params.map((param) => param.pattern);
  eachStmt(func.body, (stmt) => {
    const pattern = boundBy(stmt);
    if (pattern) found.push(pattern);
  });
  return found;
}

const boundBy = (stmt: Stmt): Pattern | undefined =>
  stmt.k === 'let' ? stmt.pattern : stmt.k === 'loop' ? stmt.binding : stmt.k === 'try' ? stmt.param : undefined;

const environment = /^(?:process|Bun)\.env(?:\.|$)|^import\.meta\.env(?:\.|$)/;

function readPath(r: Reading, fn: number, path: string): void {
  const [head = '', ...rest] = path.split('.');
  if (environment.test(path)) {
    const name = rest[head === 'import' ? 2 : 1];
    r.mentions ||= name === undefined || isAsked(name);
    return;
  }
  r.mentions ||= rest.some(isStoredName);
  if (head === 'this') return readOwn(r, fn, rest[0]);
  const named = r.names.lookup(r.file, fn, head);
  add(r, named && 'namespace' in named ? r.names.exported(named.namespace, rest[0] ?? '') : named);
}

const isAsked = (name: string): boolean => name === 'NODE_ENV' || isSecretName(name) || isStoredName(name);

function add(r: Reading, named: ReturnType<Names['lookup']>): void {
  if (!named || 'package' in named || 'namespace' in named) return;
  if ('value' in named) r.leadsTo.push({ file: named.file, fn: 0, value: named.value });
  else if (named.binding.k === 'function') r.leadsTo.push({ file: named.file, fn: named.binding.fn });
  else if (named.binding.k === 'value' && named.binding.init)
    r.leadsTo.push({ file: named.file, fn: named.binding.fn, value: named.binding.init });
}

/** `this.x`: the member of the class around it, with what its methods set. */
function readOwn(r: Reading, fn: number, name: string | undefined): void {
  let at = fn;
  while (at > 0 && r.summary.functions[at]?.owner === undefined) at = r.summary.functions[at]?.parent ?? -1;
  const owner = r.summary.functions[at]?.owner;
  if (owner !== undefined && name !== undefined) addMembers(r, r.file, owner, name);
}

/** The members of a class with this name, or all. */
function addMembers(r: Reading, file: string, index: number, name?: string): void {
  const cls = r.model.get(file)?.summary.classes[index];
  if (!cls) return;
  for (const member of cls.members) {
    if (name !== undefined && member.name !== name) continue;
    if (member.fn !== undefined) r.leadsTo.push({ file, fn: member.fn });
    if (member.value) r.leadsTo.push({ file, fn: cls.parent, value: member.value });
  }
  for (const [set, setters] of r.names.setters(file, cls))
    if (name === undefined || set === name) for (const { fn, value } of setters) r.leadsTo.push({ file, fn, value });
}

function readCall(r: Reading, fn: number, call: Extract<Expr, { k: 'call' }>): void {
  const path = pathOf(call.callee);
  if (/(?:^|\.)createEnv$/.test(path)) r.mentions = true;
  if (settingGetter.test(path)) r.mentions ||= call.args.some((arg) => arg.k !== 'str' || isAsked(arg.v));
  const origin = r.names.callee(r.file, fn, call.callee);
  if (origin.kind === 'class') addMembers(r, origin.file, origin.cls);
  if (origin.kind === 'function' && mayEnter(r, origin)) r.leadsTo.push({ file: origin.file, fn: origin.fn });
}

/** Without a secret in hand, only what stands near one or is short is entered. */
const mayEnter = (r: Reading, { file, fn }: Piece): boolean =>
  file === r.file || r.near.has(file) || isShort(r.model.get(file)?.summary.functions[fn]);

/** Longer functions that stand far from any secret are not followed. */
export const isShort = (func: Func | undefined): boolean => (func?.body.length ?? 0) <= 3;
