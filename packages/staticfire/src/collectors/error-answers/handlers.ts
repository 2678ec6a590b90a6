import type { Spot } from '../../code/production.ts';
import { lastName } from '../../code/sites.ts';
import { lineOf, type Expr, type Stmt } from '../../code/summary.ts';
import { exprsOf, walkExpr } from '../../code/walk.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { ErrorAnswers } from '../../facts/error-answers.ts';
import type { Project } from '../../facts/project.ts';
import type { Service } from '../../facts/services.ts';
import type { Place } from '../../model/place.ts';
import { roleOfPath } from '../health/paths.ts';
import { caughtIn } from './caught.ts';
import type { Facts } from './leaks.ts';
import { sends, statusOf } from './sending.ts';

/** Handlers that catch errors and answer them in their own words. */
export function ownAnswers(facts: Facts, list: readonly Endpoint[]): ErrorAnswers['own'] {
  const places = handlersOf(list).flatMap(({ handler }) => answersItself(facts, handler) ?? []);
  return { count: places.length, places: places.slice(0, 5) };
}

/** One endpoint for each handler. */
export function handlersOf(list: readonly Endpoint[]): readonly (Endpoint & { readonly handler: Spot })[] {
  const seen = new Set<string>();
  return list.flatMap((one) => {
    const { handler, surface } = one;
    if (surface !== 'http' || !handler || seen.has(`${handler.file}\0${handler.fn}`)) return [];
    seen.add(`${handler.file}\0${handler.fn}`);
    return [{ ...one, handler }];
  });
}

function answersItself(facts: Facts, handler: Spot): Place | undefined {
  const caught = caughtIn(facts.code, facts.sites, handler);
  if (caught.length === 0) return undefined;
  const call = facts.sites(handler.file).calls.find((one) => {
    if (one.fn !== handler.fn || !sends(one) || !caught.some((region) => region.has(one.expr.at))) return false;
    const status = statusOf(facts.code, one);
    return status === undefined || status >= 500;
  });
  return call && { file: call.file, line: lineOf(call.expr.at) };
}

/** Packages that hand what async handlers throw to the error handler. */
const forwarding =
  /^(?:express-async-errors|@awaitjs\/express|express-promise-router|express-async-handler-patch|ultimate-express)$/;

/** Async handlers of Express before 5 that await outside any `try`: what they throw ends the process, not the request. */
export function unforwarded(
  facts: Facts,
  project: Project,
  own: Service,
  list: readonly Endpoint[],
): ErrorAnswers['unforwarded'] {
  const manifest = project.manifests.find(({ file }) => file === own.manifest);
  const range = manifest?.dependencies['express'] ?? '';
  if (!/^[\^~>=]*\s*v?[1-4](?:\.|$)/.test(range)) return [];
  if ([...facts.calls.packages.keys()].some((name) => forwarding.test(name))) return [];
  return handlersOf(list).flatMap((one) => {
    const func = facts.code.get(one.handler.file)?.summary.functions[one.handler.fn];
    const bare = one.framework === 'express' && !isAside(one.path) && one.serves === undefined && func?.async === true;
    return bare && awaitsUncaught(func.body) ? [{ path: `${one.method} ${one.path}`, at: one.at }] : [];
  });
}

/** Metrics and health checks ask nothing that could be wrong with a request. */
const isAside = (path: string): boolean => path.endsWith('/metrics') || roleOfPath(path) !== undefined;

function awaitsUncaught(body: readonly Stmt[]): boolean {
  return body.some((stmt) => {
    if (exprsOf(stmt).some((expr) => awaits(expr))) return true;
    switch (stmt.k) {
      case 'if':
        return awaitsUncaught(stmt.then) || awaitsUncaught(stmt.else ?? []);
      case 'loop':
        return awaitsUncaught(stmt.body);
      case 'switch':
        return stmt.cases.some((one) => awaitsUncaught(one.body));
      case 'try':
        return stmt.handler === undefined && awaitsUncaught(stmt.block);
      default:
        return false;
    }
  });
}

/** An await whose failure nobody catches in place: `.catch(…)`, `Promise.allSettled`, or the function that it is handed. */
function awaits(expr: Expr): boolean {
  let yes = false;
  walkExpr(expr, (inner) => {
    if (inner.k === 'await') yes ||= !(inner.of.k === 'call' && minds(inner.of));
  });
  return yes;
}

const minds = ({ callee, args }: Extract<Expr, { k: 'call' }>): boolean =>
  /^(?:catch|allSettled)$/.test(lastName(callee)) || args.some((arg) => arg.k === 'fn');
