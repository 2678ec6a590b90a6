import { posix } from 'node:path';
import type { Spot } from '../../code/production.ts';
import type { Expr } from '../../code/summary.ts';
import type { EndpointSite } from '../framework.ts';
import { exportedExpr, initOf } from '../reading/exports.ts';
import { lastOf } from '../reading/functions.ts';
import { joinUrl } from '../reading/paths.ts';

/** Where a route module stands in the tree of routes. */
export interface Placed {
  readonly path: string;
  /** Modules around it, the outermost first; the root apart. */
  readonly parents: readonly string[];
}

/** What the table of routes says: `route('users/:id', './user.tsx', [...])`, `layout`, `index`, `prefix`. */
export function routeTable(site: EndpointSite): ReadonlyMap<string, Placed> {
  const found = new Map<string, Placed>();
  const file = site.service.entries.find(
    (entry) => entry.kind === 'config' && /(?:^|\/)routes\.[cm]?[jt]sx?$/.test(entry.file),
  )?.file;
  const table = file === undefined ? undefined : exportedExpr(site.code, file, 'default');
  if (file !== undefined && table) read({ site, dir: posix.dirname(file), found }, table, table.expr, '', [], 0);
  return found;
}

interface Reading {
  readonly site: EndpointSite;
  readonly dir: string;
  readonly found: Map<string, Placed>;
}

function read(r: Reading, spot: Spot, expr: Expr, above: string, parents: readonly string[], depth: number): void {
  const again = (inner: Expr, path = above, around = parents): void => read(r, spot, inner, path, around, depth + 1);
  if (depth > 40) return;
  if (expr.k === 'arr') return expr.items.forEach((item) => again(item));
  if (expr.k === 'spread' || expr.k === 'await') return again(expr.of);
  if (expr.k === 'ref') {
    const init = initOf(r.site.code, spot, expr.path);
    return init ? read(r, init, init.expr, above, parents, depth + 1) : undefined;
  }
  if (expr.k !== 'call') return;
  const name = lastOf(expr.callee);
  const texts = expr.args.map((arg) => r.site.code.literal(spot.file, spot.fn, arg));
  const inside = expr.args.find((arg) => arg.k === 'arr');
  const path = name === 'route' || name === 'prefix' ? joinUrl(above, String(texts[0] ?? '')) : above;
  const module = name === 'route' ? texts[1] : name === 'index' || name === 'layout' ? texts[0] : undefined;
  const own = typeof module === 'string' ? posix.join(r.dir, module) : undefined;
  if (own !== undefined) r.found.set(own, { path: joinUrl(path), parents });
  if (inside) again(inside, path, own === undefined ? parents : [...parents, own]);
}
