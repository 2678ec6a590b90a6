import type { Expr } from '../summary.ts';
import { equality } from './equality.ts';
import { evaluate } from './evaluate.ts';
import { memberPath } from './members.ts';
import type { Run } from './run.ts';
import { nothing, truthOf, union, type Atom, type Frame, type Value } from './values.ts';

/** The same frame with variables of its own, for one arm of a branch. */
export const branch = (frame: Frame): Frame => ({ ...frame, vars: new Map(frame.vars) });

/** Takes over what the arms that were passed did to the variables. */
export function merge(frame: Frame, arms: readonly Frame[]): void {
  const [first, ...rest] = arms;
  if (!first) return;
  if (rest.length === 0) {
    for (const [name, value] of first.vars) frame.vars.set(name, value);
    return;
  }
  const names = new Set(arms.flatMap((arm) => [...arm.vars.keys()]));
  for (const name of names) {
    const before = frame.vars.get(name);
    if (before && arms.every((arm) => arm.vars.get(name) === before)) continue;
    const values = [first, ...rest].map((arm) => arm.vars.get(name));
    // A refined member path that only one arm knows is forgotten.
    if (name.includes('.') && values.some((value) => value === undefined)) frame.vars.delete(name);
    else
      frame.vars.set(
        name,
        values.reduce<Value>((all, value) => union(all, value ?? [nothing]), []),
      );
  }
}

/** Narrows variables to what they must be for a test to hold, or to fail. */
export function refine(run: Run, frame: Frame, test: Expr, holds: boolean): void {
  switch (test.k) {
    case 'ref':
      narrow(run, frame, test.path, (atom) => (holds ? truthOf(atom).yes : truthOf(atom).no), holds);
      return;
    case 'await':
      refine(run, frame, test.of, holds);
      return;
    case 'unary':
      if (test.op === '!') refine(run, frame, test.of, !holds);
      return;
    case 'bin':
      refineBinary(run, frame, test, holds);
  }
}

function refineBinary(run: Run, frame: Frame, test: Extract<Expr, { k: 'bin' }>, holds: boolean): void {
  if ((test.op === '&&' && holds) || (test.op === '||' && !holds)) {
    refine(run, frame, test.l, holds);
    refine(run, frame, test.r, holds);
    return;
  }
  if ((test.op === '&&' && !holds) || (test.op === '||' && holds)) return refineOther(run, frame, test, holds);
  const sign = /^([!=])==?$/.exec(test.op)?.[1];
  if (!sign) return;
  const equal = (sign === '=') === holds;
  if (test.l.k === 'unary' && test.l.op === 'typeof' && test.l.of.k === 'ref' && test.r.k === 'str') {
    const type = test.r.v;
    narrow(run, frame, test.l.of.path, (atom) => atom.k === 'any' || (typeOf(atom) === type) === equal, false);
    return;
  }
  refineEqual(run, frame, test.l, test.r, equal, test.op.length === 2);
  refineEqual(run, frame, test.r, test.l, equal, test.op.length === 2);
}

const typeOf = (atom: Atom): string =>
  atom.k === 'const'
    ? typeof atom.v
    : atom.k === 'list' || atom.k === 'object'
      ? 'object'
      : atom.k === 'function'
        ? 'function'
        : 'string';

/** Where one side is sure not to decide, the other did. */
function refineOther(run: Run, frame: Frame, test: Extract<Expr, { k: 'bin' }>, holds: boolean): void {
  if (sure(run, frame, test.l) === !holds) refine(run, frame, test.r, holds);
  else if (sure(run, frame, test.r) === !holds) refine(run, frame, test.l, holds);
}

/** The outcome of a plain name or its negation, where there is only one. */
function sure(run: Run, frame: Frame, test: Expr): boolean | undefined {
  if (test.k === 'unary' && test.op === '!') {
    const inner = sure(run, frame, test.of);
    return inner === undefined ? undefined : !inner;
  }
  if (test.k !== 'ref') return undefined;
  const outcomes = evaluate(run, frame, test).map((atom) =>
    atom.k === 'lost' ? { yes: true, no: true } : truthOf(atom),
  );
  const [yes, no] = [outcomes.some((one) => one.yes), outcomes.some((one) => one.no)];
  return yes === no ? undefined : yes;
}

function refineEqual(run: Run, frame: Frame, name: Expr, other: Expr, equal: boolean, loose: boolean): void {
  if (name.k !== 'ref') return;
  const value = evaluate(run, frame, other);
  const [only] = value;
  if (value.length !== 1 || only?.k !== 'const') return;
  const absent = (only.v ?? null) === null;
  narrow(
    run,
    frame,
    name.path,
    (atom) => {
      if (loose && absent && atom.k === 'const') return ((atom.v ?? null) === null) === equal;
      const { yes, no } = atom.k === 'lost' ? { yes: true, no: true } : equality([atom], value, () => undefined);
      return equal ? yes : no;
    },
    false,
  );
}

function narrow(run: Run, frame: Frame, path: string, keep: (atom: Atom) => boolean, isPresent: boolean): void {
  const value = evaluate(run, frame, { k: 'ref', path, at: 0 });
  const kept = value
    .filter(keep)
    .map((atom): Atom => (isPresent && atom.k === 'any' ? { k: 'any', present: true } : atom));
  if (kept.length === 0) return;
  frame.vars.set(path, kept);
  const dot = path.indexOf('.');
  if (dot === -1) return;
  const head = path.slice(0, dot);
  const whole = frame.vars.get(head);
  if (!whole || whole.length < 2 || !whole.some((atom) => atom.k === 'object')) return;
  const fitting = whole.filter((atom) => memberPath(run, [atom], path.slice(dot + 1)).some(keep));
  if (fitting.length > 0) frame.vars.set(head, fitting);
}
