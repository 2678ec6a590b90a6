import type { Class, Expr, FileSummary, Pattern, Position, Stmt } from './summary.ts';
import { insideOf } from './walk.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;
type ObjectExpr = Extract<Expr, { k: 'obj' }>;

/** A test around a piece of code, and whether the code runs when it holds or when it does not. */
export interface Condition {
  readonly test: Expr;
  readonly holds: boolean;
}

/** A call with what surrounds it. */
export interface CallSite {
  readonly file: string;
  readonly fn: number;
  /** The last name of the callee: 'use' for `app.use()`, '' when it has none. */
  readonly name: string;
  /** The dotted path of the callee, '' when it is no static chain. */
  readonly path: string;
  readonly expr: CallExpr;
  readonly when: readonly Condition[];
  /** The nearest call around it in the same function, of which it is part of an argument or the callee. */
  readonly within: CallSite | undefined;
  /** The variable that the statement binds, for `const x = call()`. */
  readonly bound: string;
}

/** A property of an object literal, or an assignment to a member, with what surrounds it. */
export interface Setting {
  readonly file: string;
  readonly fn: number;
  readonly key: string;
  readonly value: Expr;
  readonly at: Position;
  /** Keys of the object literals around it, outermost first. */
  readonly keys: readonly string[];
  /** The object literal; undefined for an assignment. */
  readonly object: ObjectExpr | undefined;
  /** The assigned path: `process.env.X`; '' for a property. */
  readonly path: string;
  readonly when: readonly Condition[];
  readonly within: CallSite | undefined;
  readonly bound: string;
}

/** A member chain that names one of the kept keys: `req.headers["x-request-id"].trim`. */
export interface Mention {
  readonly file: string;
  readonly fn: number;
  readonly key: string;
  readonly path: string;
  readonly at: Position;
  readonly when: readonly Condition[];
  readonly within: CallSite | undefined;
  readonly bound: string;
}

/** A text that begins like a statement of SQL. Holes of a template stand as `?`. */
export interface Statement {
  readonly file: string;
  readonly fn: number;
  readonly text: string;
  readonly at: Position;
  readonly when: readonly Condition[];
  /** The nearest call around it in the same function. */
  readonly within: CallSite | undefined;
}

/** The calls and settings of one file, found in one walk. */
export interface FileSites {
  readonly calls: readonly CallSite[];
  readonly settings: readonly Setting[];
  readonly mentions: readonly Mention[];
  /** For a function that is an argument: the call it is handed to. */
  readonly handedTo: ReadonlyMap<number, CallSite>;
  /** String literals, by their first place. */
  readonly strings: ReadonlyMap<string, Position>;
  readonly statements: readonly Statement[];
}

interface Around {
  readonly fn: number;
  readonly when: readonly Condition[];
  readonly within: CallSite | undefined;
  readonly keys: readonly string[];
  readonly bound: string;
}

/** Walks a file once. `keys` are the property names whose values are kept as settings. */
export function sitesOf(file: string, summary: FileSummary, keys: ReadonlySet<string>): FileSites {
  const found: Found = {
    file,
    keys,
    calls: [],
    settings: [],
    mentions: [],
    handedTo: new Map(),
    strings: new Map(),
    statements: [],
  };
  summary.functions.forEach((func, fn) => {
    const around: Around = { fn, when: [], within: undefined, keys: [], bound: '' };
    for (const param of func.params) {
      if (param.default) visit(found, param.default, around);
      visitPattern(found, param.pattern, around);
      for (const decorator of param.decorators ?? []) visit(found, decorator, around);
    }
    visitBlock(found, func.body, around);
  });
  for (const cls of summary.classes) visitClass(found, cls);
  return found;
}

interface Found extends FileSites {
  readonly file: string;
  readonly keys: ReadonlySet<string>;
  readonly calls: CallSite[];
  readonly settings: Setting[];
  readonly mentions: Mention[];
  readonly handedTo: Map<number, CallSite>;
  readonly strings: Map<string, Position>;
  readonly statements: Statement[];
}

