import type { CallSite } from '../../code/sites.ts';
import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { callsOn } from '../reading/builders.ts';
import { linkOf } from '../reading/functions.ts';
import { joinUrl, verbs } from '../reading/paths.ts';
import { routePattern } from '../reading/patterns.ts';
import { handed } from '../reading/verb-exports.ts';

const makers = /^(?:Auto|Itty)?Router$/;

/** `const router = Router({ base, before }); router.all('*', guard).get('/x', handler)`. */
export function ittyRoutes(site: EndpointSite): readonly Endpoint[] {
  return site.importing('itty-router').flatMap((file) => {
    const { calls } = site.sites(file);
    return calls
      .filter(({ name, bound }) => makers.test(name) && bound !== '')
      .flatMap((made) => {
        const own = calls.filter(({ path, name }) => path === `${made.bound}.${name}`);
        return routesOf(site, made, [...callsOn(made), ...own.flatMap((call) => [call, ...callsOn(call)])]);
      });
  });
}

function routesOf(site: EndpointSite, made: CallSite, calls: readonly CallSite[]): readonly Endpoint[] {
  const [options] = made.expr.args;
  const base = propOf(options, 'base');
  const prefix = base ? String(site.code.literal(made.file, made.fn, base) ?? '{base}') : '';
  const before = propOf(options, 'before');
  const always = before?.k === 'arr' ? before.items.map((item) => linkOf(site.code, made, item)) : [];
  const around: { readonly matches: (path: string) => boolean; readonly links: readonly ChainLink[] }[] = [];
  return calls.flatMap((call): readonly Endpoint[] => {
    const method = call.name.toUpperCase();
    const [first, ...rest] = call.expr.args;
    const text = first && site.code.literal(call.file, call.fn, first);
    const last = rest.at(-1);
    if ((method !== 'ALL' && !verbs.includes(method)) || typeof text !== 'string' || !last) return [];
    const own = handed(site.code, call, last);
    if (method === 'ALL' && text.endsWith('*')) {
      // It answers nothing itself, unless it is the last of all.
      around.push({ matches: routePattern(text), links: rest.map((arg) => linkOf(site.code, call, arg)) });
      return [];
    }
    const path = joinUrl(prefix, text);
    const links = rest.slice(0, -1).map((arg) => linkOf(site.code, call, arg));
    const above = around.filter(({ matches }) => matches(joinUrl(text))).flatMap((one) => one.links);
    const at = { file: call.file, line: lineOf(call.expr.at) };
    const chain = [...always, ...above, ...links, ...own.chain];
    return [{ surface: 'http', method, path, at, framework: 'cloudflare', ...own, chain }];
  });
}
