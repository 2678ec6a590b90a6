import type { Expr } from '../summary.ts';
import { evaluateCall } from './calls.ts';
import { equality } from './equality.ts';
import { memberOf, resolvePath } from './members.ts';
import { assign, bindPattern } from './bind.ts';
import { branch, merge, refine } from './refine.ts';
import { note, refuse, type Run } from './run.ts';
import {
  anything,
  booleans,
  constant,
  isMissing,
  markMissing,
  never,
  nothing,
  present,
  secretOf,
  truth,
  truthOf,
  union,
  type Atom,
  type Frame,
  type Value,
} from './values.ts';

/** All that an expression can be. Empty when computing it throws. */
export function evaluate(run: Run, frame: Frame, expr: Expr): Value {
  if (--run.budget < 0) return anything;
  switch (expr.k) {
    case 'str':
    case 'num':
    case 'bool':
      return constant(expr.v);
    case 'null':
      return constant(null);
    case 'undefined':
      return [nothing];
    case 'template':
      return expr.tag
        ? tagged(run, frame, expr)
        : join(
            expr.parts,
            expr.of.map((hole) => evaluate(run, frame, hole)),
          );
    case 'ref':
      return resolvePath(run, frame, expr.path);
    case 'member':
      return memberOf(run, evaluate(run, frame, expr.of), expr.name);
    case 'index':
      return indexed(run, evaluate(run, frame, expr.of), evaluate(run, frame, expr.by));
    case 'call':
      return evaluateCall(run, frame, expr);
    case 'await':
      return evaluate(run, frame, expr.of);
    case 'obj':
      return object(run, frame, expr);
    case 'arr':
      return [{ k: 'list', items: items(run, frame, expr.items) }];
    case 'spread':
      return evaluate(run, frame, expr.of);
    case 'fn':
      return [{ k: 'function', fn: expr.fn, frame }];
    case 'bin':
      return binary(run, frame, expr);
    case 'unary':
      return unary(run, expr.op, evaluate(run, frame, expr.of));
    case 'cond':
      return conditional(run, frame, expr);
    case 'assign':
      return assignment(run, frame, expr);
    case 'seq':
      return expr.of.reduce<Value>((_, part) => evaluate(run, frame, part), [nothing]);
    default:
      return anything;
  }
}

const tagged = (run: Run, frame: Frame, expr: Extract<Expr, { k: 'template' }>): Value =>
  run.world?.tagged(
    run,
    frame,
    expr,
    expr.of.map((hole) => evaluate(run, frame, hole)),
  ) ?? anything;

function object(run: Run, frame: Frame, expr: Extract<Expr, { k: 'obj' }>): Value {
  const parts = new Map<string, Value>();
  let open = false;
  for (const prop of expr.props) {
    const value = evaluate(run, frame, prop.value);
    if (value.length === 0) return never;
    const [only] = value;
    if (prop.key === '...' && value.length === 1 && only?.k === 'object') {
      for (const [key, part] of only.parts) parts.set(key, part);
      open ||= only.open;
    } else if (prop.key === '...' || prop.key === '[]') {
      parts.clear();
      open = true;
    } else parts.set(prop.key, value);
  }
  return [{ k: 'object', parts, open, expr, frame }];
}

function items(run: Run, frame: Frame, exprs: readonly Expr[]): Value {
  let all: Value = [];
  for (const expr of exprs) {
    const value = evaluate(run, frame, expr);
    all = union(
      all,
      expr.k === 'spread' ? value.flatMap((atom) => (atom.k === 'list' ? atom.items : anything)) : value,
    );
  }
  return all;
}

/** A text with holes: known when all its parts are, secret when one is. */
function join(parts: readonly string[], holes: readonly Value[]): Value {
  if (holes.some((hole) => hole.length === 0)) return never;
  const lost = holes.flat().find((atom) => atom.k === 'lost');
  if (lost) return [lost];
  const of = holes.map(secretOf).find((found) => found !== undefined);
  if (of !== undefined) return [{ k: 'secret', of }];
  if (holes.every((hole) => hole.length === 1 && hole[0]?.k === 'const')) {
    const texts = holes.map(([atom]) => (atom?.k === 'const' ? String(atom.v) : ''));
    const text = constant(parts.map((part, i) => part + (texts[i] ?? '')).join(''));
    return holes.some(isMissing) ? markMissing(text) : text;
  }
  const all = holes.flat();
  const kept = all.find((atom) => atom.k === 'setting') ?? all.find((atom) => atom.k === 'input');
  return kept ? [kept] : present;
}

function indexed(run: Run, of: Value, by: Value): Value {
  const [key] = by;
  const name = by.length === 1 && key?.k === 'const' ? String(key.v) : undefined;
  let all: Value = [];
  for (const atom of of) {
    if (atom.k === 'list') all = union(all, [...atom.items, nothing]);
    else if (name !== undefined) all = union(all, memberOf(run, [atom], name));
    else all = union(all, atom.k === 'input' ? memberOf(run, [atom], '[]') : anything);
  }
  return all;
}

