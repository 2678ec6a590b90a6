import type { CodeModel } from '../../code/model.ts';
import { inProduction, type Spot } from '../../code/production.ts';
import { returnsOf } from '../../code/returns.ts';
import { lastName, type Condition } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { insideOf, walkExpr } from '../../code/walk.ts';
import type { ErrorLeak } from '../../facts/error-answers.ts';
import type { Caught } from './caught.ts';

type What = ErrorLeak['what'];

const deepest = 4;

/** A stack tells more than a message. */
export const worst = (all: readonly (What | undefined)[]): What | undefined =>
  all.find((one) => one === 'stack') ?? all.find((one) => one !== undefined);

/** What an expression tells of a caught error in production, whatever kind of error it is. */
export function tells(model: CodeModel, spot: Spot, expr: Expr, caught: Caught, depth = 0): What | undefined {
  if (depth > deepest) return undefined;
  const again = (inner: Expr): What | undefined => tells(model, spot, inner, caught, depth);
  const any = (...parts: readonly Expr[]): What | undefined => worst(parts.map(again));
  switch (expr.k) {
    case 'ref':
      return ofName(model, spot, expr, caught, depth);
    case 'cond': {
      const chosen = inProduction(model, spot, expr.test);
      if (chosen !== undefined) return again(chosen ? expr.then : expr.else);
      return neutral(expr.test, caught) ? any(expr.then, expr.else) : undefined;
    }
    case 'bin':
      if (expr.op !== '&&')
        return /^[<>=!]/.test(expr.op) || expr.op === 'instanceof' ? undefined : any(expr.l, expr.r);
      return inProduction(model, spot, expr.l) === true || neutral(expr.l, caught) ? again(expr.r) : undefined;
    case 'call':
      return ofCall(model, spot, expr, caught, depth) ?? any(...expr.args);
    case 'index':
      return again(expr.of);
    case 'fn':
    case 'class':
      return undefined;
    default:
      return any(...insideOf(expr));
  }
}

/** `error.message`, `error.stack`, a variable that holds one of them. */
function ofName(
  model: CodeModel,
  spot: Spot,
  expr: Extract<Expr, { k: 'ref' }>,
  caught: Caught,
  depth: number,
): What | undefined {
  const [head = '', ...rest] = expr.path.split('.');
  if (caught.names.has(head)) {
    const member = rest.join('.');
    if (/^(?:cause\.)?stack$/.test(member)) return 'stack';
    return /^(?:cause\.)?message$|^toString$|^sqlMessage$|^detail$/.test(member) ? 'message' : undefined;
  }
  const init = rest.length === 0 ? caught.lets.get(head) : undefined;
  return init && init !== expr ? tells(model, spot, init, caught, depth + 1) : undefined;
}

function ofCall(
  model: CodeModel,
  spot: Spot,
  expr: Extract<Expr, { k: 'call' }>,
  caught: Caught,
  depth: number,
): What | undefined {
  const isError = (arg: Expr): boolean => arg.k === 'ref' && caught.names.has(arg.path);
  if (expr.callee.k === 'ref' && expr.callee.path.endsWith('.toString'))
    return ofName(model, spot, expr.callee, caught, depth);
  const index = expr.args.findIndex(isError);
  if (index === -1) return undefined;
  if (expr.callee.k === 'ref' && expr.callee.path === 'String') return 'message';
  const origin = model.origin(spot.file, spot.fn, expr.callee);
  if (origin.kind === 'package' && origin.package === 'serialize-error') return 'stack';
  if (origin.kind !== 'function' || origin.called || origin.member) return undefined;
  const pattern = model.get(origin.file)?.summary.functions[origin.fn]?.params[index]?.pattern;
  if (pattern?.k !== 'name') return undefined;
  const inner: Caught = { names: new Set([pattern.name]), lets: new Map(), has: () => true };
  return worst(
    returnsOf(model, origin)
      .filter(({ when }) => !selective(when, inner))
      .map(({ value }) => tells(model, origin, value, inner, depth + 1)),
  );
}

/** A test that lets errors of every kind through: whether there is one, and whether it is an Error. */
function neutral(test: Expr, caught: Caught): boolean {
  switch (test.k) {
    case 'unary':
      return test.op === 'typeof' || neutral(test.of, caught);
    case 'bin':
      if (test.op === 'instanceof') return test.r.k === 'ref' && /^(?:Error|Object)$/.test(test.r.path);
      if (test.op === 'in') return test.l.k === 'str' && test.l.v === 'message';
      if (test.op === '&&' || test.op === '||') return neutral(test.l, caught) && neutral(test.r, caught);
      return test.l.k === 'unary' && test.l.op === 'typeof';
    case 'call':
      return /^(?:isError|isNativeError)$/.test(lastName(test.callee));
    case 'ref': {
      const [head = '', member = ''] = test.path.split('.');
      return caught.names.has(head) && /^(?:|message|stack)$/.test(member);
    }
    default:
      return false;
  }
}

/** Do the tests around it leave only errors of a known kind? */
export const selective = (when: readonly Condition[], caught: Caught): boolean =>
  when.some(({ test, holds }) => holds && picks(test, caught));

/** Does a test ask what kind of error it is, or what it is to be answered with? */
function picks(test: Expr, caught: Caught): boolean {
  let yes = false;
  walkExpr(test, (expr) => {
    if (expr.k === 'bin' && expr.op === 'instanceof')
      yes ||= !(expr.r.k === 'ref' && /^(?:Error|Object)$/.test(expr.r.path));
    if (expr.k === 'bin' && expr.op === 'in')
      yes ||= expr.l.k === 'str' && expr.l.v !== 'message' && mentions(expr.r, caught);
    if (expr.k === 'ref') {
      const [head = '', member = ''] = expr.path.split('.');
      yes ||= caught.names.has(head)
        ? !/^(?:|message|stack|toString)$/.test(member)
        : /^(?:status|statusCode|code|expose|isOperational|known)$/i.test(expr.path.split('.').at(-1) ?? '');
    }
    // `isAppError(error)`, `error.message.includes('…')`
    if (expr.k === 'call') {
      const name = lastName(expr.callee);
      yes ||=
        expr.args.some((arg) => arg.k === 'ref' && caught.names.has(arg.path)) ||
        (/^(?:includes|startsWith|match|test)$/.test(name) && mentions(expr.callee, caught));
    }
    if (expr.k === 'bin' && /^[=!]==?$/.test(expr.op)) yes ||= isText(expr.l, caught) || isText(expr.r, caught);
  });
  return yes;
}

const isText = (expr: Expr, caught: Caught): boolean =>
  expr.k === 'ref' && /\.(?:message|name|code)$/.test(expr.path) && caught.names.has(expr.path.split('.')[0] ?? '');

const mentions = (expr: Expr, caught: Caught): boolean =>
  expr.k === 'ref' && caught.names.has(expr.path.split('.')[0] ?? '');
