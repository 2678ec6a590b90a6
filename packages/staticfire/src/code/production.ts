import type { CodeModel } from './model.ts';
import type { Condition } from './sites.ts';
import type { Expr } from './summary.ts';
import { pathOf } from './walk.ts';

/** Where an expression stands. */
export interface Spot {
  readonly file: string;
  readonly fn: number;
}

const deepest = 12;

/**
 * Does a test hold in production? Undefined where it depends on something else.
 * NODE_ENV is 'production' there and names of other environments are not.
 */
export function inProduction(model: CodeModel, spot: Spot, test: Expr, depth = 0): boolean | undefined {
  if (depth > deepest) return undefined;
  const again = (expr: Expr): boolean | undefined => inProduction(model, spot, expr, depth + 1);
  switch (test.k) {
    case 'bool':
      return test.v;
    case 'null':
    case 'undefined':
      return false;
    case 'unary':
      return test.op === '!' ? negate(again(test.of)) : undefined;
    case 'bin':
      return ofBinary(model, spot, test, again);
    case 'cond': {
      const chosen = again(test.test);
      return chosen === undefined ? undefined : again(chosen ? test.then : test.else);
    }
    case 'call':
      return ofCall(model, spot, test, depth);
    case 'ref':
    case 'member':
      return ofName(model, spot, test, depth);
    default:
      return undefined;
  }
}

/** Does code behind these conditions run in production? Undefined where that depends on something else. */
export function runsInProduction(model: CodeModel, spot: Spot, when: readonly Condition[]): boolean | undefined {
  let answer: boolean | undefined = true;
  for (const { test, holds } of when) {
    const value = inProduction(model, spot, test);
    if (value === undefined) answer = undefined;
    else if (value !== holds) return false;
  }
  return answer;
}

const negate = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

type Again = (expr: Expr) => boolean | undefined;

function ofBinary(model: CodeModel, spot: Spot, test: Extract<Expr, { k: 'bin' }>, again: Again): boolean | undefined {
  if (test.op === '&&') {
    const [l, r] = [again(test.l), again(test.r)];
    return l === false || r === false ? false : l && r ? true : undefined;
  }
  if (test.op === '||' || test.op === '??') {
    const [l, r] = [again(test.l), again(test.r)];
    return l || r ? true : l === false && r === false ? false : undefined;
  }
  const equal = test.op === '===' || test.op === '==';
  if (!equal && test.op !== '!==' && test.op !== '!=') return undefined;
  const word = wordOf(model, spot, test.r) ?? wordOf(model, spot, test.l);
  const other = wordOf(model, spot, test.r) === undefined ? test.r : test.l;
  if (word === undefined || !namesEnvironment(model, spot, other)) return undefined;
  const same = environments.production.test(word) ? true : environments.other.test(word) ? false : undefined;
  return same === undefined ? undefined : same === equal;
}

const environments = {
  production: /^prod(?:uction)?$/i,
  other: /^(?:dev|development|test|testing|local|localhost|ci|e2e|debug|stag(?:e|ing)|preview)$/i,
} as const;

function wordOf(model: CodeModel, spot: Spot, expr: Expr): string | undefined {
  const value = model.literal(spot.file, spot.fn, expr);
  return typeof value === 'string' ? value : undefined;
}

/** `process.env.NODE_ENV`, `env.NODE_ENV`, `mode`, and variables that hold one of them. */
function namesEnvironment(model: CodeModel, spot: Spot, expr: Expr): boolean {
  if (expr.k === 'call')
    return (
      expr.args.some((arg) => arg.k === 'str' && environmentName.test(arg.v)) ||
      namesEnvironment(model, spot, expr.callee)
    );
  if (expr.k === 'bin') return namesEnvironment(model, spot, expr.l);
  if (expr.k === 'member') return environmentName.test(expr.name) || namesEnvironment(model, spot, expr.of);
  if (expr.k !== 'ref') return false;
  if (environmentName.test(lastOf(expr.path))) return true;
  if (/\.(?:toLowerCase|trim)$/.test(expr.path))
    return namesEnvironment(model, spot, { ...expr, path: expr.path.replace(/\.\w+$/, '') });
  const origin = model.origin(spot.file, spot.fn, expr);
  return origin.kind === 'global' && origin.name === 'process' && environmentName.test(lastOf(origin.member));
}

const environmentName =
  /^(?:NODE_ENV|APP_ENV|VERCEL_ENV|ENVIRONMENT|environment|nodeEnv|node_env|appEnv|mode|MODE|env)$/;
const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

