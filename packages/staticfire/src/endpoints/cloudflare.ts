import { lineOf } from '../code/summary.ts';
import { propOf } from '../code/walk.ts';
import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { ittyRoutes } from './cloudflare/itty-router.ts';
import { exportedExpr, exportsOf } from './reading/exports.ts';
import { joinUrl } from './reading/paths.ts';
import { exportedSequence } from './reading/sequence.ts';
import { handed, verbExports } from './reading/verb-exports.ts';

const id = 'cloudflare';

/** The `fetch` of a worker, the routes of its router, and the files of Pages' functions folder. */
export const cloudflare = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const files = site.service.entries.flatMap(({ file, kind }) =>
      kind === 'route' && site.live.has(file) ? [file] : [],
    );
    const pages = files.flatMap((file) => pagesFunction(site, file, files));
    const routes = ittyRoutes(site);
    // Another framework says what stands behind the worker's fetch.
    const alone = site.service.frameworks.length === 1 && routes.length === 0 && pages.length === 0;
    return { list: [...pages, ...routes, ...(alone ? files.flatMap((file) => worker(site, file)) : [])], lost: [] };
  },
});

/** `export default { fetch(request) { … } }`. */
function worker(site: EndpointSite, file: string): readonly Endpoint[] {
  const place = exportsOf(site.code, file).get('default');
  const value = exportedExpr(site.code, file, 'default');
  const fetch = value && propOf(value.expr, 'fetch');
  if (!place || !fetch) return [];
  const at = { file: place.file, line: lineOf(place.at) };
  return [{ surface: 'http', method: 'ALL', path: '/*', at, framework: id, ...handed(site.code, value, fetch) }];
}

const methods: Readonly<Record<string, string>> = {
  onRequest: 'ALL',
  onRequestGet: 'GET',
  onRequestPost: 'POST',
  onRequestPut: 'PUT',
  onRequestPatch: 'PATCH',
  onRequestDelete: 'DELETE',
  onRequestHead: 'HEAD',
  onRequestOptions: 'OPTIONS',
};

function pagesFunction(site: EndpointSite, file: string, files: readonly string[]): readonly Endpoint[] {
  const inside = insideOf(site, file);
  if (inside === undefined || /(?:^|\/)_middleware$/.test(inside)) return [];
  const path = joinUrl(inside.replace(/(?:^|\/)index$/, ''));
  const before = files.flatMap((one) => middlewareFor(site, one, inside));
  return verbExports(site, { framework: id, file, path, methods }).map((one) => ({
    ...one,
    chain: [...before, ...one.chain],
  }));
}

/** `_middleware` files hold for their folder. */
function middlewareFor(site: EndpointSite, file: string, inside: string): readonly ChainLink[] {
  const folder = /^(.*\/)?_middleware$/.exec(insideOf(site, file) ?? '');
  return folder && inside.startsWith(folder[1] ?? '') ? exportedSequence(site.code, file, 'onRequest') : [];
}

function insideOf({ service }: EndpointSite, file: string): string | undefined {
  const own = service.root === '.' ? file : file.slice(service.root.length + 1);
  return /^functions\/(.+)\.[cm]?[jt]sx?$/.exec(own)?.[1];
}
