import type { Spot } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { pathOf } from '../../code/walk.ts';
import { around, type Ground } from './ground.ts';

const deepest = 6;

/** Does this signal fire after a time? Undefined where that depends on who passes it. */
export function fires(ground: Ground, spot: Spot, expr: Expr, depth = 0): boolean | undefined {
  if (depth > deepest) return undefined;
  const again = (inner: Expr): boolean | undefined => fires(ground, spot, inner, depth + 1);
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
    case 'ref':
      return firedByName(ground, spot, expr, depth);
    default:
      return false;
  }
}

/** One that fires is enough; one that is not known leaves it open. */
const anyOf = (answers: readonly (boolean | undefined)[]): boolean | undefined =>
  answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;

function firedByCall(
  ground: Ground,
  spot: Spot,
  expr: Extract<Expr, { k: 'call' }>,
  depth: number,
): boolean | undefined {
  const path = pathOf(expr.callee);
  if (path.endsWith('AbortSignal.timeout')) return true;
  if (/(?:^|\.)(?:any|anySignal|mergeSignals|combineSignals|mergeAbortSignals)$/.test(path))
    return anyOf(expr.args.map((arg) => fires(ground, spot, arg, depth + 1)));
  const origin = ground.model.origin(spot.file, spot.fn, expr.callee);
  if (origin.kind === 'package') return /timeout/i.test(`${origin.package} ${origin.name}`);
  if (origin.kind !== 'function' || origin.member) return false;
  return endsInTime(ground, origin.file, origin.fn);
}

function firedByName(
  ground: Ground,
  spot: Spot,
  expr: Extract<Expr, { k: 'ref' }>,
  depth: number,
): boolean | undefined {
  const controller = expr.path.replace(/\.(?:signal|token)$/, '');
  if (controller !== expr.path && abortedInTime(ground, spot, controller)) return true;
  const found = ground.names.resolve(spot, expr);
  if (found?.k === 'param') return undefined;
  if (found?.k !== 'expr' || found.expr === expr) return false;
  const made = found.expr.k === 'call' && /(?:^|\.)AbortController$/.test(pathOf(found.expr.callee));
  if (made) return controllersOf(expr, controller).some((name) => abortedInTime(ground, spot, name));
  return fires(ground, found, found.expr, depth + 1);
}

/** `controller.signal` or, taken apart, any controller of the function: `const { signal } = controller`. */
const controllersOf = (expr: Extract<Expr, { k: 'ref' }>, controller: string): readonly string[] =>
  controller === expr.path ? ['controller', 'abortController', 'ac', 'ctrl', 'aborter', 'abort'] : [controller];

/** Does a timer abort this controller, near the spot? */
function abortedInTime(ground: Ground, spot: Spot, controller: string): boolean {
  const near = new Set([0, ...around(ground.model, spot.file, spot.fn)]);
  const aborts = (call: CallSite): boolean =>
    (call.path === `${controller}.abort` || call.path === `${controller}.cancel`) && isDelayed(ground, call);
  return ground.sites
    .of(spot.file)
    .calls.some(
      (call) =>
        shares(ground, call, near) &&
        (aborts(call) ||
          (call.name === 'setTimeout' &&
            call.expr.args
              .slice(0, 1)
              .some((arg) => pathOf(arg.k === 'call' ? arg.callee : arg).startsWith(`${controller}.abort`)))),
    );
}

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
