import type { CodeModel, Origin } from './model.ts';
import { inProduction, type Spot } from './production.ts';
import type { Condition } from './sites.ts';
import type { Expr, Prop, Stmt } from './summary.ts';
import { eachStmt } from './walk.ts';

/** One value of an options object, with the keys that lead to it and the tests it depends on. */
interface Option {
  /** Dotted: 'extra.max'. */
  readonly path: string;
  readonly key: string;
  readonly value: Expr;
  readonly spot: Spot;
  readonly at: number;
  readonly when: readonly Condition[];
}

export interface Options {
  readonly entries: readonly Option[];
  /** Part of it could not be followed. */
  readonly lost: boolean;
}

const deepest = 10;

/** What an options object says, nested objects flattened, followed through variables, spreads, choices and returns. */
export function optionsOf(model: CodeModel, spot: Spot, expr: Expr): Options {
  const entries: Option[] = [];
  const reading: Reading = { model, entries, lost: false };
  read(reading, spot, expr, '', [], 0);
  return { entries, lost: reading.lost };
}

interface Reading {
  readonly model: CodeModel;
  readonly entries: Option[];
  lost: boolean;
}

function read(r: Reading, spot: Spot, expr: Expr, path: string, when: readonly Condition[], depth: number): void {
  if (depth > deepest) return lose(r);
  switch (expr.k) {
    case 'obj':
      return expr.props.forEach((prop) => readProp(r, spot, prop, path, when, depth));
    case 'cond': {
      const chosen = inProduction(r.model, spot, expr.test);
      if (chosen !== false) read(r, spot, expr.then, path, [...when, { test: expr.test, holds: true }], depth + 1);
      if (chosen !== true) read(r, spot, expr.else, path, [...when, { test: expr.test, holds: false }], depth + 1);
      return;
    }
    case 'bin':
      return readChoice(r, spot, expr, path, when, depth);
    case 'await':
      return read(r, spot, expr.of, path, when, depth + 1);
    case 'call':
      return readCall(r, spot, expr, path, when, depth);
    case 'index':
      return readIndex(r, spot, expr, path, when, depth);
    case 'ref':
    case 'member':
      return readOrigin(r, r.model.origin(spot.file, spot.fn, expr), expr, path, when, depth);
    case 'fn':
      return readReturns(r, { file: spot.file, fn: expr.fn }, path, when, depth);
    default:
  }
}

function lose(r: Reading): void {
  r.lost = true;
}

function readProp(r: Reading, spot: Spot, prop: Prop, path: string, when: readonly Condition[], depth: number): void {
  if (prop.key === '...') return read(r, spot, prop.value, path, when, depth + 1);
  const full = path ? `${path}.${prop.key}` : prop.key;
  r.entries.push({ path: full, key: prop.key, value: prop.value, spot, at: prop.at, when });
  if (/^useFactory$/.test(prop.key)) return read(r, spot, prop.value, path, when, depth + 1);
  if (/^use(?:Class|Existing)$/.test(prop.key)) return readFactory(r, spot, prop.value, path, when, depth);
  if (mayHold(prop.value)) readQuietly(r, spot, prop.value, full, when, depth + 1);
}

/** `useClass`: the method of the class that makes the options, as `createTypeOrmOptions`. */
function readFactory(
  r: Reading,
  spot: Spot,
  expr: Expr,
  path: string,
  when: readonly Condition[],
  depth: number,
): void {
  const origin = r.model.origin(spot.file, spot.fn, expr);
  const cls = origin.kind === 'class' ? r.model.get(origin.file)?.summary.classes[origin.cls] : undefined;
  const makers = cls?.members.filter((m) => m.fn !== undefined && /^create\w*Options$/.test(m.name)) ?? [];
  if (origin.kind !== 'class' || makers.length === 0) return lose(r);
  for (const { fn = 0 } of makers) readReturns(r, { file: origin.file, fn }, path, when, depth);
}

const mayHold = (expr: Expr): boolean =>
  expr.k === 'obj' || expr.k === 'cond' || expr.k === 'ref' || (expr.k === 'bin' && expr.op !== '+');

/** A value that is no object is no loss. */
function readQuietly(
  r: Reading,
  spot: Spot,
  expr: Expr,
  path: string,
  when: readonly Condition[],
  depth: number,
): void {
  const { lost } = r;
  read(r, spot, expr, path, when, depth);
  r.lost = lost;
}

function readChoice(
  r: Reading,
  spot: Spot,
  expr: Extract<Expr, { k: 'bin' }>,
  path: string,
  when: readonly Condition[],
  depth: number,
): void {
  if (expr.op === '&&') {
    if (inProduction(r.model, spot, expr.l) !== false)
      read(r, spot, expr.r, path, [...when, { test: expr.l, holds: true }], depth + 1);
    return;
  }
  if (expr.op !== '||' && expr.op !== '??') return;
  read(r, spot, expr.l, path, when, depth + 1);
  read(r, spot, expr.r, path, when, depth + 1);
}

/** `configs[process.env.NODE_ENV]`: the entry for production, else whatever is there. */
function readIndex(
  r: Reading,
  spot: Spot,
  expr: Extract<Expr, { k: 'index' }>,
  path: string,
  when: readonly Condition[],
  depth: number,
): void {
  const origin = r.model.origin(spot.file, spot.fn, expr.of);
  if (origin.kind !== 'value' || origin.member || origin.expr.k !== 'obj') return lose(r);
  const production = origin.expr.props.find((prop) => prop.key === 'production');
  for (const prop of production ? [production] : origin.expr.props) read(r, origin, prop.value, path, when, depth + 1);
}

