import type { Class, Expr, FileSummary, Func, Member, Pattern, Stmt } from '../summary.ts';
import { insideOf } from '../walk.ts';

/** What a piece of code mentions. Scopes are not told apart: a local name that equals a module's counts for both. */
export interface Mentions {
  /** First names of chains, with the second name where there is one. `whole`: also mentioned without a member. */
  readonly roots: Map<string, { whole: boolean; readonly members: Set<string> }>;
  /** Every member name, and words in strings that could name a member. */
  readonly members: Set<string>;
  /** Literal dynamic imports with the names taken from them; undefined stands for all. */
  readonly imports: { readonly from: string; readonly names: readonly string[] | undefined }[];
  /** `this[x]`. */
  computedThis: boolean;
  /** Functions whose bodies are part of it. */
  readonly functions: Set<number>;
}

export const noMentions = (): Mentions => ({
  roots: new Map(),
  members: new Set(),
  imports: [],
  computedThis: false,
  functions: new Set(),
});

/** Adds a function with everything nested in it. */
export function addFunction(summary: FileSummary, fn: number, into: Mentions): void {
  const func = summary.functions[fn];
  if (!func || into.functions.has(fn)) return;
  into.functions.add(fn);
  addParams(summary, func, into);
  addStmts(summary, func.body, into);
}

function addParams(summary: FileSummary, func: Func, into: Mentions): void {
  for (const param of func.params) {
    addPattern(summary, param.pattern, into);
    if (param.default) addExpr(summary, param.default, into);
    for (const decorator of param.decorators ?? []) addExpr(summary, decorator, into);
  }
}

/** Adds a class with all its members. */
function addClass(summary: FileSummary, cls: Class, into: Mentions): void {
  addClassHead(summary, cls, into);
  for (const member of cls.members) {
    const fn = bodyOf(member);
    if (fn !== undefined) addFunction(summary, fn, into);
  }
}

/** The function behind a member: a method's, or the one that a property keeps. */
export const bodyOf = (member: Member): number | undefined =>
  member.fn ?? (member.value?.k === 'fn' ? member.value.fn : undefined);

/** What a class needs as soon as it is used: base, decorators, values of properties, and types by which containers inject. */
export function addClassHead(summary: FileSummary, cls: Class, into: Mentions): void {
  if (cls.extends) addExpr(summary, cls.extends, into);
  for (const decorator of cls.decorators) addExpr(summary, decorator, into);
  for (const member of cls.members) {
    for (const decorator of member.decorators) addExpr(summary, decorator, into);
    // A function kept in a property waits for its name, as a method does.
    if (member.value && member.value.k !== 'fn') addExpr(summary, member.value, into);
    if (member.type !== undefined && member.decorators.length > 0) addType(member.type, into);
    if (member.kind === 'constructor' && member.fn !== undefined)
      for (const param of summary.functions[member.fn]?.params ?? [])
        if (param.type !== undefined) addType(param.type, into);
  }
}

function addType(text: string, into: Mentions): void {
  for (const [name] of text.matchAll(/[A-Za-z_$][\w$]*/g)) rootOf(into, name).whole = true;
}

function addStmts(summary: FileSummary, stmts: readonly Stmt[], into: Mentions): void {
  for (const stmt of stmts) addStmt(summary, stmt, into);
}

export function addStmt(summary: FileSummary, stmt: Stmt, into: Mentions): void {
  switch (stmt.k) {
    case 'expr':
    case 'throw':
      return addExpr(summary, stmt.of, into);
    case 'let':
      return addLet(summary, stmt.pattern, stmt.init, into);
    case 'return':
      return stmt.of ? addExpr(summary, stmt.of, into) : undefined;
    case 'if':
      addExpr(summary, stmt.test, into);
      addStmts(summary, stmt.then, into);
      return addStmts(summary, stmt.else ?? [], into);
    case 'loop':
      for (const expr of stmt.head) addExpr(summary, expr, into);
      if (stmt.binding) addPattern(summary, stmt.binding, into);
      return addStmts(summary, stmt.body, into);
    case 'try':
      addStmts(summary, stmt.block, into);
      addStmts(summary, stmt.handler ?? [], into);
      return addStmts(summary, stmt.finally ?? [], into);
    case 'switch':
      addExpr(summary, stmt.on, into);
      for (const one of stmt.cases) {
        if (one.test) addExpr(summary, one.test, into);
        addStmts(summary, one.body, into);
      }
      return undefined;
    case 'function':
      return addFunction(summary, stmt.fn, into);
    case 'class': {
      const cls = summary.classes[stmt.cls];
      return cls && addClass(summary, cls, into);
    }
    default:
      return undefined;
  }
}

