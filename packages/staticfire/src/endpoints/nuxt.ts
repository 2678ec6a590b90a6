import { lineOf } from '../code/summary.ts';
import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { middlewareOf, resolved } from './nuxt/middleware.ts';
import { exportsOf } from './reading/exports.ts';
import { joinUrl, verbs } from './reading/paths.ts';
import { exportedHandler } from './reading/verb-exports.ts';

const id = 'nuxt';

/** Files of Nitro's api and routes folders: one endpoint each, its method in the file's name. */
export const nuxt = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const before = middlewareOf(site);
    return {
      list: site.service.entries.flatMap(({ file, kind }) => (kind === 'route' ? ofFile(site, file, before) : [])),
      lost: [],
    };
  },
});

const placed = /^(?:.*\/)?(?:server\/|src\/|)(api|routes)\/(.+)\.[cm]?[jt]s$/;

function ofFile(site: EndpointSite, file: string, before: readonly ChainLink[]): readonly Endpoint[] {
  const own = site.service.root === '.' ? file : file.slice(site.service.root.length + 1);
  const [, folder, name] = placed.exec(own) ?? [];
  const place = exportsOf(site.code, file).get('default');
  if (folder === undefined || name === undefined || !place || !site.live.has(file)) return [];
  const suffix = /\.(get|post|put|patch|delete|head|options)(?:\.(?:dev|prod))?$/.exec(name);
  const method = suffix?.[1]?.toUpperCase() ?? 'ALL';
  const bare = name.replace(/\.(?:dev|prod)$/, '').replace(/\.(?:get|post|put|patch|delete|head|options)$/, '');
  const path = joinUrl(
    folder === 'api' ? 'api' : '',
    bare.replaceAll(/(?:^|\/)\([^)]*\)(?=\/)/g, '').replace(/(?:^|\/)index$/, ''),
  );
  const handler = exportedHandler(site.code, file, 'default');
  const known = verbs.includes(method) ? method : 'ALL';
  return [
    {
      surface: 'http',
      method: known,
      path,
      at: { file, line: lineOf(place.at) },
      framework: id,
      ...handler,
      chain: [...before, ...resolved(site, handler.chain)],
    },
  ];
}
