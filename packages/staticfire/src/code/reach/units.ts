import type { Class, Expr, FileSummary, Pattern, Stmt } from '../summary.ts';
import {
  addClassHead,
  addExpr,
  addFunction,
  addStmt,
  bodyOf,
  loadedBy,
  noMentions,
  type Mentions,
} from './mentions.ts';

/** Code that becomes live as one piece. */
export interface Unit {
  /** What it mentions once it is live; worked out at the first use. */
  readonly mentions: () => Mentions;
  /** Methods that become live by name, once the unit is. */
  readonly members: readonly NamedPart[];
  /** A class, whose other methods wait for their names; an object whole in someone's hands gives all of its own away. */
  readonly kind: 'class' | 'object' | 'other';
  readonly decorated: boolean;
}

export interface NamedPart {
  readonly name: string;
  /** Live as soon as the unit is: constructors, decorated methods, and all methods of a class that others call by contract. */
  readonly always: boolean;
  readonly mentions: () => Mentions;
}

/** A file divided into units. */
export interface FileUnits {
  /** What runs when the file is loaded. */
  readonly eager: Mentions;
  /** By top-level name; names bound together share a unit. Values exported without a name stand under `export NAME`. */
  readonly units: ReadonlyMap<string, Unit>;
  /** Top-level names that hold a module, or an export of one, loaded with `require` or `await import`. */
  readonly loaded: ReadonlyMap<string, { readonly from: string; readonly imported: string }>;
}

export const exportKey = (name: string): string => `export ${name}`;

export interface UnitContext {
  /** Is this name, as the file sees it, something of a package? */
  readonly foreign: (name: string) => boolean;
}

export function unitsOf(summary: FileSummary, context: UnitContext): FileUnits {
  const units = new Map<string, Unit>();
  const eager = noMentions();
  const loaded = new Map<string, { from: string; imported: string }>();
  const exported = new Set(summary.exports.flatMap((e) => (e.value ? [placeOf(e.value)] : [])));
  for (const e of summary.exports)
    if (e.value && e.local === undefined) units.set(exportKey(e.name), valueUnit(summary, e.value, context));
  for (const stmt of summary.functions[0]?.body ?? [])
    addTopLevel(summary, stmt, { units, eager, exported, context, loaded });
  return { eager, units, loaded };
}

interface Making {
  readonly units: Map<string, Unit>;
  readonly eager: Mentions;
  readonly loaded: Map<string, { from: string; imported: string }>;
  readonly exported: ReadonlySet<string>;
  readonly context: UnitContext;
}

function addTopLevel(summary: FileSummary, stmt: Stmt, making: Making): void {
  const { units, eager, context } = making;
  switch (stmt.k) {
    case 'function':
      units.set(summary.functions[stmt.fn]?.name || exportKey('default'), functionUnit(summary, stmt.fn));
      return;
    case 'class': {
      const cls = summary.classes[stmt.cls];
      if (cls) units.set(cls.name || exportKey('default'), classUnit(summary, cls, context));
      return;
    }
    case 'let':
      if (holdsModule(stmt, making.loaded)) return;
      if (stmt.init) addRun(summary, stmt.init, eager, false);
      for (const name of namesOf(stmt.pattern)) units.set(name, letUnit(summary, stmt, context));
      return;
    case 'expr':
      addExpressionStatement(summary, stmt.of, making);
      return;
    default:
      addStmt(summary, stmt, eager);
  }
}

/** `const a = require('./a')`, `const { b } = await import('./b')`. */
function holdsModule(
  stmt: Extract<Stmt, { k: 'let' }>,
  loaded: Map<string, { from: string; imported: string }>,
): boolean {
  const from = stmt.init && loadedBy(stmt.init.k === 'await' ? stmt.init.of : stmt.init);
  if (from === undefined) return false;
  if (stmt.pattern.k === 'name') loaded.set(stmt.pattern.name, { from, imported: '*' });
  const plainly =
    stmt.pattern.k === 'obj' &&
    stmt.pattern.rest === undefined &&
    stmt.pattern.props.every((prop) => prop.pattern.k === 'name');
  if (stmt.pattern.k === 'obj' && plainly) {
    for (const { key, pattern } of stmt.pattern.props)
      if (pattern.k === 'name') loaded.set(pattern.name, { from, imported: key });
  }
  return stmt.pattern.k === 'name' || plainly;
}

/** An exported value stands twice in a summary, as the export and as the statement. */
const placeOf = (expr: Expr): string => ('at' in expr ? `${expr.k} ${expr.at}` : '');

/** What is exported is no use of it; what it takes to work it out is. */
function addExpressionStatement(summary: FileSummary, of: Expr, { eager, exported }: Making): void {
  if (exported.has(placeOf(of))) return addRun(summary, of, eager, false);
  const commonjs = of.k === 'assign' && of.target.k === 'ref' && /^(?:module\.)?exports\b/.test(of.target.path);
  if (commonjs) return addRun(summary, of.value, eager, false);
  return addExpr(summary, of, eager);
}

