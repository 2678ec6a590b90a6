import type { Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { eachStmt, walkExpr, walkFunction } from '../../code/walk.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { exportedExpr, exportsOf } from '../reading/exports.ts';
import { lastOf } from '../reading/functions.ts';
import { unwrap } from '../reading/unwrap.ts';
import { verbs } from '../reading/paths.ts';
import { entriesBelow, urlOf } from './folders.ts';

/** The default export of a file under pages/api: one endpoint for each method that it tells apart. */
export function apiRoutes(site: EndpointSite): readonly Endpoint[] {
  return [...entriesBelow(site, 'pages')].flatMap(({ file, inside }) => {
    const name = /^(api(?:\/.*)?)\.[cm]?[jt]sx?$/.exec(inside)?.[1];
    if (name === undefined) return [];
    const path = urlOf(site, name.replace(/(^|\/)index$/, ''));
    return ofFile(site, file, path);
  });
}

function ofFile(site: EndpointSite, file: string, path: string): readonly Endpoint[] {
  const place = exportsOf(site.code, file).get('default');
  const value = exportedExpr(site.code, file, 'default');
  if (!place) return [];
  const { handler, wrappers } = value ? unwrap(site.code, value, value.expr) : { handler: undefined, wrappers: [] };
  const methods = value ? [...methodMap(value.expr), ...(handler ? toldApart(site, handler) : [])] : [];
  return (methods.length > 0 ? [...new Set(methods)] : ['ALL']).map((method) => ({
    surface: 'http' as const,
    method,
    path,
    at: { file: place.file, line: lineOf(place.at) },
    handler,
    framework: 'next',
    chain: wrappers,
  }));
}

const served: ReadonlySet<string> = new Set(verbs.filter((verb) => verb !== 'OPTIONS' && verb !== 'HEAD'));

/** `methods({ GET: …, POST: … })` and `createRouter().get(…).post(…)`. */
function methodMap(expr: Expr): readonly string[] {
  const found: string[] = [];
  walkExpr(expr, (inner) => {
    if (inner.k === 'obj') found.push(...inner.props.map((prop) => prop.key).filter((key) => served.has(key)));
    if (inner.k === 'call' && inner.callee.k === 'member') {
      const name = lastOf(inner.callee).toUpperCase();
      if (served.has(name) && lastOf(inner.callee) !== name) found.push(name);
    }
  });
  return found;
}

/** The methods that a handler compares `req.method` with, or that are keys of what it looks the method up in. */
function toldApart(site: EndpointSite, { file, fn }: Spot): readonly string[] {
  const func = site.code.get(file)?.summary.functions[fn];
  if (!func) return [];
  const found = new Set<string>();
  const add = (expr: Expr | undefined): void => {
    const text = expr && site.code.literal(file, fn, expr);
    if (typeof text === 'string' && served.has(text.toUpperCase())) found.add(text.toUpperCase());
  };
  eachStmt(func.body, (stmt) => {
    if (stmt.k === 'switch' && readsMethod(stmt.on)) for (const one of stmt.cases) add(one.test);
  });
  walkFunction(func, (expr) => {
    if (expr.k === 'bin' && /^[!=]==?$/.test(expr.op) && (readsMethod(expr.l) || readsMethod(expr.r)))
      add(readsMethod(expr.l) ? expr.r : expr.l);
    if (expr.k === 'index' && readsMethod(expr.by))
      for (const key of keysOf(site, { file, fn }, expr.of)) found.add(key);
  });
  return [...found];
}

const readsMethod = (expr: Expr): boolean =>
  lastOf(expr) === 'method' || (expr.k === 'call' && lastOf(expr.callee) === 'toUpperCase');

function keysOf(site: EndpointSite, { file, fn }: Spot, expr: Expr): readonly string[] {
  const origin = site.code.origin(file, fn, expr);
  if (origin.kind !== 'value' || origin.expr.k !== 'obj') return [];
  return origin.expr.props.map((prop) => prop.key).filter((key) => served.has(key));
}