function binary(run: Run, frame: Frame, expr: Extract<Expr, { k: 'bin' }>): Value {
  if (expr.op === '&&' || expr.op === '||' || expr.op === '??') return logical(run, frame, expr);
  const l = evaluate(run, frame, expr.l);
  const r = evaluate(run, frame, expr.r);
  if (l.length === 0 || r.length === 0) return never;
  if (expr.op === '+') return join(['', '', ''], [l, r]);
  const sign = /^([!=])==?$/.exec(expr.op)?.[1];
  if (!sign) return booleans(true, true);
  run.world?.tested(run, l);
  run.world?.tested(run, r);
  run.world?.compared(run, l, r);
  const same = loosely(expr.op, l, r) ?? equality(l, r, refuse(run));
  note(run, expr, same);
  return sign === '=' ? booleans(same.yes, same.no) : booleans(same.no, same.yes);
}

/** `x == null` holds for undefined too. */
function loosely(op: string, l: Value, r: Value): { yes: boolean; no: boolean } | undefined {
  if (op.length !== 2) return undefined;
  const isNull = (value: Value): boolean =>
    value.length === 1 && value[0]?.k === 'const' && (value[0].v ?? null) === null;
  const other = isNull(r) ? l : isNull(l) ? r : undefined;
  if (!other) return undefined;
  const absent = (atom: Atom): boolean => atom.k === 'unfound' || (atom.k === 'const' && (atom.v ?? null) === null);
  return {
    yes: other.some((atom) => absent(atom) || (atom.k === 'any' && !atom.present)),
    no: other.some((atom) => !absent(atom)),
  };
}

function logical(run: Run, frame: Frame, expr: Extract<Expr, { k: 'bin' }>): Value {
  const left = evaluate(run, frame, expr.l);
  run.world?.tested(run, left);
  const stays = (atom: Atom): boolean =>
    expr.op === '??'
      ? atom.k !== 'unfound' && !(atom.k === 'const' && (atom.v ?? null) === null)
      : expr.op === '&&'
        ? truthOf(atom).no
        : truthOf(atom).yes;
  const goesOn = left.filter((atom) =>
    expr.op === '??' ? nullish(atom) : expr.op === '&&' ? truthOf(atom).yes : truthOf(atom).no,
  );
  const kept = left.filter(stays).map((atom): Atom => narrowed(atom, expr.op));
  if (goesOn.length === 0) return kept;
  const inner = branch(frame);
  if (expr.op !== '??') refine(run, inner, expr.l, expr.op === '&&');
  const right = evaluate(run, inner, expr.r);
  return union(kept, expr.op !== '&&' && isMissing(goesOn) ? markMissing(right) : right);
}

const nullish = (atom: Atom): boolean =>
  atom.k === 'const' ? (atom.v ?? null) === null : atom.k === 'unfound' || (atom.k === 'any' && !atom.present);

function narrowed(atom: Atom, op: string): Atom {
  if (atom.k !== 'any') return atom;
  return op === '&&' ? { k: 'const', v: false } : { k: 'any', present: true };
}

function unary(run: Run, op: string, value: Value): Value {
  if (value.length === 0) return never;
  if (op === '!') {
    run.world?.tested(run, value);
    const { yes, no } = truth(value);
    return booleans(no, yes);
  }
  if (op === 'void') return [nothing];
  if (op === 'typeof') return value.flatMap(typeOf);
  return anything;
}

const typeOf = (atom: Atom): Value =>
  atom.k === 'const'
    ? constant(typeof atom.v)
    : atom.k === 'secret' || atom.k === 'setting' || atom.k === 'input'
      ? constant('string')
      : anything;

function conditional(run: Run, frame: Frame, expr: Extract<Expr, { k: 'cond' }>): Value {
  const test = evaluate(run, frame, expr.test);
  if (test.length === 0) return never;
  const { yes, no } = note(run, expr, truth(test), test);
  const arm = (holds: boolean, of: Expr): Value => {
    const inner = branch(frame);
    refine(run, inner, expr.test, holds);
    const value = evaluate(run, inner, of);
    if (yes !== no) merge(frame, [inner]);
    return value;
  };
  return union(yes ? arm(true, expr.then) : never, no ? arm(false, expr.else) : never);
}

function assignment(run: Run, frame: Frame, expr: Extract<Expr, { k: 'assign' }>): Value {
  const { target } = expr;
  if (target.k === 'pattern') {
    const value = evaluate(run, frame, expr.value);
    bindPattern(run, frame, target.pattern, value);
    return value;
  }
  const op = expr.op.slice(0, -1);
  const value =
    op === ''
      ? evaluate(run, frame, expr.value)
      : evaluate(run, frame, { k: 'bin', op, l: target, r: expr.value, at: expr.at });
  if (target.k === 'ref') assign(run, frame, target.path, value);
  return value;
}