/** The module that `import('x')` or `require('x')` loads. */
export function loadedBy(expr: Expr): string | undefined {
  if (expr.k === 'import') return expr.of.k === 'str' ? expr.of.v : undefined;
  const required =
    expr.k === 'call' && expr.callee.k === 'ref' && expr.callee.path === 'require' ? expr.args[0] : undefined;
  return required?.k === 'str' ? required.v : undefined;
}

/** `const { a } = x` takes the member a of x and nothing else. */
function addLet(summary: FileSummary, pattern: Pattern, init: Expr | undefined, into: Mentions): void {
  addPattern(summary, pattern, into);
  if (!init) return;
  const keys = pattern.k === 'obj' && pattern.rest === undefined ? pattern.props.map((prop) => prop.key) : undefined;
  const source = init.k === 'await' ? init.of : init;
  const from = loadedBy(source);
  if (keys && from !== undefined) into.imports.push({ from, names: keys });
  else if (keys && source.k === 'ref' && !source.path.includes('.'))
    for (const key of keys) rootOf(into, source.path).members.add(key);
  else addExpr(summary, init, into);
}

function addPattern(summary: FileSummary, pattern: Pattern, into: Mentions): void {
  if (pattern.k === 'arr') for (const item of pattern.items) if (item) addPattern(summary, item, into);
  if (pattern.k !== 'obj') return;
  for (const prop of pattern.props) {
    into.members.add(prop.key);
    addPattern(summary, prop.pattern, into);
    if (prop.default) addExpr(summary, prop.default, into);
  }
}

export function addExpr(summary: FileSummary, expr: Expr, into: Mentions): void {
  switch (expr.k) {
    case 'ref':
      return addRef(expr.path, into);
    case 'str':
      if (/^[A-Za-z_$][\w$]{1,40}$/.test(expr.v)) into.members.add(expr.v);
      return undefined;
    case 'fn':
      return addFunction(summary, expr.fn, into);
    case 'class': {
      const cls = summary.classes[expr.cls];
      return cls && addClass(summary, cls, into);
    }
    case 'member':
      into.members.add(expr.name);
      if (takesFromImport(expr, into)) return undefined;
      break;
    case 'index':
      if (expr.of.k === 'ref' && expr.of.path === 'this') into.computedThis = true;
      break;
    case 'import':
    case 'call': {
      const from = loadedBy(expr);
      if (from !== undefined) into.imports.push({ from, names: undefined });
      break;
    }
    case 'jsx':
      addRef(expr.tag, into);
      break;
    case 'assign':
      if (expr.target.k === 'pattern') addPattern(summary, expr.target.pattern, into);
      break;
    default:
      break;
  }
  for (const inner of insideOf(expr)) addExpr(summary, inner, into);
}

/** `(await import('./x')).name`. */
function takesFromImport(expr: Extract<Expr, { k: 'member' }>, into: Mentions): boolean {
  const source = expr.of.k === 'await' ? expr.of.of : expr.of;
  const from = loadedBy(source);
  if (from === undefined) return false;
  into.imports.push({ from, names: expr.name === 'then' ? undefined : [expr.name] });
  return true;
}

function addRef(path: string, into: Mentions): void {
  const [root = '', second, ...rest] = path.split('.');
  const entry = rootOf(into, root);
  if (second === undefined) entry.whole = true;
  else entry.members.add(second);
  if (second !== undefined) into.members.add(second);
  for (const name of rest) into.members.add(name);
}

function rootOf(into: Mentions, name: string): { whole: boolean; readonly members: Set<string> } {
  const found = into.roots.get(name);
  if (found) return found;
  const fresh = { whole: false, members: new Set<string>() };
  into.roots.set(name, fresh);
  return fresh;
}
