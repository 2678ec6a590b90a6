import { lineOf, type Expr } from '../code/summary.ts';
import { propOf } from '../code/walk.ts';
import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { exportedExpr, exportsOf } from './reading/exports.ts';
import { lastOf } from './reading/functions.ts';
import { joinUrl } from './reading/paths.ts';
import { handed } from './reading/verb-exports.ts';

const id = 'cloud-functions';

/** Functions of Firebase that the main module exports, and those registered with Google's framework or Azure's app. */
export const cloudFunctions = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const exported = site.service.entries.flatMap(({ file }) => (site.live.has(file) ? firebase(site, file) : []));
    return { list: [...exported, ...registered(site)], lost: [] };
  },
});

/** `export const pay = onRequest(options, handler)`, `onCall`, `functions.https.onCall`. */
function firebase(site: EndpointSite, file: string): readonly Endpoint[] {
  return [...exportsOf(site.code, file)].flatMap(([name, place]): readonly Endpoint[] => {
    const value = exportedExpr(site.code, file, name);
    const kind = value?.expr.k === 'call' ? lastOf(value.expr.callee) : '';
    if (!value || value.expr.k !== 'call' || (kind !== 'onRequest' && kind !== 'onCall')) return [];
    const { args } = value.expr;
    const handler = args.at(-1);
    if (!handler) return [];
    const own = handed(site.code, value, handler);
    // An application of another framework has endpoints of its own.
    if (!own.handler && kind === 'onRequest' && site.service.frameworks.length > 1) return [];
    const at = { file: place.file, line: lineOf(place.at) };
    const chain = [...args.slice(0, -1).map((options) => settings(value, options)), ...own.chain];
    const what =
      kind === 'onCall'
        ? ({ surface: 'rpc', method: 'function', path: name } as const)
        : ({ surface: 'http', method: 'ALL', path: `/${name}` } as const);
    return [{ ...what, at, framework: id, ...own, chain }];
  });
}

const settings = ({ file, fn }: { readonly file: string; readonly fn: number }, expr: Expr): ChainLink => ({
  file,
  fn,
  expr,
  role: 'settings',
});

/** `http('name', handler)` of Google's framework, `app.http('name', { methods, route, authLevel, handler })` of Azure's. */
function registered(site: EndpointSite): readonly Endpoint[] {
  return site.importing('@google-cloud/functions-framework', '@azure/functions').flatMap((file) =>
    site.sites(file).calls.flatMap((call): readonly Endpoint[] => {
      const [first, second] = call.expr.args;
      if (call.name !== 'http' || !first || !second) return [];
      const name = String(site.code.literal(file, call.fn, first) ?? '{name}');
      const at = { file, line: lineOf(call.expr.at) };
      if (second.k !== 'obj')
        return [
          { surface: 'http', method: 'ALL', path: `/${name}`, at, framework: id, ...handed(site.code, call, second) },
        ];
      const route = propOf(second, 'route');
      const path = joinUrl('api', String((route && site.code.literal(file, call.fn, route)) ?? name));
      const own = handed(site.code, call, propOf(second, 'handler') ?? second);
      const listed = propOf(second, 'methods');
      const methods = (listed?.k === 'arr' ? listed.items : []).flatMap((one) => (one.k === 'str' ? [one.v] : []));
      const chain = [settings(call, second), ...own.chain];
      return (methods.length > 0 ? methods : ['ALL']).map((method): Endpoint => ({
        surface: 'http',
        method,
        path,
        at,
        framework: id,
        ...own,
        chain,
      }));
    }),
  );
}
