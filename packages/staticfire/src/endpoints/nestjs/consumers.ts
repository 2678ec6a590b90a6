import { runsInProduction } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { lastOf } from '../reading/functions.ts';
import { routePattern, type Matches } from '../reading/patterns.ts';
import { classOf, keyOf, type ClassSpot } from './classes.ts';
import { classLink } from './links.ts';

/** A handler's place, as `forRoutes` and `exclude` speak of it. */
export interface Target {
  /** Of its controller; '' where it has none. */
  readonly controller: string;
  readonly method: string;
  /** Without the global prefix. */
  readonly path: string;
}

/** `consumer.apply(…).exclude(…).forRoutes(…)`. */
export interface Consumer {
  readonly links: readonly ChainLink[];
  serves(target: Target): boolean;
}

/** Middleware that the reached modules configure, in the order of the modules. */
export function readConsumers(site: EndpointSite, modules: readonly ClassSpot[]): readonly Consumer[] {
  return modules.flatMap((module) => {
    const functions = site.code.get(module.file)?.summary.functions ?? [];
    if (!functions.some(({ owner, name }) => owner === module.cls && name === 'configure')) return [];
    return site
      .sites(module.file)
      .calls.filter(
        (call) =>
          call.name === 'forRoutes' &&
          ownerOf(site, call) === module.cls &&
          runsInProduction(site.code, call, call.when) !== false,
      )
      .toReversed()
      .toSorted((a, b) => a.expr.at - b.expr.at)
      .map((call) => consumerOf(site, call));
  });
}

function ownerOf(site: EndpointSite, { file, fn }: CallSite): number | undefined {
  const functions = site.code.get(file)?.summary.functions ?? [];
  for (let at = fn; at > 0; at = functions[at]?.parent ?? -1)
    if (functions[at]?.owner !== undefined) return functions[at]?.owner;
  return undefined;
}

function consumerOf(site: EndpointSite, call: CallSite): Consumer {
  const { applied, excluded } = before(call.expr);
  const links = applied
    .flatMap((expr) => listed(site, call, expr))
    .map((expr) => classLink(site.code, call, expr, 'middleware'));
  const routes = call.expr.args.flatMap((expr) => listed(site, call, expr)).map((expr) => ruleOf(site, call, expr));
  const without = excluded.flatMap((expr) => listed(site, call, expr)).map((expr) => ruleOf(site, call, expr));
  return { links, serves: (target) => routes.some((rule) => rule(target)) && !without.some((rule) => rule(target)) };
}

/** The nearest `apply` under a call of `forRoutes`, and the exclusions between. */
function before(expr: Expr): { readonly applied: readonly Expr[]; readonly excluded: readonly Expr[] } {
  const excluded: Expr[] = [];
  let at: Expr = expr;
  while (at.k === 'call') {
    const name = lastOf(at.callee);
    if (name === 'apply') return { applied: at.args, excluded };
    if (name === 'exclude') excluded.push(...at.args);
    if (at.callee.k !== 'member') break;
    at = at.callee.of;
  }
  return { applied: [], excluded };
}

function listed(site: EndpointSite, { file, fn }: CallSite, expr: Expr): readonly Expr[] {
  if (expr.k === 'arr') return expr.items;
  if (expr.k !== 'spread') return [expr];
  if (expr.of.k === 'arr') return expr.of.items;
  const origin = site.code.origin(file, fn, expr.of);
  return origin.kind === 'value' && origin.file === file && origin.expr.k === 'arr' ? origin.expr.items : [expr];
}

type Rule = (target: Target) => boolean;

/** A path, `{ path, method }` or a controller. What cannot be read matches nothing. */
function ruleOf(site: EndpointSite, { file, fn }: CallSite, expr: Expr): Rule {
  const cls = expr.k === 'ref' ? classOf(site.code, file, fn, expr) : undefined;
  if (cls) return ({ controller }) => controller === keyOf(cls);
  const matches = patternOf(site, file, fn, propOf(expr, 'path') ?? expr);
  const method = methodOf(propOf(expr, 'method'));
  return (target) => (method === undefined || method === target.method) && (matches?.(target.path) ?? false);
}

function patternOf(site: EndpointSite, file: string, fn: number, expr: Expr): Matches | undefined {
  const text = site.code.literal(file, fn, expr);
  if (typeof text !== 'string') return undefined;
  // With this adapter, middleware holds for everything below its path.
  const below = site.importing('@nestjs/platform-fastify').length > 0 ? routePattern(`${text}/*`) : undefined;
  const exact = routePattern(text);
  return below ? (path) => exact(path) || below(path) : exact;
}

/** `RequestMethod.POST`; undefined for any. */
function methodOf(expr: Expr | undefined): string | undefined {
  const name = expr && lastOf(expr);
  return name === undefined || name === 'ALL' || name === '' ? undefined : name;
}
