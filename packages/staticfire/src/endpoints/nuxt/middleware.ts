import type { ChainLink } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { exportsOf } from '../reading/exports.ts';
import { functionOf, linkOf } from '../reading/functions.ts';
import { exportedSequence } from '../reading/sequence.ts';

/** Middleware of the server runs for every request, in the order of the files' names; hooks of plugins before it. */
export function middlewareOf(site: EndpointSite): readonly ChainLink[] {
  const folder = (name: string): readonly string[] =>
    site.service.entries
      .flatMap(({ file, kind }) => (kind === 'route' && isIn(site, file, name) && site.live.has(file) ? [file] : []))
      .toSorted();
  const hooks = folder('plugins').flatMap((file) =>
    site.sites(file).calls.flatMap((call) => {
      const [event, run] = call.expr.args;
      return call.name === 'hook' && event?.k === 'str' && event.v === 'request' && run
        ? [linkOf(site.code, call, run, 'hook')]
        : [];
    }),
  );
  return [...hooks, ...folder('middleware').flatMap((file) => exportedSequence(site.code, file, 'default'))];
}

/** In a folder of the server: `server/middleware`, or `middleware` of Nitro alone. */
function isIn({ service }: EndpointSite, file: string, folder: string): boolean {
  const own = service.root === '.' ? file : file.slice(service.root.length + 1);
  return new RegExp(`(?:^|/)${folder}/[^/]`).test(own);
}

const silent = /^(?:define)?(?:cached|lazy)?eventhandler$/i;

/** Functions of `server/utils` are imported by their names; what only marks a handler is no link. */
export function resolved(site: EndpointSite, chain: readonly ChainLink[]): readonly ChainLink[] {
  return chain
    .filter(({ expr, runs }) => runs || expr.k !== 'ref' || !silent.test(expr.path))
    .map((link) => {
      if (link.runs || link.expr.k !== 'ref') return link;
      const runs = imported(site, link.expr.path);
      return runs ? { ...link, runs } : link;
    });
}

function imported(site: EndpointSite, name: string): ChainLink['runs'] {
  const file = site.service.entries.find(
    (entry) => /(?:^|\/)utils\//.test(entry.file) && exportsOf(site.code, entry.file).has(name),
  )?.file;
  return file === undefined ? undefined : functionOf(site.code, { file, fn: 0 }, { k: 'ref', path: name, at: 0 });
}