function readCall(
  r: Reading,
  spot: Spot,
  expr: Extract<Expr, { k: 'call' }>,
  path: string,
  when: readonly Condition[],
  depth: number,
): void {
  const callee = r.model.origin(spot.file, spot.fn, expr.callee);
  if (callee.kind === 'function' && !callee.called && !callee.member) return readReturns(r, callee, path, when, depth);
  const holders = expr.args.filter((arg) => arg.k === 'obj' || arg.k === 'ref' || arg.k === 'fn' || arg.k === 'call');
  if (holders.length === 0) return lose(r);
  // `Object.assign({}, a, b)`, `defineConfig({…})`, `withPlugin(config)`, `registerAs('x', () => ({…}))`
  for (const arg of holders) read(r, spot, arg, path, when, depth + 1);
}

function readReturns(r: Reading, spot: Spot, path: string, when: readonly Condition[], depth: number): void {
  const func = r.model.get(spot.file)?.summary.functions[spot.fn];
  const inner: Spot = { file: spot.file, fn: spot.fn };
  readBlock(r, inner, func?.body ?? [], path, when, depth + 1);
}

function readBlock(
  r: Reading,
  spot: Spot,
  stmts: readonly Stmt[],
  path: string,
  when: readonly Condition[],
  depth: number,
): void {
  let here = when;
  for (const stmt of stmts) {
    if (stmt.k === 'return' && stmt.of) read(r, spot, stmt.of, path, here, depth);
    else if (stmt.k === 'if') {
      const chosen = inProduction(r.model, spot, stmt.test);
      if (chosen !== false) readBlock(r, spot, stmt.then, path, [...here, { test: stmt.test, holds: true }], depth);
      if (stmt.else && chosen !== true)
        readBlock(r, spot, stmt.else, path, [...here, { test: stmt.test, holds: false }], depth);
      const last = stmt.then.at(-1);
      if (last?.k === 'return' || last?.k === 'throw') {
        if (chosen === true) return;
        here = [...here, { test: stmt.test, holds: false }];
      }
    } else
      eachStmt(
        [stmt],
        (inner) => inner.k === 'return' && inner.of && inner !== stmt && read(r, spot, inner.of, path, here, depth),
      );
  }
}

function readOrigin(
  r: Reading,
  origin: Origin,
  expr: Expr,
  path: string,
  when: readonly Condition[],
  depth: number,
): void {
  if (origin.kind === 'value' && !origin.member && origin.expr !== expr) {
    read(r, origin, origin.expr, path, when, depth + 1);
    return readAssigned(r, origin, expr, path, when);
  }
  if (origin.kind === 'function' && !origin.member) return readReturns(r, origin, path, when, depth + 1);
  const getter = origin.kind === 'param' ? injectedGetter(r.model, origin) : undefined;
  return getter ? readReturns(r, getter, path, when, depth + 1) : lose(r);
}

/** `config.database` of a parameter typed with a class of the repository: what the getter returns. */
function injectedGetter(
  model: CodeModel,
  { file, fn, index, member }: Extract<Origin, { kind: 'param' }>,
): Spot | undefined {
  const type = model.get(file)?.summary.functions[fn]?.params[index]?.type?.match(/^[A-Za-z_$][\w$]*$/)?.[0];
  const cls = type === undefined || member === '' ? undefined : model.origin(file, 0, { k: 'ref', path: type, at: 0 });
  if (cls?.kind !== 'class') return undefined;
  const found = model.get(cls.file)?.summary.classes[cls.cls]?.members.find((m) => m.name === member);
  return found?.kind === 'get' && found.fn !== undefined ? { file: cls.file, fn: found.fn } : undefined;
}

/** `options.max = 5` after `const options = { … }`, with the tests around it. */
function readAssigned(r: Reading, origin: Spot, expr: Expr, path: string, when: readonly Condition[]): void {
  if (expr.k !== 'ref' || expr.path.includes('.')) return;
  const { path: name } = expr;
  const func = r.model.get(origin.file)?.summary.functions[origin.fn];
  const inBlock = (stmts: readonly Stmt[], around: readonly Condition[]): void => {
    for (const stmt of stmts) {
      if (stmt.k === 'if') {
        inBlock(stmt.then, [...around, { test: stmt.test, holds: true }]);
        inBlock(stmt.else ?? [], [...around, { test: stmt.test, holds: false }]);
      } else
        eachStmt([stmt], (inner) => {
          if (inner.k === 'expr') readAssignment(r, origin, inner.of, name, path, around);
        });
    }
  };
  inBlock(func?.body ?? [], when);
}

function readAssignment(
  r: Reading,
  spot: Spot,
  expr: Expr,
  name: string,
  path: string,
  when: readonly Condition[],
): void {
  if (expr.k !== 'assign' || expr.target.k !== 'ref' || !expr.target.path.startsWith(`${name}.`)) return;
  const rest = expr.target.path.slice(name.length + 1);
  const key = rest.slice(rest.lastIndexOf('.') + 1);
  r.entries.push({ path: path ? `${path}.${rest}` : rest, key, value: expr.value, spot, at: expr.at, when });
}
