import { lineOf, type Expr } from '../code/summary.ts';
import { propOf } from '../code/walk.ts';
import type { CallSite } from '../code/sites.ts';
import type { ChainLink, Endpoint, LostEndpoint } from '../facts/endpoints.ts';
import { defineReader, nothing, type EndpointSite } from './framework.ts';
import { classAt, membersOf } from './nestjs/classes.ts';
import { lastOf } from './reading/functions.ts';
import { linksInSequence } from './reading/sequence.ts';
import { handed } from './reading/verb-exports.ts';

const id = 'connect';
const packages = ['@connectrpc/connect', '@connectrpc/', '@bufbuild/connect', '@bufbuild/connect-node'];

/** `router.service(Definition, implementation)`, behind the interceptors of the adapter. */
export const connect = defineReader({
  id,
  reads: [],
  find(site) {
    const files = site.importing(...packages);
    if (files.length === 0) return nothing;
    const calls = files.flatMap((file) => site.sites(file).calls);
    const before = calls.flatMap((call) => interceptors(site, call));
    const found = calls
      .filter(
        ({ name, path, expr }) => (name === 'service' || name === 'rpc') && path.includes('.') && expr.args.length > 1,
      )
      .map((call) => ofService(site, call, before));
    return { list: found.flatMap(({ list }) => list), lost: found.flatMap(({ lost }) => lost) };
  },
});

const adapters =
  /^(?:connect\w*Adapter|\w+ConnectMiddleware|fastifyConnectPlugin|nextJsApiRouter|createConnectRouter|register)$/;

function interceptors(site: EndpointSite, call: CallSite): readonly ChainLink[] {
  if (!adapters.test(call.name)) return [];
  return call.expr.args.flatMap((arg) => {
    const given = propOf(arg, 'interceptors');
    return given ? linksInSequence(site.code, call, given, 'interceptor') : [];
  });
}

function ofService(
  site: EndpointSite,
  call: CallSite,
  before: readonly ChainLink[],
): { readonly list: readonly Endpoint[]; readonly lost: readonly LostEndpoint[] } {
  const [definition, given, options] = call.expr.args;
  const service = definition ? lastOf(definition) : '';
  const at = { file: call.file, line: lineOf(call.expr.at) };
  const methods = given ? methodsOf(site, call, given) : [];
  if (methods.length === 0)
    return {
      list: [],
      lost: [{ at, framework: id, what: 'number', why: `what implements ${service} could not be read` }],
    };
  const own = propOf(options, 'interceptors');
  const links = own ? linksInSequence(site.code, call, own, 'interceptor') : [];
  return {
    list: methods.map(({ name, chain, ...rest }) => ({
      surface: 'rpc',
      method: 'function',
      path: `${service}.${name}`,
      framework: id,
      at,
      ...rest,
      chain: [...before, ...links, ...chain],
    })),
    lost: [],
  };
}

type Method = Pick<Endpoint, 'handler' | 'chain'> & { readonly name: string; readonly at?: Endpoint['at'] };

function methodsOf(site: EndpointSite, call: CallSite, given: Expr): readonly Method[] {
  const origin = site.code.origin(call.file, call.fn, given);
  if (origin.kind === 'class' && !origin.member)
    return membersOf(site.code, origin).flatMap(({ member, of }) =>
      member.fn === undefined || member.kind === 'constructor' || member.static || !classAt(site.code, of)
        ? []
        : [
            {
              name: member.name,
              handler: { file: of.file, fn: member.fn },
              chain: [],
              at: { file: of.file, line: lineOf(member.at) },
            },
          ],
    );
  if (origin.kind !== 'value' || origin.member || origin.expr.k !== 'obj') return [];
  return origin.expr.props
    .filter(({ key }) => key !== '...' && key !== '[]')
    .map(({ key, value, at }) => ({
      name: key,
      at: { file: origin.file, line: lineOf(at) },
      ...handed(site.code, origin, value),
    }));
}
