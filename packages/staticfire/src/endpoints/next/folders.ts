import type { EndpointSite } from '../framework.ts';
import { joinUrl } from '../reading/paths.ts';

/** Entries of the service below one of Next's folders ('app', 'pages'), with the path inside that folder. */
export function entriesBelow(site: EndpointSite, folder: string): { readonly file: string; readonly inside: string }[] {
  return site.service.entries.flatMap(({ file, kind }) => {
    if (kind !== 'route' || !site.live.has(file)) return [];
    const own = ownPath(site, file);
    return own.startsWith(`${folder}/`) ? [{ file, inside: own.slice(folder.length + 1) }] : [];
  });
}

/** A path inside the service, without `src`; '' for one outside. */
export function ownPath({ service }: EndpointSite, file: string): string {
  const before = service.root === '.' ? '' : `${service.root}/`;
  return file.startsWith(before) ? file.slice(before.length).replace(/^src\//, '') : '';
}

/** The URL of a file: groups and slots leave no trace. */
export function urlOf(site: EndpointSite, ...folders: readonly string[]): string {
  const parts = folders.flatMap((folder) => folder.split('/')).filter((part) => !/^\(.*\)$|^@/.test(part));
  return joinUrl(basePathOf(site), ...parts);
}

/** `basePath` of the configuration. */
export function basePathOf({ service, code }: EndpointSite): string {
  const config = service.entries.find(({ file, kind }) => kind === 'config' && /(?:^|\/)next\.config\.\w+$/.test(file));
  const origin = config && code.exported(config.file, 'default');
  if (origin?.kind !== 'value' || origin.expr.k !== 'obj') return '';
  const value = origin.expr.props.find((prop) => prop.key === 'basePath')?.value;
  const text = value && code.literal(origin.file, origin.fn, value);
  return typeof text === 'string' ? text : '';
}
