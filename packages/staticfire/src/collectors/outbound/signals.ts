import type { Spot } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { pathOf } from '../../code/walk.ts';
import { around, paramsIn, type Ground } from './ground.ts';

const deepest = 6;

/** It fires only when this is there, which the callers decide. */
interface Conditional {
  readonly when: Expr;
  readonly spot: Spot;
}

type Fires = boolean | Conditional | undefined;

/** Does this signal fire after a time? Undefined where that depends on who passes it. */
export function fires(ground: Ground, spot: Spot, expr: Expr, depth = 0): Fires {
  if (depth > deepest) return undefined;
  const again = (inner: Expr): Fires => fires(ground, spot, inner, depth + 1);
  switch (expr.k) {
    case 'call':
      return firedByCall(ground, spot, expr, depth);
    case 'arr':
      return anyOf(expr.items.map(again));
    case 'bin':
      return expr.op === '&&' ? again(expr.r) : anyOf([again(expr.l), again(expr.r)]);
    case 'cond':
      return anyOf([again(expr.then), again(expr.else)]);
    case 'member':
      return expr.name === 'signal' || expr.name === 'token' ? again(expr.of) : false;
    case 'fn':
      return returned(ground, { file: spot.file, fn: expr.fn }, depth);
    case 'ref':
      return firedByName(ground, spot, expr, depth);
    default:
      return false;
  }
}

/** One that fires is enough; one that is not known leaves it open. */
const anyOf = (answers: readonly Fires[]): Fires =>
  answers.includes(true)
    ? true
    : (answers.find((answer) => typeof answer === 'object') ?? (answers.includes(undefined) ? undefined : false));

function firedByCall(ground: Ground, spot: Spot, expr: Extract<Expr, { k: 'call' }>, depth: number): Fires {
  const path = pathOf(expr.callee);
  if (path.endsWith('AbortSignal.timeout')) return true;
  if (/(?:^|\.)(?:any|anySignal|mergeSignals|combineSignals|mergeAbortSignals)$/.test(path))
    return anyOf(expr.args.map((arg) => fires(ground, spot, arg, depth + 1)));
  const origin = ground.model.origin(spot.file, spot.fn, expr.callee);
  if (origin.kind === 'package') return /timeout/i.test(`${origin.package} ${origin.name}`);
  if (origin.kind !== 'function' || origin.member) return false;
  return endsInTime(ground, origin.file, origin.fn);
}

function firedByName(ground: Ground, spot: Spot, expr: Extract<Expr, { k: 'ref' }>, depth: number): Fires {
  const controller = expr.path.replace(/\.(?:signal|token)$/, '');
  const timer = controller === expr.path ? undefined : timerOf(ground, spot, controller);
  if (timer) return unconditional(ground, timer);
  const found = ground.names.resolve(spot, expr);
  if (found?.k === 'param') return undefined;
  // The signal of a request that was put together from what the caller passed.
  if (found?.k === 'expr' && found.expr.k === 'call' && /(?:^|\.)Request$/.test(pathOf(found.expr.callee)))
    return undefined;
  if (found?.k !== 'expr' || found.expr === expr) return false;
  const made = found.expr.k === 'call' && /(?:^|\.)AbortController$/.test(pathOf(found.expr.callee));
  if (made) return controllersOf(expr, controller).some((name) => timerOf(ground, spot, name) !== undefined);
  return fires(ground, found, found.expr, depth + 1);
}

/** `controller.signal` or, taken apart, any controller of the function: `const { signal } = controller`. */
const controllersOf = (expr: Extract<Expr, { k: 'ref' }>, controller: string): readonly string[] =>
  controller === expr.path ? ['controller', 'abortController', 'ac', 'ctrl', 'aborter', 'abort'] : [controller];

/** `signal: () => AbortSignal.timeout(1500)` */
function returned(ground: Ground, spot: Spot, depth: number): Fires {
  const body = ground.model.get(spot.file)?.summary.functions[spot.fn]?.body ?? [];
  return anyOf(
    body.flatMap((stmt) => (stmt.k === 'return' && stmt.of ? [fires(ground, spot, stmt.of, depth + 1)] : [])),
  );
}

/** The timer that aborts this controller, near the spot. */
function timerOf(ground: Ground, spot: Spot, controller: string): CallSite | undefined {
  const near = new Set([0, ...around(ground.model, spot.file, spot.fn)]);
  return ground.sites.of(spot.file).calls.find((call) => {
    if (!shares(ground, call, near)) return false;
    if (call.path === `${controller}.abort` || call.path === `${controller}.cancel`) return isDelayed(ground, call);
    const [first] = call.name === 'setTimeout' ? call.expr.args : [];
    return first !== undefined && pathOf(first.k === 'call' ? first.callee : first).startsWith(`${controller}.abort`);
  });
}

/** A timer that is only started when the caller asks for one: `if (timeout) setTimeout(…)`. */
function unconditional(ground: Ground, timer: CallSite): Fires {
  const { handedTo } = ground.sites.of(timer.file);
  const outer = timer.name === 'setTimeout' ? timer : (handedTo.get(timer.fn) ?? timer);
  const tests = outer.when.filter(({ holds }) => holds).flatMap(({ test }) => conjuncts(test));
  const asked = tests.find((test) => test.k === 'ref' && paramsIn(ground, outer, test).length > 0);
  return asked ? { when: asked, spot: { file: outer.file, fn: outer.fn } } : true;
}

const conjuncts = (test: Expr): readonly Expr[] =>
  test.k === 'bin' && test.op === '&&' ? [...conjuncts(test.l), ...conjuncts(test.r)] : [test];

const shares = ({ model }: Ground, call: CallSite, near: ReadonlySet<number>): boolean =>
  call.fn === 0 || around(model, call.file, call.fn).some((fn) => near.has(fn));

/** In what a timer starts, also by name. */
function isDelayed(ground: Ground, call: CallSite): boolean {
  const { handedTo, calls } = ground.sites.of(call.file);
  return around(ground.model, call.file, call.fn).some((fn) => {
    if (handedTo.get(fn)?.name === 'setTimeout') return true;
    const name = ground.model.get(call.file)?.summary.functions[fn]?.name;
    return (
      name !== undefined &&
      name !== '' &&
      calls.some((other) => other.name === 'setTimeout' && pathOf(other.expr.args[0]) === name)
    );
  });
}

/** Does a function end what it waits for after a time: a race, a timer that aborts or rejects? */
export function endsInTime(ground: Ground, file: string, fn: number): boolean {
  const inside = (call: CallSite): boolean => call.fn === fn || around(ground.model, file, call.fn).includes(fn);
  return ground.sites.of(file).calls.some((call) => {
    if (!inside(call)) return false;
    if (call.path === 'Promise.race' || call.path.endsWith('AbortSignal.timeout')) return true;
    if (call.name === 'setTimeout') return /^(?:reject|.*\.abort|abort|.*\.cancel)$/.test(pathOf(call.expr.args[0]));
    return /^(?:reject|abort|cancel|destroy)$/.test(call.name) && isDelayed(ground, call);
  });
}
