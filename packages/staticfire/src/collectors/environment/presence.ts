import type { Expr } from '../../code/summary.ts';
import type { Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';
import { setByPlatform } from '../../facts/environment-names.ts';

/** The variables whose absence makes this expression true: `!X`, `X === undefined`, `X.length < 32`. */
export function missingIn(objects: EnvObjects, spot: Spot, expr: Expr, depth = 0): readonly string[] {
  if (depth > 6) return [];
  switch (expr.k) {
    case 'unary':
      return expr.op === '!' ? presentIn(objects, spot, expr.of, depth + 1) : [];
    case 'bin':
      return missingInBinary(objects, spot, expr, depth);
    case 'call':
      return /^(?:isEmpty|isNil|isUndefined|isNaN)$/.test(lastName(expr.callee))
        ? expr.args.flatMap((a) => named(objects, spot, a))
        : [];
    case 'ref':
      return behind(objects, spot, expr, (at, init) => missingIn(objects, at, init, depth + 1));
    default:
      return [];
  }
}

function missingInBinary(
  objects: EnvObjects,
  spot: Spot,
  expr: Extract<Expr, { k: 'bin' }>,
  depth: number,
): readonly string[] {
  const { op, l, r } = expr;
  if (op === '||' || op === '&&') return [l, r].flatMap((e) => missingIn(objects, spot, e, depth + 1));
  if (op === '===' || op === '==')
    return nothing(r) ? named(objects, spot, l) : nothing(l) ? named(objects, spot, r) : [];
  if (op === '!==' || op === '!=') {
    const typed = l.k === 'unary' && l.op === 'typeof' ? l.of : undefined;
    if (typed) return named(objects, spot, typed);
  }
  return ['<', '<=', '!==', '!='].includes(op) ? lengthOf(objects, spot, l) : [];
}

/** The variables that must be set for this expression to be true. */
export function presentIn(objects: EnvObjects, spot: Spot, expr: Expr, depth = 0): readonly string[] {
  if (depth > 6) return [];
  const own = named(objects, spot, expr);
  if (own.length > 0) return own;
  switch (expr.k) {
    case 'unary':
      return expr.op === '!' ? missingIn(objects, spot, expr.of, depth + 1) : [];
    case 'bin':
      if (expr.op === '&&' || expr.op === '||')
        return [expr.l, expr.r].flatMap((e) => presentIn(objects, spot, e, depth + 1));
      if ((expr.op === '!==' || expr.op === '!=') && nothing(expr.r)) return named(objects, spot, expr.l);
      if (expr.op === '===' || expr.op === '==')
        return expr.l.k === 'unary' ? named(objects, spot, expr.l.of) : named(objects, spot, expr.l);
      return expr.op === '>' || expr.op === '>=' ? lengthOf(objects, spot, expr.l) : [];
    case 'call':
      return [...expr.args, ...(expr.callee.k === 'member' ? [expr.callee.of] : [expr.callee])].flatMap((a) =>
        presentIn(objects, spot, a, depth + 1),
      );
    case 'ref':
      return behind(objects, spot, expr, (at, init) => presentIn(objects, at, init, depth + 1));
    default:
      return [];
  }
}

const nothing = (expr: Expr): boolean =>
  expr.k === 'undefined' || expr.k === 'null' || (expr.k === 'str' && expr.v === '');

const lastName = (expr: Expr): string =>
  expr.k === 'ref' ? (expr.path.split('.').at(-1) ?? '') : expr.k === 'member' ? expr.name : '';

function lengthOf(objects: EnvObjects, spot: Spot, expr: Expr): readonly string[] {
  return lastName(expr) === 'length' ? named(objects, spot, expr) : [];
}

/** The variable at the head of a chain; those of the platform are never missing. */
function named(objects: EnvObjects, spot: Spot, expr: Expr): readonly string[] {
  const inner = expr.k === 'call' && expr.callee.k === 'ref' ? expr.callee : expr;
  const [name = ''] = objects.pathOf(spot, inner)?.path.split('.') ?? [];
  return name && !setByPlatform(name) ? [name] : [];
}

/** A constant that asks about variables: `const configured = Boolean(process.env.X)`. */
function behind(
  objects: EnvObjects,
  spot: Spot,
  expr: Extract<Expr, { k: 'ref' }>,
  ask: (at: Spot, init: Expr) => readonly string[],
): readonly string[] {
  if (expr.path.includes('.')) return [];
  const found = objects.names.resolve(spot, expr);
  return found?.k === 'expr' && found.rest === '' && found.expr !== expr ? ask(found, found.expr) : [];
}
