import type { Spot } from '../code/production.ts';
import { lineOf, type Expr, type Position } from '../code/summary.ts';
import { eachStmt, walkStmts } from '../code/walk.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { defineReader, type EndpointSite } from './framework.ts';
import { functionOf, lastOf } from './reading/functions.ts';
import { joinUrl, verbs } from './reading/paths.ts';

const id = 'node-http';
const modules = new Set(['http', 'https', 'http2']);

/** Servers made without a framework: one endpoint for each path that the handler tells apart, else one for all. */
export const nodeHttp = defineReader({
  id,
  reads: [id],
  find(site) {
    const files = site.importing('node:http', 'node:https', 'node:http2');
    return { list: files.flatMap((file) => servers(site, file)), lost: [] };
  },
});

function servers(site: EndpointSite, file: string): readonly Endpoint[] {
  return site.sites(file).calls.flatMap((call) => {
    if (!/^create(?:Secure)?Server$/.test(call.name) || !site.live.hasFunction(file, call.fn)) return [];
    const origin = site.code.origin(file, call.fn, call.expr.callee);
    if (origin.kind !== 'builtin' || !modules.has(origin.package)) return [];
    const handler = call.expr.args.flatMap((arg) => functionOf(site.code, call, arg) ?? []).at(-1);
    return handler ? toEndpoints(site, handler, { file, line: lineOf(call.expr.at) }) : [];
  });
}

function toEndpoints(site: EndpointSite, handler: Spot, at: Endpoint['at']): readonly Endpoint[] {
  const routes = toldApart(site, handler);
  const base = { surface: 'http' as const, handler, framework: id, chain: [] };
  // A handler that hands everything on to a framework serves nothing of its own.
  const alone = site.service.frameworks.every((name) => name === id);
  if (routes.size === 0) return alone ? [{ ...base, method: 'ALL', path: '/*', at }] : [];
  return [...routes].map(([key, { file, at: position }]) => {
    const [method = 'ALL', path = '/'] = key.split(' ');
    return { ...base, method, path, at: { file, line: lineOf(position) } };
  });
}

/** Paths that the handler, or a function it calls, compares the URL with. */
function toldApart(
  site: EndpointSite,
  start: Spot,
): ReadonlyMap<string, { readonly file: string; readonly at: Position }> {
  const found = new Map<string, { file: string; at: Position }>();
  const waiting: Spot[] = [start];
  const seen = new Set<string>();
  for (let next = waiting.pop(); next && seen.size < 40; next = waiting.pop()) {
    const spot = next;
    const key = `${spot.file}\0${spot.fn}`;
    const func = site.code.get(spot.file)?.summary.functions[spot.fn];
    if (seen.has(key) || !func) continue;
    seen.add(key);
    const add = (expr: Expr, method: string, at: Position): void => {
      const text = site.code.literal(spot.file, spot.fn, expr);
      if (typeof text === 'string' && text.startsWith('/'))
        found.set(`${method} ${joinUrl(text)}`, { file: spot.file, at });
    };
    eachStmt(func.body, (stmt) => {
      if (stmt.k === 'switch' && readsUrl(stmt.on))
        for (const one of stmt.cases) if (one.test) add(one.test, 'ALL', stmt.at);
      if (stmt.k === 'if') for (const one of comparisons(stmt.test)) add(one, methodIn(stmt.test), stmt.at);
    });
    walkStmts(func.body, (expr) => {
      if (expr.k !== 'call') return;
      const called = functionOf(site.code, spot, expr.callee);
      if (called) waiting.push(called);
    });
  }
  return found;
}

/** `req.url`, `url.pathname`, `path`. */
const readsUrl = (expr: Expr): boolean => /^(?:url|pathname|path|originalUrl|route)$/i.test(lastOf(expr));

function comparisons(test: Expr): readonly Expr[] {
  if (test.k === 'bin' && (test.op === '&&' || test.op === '||'))
    return [...comparisons(test.l), ...comparisons(test.r)];
  if (test.k === 'bin' && (test.op === '===' || test.op === '=='))
    return readsUrl(test.l) ? [test.r] : readsUrl(test.r) ? [test.l] : [];
  if (test.k === 'call' && lastOf(test.callee) === 'startsWith' && test.args[0]) {
    const of = test.callee.k === 'ref' ? (test.callee.path.split('.').at(-2) ?? '') : '';
    return /^(?:url|pathname|path)$/i.test(of) ? [test.args[0]] : [];
  }
  return [];
}

/** The method that the same test asks for. */
function methodIn(test: Expr): string {
  if (test.k !== 'bin') return 'ALL';
  if (test.op === '&&') return [methodIn(test.l), methodIn(test.r)].find((method) => method !== 'ALL') ?? 'ALL';
  if (test.op !== '===' && test.op !== '==') return 'ALL';
  const text = lastOf(test.l) === 'method' ? test.r : lastOf(test.r) === 'method' ? test.l : undefined;
  return text?.k === 'str' && verbs.includes(text.v) ? text.v : 'ALL';
}
