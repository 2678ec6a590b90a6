import { lineOf } from '../../code/summary.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { exportsOf } from '../reading/exports.ts';
import { exportedHandler, type Handed } from '../reading/verb-exports.ts';

/** Functions that browsers call by reference: exports of 'use server' modules that something uses, and inline ones. */
export function serverActions(site: EndpointSite): readonly Endpoint[] {
  return site.live.files.flatMap((file) => {
    const head = site.code.get(file)?.head;
    if (!head) return [];
    return head.directives.includes('use server') ? exportedActions(site, file) : inlineActions(site, file);
  });
}

function exportedActions(site: EndpointSite, file: string): readonly Endpoint[] {
  return [...exportsOf(site.code, file)].flatMap(([name, place]): Endpoint[] => {
    if (place.file !== file || !site.live.hasBinding(file, name)) return [];
    return [action(file, name, lineOf(place.at), exportedHandler(site.code, file, name))];
  });
}

function inlineActions(site: EndpointSite, file: string): readonly Endpoint[] {
  const functions = site.code.get(file)?.summary.functions ?? [];
  return functions.flatMap((func, fn) =>
    func.directives?.includes('use server') && site.live.hasFunction(file, fn)
      ? [action(file, func.name || 'inline', lineOf(func.at), { handler: { file, fn }, chain: [] })]
      : [],
  );
}

const action = (file: string, name: string, line: number, own: Handed): Endpoint => ({
  surface: 'rpc',
  method: 'action',
  path: `${file}#${name}`,
  at: { file, line },
  framework: 'next',
  ...own,
});
