import { lineOf } from '../../code/summary.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { exportedExpr, exportsOf } from '../reading/exports.ts';
import { functionOf, lastOf, linkOf } from '../reading/functions.ts';

const methodOf: ReadonlyMap<string, string> = new Map([
  ['query', 'GET'],
  ['batch', 'GET'],
  ['form', 'POST'],
  ['command', 'POST'],
]);

/** Exports of `.remote` files: `query(schema, fn)`, `form(fn)`, `command(schema, fn)`. */
export function remoteFunctions(site: EndpointSite): readonly Endpoint[] {
  return site.service.entries.flatMap(({ file }) => {
    if (!/\.remote\.[jt]s$/.test(file)) return [];
    return [...exportsOf(site.code, file)].flatMap(([name, place]): Endpoint[] => {
      const value = exportedExpr(site.code, file, name);
      const method = value?.expr.k === 'call' ? methodOf.get(lastOf(value.expr.callee)) : undefined;
      if (!value || value.expr.k !== 'call' || method === undefined) return [];
      const { args } = value.expr;
      const last = args.at(-1);
      return [
        {
          surface: 'rpc',
          method,
          path: `${file}#${name}`,
          at: { file: place.file, line: lineOf(place.at) },
          handler: last && functionOf(site.code, value, last),
          framework: 'sveltekit',
          chain: args
            .slice(0, -1)
            .filter(({ k }) => k !== 'str')
            .map((schema) => linkOf(site.code, value, schema, 'validator', 'body')),
        },
      ];
    });
  });
}
