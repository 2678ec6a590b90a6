import { lineOf } from '../code/summary.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { exportedExpr } from './reading/exports.ts';
import { joinUrl, verbNames } from './reading/paths.ts';
import { exportedSequence } from './reading/sequence.ts';
import { handed, routeFiles, verbExports } from './reading/verb-exports.ts';
import { remoteFunctions } from './sveltekit/remote-functions.ts';

const id = 'sveltekit';

/** Verbs of +server files, form actions of pages, and remote functions, all behind the hooks of the server. */
export const sveltekit = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const routes = routeFiles(site, 'src/routes').flatMap((one) => ofFile(site, one));
    const hooks = hooksOf(site);
    const list = [...routes, ...remoteFunctions(site)].map((one) => ({ ...one, chain: [...hooks, ...one.chain] }));
    return { list, lost: [] };
  },
});

function ofFile(site: EndpointSite, { file, inside }: { file: string; inside: string }): readonly Endpoint[] {
  const folders = inside.split('/').slice(0, -1);
  const path = joinUrl(...folders.filter((part) => !/^\(.*\)$/.test(part)));
  if (/(?:^|\/)\+server\.[jt]s$/.test(inside))
    return verbExports(site, { framework: id, file, path, methods: { ...verbNames, fallback: 'ALL' } });
  return /(?:^|\/)\+page\.server\.[jt]s$/.test(inside) ? formActions(site, file, path) : [];
}

/** `handle` of hooks.server runs before every request. Load functions of layouts do not run before anything else. */
function hooksOf(site: EndpointSite): Endpoint['chain'] {
  const entry = site.service.entries.find(({ file }) => /(?:^|\/)src\/hooks\.server(?:\/index)?\.[jt]s$/.test(file));
  return entry ? exportedSequence(site.code, entry.file, 'handle') : [];
}

/** `export const actions = { default: …, name: … }`. */
function formActions(site: EndpointSite, file: string, path: string): readonly Endpoint[] {
  const value = exportedExpr(site.code, file, 'actions');
  if (value?.expr.k !== 'obj') return [];
  return value.expr.props
    .filter(({ key }) => key !== '...')
    .map((prop) => ({
      surface: 'http',
      method: 'POST',
      path: prop.key === 'default' ? path : `${path}?/${prop.key}`,
      at: { file: value.file, line: lineOf(prop.at) },
      framework: id,
      ...handed(site.code, value, prop.value),
    }));
}