function visitClass(found: Found, cls: Class): void {
  const around: Around = { fn: cls.parent, when: [], within: undefined, keys: [], bound: '' };
  if (cls.extends) visit(found, cls.extends, around);
  for (const decorator of cls.decorators) visit(found, decorator, around);
  for (const member of cls.members) {
    for (const decorator of member.decorators) visit(found, decorator, around);
    if (member.value) visit(found, member.value, { ...around, bound: member.name });
  }
}

function visitBlock(found: Found, stmts: readonly Stmt[], around: Around): void {
  let here = around;
  for (const stmt of stmts) {
    visitStmt(found, stmt, here);
    if (stmt.k === 'if' && !stmt.else && leaves(stmt.then)) here = under(here, stmt.test, false);
  }
}

/** Does a block end the function? What follows it then runs only when its test does not hold. */
function leaves(stmts: readonly Stmt[]): boolean {
  const last = stmts.at(-1);
  return last?.k === 'return' || last?.k === 'throw';
}

/** Does a case end before the next begins? */
const leavesCase = (stmts: readonly Stmt[]): boolean => leaves(stmts) || stmts.at(-1)?.k === 'jump';

const sameAs = (on: Expr, test: Expr, at: Position): Expr => ({ k: 'bin', op: '===', l: on, r: test, at });

const under = (around: Around, test: Expr, holds: boolean): Around => ({
  ...around,
  when: [...around.when, { test, holds }],
});

function visitStmt(found: Found, stmt: Stmt, around: Around): void {
  switch (stmt.k) {
    case 'expr':
    case 'throw':
      return visit(found, stmt.of, around);
    case 'let':
      visitPattern(found, stmt.pattern, around);
      if (!stmt.init) return;
      return visit(found, stmt.init, isPlain(stmt.init) ? around : { ...around, bound: nameOf(stmt.pattern) });
    case 'return':
      return stmt.of ? visit(found, stmt.of, around) : undefined;
    case 'if':
      visit(found, stmt.test, around);
      visitBlock(found, stmt.then, under(around, stmt.test, true));
      return stmt.else ? visitBlock(found, stmt.else, under(around, stmt.test, false)) : undefined;
    case 'loop':
      for (const expr of stmt.head) visit(found, expr, around);
      return visitBlock(found, stmt.body, around);
    case 'try':
      for (const block of [stmt.block, stmt.handler ?? [], stmt.finally ?? []]) visitBlock(found, block, around);
      return;
    case 'switch':
      visit(found, stmt.on, around);
      for (const [index, one] of stmt.cases.entries()) {
        if (one.test) visit(found, one.test, around);
        const alone = index === 0 || leavesCase(stmt.cases[index - 1]?.body ?? []);
        const test = alone && one.test && sameAs(stmt.on, one.test, stmt.at);
        visitBlock(found, one.body, test ? under(around, test, true) : around);
      }
      return;
    default:
  }
}

/** `{ port = 3000 }`: the defaults of a pattern. */
function visitPattern(found: Found, pattern: Pattern, around: Around): void {
  if (pattern.k === 'name') return;
  for (const inner of pattern.k === 'obj'
    ? pattern.props
    : pattern.items.map((item) => ({ pattern: item, default: undefined }))) {
    if (inner.default) visit(found, inner.default, around);
    if (inner.pattern) visitPattern(found, inner.pattern, around);
  }
}

const nameOf = (pattern: Pattern): string => (pattern.k === 'name' ? pattern.name : '');

function visit(found: Found, expr: Expr, around: Around): void {
  switch (expr.k) {
    case 'str':
      if (!found.strings.has(expr.v)) found.strings.set(expr.v, expr.at);
      return visitText(found, expr.v, expr.at, around);
    case 'template':
      visitText(found, expr.parts.join('?'), expr.at, around);
      for (const inner of insideOf(expr)) visit(found, inner, around);
      return;
    case 'ref':
      return visitRef(found, expr, around);
    case 'call':
      return visitCall(found, expr, around);
    case 'obj':
      return visitObject(found, expr, around);
    case 'fn':
      if (around.within) found.handedTo.set(expr.fn, around.within);
      return;
    case 'cond':
      visit(found, expr.test, around);
      visit(found, expr.then, under(around, expr.test, true));
      return visit(found, expr.else, under(around, expr.test, false));
    case 'bin':
      visit(found, expr.l, around);
      return visit(
        found,
        expr.r,
        expr.op === '&&' ? under(around, expr.l, true) : expr.op === '||' ? under(around, expr.l, false) : around,
      );
    case 'assign':
      return visitAssign(found, expr, around);
    default:
      for (const inner of insideOf(expr)) visit(found, inner, around);
  }
}

