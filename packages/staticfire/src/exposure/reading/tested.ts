import type { CodeModel } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr, Pattern, Stmt } from '../../code/summary.ts';
import { eachStmt, exprsOf, walkExpr } from '../../code/walk.ts';

/**
 * Does anything depend on the answer of a call? Its answer is looked at in a test, handed on, or given back.
 * A call that stands alone, or whose answer only gives its data, decides nothing.
 */
export function isTested(code: CodeModel, site: CallSite): boolean {
  if (site.within && !isWrapping(site.within)) return true;
  const body = code.get(site.file)?.summary.functions[site.fn]?.body ?? [];
  const holder = statementOf(body, site.expr);
  if (!holder) return true;
  if (holder.k === 'let') return namesOf(holder.pattern).some((name) => looksAt(body, name, holder));
  if (holder.k !== 'expr') return true;
  if (holder.of.k === 'assign') return holder.of.target.k !== 'ref' || looksAt(body, holder.of.target.path, holder);
  const alone = holder.of.k === 'await' ? holder.of.of : holder.of;
  return alone !== site.expr;
}

/** Calls around a call that only hand its answer on. */
const isWrapping = (site: CallSite): boolean => /^(?:then|catch|finally|push|log|debug|info)$/.test(site.name);

/** The statement of a body that holds an expression. */
export function statementOf(body: readonly Stmt[], expr: Expr): Stmt | undefined {
  let found: Stmt | undefined;
  eachStmt(body, (stmt) => {
    if (found) return;
    for (const own of exprsOf(stmt))
      walkExpr(own, (inner) => {
        if (inner === expr) found = stmt;
      });
  });
  return found;
}

function namesOf(pattern: Pattern): readonly string[] {
  if (pattern.k === 'name') return [pattern.name];
  if (pattern.k === 'arr') return pattern.items.flatMap((item) => (item ? namesOf(item) : []));
  return [...pattern.props.flatMap((prop) => namesOf(prop.pattern)), ...(pattern.rest ? [pattern.rest] : [])];
}

/** Is a name looked at in a test, thrown, given back or handed on? */
function looksAt(body: readonly Stmt[], name: string, declared: Stmt): boolean {
  let found = false;
  eachStmt(body, (stmt) => {
    if (found || stmt === declared) return;
    if (stmt.k === 'if' || stmt.k === 'switch' || stmt.k === 'return' || stmt.k === 'throw' || stmt.k === 'loop')
      found = exprsOf(stmt).some((expr) => mentions(expr, name));
    else found = exprsOf(stmt).some((expr) => decides(expr, name));
  });
  return found;
}

/** Inside an expression: a choice, or a call that is handed the answer. */
function decides(expr: Expr, name: string): boolean {
  let found = false;
  walkExpr(expr, (inner) => {
    if (inner.k === 'cond') found ||= mentions(inner.test, name);
    if (inner.k === 'bin' && ['&&', '||', '??'].includes(inner.op)) found ||= mentions(inner.l, name);
    if (inner.k === 'call')
      found ||= inner.args.some((arg) => arg.k === 'ref' && arg.path === name) && !pathOf(inner).startsWith('console.');
    return !found;
  });
  return found;
}

const pathOf = ({ callee }: Extract<Expr, { k: 'call' }>): string => (callee.k === 'ref' ? callee.path : '');

function mentions(expr: Expr, name: string): boolean {
  let found = false;
  walkExpr(expr, (inner) => {
    if (inner.k === 'ref') found ||= inner.path === name || inner.path.startsWith(`${name}.`);
    return !found;
  });
  return found;
}
