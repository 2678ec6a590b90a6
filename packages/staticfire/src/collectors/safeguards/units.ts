import { lastName } from '../../code/sites.ts';
import type { Class, Expr, FileSummary, Func, Position, Stmt } from '../../code/summary.ts';
import { eachStmt, pathOf, walkClassHead, walkExpr, walkStmts } from '../../code/walk.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;

export interface UnitCall {
  readonly name: string;
  readonly path: string;
  readonly expr: CallExpr;
  readonly fn: number;
}

/** A function, class, method or binding of a module, with all that happens inside it. */
export interface Unit {
  /** 'requireRole', 'Cleanup.run'; '' for what the module body does itself. */
  readonly name: string;
  readonly form: 'function' | 'method' | 'class' | 'binding' | 'body';
  /** The function, for functions and methods. */
  readonly fn?: number;
  readonly cls?: number;
  readonly at: Position;
  readonly calls: readonly UnitCall[];
  readonly strings: readonly string[];
  readonly regexes: readonly string[];
  readonly refs: ReadonlySet<string>;
  /** Functions inside it, itself first. */
  readonly functions: readonly number[];
  /** Names of the parameters of the function, and of the functions it returns. */
  readonly params: readonly (readonly string[])[];
  /** A loop in it tries again after a failure. */
  readonly retries: boolean;
  /** Numbers and texts that it compares dates or counts with. */
  readonly compares: boolean;
}

interface Draft {
  name: string;
  form: Unit['form'];
  fn?: number;
  cls?: number;
  at: Position;
  calls: UnitCall[];
  strings: string[];
  regexes: string[];
  refs: Set<string>;
  functions: number[];
  params: string[][];
  retries: boolean;
  compares: boolean;
}

const draft = (name: string, form: Unit['form'], at: Position, more: { fn?: number; cls?: number } = {}): Draft => ({
  name,
  form,
  at,
  calls: [],
  strings: [],
  regexes: [],
  refs: new Set(),
  functions: [],
  params: [],
  retries: false,
  compares: false,
  ...more,
});

/** The parts of a module that can be used or left unused, in the order of the file. */
export function unitsOf(summary: FileSummary): readonly Unit[] {
  const units = new Map<string, Draft>();
  const bound = bindings(summary, units);
  summary.functions.forEach((func, fn) => {
    if (fn === 0) return;
    const unit = homeOf(summary, fn, units, bound);
    unit.functions.push(fn);
    unit.params.push(func.params.map((p) => (p.pattern.k === 'name' ? p.pattern.name : '')));
    gather(unit, func, fn);
  });
  for (const [index, cls] of summary.classes.entries()) classHead(index, cls, units);
  return [...units.values()].toSorted((a, b) => a.at - b.at);
}

/** Module-level statements: what each binding is made of, and what the body does. Says which function belongs to which binding. */
function bindings(summary: FileSummary, units: Map<string, Draft>): ReadonlyMap<number, Draft> {
  const bound = new Map<number, Draft>();
  const body = draft('', 'body', 1025);
  units.set('', body);
  for (const stmt of summary.functions[0]?.body ?? []) {
    // A function bound to a name is a unit of its own.
    if (stmt.k === 'let' && stmt.init?.k === 'fn') continue;
    const named = stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.init;
    const unit = named && stmt.pattern.k === 'name' ? draft(stmt.pattern.name, 'binding', stmt.at) : body;
    if (unit !== body) units.set(`=${unit.name}`, unit);
    take(unit, [stmt], 0, (fn) => bound.set(fn, unit));
  }
  for (const exported of summary.exports) {
    if (!exported.value || exported.value.k === 'fn' || exported.value.k === 'ref') continue;
    const unit = draft(exported.name, 'binding', exported.at);
    units.set(`=${exported.name}`, unit);
    take(unit, [{ k: 'expr', of: exported.value }], 0, (fn) => bound.set(fn, unit));
  }
  return bound;
}

function homeOf(summary: FileSummary, fn: number, units: Map<string, Draft>, bound: ReadonlyMap<number, Draft>): Draft {
  let at = fn;
  for (;;) {
    const func = summary.functions[at];
    const home = bound.get(at);
    if (home) return home;
    if (!func || func.owner !== undefined || func.parent <= 0) break;
    at = func.parent;
  }
  const func = summary.functions[at];
  const owner = func?.owner === undefined ? undefined : summary.classes[func.owner];
  const key = `#${at}`;
  const known = units.get(key);
  if (known) return known;
  const made = owner
    ? draft(`${owner.name}.${func?.name ?? ''}`, 'method', func?.at ?? 1025, {
        fn: at,
        ...(func?.owner === undefined ? {} : { cls: func.owner }),
      })
    : draft(func?.name ?? '', 'function', func?.at ?? 1025, { fn: at });
  units.set(key, made);
  return made;
}

function gather(unit: Draft, func: Func, fn: number): void {
  for (const param of func.params) if (param.default) takeExpr(unit, param.default, fn);
  take(unit, func.body, fn);
  eachStmt(func.body, (stmt) => {
    if (stmt.k === 'loop' && triesAgain(stmt.body)) unit.retries = true;
  });
}

const waits = /^(?:setTimeout|sleep|delay|wait|pause|backoff)$/i;

function triesAgain(body: readonly Stmt[]): boolean {
  let tries = false;
  let pauses = false;
  eachStmt(body, (stmt) => {
    tries ||= stmt.k === 'try';
  });
  walkStmts(body, (expr) => {
    pauses ||=
      (expr.k === 'call' && waits.test(lastName(expr.callee))) ||
      (expr.k === 'call' && expr.new === true && pathOf(expr.callee) === 'Promise');
  });
  return tries && pauses;
}

function take(unit: Draft, stmts: readonly Stmt[], fn: number, onFunction?: (fn: number) => void): void {
  walkStmts(stmts, (expr) => visit(unit, expr, fn, onFunction));
}

function takeExpr(unit: Draft, expr: Expr, fn: number): void {
  walkExpr(expr, (inner) => visit(unit, inner, fn));
}

function visit(unit: Draft, expr: Expr, fn: number, onFunction?: (fn: number) => void): void {
  switch (expr.k) {
    case 'call':
      unit.calls.push({ name: lastName(expr.callee), path: pathOf(expr.callee), expr, fn });
      return;
    case 'str':
      unit.strings.push(expr.v);
      return;
    case 'template':
      unit.strings.push(...expr.parts);
      return;
    case 'regex':
      unit.regexes.push(expr.v);
      return;
    case 'ref':
      unit.refs.add(expr.path);
      return;
    case 'obj':
      for (const prop of expr.props) unit.refs.add(`:${prop.key}`);
      return;
    case 'bin':
      unit.compares ||= /^[<>]=?$/.test(expr.op);
      return;
    case 'fn':
      onFunction?.(expr.fn);
      return;
    default:
  }
}

function classHead(index: number, cls: Class, units: Map<string, Draft>): void {
  const unit = draft(cls.name, 'class', cls.at, { cls: index });
  walkClassHead(cls, (expr) => visit(unit, expr, cls.parent));
  units.set(`class ${index}`, unit);
}
