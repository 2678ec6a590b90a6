import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { verbNames } from '../reading/paths.ts';
import { verbExports } from '../reading/verb-exports.ts';
import { entriesBelow, urlOf } from './folders.ts';

/** Each exported verb of a route file is an endpoint, wherever the function itself stands. */
export function routeHandlers(site: EndpointSite): readonly Endpoint[] {
  return entriesBelow(site, 'app').flatMap(({ file, inside }) => {
    const folder = /^(?:(.*)\/)?route(?:\.[\w-]+)?\.[cm]?[jt]sx?$/.exec(inside);
    if (!folder) return [];
    return verbExports(site, { framework: 'next', file, path: urlOf(site, folder[1] ?? ''), methods: verbNames });
  });
}
