import type { EndpointSite } from '../framework.ts';
import { joinUrl } from '../reading/paths.ts';

/** Entries of the service below one of Next's folders ('app', 'pages/api'), with the path inside that folder. */
export function entriesBelow(site: EndpointSite, folder: string): { readonly file: string; readonly inside: string }[] {
  const { root, entries } = site.service;
  const before = root === '.' ? '' : `${root}/`;
  return entries.flatMap(({ file, kind }) => {
    if (kind !== 'route' || !file.startsWith(before) || !site.live.has(file)) return [];
    const own = file.slice(before.length).replace(/^src\//, '');
    return own.startsWith(`${folder}/`) ? [{ file, inside: own.slice(folder.length + 1) }] : [];
  });
}

/** The URL of a file: groups and slots leave no trace. */
export function urlOf(site: EndpointSite, ...folders: readonly string[]): string {
  const parts = folders.flatMap((folder) => folder.split('/')).filter((part) => !/^\(.*\)$|^@/.test(part));
  return joinUrl(basePathOf(site), ...parts);
}

function basePathOf({ service, code }: EndpointSite): string {
  const config = service.entries.find(({ file, kind }) => kind === 'config' && /(?:^|\/)next\.config\.\w+$/.test(file));
  const origin = config && code.exported(config.file, 'default');
  if (origin?.kind !== 'value' || origin.expr.k !== 'obj') return '';
  const value = origin.expr.props.find((prop) => prop.key === 'basePath')?.value;
  const text = value && code.literal(origin.file, origin.fn, value);
  return typeof text === 'string' ? text : '';
}
