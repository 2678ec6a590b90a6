import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import { walkExpr } from '../../code/walk.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { callsOn, stepsOf } from '../reading/builders.ts';
import { linkOf } from '../reading/functions.ts';
import { verbs } from '../reading/paths.ts';
import { handed, type Handed } from '../reading/verb-exports.ts';

export const served: ReadonlySet<string> = new Set(verbs.filter((verb) => verb !== 'OPTIONS' && verb !== 'HEAD'));

interface Route extends Spot {
  readonly name: string;
  readonly args: readonly Expr[];
}

/** Handlers by method: of `methods({ GET: …, POST: … })`, and of routers (`createRouter().use(…).get(…)`). */
export function methodHandlers(site: EndpointSite, spot: Spot, expr: Expr): ReadonlyMap<string, Handed> {
  const found = new Map<string, Handed>();
  walkExpr(expr, (inner) => {
    if (inner.k !== 'obj') return;
    for (const { key, value } of inner.props) if (served.has(key)) found.set(key, handed(site.code, spot, value));
  });
  for (const [method, one] of routed(site, routesOf(site, spot, expr))) found.set(method, one);
  return found;
}

/** The calls that make the router: in one chain, or one by one on its name. */
function routesOf(site: EndpointSite, spot: Spot, expr: Expr): readonly Route[] {
  const chained = stepsOf(site.code, spot, expr).map(({ call, ...step }) => ({ ...step, args: call.args }));
  const router = /^(\w+)(?:\.handler)?$/.exec(nameOf(expr))?.[1];
  if (router === undefined) return chained;
  const apart = site
    .sites(spot.file)
    .calls.filter(({ path, name }) => path === `${router}.${name}` && (name === 'use' || isVerb(name)))
    .flatMap((call) => [call, ...callsOn(call)])
    .map(({ file, fn, name, expr: { args } }) => ({ file, fn, name, args }));
  return [...chained, ...apart];
}

const nameOf = (expr: Expr): string => (expr.k === 'ref' ? expr.path : expr.k === 'call' ? nameOf(expr.callee) : '');

const isVerb = (name: string): boolean => name === name.toLowerCase() && served.has(name.toUpperCase());

function routed(site: EndpointSite, routes: readonly Route[]): readonly [string, Handed][] {
  const before: ChainLink[] = [];
  const found: [string, Handed][] = [];
  for (const route of routes) {
    const args = route.args.filter(({ k }) => k !== 'str');
    if (route.name === 'use') before.push(...args.map((arg) => linkOf(site.code, route, arg)));
    const last = args.at(-1);
    if (!isVerb(route.name) || !last) continue;
    const own = handed(site.code, route, last);
    const links = args.slice(0, -1).map((arg) => linkOf(site.code, route, arg));
    found.push([route.name.toUpperCase(), { ...own, chain: [...before, ...links, ...own.chain] }]);
  }
  return found;
}
