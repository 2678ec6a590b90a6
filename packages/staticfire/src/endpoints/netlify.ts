import { lineOf, type Expr } from '../code/summary.ts';
import { propOf } from '../code/walk.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { exportedExpr, exportsOf } from './reading/exports.ts';
import { exportedHandler } from './reading/verb-exports.ts';

const id = 'netlify';

/** Functions: their default export, or `handler` in the older form; `config` gives paths and methods. */
export const netlify = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const list = site.service.entries.flatMap(({ file, kind }) =>
      kind === 'route' && /(?:^|\/)[^/]*functions\//.test(file) && site.live.has(file) ? ofFile(site, file) : [],
    );
    return { list, lost: [] };
  },
});

function ofFile(site: EndpointSite, file: string): readonly Endpoint[] {
  const exported = exportsOf(site.code, file);
  const name = exported.has('default') ? 'default' : 'handler';
  const place = exported.get(name);
  const config = exportedExpr(site.code, file, 'config')?.expr;
  // The platform's clock calls it, and nobody else.
  if (!place || propOf(config, 'schedule')) return [];
  const paths = textsIn(propOf(config, 'path'));
  const methods = textsIn(propOf(config, 'method'));
  const own = exportedHandler(site.code, file, name);
  const at = { file: place.file, line: lineOf(place.at) };
  return (paths.length > 0 ? paths : [`/.netlify/functions/${nameOf(file)}`]).flatMap((path) =>
    (methods.length > 0 ? methods : ['ALL']).map((method): Endpoint => ({
      surface: 'http',
      method: method.toUpperCase(),
      path,
      at,
      framework: id,
      ...own,
    })),
  );
}

/** A file's name, or that of its folder. */
const nameOf = (file: string): string =>
  file
    .replace(/(?:\/index)?\.[cm]?[jt]sx?$/, '')
    .split('/')
    .at(-1) ?? '';

const textsIn = (expr: Expr | undefined): readonly string[] =>
  (expr?.k === 'arr' ? expr.items : expr ? [expr] : []).flatMap((item) => (item.k === 'str' ? [item.v] : []));
