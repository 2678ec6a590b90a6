import type { CallSite } from '../../code/sites.ts';
import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { ChainLink, Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { callsOn } from '../reading/builders.ts';
import { linkOf } from '../reading/functions.ts';
import { unwrap } from '../reading/unwrap.ts';

const packages = ['@tanstack/react-start', '@tanstack/solid-start', '@tanstack/start', '@tanstack/start-client-core'];

/** The build gives every `createServerFn` of a loaded file a URL, used or not. */
export function serverFunctions(site: EndpointSite): readonly Endpoint[] {
  return site.importing(...packages).flatMap((file) =>
    site
      .sites(file)
      .calls.filter((call) => call.name === 'createServerFn' && comesFrom(site, call))
      .map((call) => toEndpoint(site, call)),
  );
}

function comesFrom(site: EndpointSite, call: CallSite): boolean {
  const origin = site.code.origin(call.file, call.fn, call.expr.callee);
  return origin.kind === 'package' && packages.includes(origin.package);
}

function toEndpoint(site: EndpointSite, call: CallSite): Endpoint {
  const { file, fn } = call;
  const calls = callsOn(call);
  const last = calls.find(({ name }) => name === 'handler')?.expr.args[0];
  const { handler, wrappers } = last ? unwrap(site.code, call, last) : { handler: undefined, wrappers: [] };
  const middleware = calls.filter(({ name }) => name === 'middleware').flatMap(({ expr }) => expr.args);
  const listed = middleware.flatMap((arg) => (arg.k === 'arr' ? arg.items : [arg]));
  const chain: ChainLink[] = [...listed.map((expr) => linkOf(site.code, { file, fn }, expr)), ...wrappers];
  const method = site.code.literal(file, fn, propOf(call.expr.args[0], 'method') ?? { k: 'str', v: 'GET', at: 0 });
  return {
    surface: 'rpc',
    method: typeof method === 'string' ? method : 'function',
    path: `${file}#${calls.at(-1)?.bound || call.bound || 'anonymous'}`,
    at: { file, line: lineOf(call.expr.at) },
    handler,
    framework: 'tanstack-start',
    chain,
  };
}