function ofCall(model: CodeModel, spot: Spot, test: Extract<Expr, { k: 'call' }>, depth: number): boolean | undefined {
  if (test.callee.k === 'ref' && test.callee.path === 'Boolean' && test.args[0])
    return inProduction(model, spot, test.args[0], depth + 1);
  const named = byName(test.callee);
  if (named !== undefined) return named;
  const origin = model.origin(spot.file, spot.fn, test.callee);
  if (origin.kind !== 'function' || origin.called) return undefined;
  const body = model.get(origin.file)?.summary.functions[origin.fn]?.body ?? [];
  const [only] = body;
  if (body.length !== 1 || only?.k !== 'return' || !only.of) return undefined;
  return inProduction(model, { file: origin.file, fn: origin.fn }, only.of, depth + 1);
}

function ofName(model: CodeModel, spot: Spot, test: Expr, depth: number): boolean | undefined {
  const literal = model.literal(spot.file, spot.fn, test);
  if (typeof literal === 'boolean') return literal;
  const origin = model.origin(spot.file, spot.fn, test);
  if (origin.kind === 'value' && !origin.member && origin.expr !== test) {
    const value = inProduction(model, origin, origin.expr, depth + 1);
    if (value !== undefined) return value;
  }
  if (test.k === 'ref' && /^import\.meta\.env\.(?:PROD|DEV)$/.test(test.path)) return test.path.endsWith('PROD');
  return byName(test);
}

/** `isProduction`, `config.isDev`: the convention, where the value itself could not be followed. */
function byName(expr: Expr): boolean | undefined {
  const name = expr.k === 'ref' ? lastOf(expr.path) : expr.k === 'member' ? expr.name : '';
  if (/^(?:is_?|in_?)?prod(?:uction)?(?:_?(?:env|mode|environment))?$/i.test(name)) return true;
  return /^(?:is_?|in_?|__)(?:dev|development|test|testing|local|debug)(?:_?(?:env|mode|environment)|__)?$/i.test(name)
    ? false
    : undefined;
}

/**
 * What a test comes to in production when no variable but NODE_ENV is set.
 * Undefined where it depends on something that is no variable of the environment.
 */
export function byDefault(model: CodeModel, spot: Spot, test: Expr, depth = 0): boolean | undefined {
  const certain = inProduction(model, spot, test, depth);
  if (certain !== undefined || depth > deepest) return certain;
  const again = (expr: Expr): boolean | undefined => byDefault(model, spot, expr, depth + 1);
  if (test.k === 'unary' && test.op === '!') return negate(again(test.of));
  if (test.k === 'bin' && (test.op === '&&' || test.op === '||')) {
    const [l, r] = [again(test.l), again(test.r)];
    if (test.op === '&&') return l === false || r === false ? false : l && r ? true : undefined;
    return l || r ? true : l === false && r === false ? false : undefined;
  }
  const value = unsetValue(model, spot, test, depth);
  return value === undefined ? undefined : Boolean(value.of);
}

interface Value {
  readonly of: string | number | boolean | null | undefined;
}

/** `config.get('X')` compared with a word: a variable read as it is, unset unless a second argument says otherwise. */
function setting(expr: Expr): Value | undefined {
  if (expr.k !== 'call' || expr.args.length !== 1 || !/(?:^|\.)get$/.test(pathOf(expr.callee))) return undefined;
  const [name] = expr.args;
  return name?.k === 'str' && /^[A-Z][A-Z0-9_]+$/.test(name.v) ? { of: undefined } : undefined;
}

/** The value of an expression made of variables of the environment and literals while they are unset. */
function unsetValue(model: CodeModel, spot: Spot, expr: Expr, depth: number): Value | undefined {
  if (depth > deepest) return undefined;
  const literal = model.literal(spot.file, spot.fn, expr);
  if (literal !== undefined) return { of: literal };
  if (expr.k === 'undefined' || expr.k === 'null') return { of: undefined };
  if (expr.k === 'bin') {
    const compared = /^[!=]==?$/.test(expr.op);
    const side = (of: Expr): Value | undefined =>
      (compared ? setting(of) : undefined) ?? unsetValue(model, spot, of, depth + 1);
    const [l, r] = [side(expr.l), side(expr.r)];
    if (expr.op === '||') return l?.of ? l : l && r;
    if (expr.op === '??') return l && l.of !== undefined && l.of !== null ? l : l && r;
    if (!l || !r) return undefined;
    if (expr.op === '===' || expr.op === '==') return { of: l.of === r.of };
    return expr.op === '!==' || expr.op === '!=' ? { of: l.of !== r.of } : undefined;
  }
  if (expr.k === 'call' && expr.callee.k === 'ref' && expr.callee.path === 'Boolean' && expr.args[0]) {
    const inner = unsetValue(model, spot, expr.args[0], depth + 1);
    return inner && { of: Boolean(inner.of) };
  }
  if (expr.k !== 'ref') return undefined;
  const origin = model.origin(spot.file, spot.fn, expr);
  if (origin.kind === 'global' && origin.name === 'process' && origin.member.startsWith('env.'))
    return { of: undefined };
  if (origin.kind !== 'value' || origin.member || origin.expr === expr) return undefined;
  return unsetValue(model, origin, origin.expr, depth + 1);
}
