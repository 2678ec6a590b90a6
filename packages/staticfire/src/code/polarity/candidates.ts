import type { Expr, Func, FileSummary, Stmt } from '../summary.ts';
import { isStoredName } from './settings.ts';
import { eachStmt, pathOf, propOf, walkStmts } from '../walk.ts';

const answers =
  /^(?:status|sendStatus|code|writeHead|setStatus|Response|NextResponse|redirect|next|done|reject|json|text|throw|error|createError|sendError|unauthorized|forbidden|notFound|badRequest|deny|unauthenticated|apiError|errorResponse)$/;
const verifications = /^(?:verify|verifyAsync|jwtVerify|constructEvent|constructEventAsync|timingSafeEqual|unwrap)$/;
const guardNames = /auth|guard|verif|valid|check|allow|permit|protect|canActivate|secure|trust|match/i;

/** Can this function turn a caller away, or say that one should be? */
export function mayRefuse(func: Func): boolean {
  if (func.body.length === 0) return false;
  return throwsOrAnswers(func.body) || (guardNames.test(func.name) && decides(func.body));
}

/** Does it ask itself whether this is production, or for a secret that is stored? */
export function asksItself(func: Func): boolean {
  let found = false;
  walkStmts(func.body, (expr) => {
    found ||=
      expr.k === 'ref' &&
      (expr.path === 'process.env.NODE_ENV' || isStoredName(expr.path.slice(expr.path.lastIndexOf('.') + 1)));
    return !found;
  });
  return found;
}

function throwsOrAnswers(body: readonly Stmt[]): boolean {
  let found = false;
  eachStmt(body, (stmt) => {
    found ||= stmt.k === 'throw';
  });
  if (!found) {
    walkStmts(body, (expr) => {
      found ||=
        expr.k === 'call' &&
        (answers.test(lastName(expr.callee)) || verifications.test(lastName(expr.callee)) || expr.args.some(hasStatus));
      return !found;
    });
  }
  return found;
}

const hasStatus = (arg: Expr): boolean =>
  propOf(arg, 'status') !== undefined || propOf(arg, 'statusCode') !== undefined;

function decides(body: readonly Stmt[]): boolean {
  let found = false;
  eachStmt(body, (stmt) => {
    found ||=
      stmt.k === 'return' &&
      stmt.of !== undefined &&
      (stmt.of.k === 'bool' || stmt.of.k === 'bin' || stmt.of.k === 'call' || stmt.of.k === 'unary');
  });
  return found;
}

const lastName = (callee: Expr): string =>
  callee.k === 'member' ? callee.name : (pathOf(callee).split('.').at(-1) ?? '');

/** What a function is called, with the named functions and the class around it. */
export function scopeOf(summary: FileSummary, fn: number): string {
  const names: string[] = [];
  for (let at = fn; at > 0; at = summary.functions[at]?.parent ?? 0) {
    const func = summary.functions[at];
    if (func?.name) names.unshift(func.name);
    const owner = func?.owner === undefined ? undefined : summary.classes[func.owner];
    if (owner?.name) names.unshift(owner.name);
  }
  return names.slice(-2).join('.');
}
