import { lineOf } from '../code/summary.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { exportedExpr } from './reading/exports.ts';
import { functionOf } from './reading/functions.ts';
import { joinUrl, verbNames } from './reading/paths.ts';
import { routeFiles, verbExports } from './reading/verb-exports.ts';

const id = 'sveltekit';

/** Verbs of +server files, and the form actions of pages. */
export const sveltekit = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const list = routeFiles(site, 'src/routes').flatMap(({ file, inside }): readonly Endpoint[] => {
      const path = joinUrl(
        ...inside
          .split('/')
          .slice(0, -1)
          .filter((part) => !/^\(.*\)$/.test(part)),
      );
      if (/(?:^|\/)\+server\.[jt]s$/.test(inside))
        return verbExports(site, { framework: id, file, path, methods: { ...verbNames, fallback: 'ALL' } });
      return /(?:^|\/)\+page\.server\.[jt]s$/.test(inside) ? formActions(site, file, path) : [];
    });
    return { list, lost: [] };
  },
});

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
      handler: functionOf(site.code, value, prop.value),
      framework: id,
      chain: [],
    }));
}
