import { byDefault, type Spot } from '../../code/production.ts';
import type { CodeModel } from '../../code/model.ts';
import type { CallSite, Condition, FileSites } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { eachStmt, exprsOf, walkExpr } from '../../code/walk.ts';
import {
  securityHeaders,
  type HeaderSource,
  type IdleHeader,
  type SecurityHeader,
} from '../../facts/response-headers.ts';
import type { Place } from '../../model/place.ts';

/** What the readers of headers hand back. */
export interface Found {
  readonly sent: readonly HeaderSource[];
  readonly idle: readonly IdleHeader[];
}

export const merged = (parts: readonly Found[]): Found => ({
  sent: parts.flatMap((p) => p.sent),
  idle: parts.flatMap((p) => p.idle),
});

/** Headers on their way out; with a reason they do not get there. */
export function found(headers: readonly SecurityHeader[], by: string, at: Place, why: string | undefined): Found {
  const sources = headers.map((header) => ({ header, by, at }));
  return why === undefined
    ? { sent: sources, idle: [] }
    : { sent: [], idle: sources.map((source) => ({ ...source, why })) };
}

/** The header that a name stands for, in any spelling. */
export function headerNamed(name: string): SecurityHeader | undefined {
  const lower = name.toLowerCase();
  return securityHeaders.find((header) => header.toLowerCase() === lower);
}

/** A policy with frame-ancestors also protects from framing. */
export const headersOf = (header: SecurityHeader, framed: boolean): readonly SecurityHeader[] =>
  header === 'Content-Security-Policy' && framed ? [header, 'X-Frame-Options'] : [header];

/** Does the text that an expression is made of hold these words? Followed through names, lists and calls. */
export function mentions(model: CodeModel, spot: Spot, expr: Expr, words: RegExp, depth = 0): boolean {
  let yes = false;
  walkExpr(expr, (inner) => {
    if (yes) return false;
    if (inner.k === 'str') yes = words.test(inner.v);
    else if (inner.k === 'template') yes = inner.parts.some((part) => words.test(part));
    else if (inner.k === 'obj') yes = inner.props.some((prop) => words.test(prop.key));
    else if (inner.k === 'ref' && depth < 4) yes = inName(model, spot, inner, words, depth);
    return !yes;
  });
  return yes;
}

function inName(
  model: CodeModel,
  spot: Spot,
  expr: Extract<Expr, { k: 'ref' }>,
  words: RegExp,
  depth: number,
): boolean {
  const method = /\.(?:replace|replaceAll|join|trim|map|filter|concat|toString|entries)$/.exec(expr.path);
  const subject = method ? { ...expr, path: expr.path.slice(0, method.index) } : expr;
  const origin = model.origin(spot.file, spot.fn, subject);
  if (origin.kind === 'value' && origin.expr !== expr) return mentions(model, origin, origin.expr, words, depth + 1);
  if (origin.kind !== 'function') return false;
  let yes = false;
  eachStmt(model.get(origin.file)?.summary.functions[origin.fn]?.body ?? [], (stmt) => {
    yes ||= exprsOf(stmt).some((inner) => mentions(model, origin, inner, words, depth + 1));
  });
  return yes;
}

export const framing = /frame-?ancestors/i;

/** Why code behind these tests does not run in production unless someone asks for it; undefined when it does. */
export function offBecause(model: CodeModel, spot: Spot, when: readonly Condition[]): string | undefined {
  for (const { test, holds } of when) {
    const value = byDefault(model, spot, test);
    if (value !== undefined && value !== holds) return `it depends on ${describeTest(test)}`;
  }
  return undefined;
}

/** The tests around a call, and around the calls that the functions it stands in are handed to. */
export function conditionsOf(
  model: CodeModel,
  sites: (file: string) => FileSites,
  call: CallSite,
): readonly Condition[] {
  const functions = model.get(call.file)?.summary.functions ?? [];
  const all = [...call.when];
  for (let fn = call.fn; fn > 0; fn = functions[fn]?.parent ?? -1)
    all.push(...(sites(call.file).handedTo.get(fn)?.when ?? []));
  return all;
}

/** A test that picks some requests: their path, kind or method is compared with something. */
export function picksSome(when: readonly Condition[]): boolean {
  return when.some(
    ({ test, holds }) =>
      holds &&
      ((test.k === 'bin' && (test.op === '===' || test.op === '==')) ||
        (test.k === 'call' &&
          /(?:^|\.)(?:startsWith|endsWith|includes|test|match|has)$/.test(
            test.callee.k === 'ref' ? test.callee.path : '',
          ))),
  );
}

function describeTest(test: Expr): string {
  let name = '';
  walkExpr(test, (expr) => {
    if (expr.k === 'str' && /^[A-Z][A-Z0-9_]{2,}$/.test(expr.v)) name = expr.v;
    else if (!name && expr.k === 'ref') name = expr.path;
  });
  return name
    ? `${name.replace(/^process\.env\./, '')}, which is not set or not so in production by default`
    : 'a setting';
}
