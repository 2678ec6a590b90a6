import { lineOf } from '../../code/summary.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { FrameworkId } from '../../facts/services.ts';
import type { EndpointSite } from '../framework.ts';
import { exportedExpr, exportsOf, unwrap } from './functions.ts';

/** A file whose exports are handlers: which name stands for which method. */
export interface ServedFile {
  readonly framework: FrameworkId;
  readonly file: string;
  readonly path: string;
  readonly methods: Readonly<Record<string, string>>;
}

/** Each export that stands for a method is an endpoint, wherever the function itself stands. */
export function verbExports(site: EndpointSite, { framework, file, path, methods }: ServedFile): readonly Endpoint[] {
  const exported = exportsOf(site.code, file);
  return Object.entries(methods).flatMap(([name, method]): Endpoint[] => {
    const place = exported.get(name);
    if (!place) return [];
    const value = exportedExpr(site.code, file, name);
    const found = value ? unwrap(site.code, value, value.expr) : { handler: undefined, wrappers: [] };
    const at = { file: place.file, line: lineOf(place.at) };
    return [{ surface: 'http', method, path, at, handler: found.handler, framework, chain: found.wrappers }];
  });
}

/** Entries that the framework loads from one of its folders, with the path inside that folder. */
export function routeFiles(
  site: EndpointSite,
  folder: string,
): readonly { readonly file: string; readonly inside: string }[] {
  const { root, entries } = site.service;
  const before = root === '.' ? `${folder}/` : `${root}/${folder}/`;
  return entries.flatMap(({ file, kind }) =>
    kind === 'route' && file.startsWith(before) && site.live.has(file)
      ? [{ file, inside: file.slice(before.length) }]
      : [],
  );
}
