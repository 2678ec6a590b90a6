import type { CodeModel } from '../../code/model.ts';
import type { Expr, Pattern, Stmt } from '../../code/summary.ts';
import { eachStmt, exprsOf, walkExpr } from '../../code/walk.ts';

/** One value that a name is given: whole, a member of it, or an element of it. */
export interface Given {
  readonly value: Expr;
  readonly path: readonly string[];
  /** The function whose statement gives it, where that is an inner one. */
  readonly fn?: number;
  /** The key under which it is put into an object or a list. */
  readonly under?: Expr;
}

export interface Locals {
  readonly given: ReadonlyMap<string, readonly Given[]>;
  /** Names that are declared here, not only assigned. */
  readonly declared: ReadonlySet<string>;
  /** Tests that stand in the function. */
  readonly tests: readonly Expr[];
}

/** What the names of a function are given: when declared, later, in loops, and by `push`. */
export function readLocals(model: CodeModel, file: string, fn: number): Locals {
  const func = model.get(file)?.summary.functions[fn];
  if (!func) return { given: new Map(), declared: new Set(), tests: [] };
  const given = new Map<string, Given[]>();
  const tests: Expr[] = [];
  const declared = new Set<string>();
  const add = (name: string, one: Given): void => void given.set(name, [...(given.get(name) ?? []), one]);
  eachStmt(func.body, (stmt) => {
    if (stmt.k === 'let') namesOf(stmt.pattern, declared);
    if (stmt.k === 'loop' && stmt.binding) namesOf(stmt.binding, declared);
    readStmt(stmt, add, tests);
  });
  return { given, declared, tests };
}

type Add = (name: string, one: Given) => void;

function readStmt(stmt: Stmt, add: Add, tests: Expr[]): void {
  if (stmt.k === 'let' && stmt.init) bind(stmt.pattern, stmt.init, [], add);
  if (stmt.k === 'loop' && stmt.binding) for (const head of stmt.head) bind(stmt.binding, head, ['*'], add);
  if (stmt.k === 'if') tests.push(stmt.test);
  if (stmt.k === 'switch') tests.push(...stmt.cases.flatMap((one) => (one.test ? [same(stmt.on, one.test)] : [])));
  for (const expr of exprsOf(stmt)) walkExpr(expr, (inner) => readExpr(inner, add, tests));
}

const same = (l: Expr, r: Expr): Expr => ({ k: 'bin', op: '===', l, r, at: 0 });

function readExpr(expr: Expr, add: Add, tests: Expr[]): void {
  if (expr.k === 'cond') tests.push(expr.test);
  if (expr.k === 'bin' && (expr.op === '&&' || expr.op === '||')) tests.push(expr.l);
  if (expr.k === 'assign') {
    if (expr.target.k === 'pattern') bind(expr.target.pattern, expr.value, [], add);
    else if (expr.target.k === 'ref') add(expr.target.path.split('.')[0] ?? '', { value: expr.value, path: [] });
    else if (expr.target.k === 'index' && expr.target.of.k === 'ref')
      add(expr.target.of.path, { value: expr.value, path: [], under: expr.target.by });
  }
  if (expr.k !== 'call') return;
  const { callee } = expr;
  if (callee.k === 'ref' && /\.(?:push|unshift|add|set)$/.test(callee.path))
    for (const arg of expr.args) add(callee.path.replace(/\.\w+$/, ''), { value: arg, path: [] });
  else if (
    callee.k === 'ref' &&
    /^(?:assert|validate|check|ensure|sanitize|verify)\w*$/i.test(callee.path.split('.').at(-1) ?? '')
  )
    tests.push(expr);
}

function bind(pattern: Pattern, value: Expr, path: readonly string[], add: Add): void {
  if (pattern.k === 'name') return add(pattern.name, { value, path });
  if (pattern.k === 'arr')
    return pattern.items.forEach((item, index) => item && bind(item, value, [...path, String(index)], add));
  for (const prop of pattern.props) {
    bind(prop.pattern, value, [...path, prop.key], add);
    if (prop.default) bind(prop.pattern, prop.default, [], add);
  }
  if (pattern.rest) add(pattern.rest, { value, path });
}

function namesOf(pattern: Pattern, into: Set<string>): void {
  if (pattern.k === 'name') into.add(pattern.name);
  else if (pattern.k === 'arr') pattern.items.forEach((item) => item && namesOf(item, into));
  else {
    for (const prop of pattern.props) namesOf(prop.pattern, into);
    if (pattern.rest) into.add(pattern.rest);
  }
}
