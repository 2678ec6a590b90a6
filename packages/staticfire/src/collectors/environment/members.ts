import type { Class, Expr, FileSummary } from '../../code/summary.ts';
import { eachStmt, walkExpr, walkStmts } from '../../code/walk.ts';

/** Members of which the class itself asks whether they are set: `Boolean(this.cert && this.key)`. */
export function askedMembers(summary: FileSummary, cls: Class): ReadonlySet<string> {
  const found = new Set<string>();
  const note = (expr: Expr): void => {
    if (expr.k === 'ref' && /^this\.\w+$/.test(expr.path)) found.add(expr.path.slice(5));
  };
  const visit = (expr: Expr): void => {
    if (expr.k === 'bin' && /^(?:&&|\|\||\?\?)$/.test(expr.op))
      [expr.l, ...(expr.op === '&&' ? [expr.r] : [])].forEach(note);
    if (expr.k === 'unary' && expr.op === '!') note(expr.of);
    if (expr.k === 'cond') note(expr.test);
  };
  for (const member of cls.members) {
    if (member.value) walkExpr(member.value, visit);
    if (member.fn === undefined) continue;
    const body = summary.functions[member.fn]?.body ?? [];
    walkStmts(body, visit);
    eachStmt(body, (stmt) => stmt.k === 'if' && note(stmt.test));
  }
  return found;
}
