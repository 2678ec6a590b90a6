import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr, type Prop } from '../../code/summary.ts';
import { eachStmt, propOf, walkExpr } from '../../code/walk.ts';
import type { ChainLink, Endpoint, LostEndpoint } from '../../facts/endpoints.ts';
import type { EndpointSite, Found } from '../framework.ts';
import { linkOf } from '../reading/functions.ts';
import { unwrap } from '../reading/unwrap.ts';
import { verbs } from '../reading/paths.ts';

const makers = new Set(['createFileRoute', 'createServerFileRoute', 'createAPIFileRoute', 'createRootRoute']);

/** `createFileRoute('/x')({ server: { handlers } })` and the forms before it. */
export function serverRoutes(site: EndpointSite): Found {
  const list: Endpoint[] = [];
  const lost: LostEndpoint[] = [];
  for (const { file } of site.service.entries) {
    if (!site.live.has(file)) continue;
    for (const call of site.sites(file).calls.filter(({ name }) => makers.has(name))) {
      const route: Route = { site, call, path: pathOf(site, call) };
      const found = handlersOf(route);
      list.push(...found.flatMap((set) => toEndpoints(route, set)));
      lost.push(...found.flatMap((set) => (set.handlers.k === 'obj' ? [] : [unreadable(call)])));
    }
  }
  return { list, lost };
}

interface Route {
  readonly site: EndpointSite;
  readonly call: CallSite;
  readonly path: string;
}

interface HandlerSet {
  readonly handlers: Expr;
  readonly middleware: readonly Expr[];
  readonly fn: number;
}

const pathOf = ({ code }: EndpointSite, { file, fn, expr }: CallSite): string => {
  const text = expr.args[0] && code.literal(file, fn, expr.args[0]);
  return typeof text === 'string' ? text : '/';
};

const unreadable = ({ file, expr }: CallSite): LostEndpoint => ({
  at: { file, line: lineOf(expr.at) },
  framework: 'tanstack-start',
  what: 'number',
  why: 'the handlers of this route are computed',
});

function handlersOf({ site, call }: Route): readonly HandlerSet[] {
  return site.sites(call.file).calls.flatMap((outer): HandlerSet[] => {
    const [first] = outer.expr.args;
    if (!first || !standsOn(outer.expr.callee, call.expr)) return [];
    if (outer.name === 'methods') return [resolved(site, outer, first, [])];
    if (outer.expr.callee !== call.expr) return [];
    if (call.name === 'createAPIFileRoute') return [resolved(site, outer, first, [])];
    const server = propOf(objectOf(site, outer, first), 'server');
    const handlers = propOf(server && objectOf(site, outer, server), 'handlers');
    return handlers ? [resolved(site, outer, handlers, itemsOf(propOf(server, 'middleware')))] : [];
  });
}

/** Is this call part of the chain that an expression stands on? */
function standsOn(expr: Expr, call: Expr): boolean {
  if (expr === call) return true;
  if (expr.k === 'member') return standsOn(expr.of, call);
  return expr.k === 'call' && standsOn(expr.callee, call);
}

const itemsOf = (expr: Expr | undefined): readonly Expr[] => (expr?.k === 'arr' ? expr.items : []);

function objectOf({ code }: EndpointSite, { file, fn }: CallSite, expr: Expr): Expr {
  if (expr.k !== 'ref') return expr;
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'value' && !origin.member && origin.file === file ? origin.expr : expr;
}

/** An object of handlers, or the one that a function makes: `({ createHandlers }) => createHandlers({ … })`. */
function resolved(site: EndpointSite, call: CallSite, expr: Expr, middleware: readonly Expr[]): HandlerSet {
  const value = objectOf(site, call, expr);
  if (value.k !== 'fn') return { handlers: value, middleware, fn: call.fn };
  let found: Expr | undefined;
  eachStmt(site.code.get(call.file)?.summary.functions[value.fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of)
      walkExpr(stmt.of, (inner) => ((found ??= inner.k === 'obj' ? inner : undefined), !found));
  });
  return { handlers: found ?? value, middleware, fn: value.fn };
}

function toEndpoints(route: Route, set: HandlerSet): readonly Endpoint[] {
  if (set.handlers.k !== 'obj') return [];
  return set.handlers.props
    .filter(({ key }) => verbs.includes(key) || key === 'ANY' || key === 'ALL')
    .map((prop) => toEndpoint(route, set, prop));
}

function toEndpoint({ site, call, path }: Route, set: HandlerSet, { key, value, at }: Prop): Endpoint {
  const { file } = call;
  const spot = { file, fn: set.fn };
  const own = propOf(value, 'handler') ?? value;
  const { handler, wrappers } = unwrap(site.code, spot, own);
  const middleware = [...set.middleware, ...itemsOf(propOf(value, 'middleware'))];
  const chain: ChainLink[] = [...middleware.map((expr) => linkOf(site.code, spot, expr)), ...wrappers];
  const method = key === 'ANY' ? 'ALL' : key;
  return { surface: 'http', method, path, at: { file, line: lineOf(at) }, handler, framework: 'tanstack-start', chain };
}
