import type { Found, Names } from '../../code/follow-names.ts';
import type { CodeModel } from '../../code/model.ts';
import { isSecretName } from '../../code/polarity/settings.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import { pathOf } from '../../code/walk.ts';

export interface Reading {
  readonly model: CodeModel;
  readonly names: Names;
  readonly spot: Spot;
}

const deepest = 6;

/** The secret that an expression holds: the name of a setting, or a signature computed with one. */
export function secretIn(reading: Reading, expr: Expr, depth = 0): string | undefined {
  if (depth > deepest) return undefined;
  switch (expr.k) {
    case 'ref':
    case 'member':
      return secretName(reading, expr, depth);
    case 'template':
      return firstOf(expr.of, (hole) => secretIn(reading, hole, depth + 1));
    case 'bin':
      return expr.op === '+' || expr.op === '??' || expr.op === '||'
        ? firstOf([expr.l, expr.r], (side) => secretIn(reading, side, depth + 1))
        : undefined;
    case 'await':
      return secretIn(reading, expr.of, depth + 1);
    case 'call':
      return secretOfCall(reading, expr, depth);
    default:
      return undefined;
  }
}

function firstOf(list: readonly Expr[], read: (expr: Expr) => string | undefined): string | undefined {
  for (const expr of list) {
    const found = read(expr);
    if (found !== undefined) return found;
  }
  return undefined;
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function secretName(reading: Reading, expr: Expr, depth: number): string | undefined {
  const found = reading.names.resolve(reading.spot, expr);
  if (!found) return undefined;
  if (found.k === 'global') {
    const name = lastOf(found.path);
    return /^(?:process\.env|import\.meta\.env|Bun\.env|Deno\.env)\./.test(found.path) && isSecretName(name)
      ? name
      : undefined;
  }
  if (found.k !== 'expr') return undefined;
  const name = lastOf(found.rest);
  // A member of settings that a schema or a function made: `env.CRON_SECRET`.
  if (name !== '') return /^[A-Z][A-Z\d_]+$/.test(name) && isSecretName(name) ? name : undefined;
  return found.expr === expr ? undefined : secretIn(at(reading, found), found.expr, depth + 1);
}

const at = (reading: Reading, { file, fn }: Extract<Found, { k: 'expr' }>): Reading => ({
  ...reading,
  spot: { file, fn },
});

function secretOfCall(reading: Reading, expr: Extract<Expr, { k: 'call' }>, depth: number): string | undefined {
  const path = pathOf(expr.callee);
  const [first] = expr.args;
  if (/(?:^|\.)(?:get|getOrThrow)$/.test(path) && first?.k === 'str' && /config|env/i.test(path))
    return isSecretName(first.v) ? first.v : undefined;
  if (expr.callee.k === 'member') return ofChain(reading, expr.callee, expr, depth);
  if (/^(?:Buffer\.from|String)$/.test(path) && first) return secretIn(reading, first, depth + 1);
  const receiver = /^(.+)\.(?:digest|trim|toString|toLowerCase|toUpperCase)$/.exec(path)?.[1];
  if (receiver) {
    const inner: Expr = { k: 'ref', path: receiver, at: expr.at };
    return computesMac(reading, inner, depth) ? 'a computed signature' : secretIn(reading, inner, depth + 1);
  }
  return computedBy(reading, expr.callee, depth);
}

/** `createHmac('sha256', KEY).update(body).digest('hex')` */
function ofChain(
  reading: Reading,
  callee: Extract<Expr, { k: 'member' }>,
  expr: Expr,
  depth: number,
): string | undefined {
  if (callee.name === 'digest') return computesMac(reading, expr, depth) ? 'a computed signature' : undefined;
  return /^(?:trim|toString|toLowerCase|toUpperCase)$/.test(callee.name)
    ? secretIn(reading, callee.of, depth + 1)
    : undefined;
}

function computesMac(reading: Reading, expr: Expr, depth: number): boolean {
  if (depth > deepest) return false;
  if (expr.k === 'call')
    return /(?:^|\.)createHmac$/.test(pathOf(expr.callee)) || computesMac(reading, inside(expr), depth + 1);
  if (expr.k === 'member') return computesMac(reading, expr.of, depth + 1);
  if (expr.k !== 'ref') return false;
  const found = reading.names.resolve(reading.spot, expr);
  return found?.k === 'expr' && found.expr !== expr && computesMac(at(reading, found), found.expr, depth + 1);
}

/** What a method is called on: `hmac` for `hmac.update(body)`. */
function inside(expr: Extract<Expr, { k: 'call' }>): Expr {
  const { callee } = expr;
  if (callee.k === 'member') return callee.of;
  return callee.k === 'ref' && callee.path.includes('.')
    ? { ...callee, path: callee.path.slice(0, callee.path.lastIndexOf('.')) }
    : { k: 'other' };
}

/** `sign(body)` of the repository that returns a signature. */
function computedBy(reading: Reading, callee: Expr, depth: number): string | undefined {
  const origin = reading.model.origin(reading.spot.file, reading.spot.fn, callee);
  if (origin.kind !== 'function' || origin.called || origin.member || depth > 2) return undefined;
  const body = reading.model.get(origin.file)?.summary.functions[origin.fn]?.body ?? [];
  const inner = { ...reading, spot: { file: origin.file, fn: origin.fn } };
  const returned = body.flatMap((stmt) => (stmt.k === 'return' && stmt.of ? [stmt.of] : []));
  return firstOf(returned, (expr) => {
    const found = secretIn(inner, expr, depth + 3);
    return found === 'a computed signature' ? found : undefined;
  });
}

const headerGetters =
  /(?:^|\.)(?:header|getHeader|getHeaders|getRequestHeader|headers|cookies|getCookie|readBody|getQuery|query|param|json|formData|getQueryParam)$/;
const passing =
  /(?:^|\.)(?:String|Buffer\.from|decodeURIComponent|atob|trim|toString|split|slice|substring|replace|replaceAll|get|at|pop|shift|toLowerCase|toUpperCase|JSON\.parse|createHash|update|digest|parse)$/;

/** Does an expression hold what the caller of the function, or of the service, sent? */
export function fromCaller(reading: Reading, expr: Expr, depth = 0): boolean {
  if (depth > deepest) return false;
  const again = (inner: Expr): boolean => fromCaller(reading, inner, depth + 1);
  switch (expr.k) {
    case 'ref':
      return namesCaller(reading, expr, depth);
    case 'member':
    case 'await':
    case 'spread':
      return again(expr.of);
    case 'index':
      return again(expr.of);
    case 'template':
      return expr.of.some(again);
    case 'bin':
      return ['+', '??', '||', '&&'].includes(expr.op) && (again(expr.l) || again(expr.r));
    case 'cond':
      return again(expr.then) || again(expr.else);
    case 'call':
      return sentToCall(reading, expr, depth);
    default:
      return false;
  }
}

function namesCaller(reading: Reading, expr: Extract<Expr, { k: 'ref' }>, depth: number): boolean {
  if (expr.path.endsWith('.length')) return false;
  const found = reading.names.resolve(reading.spot, expr);
  if (found?.k === 'param') return true;
  return found?.k === 'expr' && found.expr !== expr && fromCaller(at(reading, found), found.expr, depth + 1);
}

function sentToCall(reading: Reading, expr: Extract<Expr, { k: 'call' }>, depth: number): boolean {
  const path = expr.callee.k === 'member' ? expr.callee.name : pathOf(expr.callee);
  if (/^(?:headers|cookies|getHeader|getRequestHeader|getCookie|getQuery|readBody|getHeaders)$/.test(path)) return true;
  if (headerGetters.test(path) && fromCaller(reading, inside(expr), depth + 1)) return true;
  if (!passing.test(path)) return false;
  return [inside(expr), ...expr.args].some((part) => fromCaller(reading, part, depth + 1));
}
