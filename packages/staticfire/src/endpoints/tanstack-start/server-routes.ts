import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr, type Prop } from '../../code/summary.ts';
import { eachStmt, propOf, walkExpr } from '../../code/walk.ts';
import type { ChainLink, Endpoint, LostEndpoint } from '../../facts/endpoints.ts';
import type { EndpointSite, Found } from '../framework.ts';
import { stepsOf } from '../reading/builders.ts';
import { joinUrl, verbs } from '../reading/paths.ts';
import { handed } from '../reading/verb-exports.ts';
import { middlewareLinks, type Everywhere } from './middleware.ts';

const makers = new Set(['createFileRoute', 'createServerFileRoute', 'createAPIFileRoute', 'createRootRoute']);

/** `createFileRoute('/x')({ server: { handlers } })` and the forms before it. */
export function serverRoutes(site: EndpointSite, everywhere: Everywhere): Found {
  const list: Endpoint[] = [];
  const lost: LostEndpoint[] = [];
  const routes = site.service.entries.flatMap(({ file }) => (site.live.has(file) ? routesIn(site, file) : []));
  const around = routes
    .map((route) => ({ id: route.id, links: ofRoute(route) }))
    .filter(({ links }) => links.length > 0);
  for (const route of routes) {
    const above = around.filter(({ id }) => isAbove(id, route.id)).toSorted((a, b) => a.id.length - b.id.length);
    const before = [...everywhere.requests, ...above.flatMap(({ links }) => links)];
    const found = handlersOf(route);
    list.push(...found.flatMap((set) => toEndpoints(route, set, before)));
    lost.push(...found.flatMap((set) => (set.handlers.k === 'obj' ? [] : [unreadable(route.call)])));
  }
  return { list, lost };
}

interface Route {
  readonly site: EndpointSite;
  readonly call: CallSite;
  /** As written: segments without a path included. '' for the root. */
  readonly id: string;
  readonly path: string;
}

const routesIn = (site: EndpointSite, file: string): readonly Route[] =>
  site
    .sites(file)
    .calls.filter(({ name }) => makers.has(name))
    .map((call) => {
      const id = call.name.startsWith('createRoot') ? '' : idOf(site, call);
      return { site, call, id, path: urlOf(id) };
    });

const idOf = ({ code }: EndpointSite, { file, fn, expr }: CallSite): string => {
  const text = expr.args[0] && code.literal(file, fn, expr.args[0]);
  return typeof text === 'string' ? text.replace(/\/$/, '') : '/{path}';
};

/** Groups and segments without a path leave no trace. */
const urlOf = (id: string): string =>
  joinUrl(
    ...id
      .split('/')
      .filter((part) => !/^_|^\(.*\)$/.test(part))
      .map((part) => part.replace(/_$/, '')),
  );

/** Middleware of a route runs for those below it too. */
const isAbove = (id: string, below: string): boolean => id === '' || (below !== id && below.startsWith(`${id}/`));

function ofRoute({ site, call }: Route): readonly ChainLink[] {
  const outer = call.within?.expr.callee === call.expr ? call.within : undefined;
  const [options] = outer?.expr.args ?? [];
  const server = outer && options && propOf(objectOf(site, outer, options), 'server');
  return outer && server ? middlewareLinks(site.code, outer, propOf(objectOf(site, outer, server), 'middleware')) : [];
}

const unreadable = ({ file, expr }: CallSite): LostEndpoint => ({
  at: { file, line: lineOf(expr.at) },
  framework: 'tanstack-start',
  what: 'number',
  why: 'the handlers of this route are computed',
});

interface HandlerSet {
  readonly handlers: Expr;
  readonly middleware: readonly ChainLink[];
  readonly fn: number;
}

function handlersOf({ site, call }: Route): readonly HandlerSet[] {
  return site.sites(call.file).calls.flatMap((outer): HandlerSet[] => {
    const [first] = outer.expr.args;
    if (!first || !standsOn(outer.expr.callee, call.expr)) return [];
    if (outer.name === 'methods') {
      const steps = stepsOf(site.code, outer, outer.expr).filter(({ name }) => name === 'middleware');
      const links = steps.flatMap((step) => middlewareLinks(site.code, step, step.call.args[0]));
      return [resolved(site, outer, first, links)];
    }
    if (outer.expr.callee !== call.expr) return [];
    if (call.name === 'createAPIFileRoute') return [resolved(site, outer, first, [])];
    const given = propOf(objectOf(site, outer, first), 'server');
    const server = given && objectOf(site, outer, given);
    const handlers = propOf(server, 'handlers');
    const links = middlewareLinks(site.code, outer, propOf(server, 'middleware'));
    return handlers ? [resolved(site, outer, handlers, links)] : [];
  });
}

/** Is this call part of the chain that an expression stands on? */
function standsOn(expr: Expr, call: Expr): boolean {
  if (expr === call) return true;
  if (expr.k === 'member') return standsOn(expr.of, call);
  return expr.k === 'call' && standsOn(expr.callee, call);
}

function objectOf({ code }: EndpointSite, { file, fn }: CallSite, expr: Expr): Expr {
  if (expr.k !== 'ref') return expr;
  const origin = code.origin(file, fn, expr);
  return origin.kind === 'value' && !origin.member && origin.file === file ? origin.expr : expr;
}

/** An object of handlers, or the one that a function makes: `({ createHandlers }) => createHandlers({ … })`. */
function resolved(site: EndpointSite, call: CallSite, expr: Expr, middleware: readonly ChainLink[]): HandlerSet {
  const value = objectOf(site, call, expr);
  if (value.k !== 'fn') return { handlers: value, middleware, fn: call.fn };
  let found: Expr | undefined;
  eachStmt(site.code.get(call.file)?.summary.functions[value.fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of)
      walkExpr(stmt.of, (inner) => ((found ??= inner.k === 'obj' ? inner : undefined), !found));
  });
  return { handlers: found ?? value, middleware, fn: value.fn };
}

function toEndpoints(route: Route, set: HandlerSet, before: readonly ChainLink[]): readonly Endpoint[] {
  if (set.handlers.k !== 'obj') return [];
  return set.handlers.props
    .filter(({ key }) => verbs.includes(key) || key === 'ANY' || key === 'ALL')
    .map((prop) => toEndpoint(route, set, prop, before));
}

function toEndpoint(
  { site, call, path }: Route,
  set: HandlerSet,
  { key, value, at }: Prop,
  before: readonly ChainLink[],
): Endpoint {
  const spot = { file: call.file, fn: set.fn };
  const own = handed(site.code, spot, propOf(value, 'handler') ?? value);
  const links = middlewareLinks(site.code, spot, propOf(value, 'middleware'));
  return {
    surface: 'http',
    method: key === 'ANY' ? 'ALL' : key,
    path,
    at: { file: call.file, line: lineOf(at) },
    framework: 'tanstack-start',
    ...own,
    chain: [...before, ...set.middleware, ...links, ...own.chain],
  };
}
