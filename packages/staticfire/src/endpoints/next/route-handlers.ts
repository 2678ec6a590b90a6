import type { EndpointSite, Found } from '../framework.ts';
import { verbNames } from '../reading/paths.ts';
import { lostExports, verbExports } from '../reading/verb-exports.ts';
import { entriesBelow, urlOf } from './folders.ts';

/** Each exported verb of a route file is an endpoint, wherever the function itself stands. */
export function routeHandlers(site: EndpointSite): Found {
  const files = entriesBelow(site, 'app').flatMap(({ file, inside }) => {
    const folder = /^(?:(.*)\/)?route(?:\.[\w-]+)?\.[cm]?[jt]sx?$/.exec(inside);
    return folder ? [{ file, path: urlOf(site, folder[1] ?? '') }] : [];
  });
  return {
    list: files.flatMap((one) => verbExports(site, { framework: 'next', ...one, methods: verbNames })),
    lost: files.flatMap(({ file }) => lostExports(site, 'next', file)),
  };
}
