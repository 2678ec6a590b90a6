import type { CodeModel } from '../model.ts';
import type { Expr, FileSummary, Func, Pattern, Stmt } from '../summary.ts';
import { eachStmt, pathOf, walkExpr, walkFunction } from '../walk.ts';
import type { Names } from './names.ts';
import { isSecretName, isStoredName, settingGetter } from './settings.ts';

/** What following a function can come by. */
export interface Reach {
  /** A secret that is read. */
  readonly secret: boolean;
  /** The question whether this is production. */
  readonly mode: boolean;
}

/** Tells by names alone, without following anything, whether code has to do with a secret or the mode of the service. */
export interface Concern {
  /** Both false only when following this function cannot lead to a place where either is read. */
  reach(file: string, fn: number): Reach;
}

/** A piece of code that following may enter: a function, or a value outside of functions. */
interface Piece {
  readonly file: string;
  readonly fn: number;
  /** Undefined for the whole function. */
  readonly value?: Expr;
}

/** What stands in a piece, and in all that it leads to. */
interface Marks {
  /** All settings as one object: a name decides elsewhere which of them is read. */
  settings: boolean;
  /** A member, key or text with the name of a secret. */
  secretName: boolean;
  modeName: boolean;
  secret: boolean;
  mode: boolean;
}

interface Content extends Readonly<Marks> {
  readonly leadsTo: readonly Piece[];
}

const unmarked = (): Marks => ({ settings: false, secretName: false, modeName: false, secret: false, mode: false });

export function createConcern(model: CodeModel, names: Names, near: ReadonlySet<string>): Concern {
  const functions = new Map<string, Content>();
  const values = new Map<Expr, Content>();
  /** From these no mark is reached. */
  const clean = new Set<string | Expr>();
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
    reach(file, fn) {
      const marks = unmarked();
      const root: Piece = { file, fn };
      const seen = new Set<string | Expr>([keyOf(root)]);
      const open = [root];
      for (const piece of open) {
        const content = contentOf(piece);
        mark(marks, content);
        if (marks.secret) break;
        for (const next of content.leadsTo) {
          const id = next.value ?? keyOf(next);
          if (!seen.has(id) && !clean.has(id)) open.push(next);
          seen.add(id);
        }
      }
      if (!Object.values(marks).includes(true)) for (const id of seen) clean.add(id);
      return { secret: marks.secret, mode: marks.mode };
    },
  };
}

function mark(all: Marks, { settings, secretName, modeName, secret, mode }: Readonly<Marks>): void {
  all.settings ||= settings;
  all.secretName ||= secretName;
  all.modeName ||= modeName;
  all.secret ||= secret || (all.settings && all.secretName);
  all.mode ||= mode || (all.settings && all.modeName);
}

const keyOf = ({ file, fn }: Piece): string => `${fn} ${file}`;

interface Ground {
  readonly model: CodeModel;
  readonly names: Names;
  readonly near: ReadonlySet<string>;
}

interface Reading extends Ground, Marks {
  readonly file: string;
  readonly summary: FileSummary;
  readonly leadsTo: Piece[];
}

function read(ground: Ground, { file, fn, value }: Piece): Content {
  const summary = ground.model.get(file)?.summary;
  if (!summary) return { ...unmarked(), leadsTo: [] };
  const reading: Reading = { ...ground, ...unmarked(), file, summary, leadsTo: [] };
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
      return readName(r, expr.name);
    case 'str':
      return identifier.test(expr.v) ? readName(r, expr.v) : undefined;
    case 'template':
      // A name may be put together.
      return expr.parts.forEach((part) => readName(r, part));
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

const identifier = /^[A-Za-z_$][\w$]*$/;

/** A name by which a setting, or the secret of a record, may be asked for. */
function readName(r: Reading, name: string): void {
  r.secretName ||= isSecretName(name);
  r.modeName ||= name === 'NODE_ENV';
  r.secret ||= isStoredName(name);
}

function readPattern(r: Reading, fn: number, pattern: Pattern): void {
  if (pattern.k === 'arr') for (const item of pattern.items) if (item) readPattern(r, fn, item);
  if (pattern.k !== 'obj') return;
  for (const prop of pattern.props) {
    readName(r, prop.key);
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
  if (environment.test(path)) return readSetting(r, rest[head === 'import' ? 2 : 1]);
  for (const name of rest) readName(r, name);
  if (head === 'this') return readOwn(r, fn, rest[0]);
  const named = r.names.lookup(r.file, fn, head);
  add(r, named && 'namespace' in named ? r.names.exported(named.namespace, rest[0] ?? '') : named);
}

function readSetting(r: Reading, name: string | undefined): void {
  if (name === undefined) r.settings = true;
  else if (name === 'NODE_ENV') r.mode = true;
  else r.secret ||= isSecretName(name) || isStoredName(name);
}

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
  if (/(?:^|\.)createEnv$/.test(path)) r.settings = true;
  if (settingGetter.test(path)) for (const arg of call.args) readSetting(r, arg.k === 'str' ? arg.v : undefined);
  if (!mayBeOwn(r, fn, path)) return;
  const origin = r.names.callee(r.file, fn, call.callee);
  if (origin.kind === 'class') addMembers(r, origin.file, origin.cls);
  if (origin.kind === 'function' && mayEnter(r, origin)) r.leadsTo.push({ file: origin.file, fn: origin.fn });
}

/** Cheap, before the callee is followed: globals and what packages export are nobody's function here. */
function mayBeOwn(r: Reading, fn: number, path: string): boolean {
  const head = path.split('.')[0] ?? '';
  if (head === '' || head === 'this' || head === 'super' || head === 'require') return true;
  const named = r.names.lookup(r.file, fn, head);
  return named !== undefined && !('package' in named);
}

/** Without a secret in hand, only what stands near one or is short is entered. */
const mayEnter = (r: Reading, { file, fn }: Piece): boolean =>
  file === r.file || r.near.has(file) || isShort(r.model.get(file)?.summary.functions[fn]);

/** Longer functions that stand far from any secret are not followed. */
export const isShort = (func: Func | undefined): boolean => (func?.body.length ?? 0) <= 3;