/** The part of a value that runs when it is worked out: calls with what they are given. Functions that are only kept do not run. */
function addRun(summary: FileSummary, expr: Expr, into: Mentions, given: boolean): void {
  switch (expr.k) {
    case 'call':
      if (expr.callee.k === 'fn') addFunction(summary, expr.callee.fn, into);
      else addRun(summary, expr.callee, into, true);
      for (const arg of expr.args) addRun(summary, arg, into, true);
      return;
    case 'fn':
      if (given) addFunction(summary, expr.fn, into);
      return;
    case 'ref':
      if (given) addExpr(summary, expr, into);
      return;
    case 'obj':
      for (const prop of expr.props) addRun(summary, prop.value, into, given && prop.value.k !== 'fn');
      return;
    case 'class':
      return;
    case 'import':
      return given ? addExpr(summary, expr, into) : undefined;
    case 'template':
    case 'arr':
    case 'bin':
    case 'cond':
    case 'await':
    case 'spread':
    case 'unary':
    case 'seq':
    case 'member':
    case 'index':
    case 'assign':
      for (const inner of partsOf(expr)) addRun(summary, inner, into, given);
      return;
    default:
      return;
  }
}

function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.k) {
    case 'template':
      return expr.of;
    case 'arr':
      return expr.items;
    case 'bin':
      return [expr.l, expr.r];
    case 'cond':
      return [expr.test, expr.then, expr.else];
    case 'await':
    case 'spread':
    case 'unary':
    case 'member':
      return [expr.of];
    case 'index':
      return [expr.of, expr.by];
    case 'seq':
      return expr.of;
    case 'assign':
      return [expr.value];
    default:
      return [];
  }
}

function namesOf(pattern: Pattern): readonly string[] {
  if (pattern.k === 'name') return [pattern.name];
  if (pattern.k === 'arr') return pattern.items.flatMap((item) => (item ? namesOf(item) : []));
  return [
    ...pattern.props.flatMap((prop) => namesOf(prop.pattern)),
    ...(pattern.rest === undefined ? [] : [pattern.rest]),
  ];
}

function letUnit(summary: FileSummary, stmt: Extract<Stmt, { k: 'let' }>, context: UnitContext): Unit {
  if (stmt.init && stmt.pattern.k === 'name') return valueUnit(summary, stmt.init, context);
  return plain(() => {
    const into = noMentions();
    addStmt(summary, stmt, into);
    return into;
  });
}

function valueUnit(summary: FileSummary, value: Expr, context: UnitContext): Unit {
  if (value.k === 'fn') return functionUnit(summary, value.fn);
  if (value.k === 'obj') return objectUnit(summary, value);
  const cls = value.k === 'class' ? summary.classes[value.cls] : undefined;
  if (cls) return classUnit(summary, cls, context);
  return plain(() => {
    const into = noMentions();
    addExpr(summary, value, into);
    return into;
  });
}

const functionUnit = (summary: FileSummary, fn: number): Unit =>
  plain(() => {
    const into = noMentions();
    addFunction(summary, fn, into);
    return into;
  });

const plain = (mentions: () => Mentions): Unit => ({
  mentions: once(mentions),
  members: [],
  kind: 'other',
  decorated: false,
});

/** Functions of an object literal wait for their names. */
function objectUnit(summary: FileSummary, value: Extract<Expr, { k: 'obj' }>): Unit {
  const methods = value.props.flatMap((prop) =>
    prop.value.k === 'fn' && prop.key !== '[]' ? [{ name: prop.key, fn: prop.value.fn }] : [],
  );
  const rest = (): Mentions => {
    const into = noMentions();
    for (const prop of value.props) if (prop.value.k !== 'fn' || prop.key === '[]') addExpr(summary, prop.value, into);
    return into;
  };
  return {
    mentions: once(rest),
    members: methods.map(({ name, fn }) => method(summary, name, fn, false)),
    kind: 'object',
    decorated: false,
  };
}

function classUnit(summary: FileSummary, cls: Class, context: UnitContext): Unit {
  const contract =
    (cls.extends !== undefined && isForeignBase(cls.extends, context)) ||
    cls.implements.some((name) => context.foreign(name));
  const members = cls.members.flatMap((member) => {
    const fn = bodyOf(member);
    return fn === undefined
      ? []
      : [
          method(
            summary,
            member.name,
            fn,
            contract || member.kind === 'constructor' || member.decorators.length > 0 || member.name === '',
          ),
        ];
  });
  const head = (): Mentions => {
    const into = noMentions();
    addClassHead(summary, cls, into);
    return into;
  };
  return { mentions: once(head), members, kind: 'class', decorated: cls.decorators.length > 0 };
}

/** A base that a package provides, or that a call makes, calls what its heirs override. */
function isForeignBase(base: Expr, context: UnitContext): boolean {
  return base.k !== 'ref' || context.foreign(base.path.split('.')[0] ?? '');
}

function method(summary: FileSummary, name: string, fn: number, always: boolean): NamedPart {
  return {
    name,
    always,
    mentions: once(() => {
      const into = noMentions();
      addFunction(summary, fn, into);
      return into;
    }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
