import type { Class, Expr, FileSummary, Func, Prop, Stmt } from './summary.ts';

/** Called for each expression, outer before inner. Return false to stay out of its inside. */
export type ExprVisitor = (expr: Expr) => boolean | void;

/** Walks an expression. Bodies of functions and classes inside it are not entered: they are functions of their own. */
export function walkExpr(expr: Expr, visit: ExprVisitor): void {
  if (visit(expr) === false) return;
  for (const inner of insideOf(expr)) walkExpr(inner, visit);
}

/** Walks every expression of the statements, nested blocks included, without entering nested functions. */
export function walkStmts(stmts: readonly Stmt[], visit: ExprVisitor): void {
  eachStmt(stmts, (stmt) => {
    for (const expr of exprsOf(stmt)) walkExpr(expr, visit);
  });
}

/** Visits each statement, outer before inner, nested blocks included, without entering nested functions. */
export function eachStmt(stmts: readonly Stmt[], visit: (stmt: Stmt) => void): void {
  for (const stmt of stmts) {
    visit(stmt);
    for (const block of blocksOf(stmt)) eachStmt(block, visit);
  }
}

/** The expressions directly inside an expression. */
export function insideOf(expr: Expr): readonly Expr[] {
  switch (expr.k) {
    case 'template':
      return expr.tag ? [expr.tag, ...expr.of] : expr.of;
    case 'member':
    case 'await':
    case 'spread':
    case 'unary':
    case 'import':
      return [expr.of];
    case 'index':
      return [expr.of, expr.by];
    case 'call':
      return [expr.callee, ...expr.args];
    case 'obj':
      return expr.props.map(valueOf);
    case 'arr':
      return expr.items;
    case 'seq':
      return expr.of;
    case 'bin':
      return [expr.l, expr.r];
    case 'cond':
      return [expr.test, expr.then, expr.else];
    case 'assign':
      return expr.target.k === 'pattern' ? [expr.value] : [expr.target, expr.value];
    case 'jsx':
      return [...expr.props.map(valueOf), ...expr.children];
    default:
      return [];
  }
}

const valueOf = (prop: Prop): Expr => prop.value;

/** The expressions that a statement holds itself, nested blocks apart. */
export function exprsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.k) {
    case 'expr':
    case 'throw':
      return [stmt.of];
    case 'let':
      return stmt.init ? [stmt.init] : [];
    case 'return':
      return stmt.of ? [stmt.of] : [];
    case 'if':
      return [stmt.test];
    case 'loop':
      return stmt.head;
    case 'switch':
      return [stmt.on, ...stmt.cases.flatMap((c) => (c.test ? [c.test] : []))];
    default:
      return [];
  }
}

/** The blocks nested directly in a statement. */
function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  switch (stmt.k) {
    case 'if':
      return stmt.else ? [stmt.then, stmt.else] : [stmt.then];
    case 'loop':
      return [stmt.body];
    case 'try':
      return [stmt.block, stmt.handler ?? [], stmt.finally ?? []];
    case 'switch':
      return stmt.cases.map((c) => c.body);
    default:
      return [];
  }
}

/** Every expression of a file, with the function whose body holds it: bodies, defaults, decorators, property values and export values. */
export function walkFile(summary: FileSummary, visit: (expr: Expr, fn: number) => boolean | void): void {
  summary.functions.forEach((func, index) => walkFunction(func, (expr) => visit(expr, index)));
  for (const cls of summary.classes) walkClassHead(cls, (expr) => visit(expr, cls.parent));
  for (const exported of summary.exports) if (exported.value) walkExpr(exported.value, (expr) => visit(expr, 0));
}

/** One function's own expressions: parameters' defaults and decorators, and its body. */
export function walkFunction(func: Func, visit: ExprVisitor): void {
  for (const param of func.params) {
    if (param.default) walkExpr(param.default, visit);
    for (const decorator of param.decorators ?? []) walkExpr(decorator, visit);
  }
  walkStmts(func.body, visit);
}

/** What a class evaluates when it is declared: base, decorators, property values. */
export function walkClassHead(cls: Class, visit: ExprVisitor): void {
  if (cls.extends) walkExpr(cls.extends, visit);
  for (const decorator of cls.decorators) walkExpr(decorator, visit);
  for (const member of cls.members) {
    for (const decorator of member.decorators) walkExpr(decorator, visit);
    if (member.value) walkExpr(member.value, visit);
  }
}

/** The value of an object literal's property, by key. */
export function propOf(expr: Expr | undefined, key: string): Expr | undefined {
  return expr?.k === 'obj' ? expr.props.find((prop) => prop.key === key)?.value : undefined;
}

/** The dotted path of a callee, `''` when it is not a static chain: `app.use`, `process.on`. */
export function pathOf(expr: Expr | undefined): string {
  return expr?.k === 'ref' ? expr.path : '';
}
