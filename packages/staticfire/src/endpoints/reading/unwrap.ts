import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import { builtBefore } from './builders.ts';
import { initOf } from './exports.ts';
import { functionOf, linkOf } from './functions.ts';

export interface Unwrapped {
  readonly handler: Spot | undefined;
  /** The wrappers around it, outermost first, with what they run before it. */
  readonly wrappers: readonly ChainLink[];
  /** What stands in the handler's place, where that is not the function itself. */
  readonly serves?: NonNullable<Endpoint['serves']>;
}

const deepest = 8;

/** The function behind a handler expression: through names, and through calls that wrap it (`withAuth(handler)`). */
export function unwrap(code: CodeModel, spot: Spot, expr: Expr): Unwrapped {
  const direct = functionOf(code, spot, expr);
  if (direct) return { handler: direct, wrappers: [] };
  const serves = named(code, spot, expr) ?? { file: spot.file, fn: spot.fn, expr };
  return { ...peel(code, spot, expr, 0), serves };
}

/** What a name was given, where that says more than the name. */
const named = (code: CodeModel, spot: Spot, expr: Expr): Unwrapped['serves'] =>
  expr.k === 'ref' ? initOf(code, spot, expr.path) : undefined;

function peel(code: CodeModel, spot: Spot, expr: Expr, depth: number): Omit<Unwrapped, 'serves'> {
  const direct = functionOf(code, spot, expr);
  if (direct || depth > deepest) return { handler: direct, wrappers: [] };
  if (expr.k === 'obj') return inObject(code, spot, expr, depth);
  const call = callOf(code, spot, expr);
  if (!call) return { handler: undefined, wrappers: [] };
  const around = builtBefore(code, call) ?? [{ ...linkOf(code, call, call.expr.callee), role: 'wrapper' as const }];
  for (const arg of call.expr.args.toReversed()) {
    const inner = peel(code, call, arg, depth + 1);
    if (inner.handler) return { handler: inner.handler, wrappers: [...around, ...inner.wrappers] };
  }
  const callee = peel(code, call, call.expr.callee, depth + 1);
  return { handler: callee.handler, wrappers: around };
}

/** Keys under which options hold the handler. */
const handlerKeys = ['handler', 'action', 'resolver', 'resolve', 'execute', 'fetch'] as const;

/** `{ handler, onRequest: […] }`. */
function inObject(
  code: CodeModel,
  spot: Spot,
  options: Extract<Expr, { k: 'obj' }>,
  depth: number,
): Omit<Unwrapped, 'serves'> {
  const value = handlerKeys.map((key) => propOf(options, key)).find((found) => found !== undefined);
  if (!value) return { handler: undefined, wrappers: [] };
  const before = propOf(options, 'onRequest');
  const hooks = before?.k === 'arr' ? before.items : before ? [before] : [];
  const { handler, wrappers } = peel(code, spot, value, depth + 1);
  return { handler, wrappers: [...hooks.map((hook) => linkOf(code, spot, hook, 'hook')), ...wrappers] };
}

function callOf(
  code: CodeModel,
  { file, fn }: Spot,
  expr: Expr,
  depth = 0,
): (Spot & { readonly expr: Extract<Expr, { k: 'call' }> }) | undefined {
  if (depth > deepest) return undefined;
  if (expr.k === 'call') return { file, fn, expr };
  // `serve(handler).POST`: what a call gives.
  if (expr.k === 'await' || expr.k === 'member') return callOf(code, { file, fn }, expr.of, depth + 1);
  if (expr.k !== 'ref') return undefined;
  const init = initOf(code, { file, fn }, expr.path);
  return init && init.expr.k !== 'ref' ? callOf(code, init, init.expr, depth + 1) : undefined;
}
