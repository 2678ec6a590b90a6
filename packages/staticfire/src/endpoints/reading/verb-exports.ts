import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import type { Endpoint, LostEndpoint } from '../../facts/endpoints.ts';
import type { FrameworkId } from '../../facts/services.ts';
import type { EndpointSite } from '../framework.ts';
import { exportedExpr, exportsOf } from './exports.ts';
import { unwrap } from './unwrap.ts';

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
    const at = { file: place.file, line: lineOf(place.at) };
    return [{ surface: 'http', method, path, at, framework, ...exportedHandler(site.code, file, name) }];
  });
}

/** `export * from` a module that could not be read: which handlers stand there is not known. */
export const lostExports = (site: EndpointSite, framework: FrameworkId, file: string): readonly LostEndpoint[] =>
  (site.code.get(file)?.head.exports ?? []).flatMap(({ name, from, typeOnly, at }): readonly LostEndpoint[] => {
    if (name !== '*' || from === undefined || typeOnly || site.code.get(file)?.resolve(from).kind === 'file') return [];
    const why = `what ${from} exports could not be read`;
    return [{ at: { file, line: lineOf(at) }, framework, what: 'number', why }];
  });

/** What a handler comes to, ready to be put into an endpoint. */
export interface Handed extends Pick<Endpoint, 'handler' | 'chain'> {
  readonly serves?: NonNullable<Endpoint['serves']>;
}

/** The handler that a file exports under a name. */
export function exportedHandler(code: CodeModel, file: string, name: string): Handed {
  const value = exportedExpr(code, file, name);
  return value ? handed(code, value, value.expr) : { handler: undefined, chain: [] };
}

export function handed(code: CodeModel, spot: Spot, expr: Expr): Handed {
  const { handler, wrappers, serves } = unwrap(code, spot, expr);
  return { handler, chain: wrappers, ...(serves ? { serves } : {}) };
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
