import type { Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { eachStmt, walkFunction } from '../../code/walk.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { exportedExpr, exportsOf } from '../reading/exports.ts';
import { lastOf } from '../reading/functions.ts';
import { handed, type Handed } from '../reading/verb-exports.ts';
import { entriesBelow, urlOf } from './folders.ts';
import { methodHandlers, served } from './method-maps.ts';

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
  const whole: Handed = value ? handed(site.code, value, value.expr) : { handler: undefined, chain: [] };
  const base = { surface: 'http', path, at: { file: place.file, line: lineOf(place.at) }, framework: 'next' } as const;
  const own = value ? methodHandlers(site, value, value.expr) : new Map<string, Handed>();
  const apart = whole.handler ? toldApart(site, whole.handler) : [];
  const methods = new Set([...own.keys(), ...apart]);
  return (methods.size > 0 ? [...methods] : ['ALL']).map((method) => {
    const one = own.get(method);
    return { ...base, method, ...(one ? inside(whole, one) : whole) };
  });
}

/** A method's own handler, with what stands around all of them. */
const inside = (whole: Handed, own: Handed): Handed => ({
  ...own,
  ...(whole.serves ? { serves: whole.serves } : {}),
  chain: [...whole.chain, ...own.chain],
});

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
