import { propOf } from '../code/walk.ts';
import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { placesOf } from './react-router/files.ts';
import { routeTable } from './react-router/table.ts';
import { exportedExpr } from './reading/exports.ts';
import { exportedSequence } from './reading/sequence.ts';
import { verbExports } from './reading/verb-exports.ts';

const id = 'react-router';

/** Loaders answer GET, actions every other method. Loaders of parents run beside those of children and keep nobody out. */
export const reactRouter = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const files = site.service.entries.flatMap(({ file, kind }) =>
      kind === 'route' && site.live.has(file) ? [file] : [],
    );
    const [table, places] = [routeTable(site), placesOf(site, files)];
    const before = middlewareOf(site);
    const list = files.flatMap((file): readonly Endpoint[] => {
      const { path = '/', parents = [] } = table.get(file) ?? places.get(file) ?? {};
      const found = verbExports(site, { framework: id, file, path, methods: { loader: 'GET', action: 'POST' } });
      if (found.length === 0) return [];
      const root = files.find((one) => /(?:^|\/)root\.[cm]?[jt]sx?$/.test(one));
      const links = [...new Set([...(root === undefined ? [] : [root]), ...parents, file])].flatMap(before);
      return found.map((one) => ({ ...one, chain: [...links, ...one.chain] }));
    });
    return { list, lost: [] };
  },
});

/** Middleware that a route module exports; without its flag the framework passes it over. */
function middlewareOf(site: EndpointSite): (file: string) => readonly ChainLink[] {
  const name = switchedOn(site);
  const known = new Map<string, readonly ChainLink[]>();
  return (file) => {
    const found = known.get(file) ?? (name === undefined ? [] : exportedSequence(site.code, file, name));
    known.set(file, found);
    return found;
  };
}

/** Under which name middleware is exported, when the version or a flag turns it on. */
function switchedOn({ service, code, workspace }: EndpointSite): string | undefined {
  const config = service.entries.find(({ file }) => /(?:^|\/)react-router\.config\.[cm]?[jt]s$/.test(file));
  const value = config && exportedExpr(code, config.file, 'default');
  const future = propOf(value?.expr, 'future');
  const on = (flag: string): boolean => {
    const given = propOf(future, flag);
    return given?.k === 'bool' && given.v;
  };
  if (on('v8_middleware')) return 'middleware';
  if (on('unstable_middleware')) return 'unstable_middleware';
  const manifest = (service.manifest === undefined ? undefined : workspace.read(service.manifest)) ?? '';
  const major = /"@?react-router(?:\/dev)?"\s*:\s*"[^\d"]*(\d+)/.exec(manifest)?.[1];
  return Number(major) >= 8 ? 'middleware' : undefined;
}
