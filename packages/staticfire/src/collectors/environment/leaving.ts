import type { Expr, Stmt } from '../../code/summary.ts';
import { eachStmt, exprsOf, walkExpr } from '../../code/walk.ts';
import type { Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';
import { verbOf } from './techniques.ts';

/** Where a block notes a fault for later: `errors` of `errors.push(…)`. */
export function notedIn(stmts: readonly Stmt[]): string | undefined {
  let found: string | undefined;
  eachStmt(stmts, (stmt) => {
    for (const expr of exprsOf(stmt)) {
      walkExpr(expr, (e) => {
        if (e.k === 'call' && notes.test(verbOf(e.callee)) && e.callee.k === 'ref')
          found ??= e.callee.path.split('.')[0];
      });
    }
  });
  return found;
}

const notes = /^(?:push|add|addIssue)$/;

/** Is what was noted under this name acted upon later: does an `if` that asks about it refuse? */
export function actedUpon(objects: EnvObjects, spot: Spot, body: readonly Stmt[], name: string): boolean {
  let found = false;
  eachStmt(body, (stmt) => {
    if (stmt.k !== 'if' || !asksAbout(stmt.test, name)) return;
    const leaves = leavesBy(objects, spot, stmt.then, true);
    if (leaves === 'throw' || leaves === 'exit') found = true;
  });
  return found;
}

function asksAbout(test: Expr, name: string): boolean {
  let found = false;
  walkExpr(test, (e) => {
    if (e.k === 'ref' && e.path.split('.')[0] === name) found = true;
  });
  return found;
}

/** How a block leaves: by an error, by ending the process, by a plain return or a jump; `collects`: it notes the fault for later; `warns`: it only says so. */
export type Leaving = 'throw' | 'exit' | 'return' | 'collects' | 'warns' | undefined;

/** What a block does at its end; with `anywhere` also what it notes on the way. */
export function leavesBy(objects: EnvObjects, spot: Spot, stmts: readonly Stmt[], anywhere = false): Leaving {
  const last = stmts.at(-1);
  if (stmts.some((s) => s.k === 'throw')) return 'throw';
  if (stmts.some((s) => s.k === 'expr' && ends(objects, spot, s.of, 0))) return 'exit';
  if (last?.k === 'return') return last.of?.k === 'call' && rejects(last.of) ? 'throw' : 'return';
  if (last?.k === 'jump') return 'return';
  return anywhere ? inside(objects, spot, stmts) : undefined;
}

const rejects = (call: Extract<Expr, { k: 'call' }>): boolean =>
  call.callee.k === 'ref' && call.callee.path === 'Promise.reject';

function inside(objects: EnvObjects, spot: Spot, stmts: readonly Stmt[]): Leaving {
  let found: Leaving;
  eachStmt(stmts, (stmt) => {
    if (stmt.k === 'throw') found = 'throw';
    for (const expr of exprsOf(stmt)) {
      walkExpr(expr, (e) => {
        if (e.k !== 'call') return;
        if (found !== 'throw' && ends(objects, spot, e, 0)) found = 'exit';
        if (notes.test(verbOf(e.callee))) found ??= 'collects';
        if (/^(?:warn|error|log|info|debug)$/.test(verbOf(e.callee))) found ??= 'warns';
      });
    }
  });
  return found;
}

/** Does this expression end the process, itself or through a function of the repository? */
function ends(objects: EnvObjects, spot: Spot, expr: Expr, depth: number): boolean {
  if (expr.k === 'await') return ends(objects, spot, expr.of, depth);
  if (expr.k === 'bin') return ends(objects, spot, expr.r, depth);
  if (expr.k !== 'call' || depth > 2) return false;
  const { callee } = expr;
  if (
    callee.k === 'ref' &&
    /^(?:globalThis\.)?(?:process\.(?:exit|abort|kill|reallyExit)|Deno\.exit)$/.test(callee.path)
  )
    return !isZero(expr.args[0]);
  if (callee.k === 'ref' && /^(?:process\.emit)$/.test(callee.path)) return false;
  const found = callee.k === 'ref' ? objects.names.resolve(spot, callee) : undefined;
  if (found?.k === 'global') return /^(?:process\.exit|exit)$/.test(found.path);
  if (found?.k !== 'function') return false;
  const body = objects.names.model.get(found.file)?.summary.functions[found.fn]?.body ?? [];
  return body.some((s) => s.k === 'throw' || (s.k === 'expr' && ends(objects, found, s.of, depth + 1)));
}

const isZero = (expr: Expr | undefined): boolean => expr?.k === 'num' && expr.v === 0;

/** Does the function, with the functions inside it, throw or end the process anywhere? */
export function refuses(objects: EnvObjects, spot: Spot): 'throws' | 'exits' | undefined {
  const functions = objects.names.model.get(spot.file)?.summary.functions ?? [];
  let found: 'throws' | 'exits' | undefined;
  functions.forEach((func, index) => {
    if (!within(functions, index, spot.fn)) return;
    eachStmt(func.body, (stmt) => {
      if (stmt.k === 'throw') found ??= 'throws';
      for (const expr of exprsOf(stmt)) {
        walkExpr(expr, (e) => {
          if (e.k === 'call' && (ends(objects, { file: spot.file, fn: index }, e, 0) || rejects(e))) found = 'exits';
        });
      }
    });
  });
  return found;
}

/** Is the function `index` the function `outer` or inside it? The module body holds only itself here. */
function within(functions: readonly { readonly parent: number }[], index: number, outer: number): boolean {
  for (let at = index; at >= 0; at = functions[at]?.parent ?? -1) {
    if (at === outer) return true;
    if (outer === 0) return false;
  }
  return false;
}
