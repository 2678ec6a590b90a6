import type { CodeModel, SourceFile } from '../../code/model.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Unit, UnitCall } from './units.ts';

/** A unit with what is needed to tell what it does. */
export interface Reading {
  readonly unit: Unit;
  readonly source: SourceFile;
  readonly model: CodeModel;
  /** Statuses of 400 and above that it answers with. */
  readonly answers: ReadonlySet<number>;
  /** It is called for requests on their way: `(req, res, next)`, a framework's middleware or guard. */
  readonly middleware: boolean;
}

export function readingOf(model: CodeModel, source: SourceFile, unit: Unit): Reading {
  let answers: ReadonlySet<number> | undefined;
  return {
    unit,
    source,
    model,
    get answers() {
      return (answers ??= answersOf(unit));
    },
    middleware: isMiddleware(source, unit),
  };
}

const named: Readonly<Record<string, number>> = {
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  BAD_REQUEST: 400,
};
const thrown: readonly [RegExp, number][] = [
  [/unauthori[sz]ed|unauthenticated/i, 401],
  [/forbidden/i, 403],
  [/too_?many_?requests|ratelimit(?:exceeded)?error|throttler?exception/i, 429],
];

function answersOf(unit: Unit): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { name, expr } of unit.calls) {
    for (const arg of expr.args) {
      const status = statusOf(arg) ?? statusOf(propOf(arg, 'status')) ?? statusOf(propOf(arg, 'statusCode'));
      if (status !== undefined) found.add(status);
    }
    if (expr.new) for (const [pattern, status] of thrown) if (pattern.test(name)) found.add(status);
    const [first] = expr.args;
    const text =
      expr.new && name === 'Error'
        ? first?.k === 'str'
          ? first.v
          : first?.k === 'template'
            ? first.parts.join(' ')
            : ''
        : '';
    if (/not authenticated|unauthori[sz]ed|authentication required|not logged in|no session/i.test(text))
      found.add(401);
    if (/access denied|forbidden|not a member|permission|not allowed/i.test(text)) found.add(403);
  }
  return found;
}

function statusOf(expr: Expr | undefined): number | undefined {
  if (expr?.k === 'num') return expr.v >= 400 && expr.v < 600 ? expr.v : undefined;
  return expr?.k === 'ref' ? named[expr.path.split('.').at(-1) ?? ''] : undefined;
}

function isMiddleware(source: SourceFile, unit: Unit): boolean {
  if (
    unit.params.some(
      (names) => names.length >= 2 && names.length <= 4 && /^(?:next|done|_next)$/.test(names.at(-1) ?? ''),
    )
  )
    return true;
  if (
    unit.calls.some(
      ({ path, name }) =>
        /^(?:createMiddleware|defineMiddleware|createAuthMiddleware)$/.test(path) ||
        (name === 'middleware' && /^t\b|trpc/i.test(path)),
    )
  )
    return true;
  if (unit.form === 'method' && !/\.(?:use|canActivate|intercept)$/.test(unit.name)) return false;
  const cls = unit.cls === undefined ? undefined : source.summary.classes[unit.cls];
  return cls?.implements.some((name) => /^(?:CanActivate|NestMiddleware|NestInterceptor)/.test(name)) ?? false;
}

/** The package that a callee comes from, '' for code of the repository and globals. */
export function packageOf({ model, source }: Reading, call: UnitCall): string {
  const origin = model.origin(source.path, call.fn, call.expr.callee);
  return origin.kind === 'package' || origin.kind === 'builtin' ? origin.package : '';
}

export const calls = (reading: Reading, name: RegExp): readonly UnitCall[] =>
  reading.unit.calls.filter((call) => name.test(call.name));
export const callsOf = (reading: Reading, name: RegExp, packages: RegExp): boolean =>
  reading.unit.calls.some((call) => name.test(call.name) && packages.test(packageOf(reading, call)));
export const says = (reading: Reading, text: RegExp): boolean => reading.unit.strings.some((one) => text.test(one));
export const mentions = (reading: Reading, path: RegExp): boolean =>
  [...reading.unit.refs].some((ref) => path.test(ref));
/** The last part of the unit's name. */
export const ownName = ({ unit }: Reading): string => unit.name.slice(unit.name.lastIndexOf('.') + 1);
