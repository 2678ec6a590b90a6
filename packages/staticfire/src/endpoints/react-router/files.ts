import type { EndpointSite } from '../framework.ts';
import { joinUrl } from '../reading/paths.ts';
import type { Placed } from './table.ts';

/** Where file-based routes put a module; its parents are the modules whose names its own begins with. */
export function placesOf(site: EndpointSite, files: readonly string[]): ReadonlyMap<string, Placed> {
  const ids = new Map(files.map((file) => [partsOf(site, file).join('.'), file]));
  return new Map(
    files.map((file) => {
      const parts = partsOf(site, file);
      const parents = parts
        .map((_, index) => ids.get(parts.slice(0, index).join('.')))
        .filter((parent): parent is string => parent !== undefined && parent !== file);
      return [file, { path: urlOf(parts), parents }];
    }),
  );
}

/** The segments of a module's name: `_auth.users.$id` has three. None for a module outside the folder of routes. */
function partsOf({ service }: EndpointSite, file: string): readonly string[] {
  const own = service.root === '.' ? file : file.slice(service.root.length + 1);
  const name = /^[^/]+\/routes\/(.*?)(?:\/(?:route|index|_?layout))?\.[cm]?[jt]sx?$/.exec(own)?.[1];
  return (name ?? '')
    .replaceAll(/\+?\//g, '.')
    .replaceAll(/\[([^\]]*)\]/g, (_, text: string) => text.replaceAll('.', '\0'))
    .split('.')
    .filter((part) => part !== '');
}

const urlOf = (parts: readonly string[]): string =>
  joinUrl(
    ...parts
      .filter((part) => part !== 'index' && !part.startsWith('_'))
      .map((part) => part.replaceAll('\0', '.').replace(/_$/, '').replace(/^\$$/, '*').replace(/^\$/, ':')),
  );
