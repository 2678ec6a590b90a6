import type { Expr } from '../../code/summary.ts';
import { eachStmt } from '../../code/walk.ts';
import type { EnvObjects } from './objects.ts';
import type { Spot } from './names.ts';
import { receiverOf, verbOf } from './techniques.ts';

/** A condition under which code runs. */
export interface Guard extends Spot {
  readonly test: Expr;
  readonly holds: boolean;
}

type Value = string | boolean | undefined;

/** What is known of production: variables that say where the process runs. */
const settings: Readonly<Record<string, string>> = {
  NODE_ENV: 'production',
  VERCEL_ENV: 'production',
  APP_ENV: 'production',
  ENVIRONMENT: 'production',
  MODE: 'production',
};
const switches: Readonly<Record<string, boolean>> = {
  PROD: true,
  DEV: false,
  VITEST: false,
  JEST_WORKER_ID: false,
  NEXT_PHASE: false,
  STORYBOOK: false,
};

/** Can these conditions all hold in production? True unless one of them surely does not. */
export function inProduction(objects: EnvObjects, guards: readonly Guard[]): boolean {
  return guards.every((guard) => {
    const value = valueOf(objects, guard, guard.test, 0);
    return value === undefined || truthy(value) === guard.holds;
  });
}

const truthy = (value: string | boolean): boolean => value !== false && value !== '';

/** The value of an expression in production, undefined when it cannot be told. */
function valueOf(objects: EnvObjects, spot: Spot, expr: Expr, depth: number): Value {
  if (depth > 8) return undefined;
  const of = (inner: Expr): Value => valueOf(objects, spot, inner, depth + 1);
  switch (expr.k) {
    case 'str':
      return expr.v;
    case 'bool':
      return expr.v;
    case 'unary':
      return expr.op === '!' ? negated(of(expr.of)) : undefined;
    case 'bin':
      return ofBinary(expr.op, of(expr.l), () => of(expr.r));
    case 'cond':
      return chosen(
        of(expr.test),
        () => of(expr.then),
        () => of(expr.else),
      );
    case 'ref':
      return ofName(objects, spot, expr, depth);
    case 'call':
      return ofCall(objects, spot, expr, depth);
    default:
      return undefined;
  }
}

const negated = (value: Value): Value => (value === undefined ? undefined : !truthy(value));

function chosen(test: Value, then: () => Value, otherwise: () => Value): Value {
  return test === undefined ? undefined : truthy(test) ? then() : otherwise();
}

function ofBinary(op: string, l: Value, right: () => Value): Value {
  if (op === '&&') return and(l, right());
  if (op === '||' || op === '??') return l === undefined ? orUnknown(right()) : truthy(l) ? l : right();
  const r = right();
  if (l === undefined || r === undefined) return undefined;
  if (op === '===' || op === '==') return l === r;
  return op === '!==' || op === '!=' ? l !== r : undefined;
}

const and = (l: Value, r: Value): Value => {
  if (l !== undefined && !truthy(l)) return false;
  if (r !== undefined && !truthy(r)) return false;
  return l === undefined || r === undefined ? undefined : r;
};

/** `unknown || true` is true; `unknown || 'development'` is not known. */
const orUnknown = (r: Value): Value => (r === true ? true : undefined);

function ofName(objects: EnvObjects, spot: Spot, expr: Extract<Expr, { k: 'ref' }>, depth: number): Value {
  const env = objects.pathOf(spot, expr);
  if (env) return ofSetting(env.path);
  if (/(?:^|\.)__DEV__$/.test(expr.path)) return false;
  const found = objects.names.resolve(spot, expr);
  if (found?.k === 'expr' && found.rest === '' && found.expr !== expr)
    return valueOf(objects, found, found.expr, depth + 1);
  if (found?.k === 'function' && found.rest === '') return returned(objects, found, depth);
  const last = expr.path.split('.').at(-1) ?? '';
  return ofSetting(last) ?? byName(last);
}

function ofSetting(name: string): Value {
  const [variable = '', method] = name.split('.');
  if (method !== undefined && !/^(?:trim|toLowerCase)$/.test(method)) return undefined;
  return settings[variable] ?? switches[variable];
}

/** Members of config objects that could not be followed: what everyone means by them. */
function byName(name: string): Value {
  if (/^is_?prod(?:uction)?$/i.test(name)) return true;
  if (/^nodeEnv$/.test(name)) return 'production';
  return /^is_?(?:dev(?:elopment)?|test(?:ing)?|local)$/i.test(name) ? false : undefined;
}

function ofCall(objects: EnvObjects, spot: Spot, call: Extract<Expr, { k: 'call' }>, depth: number): Value {
  const verb = verbOf(call.callee);
  const receiver = receiverOf(call.callee);
  const [first] = call.args;
  if (verb === 'includes' && receiver?.k === 'arr' && first)
    return included(objects, spot, receiver.items, first, depth);
  if (/^(?:trim|toLowerCase)$/.test(verb) && receiver) return valueOf(objects, spot, receiver, depth + 1);
  if (/^(?:get|getOrThrow)$/.test(verb) && first?.k === 'str') return ofSetting(first.v);
  if (/^(?:Boolean|String)$/.test(verb) && first && !receiver) return valueOf(objects, spot, first, depth + 1);
  const callee = objects.names.resolve(spot, call.callee);
  return callee?.k === 'function' && callee.rest === ''
    ? returned(objects, callee, depth)
    : call.args.length === 0
      ? byName(verb)
      : undefined;
}

function included(objects: EnvObjects, spot: Spot, items: readonly Expr[], sought: Expr, depth: number): Value {
  const value = valueOf(objects, spot, sought, depth + 1);
  const all = new Set(items.map((item) => valueOf(objects, spot, item, depth + 1)));
  if (value === undefined) return undefined;
  return all.has(value) ? true : all.has(undefined) ? undefined : false;
}

/** A function of one return: its value. */
function returned(objects: EnvObjects, callee: Spot, depth: number): Value {
  const body = objects.names.model.get(callee.file)?.summary.functions[callee.fn]?.body ?? [];
  const values: Expr[] = [];
  eachStmt(body, (stmt) => {
    if (stmt.k === 'return' && stmt.of) values.push(stmt.of);
  });
  return values.length === 1 && values[0] ? valueOf(objects, callee, values[0], depth + 1) : undefined;
}
