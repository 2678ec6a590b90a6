import type { Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { joinUrl } from './reading/paths.ts';
import { verbExports } from './reading/verb-exports.ts';

const id = 'react-router';

/** Loaders answer GET, actions every other method. */
export const reactRouter = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const list = site.service.entries.flatMap(({ file, kind }): readonly Endpoint[] =>
      kind === 'route' && site.live.has(file)
        ? verbExports(site, {
            framework: id,
            file,
            path: pathOf(site, file),
            methods: { loader: 'GET', action: 'POST' },
          })
        : [],
    );
    return { list, lost: [] };
  },
});

/** The path that file-based routes give a file; a table of routes may say otherwise. */
function pathOf(site: EndpointSite, file: string): string {
  const own = site.service.root === '.' ? file : file.slice(site.service.root.length + 1);
  const name = /^[^/]+\/routes\/(.*?)(?:\/(?:route|index|_?layout))?\.[cm]?[jt]sx?$/.exec(own)?.[1];
  if (name === undefined) return '/';
  const parts = name
    .replaceAll(/\+?\//g, '.')
    .replaceAll(/\[([^\]]*)\]/g, (_, text: string) => text.replaceAll('.', '\0'))
    .split('.')
    .filter((part) => part !== '' && part !== 'index' && !part.startsWith('_'));
  return joinUrl(
    ...parts.map((part) => part.replaceAll('\0', '.').replace(/_$/, '').replace(/^\$$/, '*').replace(/^\$/, ':')),
  );
}
