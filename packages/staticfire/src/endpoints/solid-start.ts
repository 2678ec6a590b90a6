import { lineOf } from '../code/summary.ts';
import { propOf } from '../code/walk.ts';
import type { ChainLink, Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { exportsOf } from './reading/exports.ts';
import { joinUrl, verbNames } from './reading/paths.ts';
import { linksInSequence } from './reading/sequence.ts';
import { exportedHandler, routeFiles, verbExports, type Handed } from './reading/verb-exports.ts';

const id = 'solid-start';

/** Verbs that route files export, and functions marked 'use server'. */
export const solidStart = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const routes = routeFiles(site, 'src/routes').flatMap(({ file, inside }) => {
      const path = inside
        .replace(/\.[jt]sx?$/, '')
        .replace(/(?:^|\/)(?:index|\([^)]*\))$/, '')
        .replaceAll(/(?:^|\/)\([^)]*\)(?=\/)/g, '');
      return verbExports(site, { framework: id, file, path: joinUrl(path), methods: verbNames });
    });
    const before = middlewareOf(site);
    const list = [...routes, ...site.live.files.flatMap((file) => serverFunctions(site, file))];
    return { list: list.map((one) => ({ ...one, chain: [...before, ...one.chain] })), lost: [] };
  },
});

/** `createMiddleware({ onRequest: [...] })` in the file that the configuration names. */
function middlewareOf(site: EndpointSite): readonly ChainLink[] {
  return site
    .importing('@solidjs/start')
    .filter((file) => site.service.entries.some((entry) => entry.file === file && entry.kind === 'middleware'))
    .flatMap((file) => site.sites(file).calls)
    .flatMap((call) => {
      const given = call.name === 'createMiddleware' ? propOf(call.expr.args[0], 'onRequest') : undefined;
      return given ? linksInSequence(site.code, call, given) : [];
    });
}

function serverFunctions(site: EndpointSite, file: string): readonly Endpoint[] {
  const source = site.code.get(file);
  if (source?.head.directives.includes('use server'))
    return [...exportsOf(site.code, file)].flatMap(([name, place]) =>
      place.file === file && site.live.hasBinding(file, name)
        ? [serverFunction(file, name, lineOf(place.at), exportedHandler(site.code, file, name))]
        : [],
    );
  return (source?.summary.functions ?? []).flatMap((func, fn) =>
    func.directives?.includes('use server') && site.live.hasFunction(file, fn)
      ? [serverFunction(file, func.name || 'inline', lineOf(func.at), { handler: { file, fn }, chain: [] })]
      : [],
  );
}

const serverFunction = (file: string, name: string, line: number, own: Handed): Endpoint => ({
  surface: 'rpc',
  method: 'function',
  path: `${file}#${name}`,
  at: { file, line },
  framework: id,
  ...own,
});
