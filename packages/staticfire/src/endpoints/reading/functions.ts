import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import type { ChainLink } from '../../facts/endpoints.ts';

export interface Unwrapped {
  readonly handler: Spot | undefined;
  /** The wrappers around it, outermost first. */
  readonly wrappers: readonly ChainLink[];
}

const deepest = 8;

/** The function behind a handler expression: through names, and through calls that wrap it (`withAuth(handler)`). */
export function unwrap(code: CodeModel, { file, fn }: Spot, expr: Expr, depth = 0): Unwrapped {
  const direct = functionOf(code, { file, fn }, expr);
  if (direct || depth > deepest) return { handler: direct, wrappers: [] };
  const call = callOf(code, { file, fn }, expr);
  if (!call) return { handler: undefined, wrappers: [] };
  const wrapper = linkOf(code, call, call.expr.callee);
  for (const arg of call.expr.args.toReversed()) {
    const inner = unwrap(code, call, arg, depth + 1);
    if (inner.handler) return { handler: inner.handler, wrappers: [wrapper, ...inner.wrappers] };
  }
  const callee = unwrap(code, call, call.expr.callee, depth + 1);
  return { handler: callee.handler, wrappers: [wrapper] };
}

/** The function of the repository that an expression names or is. */
export function functionOf(code: CodeModel, { file, fn }: Spot, expr: Expr): Spot | undefined {
  if (expr.k === 'fn') return { file, fn: expr.fn };
  if (expr.k === 'call' && lastOf(expr.callee) === 'bind')
    return functionOf(code, { file, fn }, withoutLast(expr.callee));
  if (expr.k !== 'ref' && expr.k !== 'member') return undefined;
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'function' && !origin.called && !origin.member
    ? { file: origin.file, fn: origin.fn }
    : undefined;
}

/** One link of a chain; the function it comes to is looked up behind calls that make middleware. */
export function linkOf(code: CodeModel, spot: Spot, expr: Expr): ChainLink {
  const runs = functionOf(code, spot, expr) ?? madeBy(code, spot, expr);
  return { file: spot.file, fn: spot.fn, expr, ...(runs ? { runs } : {}) };
}

function madeBy(code: CodeModel, { file, fn }: Spot, expr: Expr): Spot | undefined {
  if (expr.k !== 'call') return undefined;
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'function' && !origin.member ? { file: origin.file, fn: origin.fn } : undefined;
}

function callOf(
  code: CodeModel,
  { file, fn }: Spot,
  expr: Expr,
): (Spot & { readonly expr: Extract<Expr, { k: 'call' }> }) | undefined {
  if (expr.k === 'call') return { file, fn, expr };
  if (expr.k === 'await') return callOf(code, { file, fn }, expr.of);
  if (expr.k !== 'ref') return undefined;
  const init = initOf(code, { file, fn }, expr.path);
  return init?.expr.k === 'call' ? { ...init, expr: init.expr } : undefined;
}

/** What a variable of the module, or one that it imports, is given where it is declared. */
export function initOf(
  code: CodeModel,
  { file, fn }: Spot,
  name: string,
  depth = 0,
): (Spot & { readonly expr: Expr }) | undefined {
  const source = code.get(file);
  if (!source || name.includes('.') || depth > deepest) return undefined;
  for (let at = fn; at >= 0; at = source.summary.functions[at]?.parent ?? -1) {
    for (const stmt of source.summary.functions[at]?.body ?? [])
      if (stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.pattern.name === name && stmt.init)
        return { file, fn: at, expr: stmt.init };
  }
  for (const imported of source.head.imports) {
    const found = imported.names.find((one) => one.local === name);
    const target = found && source.resolve(imported.from);
    if (found && target?.kind === 'file') return exportedExpr(code, target.path, found.imported, depth + 1);
  }
  return undefined;
}

/** The expression that an exported name stands for, through re-exports. */
export function exportedExpr(
  code: CodeModel,
  file: string,
  name: string,
  depth = 0,
): (Spot & { readonly expr: Expr }) | undefined {
  const source = code.get(file);
  if (!source || depth > deepest) return undefined;
  const head = source.summary.exports.find((one) => one.name === name && !one.typeOnly);
  if (!head) return starExpr(code, file, name, depth);
  if (head.from !== undefined) {
    const target = source.resolve(head.from);
    return target.kind === 'file' ? exportedExpr(code, target.path, head.imported ?? name, depth + 1) : undefined;
  }
  if (head.value && head.value.k !== 'ref') return { file, fn: 0, expr: head.value };
  const local = head.value?.k === 'ref' ? head.value.path : (head.local ?? name);
  return (
    initOf(code, { file, fn: 0 }, local, depth + 1) ?? { file, fn: 0, expr: { k: 'ref', path: local, at: head.at } }
  );
}

function starExpr(code: CodeModel, file: string, name: string, depth: number): ReturnType<typeof exportedExpr> {
  const source = code.get(file);
  for (const one of source?.head.exports ?? []) {
    if (one.name !== '*' || one.from === undefined || one.typeOnly) continue;
    const target = source?.resolve(one.from);
    const found = target?.kind === 'file' ? exportedExpr(code, target.path, name, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Run-time names that a file exports, those of `export * from './x'` included, with their places. */
export function exportsOf(
  code: CodeModel,
  file: string,
  depth = 0,
): ReadonlyMap<string, { readonly file: string; readonly at: number }> {
  const found = new Map<string, { file: string; at: number }>();
  const source = code.get(file);
  if (!source || depth > deepest) return found;
  for (const one of source.head.exports) {
    if (one.typeOnly) continue;
    if (one.name !== '*') found.set(one.name, { file, at: one.at });
    const target = one.name === '*' && one.from !== undefined ? source.resolve(one.from) : undefined;
    if (target?.kind !== 'file') continue;
    for (const [name, place] of exportsOf(code, target.path, depth + 1))
      if (name !== 'default' && !found.has(name)) found.set(name, place);
  }
  return found;
}

/** The last name of a callee. */
export const lastOf = (expr: Expr): string =>
  expr.k === 'ref' ? expr.path.slice(expr.path.lastIndexOf('.') + 1) : expr.k === 'member' ? expr.name : '';

function withoutLast(expr: Expr): Expr {
  if (expr.k === 'member') return expr.of;
  if (expr.k !== 'ref') return expr;
  return { ...expr, path: expr.path.slice(0, Math.max(0, expr.path.lastIndexOf('.'))) };
}