const sql = /^\s*(?:with|select|insert|update|delete|truncate|merge)\s/i;

function visitText(found: Found, text: string, at: Position, { fn, when, within }: Around): void {
  if (text.length > 12 && sql.test(text)) found.statements.push({ file: found.file, fn, text, at, when, within });
}

function visitCall(found: Found, expr: CallExpr, around: Around): void {
  const site: CallSite = {
    file: found.file,
    fn: around.fn,
    name: lastName(expr.callee),
    path: expr.callee.k === 'ref' ? expr.callee.path : '',
    expr,
    when: around.when,
    within: around.within,
    bound: around.bound,
  };
  found.calls.push(site);
  const inner: Around =
    expr.args.every(isPlain) && isPlain(expr.callee) ? around : { ...around, within: site, keys: [] };
  visit(found, expr.callee, inner);
  for (const arg of expr.args) visit(found, arg, inner);
}

/** What a method is called on: `app` of `app.use`. */
export function receiverOf(callee: Expr): Expr | undefined {
  if (callee.k === 'member') return callee.of;
  if (callee.k !== 'ref' || !callee.path.includes('.')) return undefined;
  return { ...callee, path: callee.path.slice(0, callee.path.lastIndexOf('.')) };
}

/** A chain that ends in a kept name, or goes through one that is no identifier, as names of headers are. */
function visitRef(found: Found, { path, at }: Extract<Expr, { k: 'ref' }>, around: Around): void {
  const dot = path.lastIndexOf('.');
  if (dot === -1) return;
  const last = path.slice(dot + 1);
  const key = found.keys.has(last) ? last : path.includes('-') ? hyphened(found, path) : undefined;
  if (key !== undefined) found.mentions.push({ ...around, file: found.file, key, path, at });
}

const hyphened = ({ keys }: Found, path: string): string | undefined =>
  path.split('.').find((part) => part.includes('-') && keys.has(part));

/** It does not matter what is around it. */
const isPlain = (expr: Expr): boolean =>
  expr.k === 'ref'
    ? !expr.path.includes('.')
    : expr.k === 'str' || expr.k === 'num' || expr.k === 'bool' || expr.k === 'null' || expr.k === 'undefined';

/** The last name of a callee: 'use' for `app.use` and for `make().use`. */
export function lastName(callee: Expr): string {
  if (callee.k === 'ref') return callee.path.slice(callee.path.lastIndexOf('.') + 1);
  if (callee.k === 'member') return callee.name;
  // `require('knex')({ … })` has the name of the package.
  const [specifier] =
    callee.k === 'call' && callee.callee.k === 'ref' && callee.callee.path === 'require' ? callee.args : [];
  return specifier?.k === 'str' ? specifier.v.slice(specifier.v.lastIndexOf('/') + 1) : '';
}

function visitObject(found: Found, object: ObjectExpr, around: Around): void {
  for (const { key, value, at } of object.props) {
    if (found.keys.has(key)) found.settings.push({ ...around, file: found.file, key, value, at, object, path: '' });
    // Most values are plain: they need to know nothing of what is around them.
    if (isPlain(value)) visit(found, value, around);
    else visit(found, value, key === '...' ? around : { ...around, keys: [...around.keys, key] });
  }
}

function visitAssign(found: Found, expr: Extract<Expr, { k: 'assign' }>, around: Around): void {
  const { target, value, at } = expr;
  if (target.k === 'ref') {
    const key = target.path.slice(target.path.lastIndexOf('.') + 1);
    if (found.keys.has(key))
      found.settings.push({ ...around, file: found.file, key, value, at, object: undefined, path: target.path });
  } else if (target.k !== 'pattern') visit(found, target, around);
  visit(found, value, target.k === 'ref' && !target.path.includes('.') ? { ...around, bound: target.path } : around);
}
