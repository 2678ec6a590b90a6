import { lineOf, type Expr } from '../code/summary.ts';
import { propOf } from '../code/walk.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import type { Spot } from '../code/production.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { exportedExpr, initOf } from './reading/exports.ts';
import { lastOf, linkOf } from './reading/functions.ts';
import { joinUrl, verbNames } from './reading/paths.ts';
import { exportedSequence } from './reading/sequence.ts';
import { handed, routeFiles, verbExports, type Handed } from './reading/verb-exports.ts';

const id = 'astro';

/** Endpoints of src/pages, and the actions of src/actions. */
export const astro = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const pages = routeFiles(site, 'src/pages').flatMap(({ file, inside }) => {
      if (/(?:^|\/)_/.test(inside) || !/\.[jt]s$/.test(inside)) return [];
      const path = joinUrl(inside.replace(/\.[jt]s$/, '').replace(/(?:^|\/)index$/, ''));
      return verbExports(site, { framework: id, file, path, methods: { ...verbNames, ALL: 'ALL' } });
    });
    const entry = site.service.entries.find(({ file }) => /(?:^|\/)src\/middleware(?:\/index)?\.[jt]s$/.test(file));
    const before = entry ? exportedSequence(site.code, entry.file, 'onRequest') : [];
    const list = [...pages, ...actions(site)].map((one) => ({ ...one, chain: [...before, ...one.chain] }));
    return { list, lost: [] };
  },
});

/** `export const server = { name: defineAction({ handler }) }`, groups included. */
function actions(site: EndpointSite): readonly Endpoint[] {
  const entry = site.service.entries.find(({ file }) => /(?:^|\/)src\/actions\/index\.[jt]s$/.test(file));
  const value = entry && exportedExpr(site.code, entry.file, 'server');
  return value ? actionsIn(site, value, value.expr, '', 0) : [];
}

function actionsIn(site: EndpointSite, spot: Spot, expr: Expr, prefix: string, depth: number): readonly Endpoint[] {
  if (depth > 5) return [];
  if (expr.k === 'ref') {
    const init = initOf(site.code, spot, expr.path);
    return init ? actionsIn(site, init, init.expr, prefix, depth + 1) : [];
  }
  if (expr.k === 'call' && lastOf(expr.callee) === 'defineAction') {
    const handler = propOf(expr.args[0], 'handler');
    const input = propOf(expr.args[0], 'input');
    const own: Handed = handler ? handed(site.code, spot, handler) : { handler: undefined, chain: [] };
    const at = { file: spot.file, line: lineOf(expr.at) };
    const path = prefix.replace(/\.$/, '');
    const checked = input ? [linkOf(site.code, spot, input, 'validator', 'body')] : [];
    return [{ surface: 'rpc', method: 'action', path, at, framework: id, ...own, chain: [...checked, ...own.chain] }];
  }
  if (expr.k !== 'obj') return [];
  return expr.props.flatMap(({ key, value }) =>
    actionsIn(site, spot, value, key === '...' ? prefix : `${prefix}${key}.`, depth + 1),
  );
}
