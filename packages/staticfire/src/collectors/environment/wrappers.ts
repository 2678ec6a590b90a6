import type { Expr } from '../../code/summary.ts';
import { eachStmt, walkExpr } from '../../code/walk.ts';
import { functionAt, functionCalled } from './calls.ts';
import { refuses } from './leaving.ts';
import type { Names, Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';

/** A function that reads the variable whose name it is given. Known by what it does, not by what it is called. */
export interface Wrapper extends Spot {
  readonly name: number;
  /** The parameter that stands in when the variable is missing. */
  readonly fallback: number | undefined;
  /** What the function itself puts in its place. */
  readonly own: readonly Expr[];
  readonly throws: boolean;
  /** It reads what a schema returned. */
  readonly checked: boolean;
}

export type Wrappers = ReadonlyMap<string, Wrapper>;

export const spotKey = (spot: Spot): string => `${spot.file}\0${spot.fn}`;

/** Reads by a parameter: `process.env[name]` inside a function with that parameter. */
export interface ParamRead extends Spot {
  readonly index: number;
  readonly operands: readonly Expr[];
  readonly checked: boolean;
  /** What it calls with the name throws when the variable is missing. */
  readonly throws?: boolean;
}

export function wrapperOf(objects: EnvObjects, read: ParamRead): Wrapper | undefined {
  const func = functionAt(objects.names, read);
  if (!func?.params[read.index]) return undefined;
  const fallback = func.params.findIndex(
    (param, index) =>
      index !== read.index &&
      param.pattern.k === 'name' &&
      stands(objects.names, read, param.pattern.name, read.operands),
  );
  const own = read.operands.filter((e) => e.k === 'str' || e.k === 'template');
  return {
    file: read.file,
    fn: read.fn,
    name: read.index,
    fallback: fallback === -1 ? undefined : fallback,
    own,
    throws: read.throws === true || refuses(objects, read) !== undefined,
    checked: read.checked,
  };
}

/** Is the parameter used where the variable is missing: after `??`, or returned as it is? */
function stands(names: Names, spot: Spot, param: string, operands: readonly Expr[]): boolean {
  const mentions = (expr: Expr): boolean => {
    let found = false;
    walkExpr(expr, (e) => {
      if (e.k === 'ref' && e.path === param) found = true;
    });
    return found;
  };
  if (operands.some(mentions)) return true;
  let returned = false;
  eachStmt(functionAt(names, spot)?.body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of?.k === 'ref' && stmt.of.path === param) returned = true;
    if (stmt.k === 'return' && stmt.of?.k === 'cond' && mentions(stmt.of)) returned = true;
    if (stmt.k === 'return' && stmt.of?.k === 'bin' && mentions(stmt.of.r)) returned = true;
  });
  return returned;
}

/** The variable that a call of a wrapper reads. */
export interface WrappedRead {
  readonly wrapper: Wrapper;
  readonly name: string | undefined;
  /** The function's own parameter is passed on: its function is a wrapper too. */
  readonly passes: number | undefined;
  readonly operands: readonly Expr[];
}

export function wrappedRead(
  objects: EnvObjects,
  wrappers: Wrappers,
  spot: Spot,
  call: Extract<Expr, { k: 'call' }>,
): WrappedRead | undefined {
  const called = functionCalled(objects.names, spot, call);
  const wrapper = called && wrappers.get(spotKey(called));
  const arg = wrapper && call.args[wrapper.name];
  if (!wrapper || !arg) return undefined;
  const name = objects.names.model.literal(spot.file, spot.fn, arg);
  const found = arg.k === 'ref' ? objects.names.follow(spot, arg.path) : undefined;
  const given = wrapper.fallback === undefined ? undefined : call.args[wrapper.fallback];
  const passes = found?.k === 'param' && found.file === spot.file && found.rest === '' ? found.index : undefined;
  return {
    wrapper,
    name: typeof name === 'string' ? name : undefined,
    passes,
    operands: given ? [given] : wrapper.own,
  };
}
