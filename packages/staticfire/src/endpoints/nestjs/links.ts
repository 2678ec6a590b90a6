import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import { returnOf } from '../reading/builders.ts';
import { linkOf } from '../reading/functions.ts';
import { classAt, classOf, membersOf, type ClassSpot } from './classes.ts';

/** What NestJS lets stand before a handler, or around it, as a class. */
export type Kind = 'middleware' | 'guard' | 'interceptor' | 'pipe' | 'filter';

const methodOf: Readonly<Record<Kind, string>> = {
  middleware: 'use',
  guard: 'canActivate',
  interceptor: 'intercept',
  pipe: 'transform',
  filter: 'catch',
};

/** One link; for a class, or an instance of one, `runs` is the method that the framework calls. */
export function classLink(code: CodeModel, spot: Spot, given: Expr, kind: Kind): ChainLink {
  const made = instanceOf(code, spot, given);
  const cls = classBehind(code, made, made.expr);
  if (!cls) return linkOf(code, made, made.expr, kind);
  const own = membersOf(code, cls).filter(({ member }) => !member.static);
  const runs =
    own.find(({ member }) => member.name === methodOf[kind]) ??
    (kind === 'guard' ? own.find(({ member }) => member.name === 'handleRequest') : undefined);
  if (runs?.member.fn !== undefined) return { ...plain(made, kind), runs: { file: runs.of.file, fn: runs.member.fn } };
  const adapted = own.some(({ member }) => member.name === 'shouldSkip');
  return plain((adapted ? undefined : inheritedFrom(code, cls)) ?? made, kind);
}

const plain = ({ file, fn, expr }: Spot & { readonly expr: Expr }, role: Kind): ChainLink => ({ file, fn, expr, role });

/** `app.get(Guard)`, `() => new Guard()`, `{ useClass: Guard }` of a global provider: the class or its instance. */
function instanceOf(code: CodeModel, { file, fn }: Spot, expr: Expr): Spot & { readonly expr: Expr } {
  if (expr.k === 'await') return instanceOf(code, { file, fn }, expr.of);
  if (expr.k === 'fn') {
    const made = returnOf(code, { file, fn: expr.fn });
    return made ? { file, fn: expr.fn, expr: made } : { file, fn, expr };
  }
  const [first] = expr.k === 'call' ? expr.args : [];
  if (expr.k === 'call' && !expr.new && first?.k === 'ref' && /(?:^|\.)(?:get|resolve)$/.test(pathOf(expr.callee)))
    return { file, fn, expr: first };
  return { file, fn, expr };
}

const pathOf = (expr: Expr): string => (expr.k === 'ref' ? expr.path : '');

/** The class that is named, constructed, or returned by a function that makes one (`mixin(class …)`). */
function classBehind(code: CodeModel, { file, fn }: Spot, expr: Expr, depth = 0): ClassSpot | undefined {
  const named = classOf(code, file, fn, expr);
  if (named || expr.k !== 'call' || depth > 4) return named;
  const callee = code.origin(file, fn, expr.callee);
  if (callee.kind === 'package' && callee.name === 'mixin' && expr.args[0])
    return classBehind(code, { file, fn }, expr.args[0], depth + 1);
  if (callee.kind !== 'function' || callee.member) return undefined;
  const made = returnOf(code, callee);
  return made && classBehind(code, { file: callee.file, fn: callee.fn }, made, depth + 1);
}

/** What a class of the repository that adds nothing of its own inherits from a package: `AuthGuard('jwt')`. */
function inheritedFrom(code: CodeModel, spot: ClassSpot): (Spot & { readonly expr: Expr }) | undefined {
  let at: ClassSpot | undefined = spot;
  for (let depth = 0; at && depth < 8; depth += 1) {
    const cls = classAt(code, at);
    if (!cls?.extends) return undefined;
    const base: ClassSpot | undefined = classOf(code, at.file, cls.parent, cls.extends);
    if (!base) return { file: at.file, fn: cls.parent, expr: cls.extends };
    at = base;
  }
  return undefined;
}
