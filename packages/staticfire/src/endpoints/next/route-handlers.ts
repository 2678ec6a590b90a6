import { lineOf } from '../../code/summary.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { exportedExpr, exportsOf, unwrap } from '../reading/functions.ts';
import { verbs } from '../reading/paths.ts';
import { entriesBelow, urlOf } from './folders.ts';

/** Each exported verb of a route file is an endpoint, wherever the function itself stands. */
export function routeHandlers(site: EndpointSite): readonly Endpoint[] {
  return entriesBelow(site, 'app').flatMap(({ file, inside }) => {
    const folder = /^(.*?)\/?route(?:\.[\w-]+)?\.[cm]?[jt]sx?$/.exec(inside)?.[1];
    return folder === undefined || !/(?:^|\/)route\./.test(inside) ? [] : verbsOf(site, file, urlOf(site, folder));
  });
}

function verbsOf(site: EndpointSite, file: string, path: string): readonly Endpoint[] {
  const exported = exportsOf(site.code, file);
  return verbs.flatMap((method): Endpoint[] => {
    const place = exported.get(method);
    if (!place) return [];
    const value = exportedExpr(site.code, file, method);
    const { handler, wrappers } = value ? unwrap(site.code, value, value.expr) : { handler: undefined, wrappers: [] };
    return [
      {
        surface: 'http',
        method,
        path,
        at: { file: place.file, line: lineOf(place.at) },
        handler,
        framework: 'next',
        chain: wrappers,
      },
    ];
  });
}
