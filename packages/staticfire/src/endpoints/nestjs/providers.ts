import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { classAt, membersOf, type ClassSpot } from './classes.ts';
import { linksOf, patternOf } from './controllers.ts';
import { appliedBy, type Applied } from './decorators.ts';
import type { Settings } from './settings.ts';

const operationOf: Readonly<Record<string, string>> = {
  Query: 'query',
  Mutation: 'mutation',
  Subscription: 'subscription',
};

/** Fields of GraphQL resolvers, and messages of WebSocket gateways. */
export function providerEndpoints(site: EndpointSite, spot: ClassSpot, settings: Settings): readonly Endpoint[] {
  const cls = classAt(site.code, spot);
  if (!cls || cls.decorators.length === 0) return [];
  const head = appliedBy(site.code, spot.file, cls.parent, cls.decorators);
  const kind = head.find(({ name }) => name === 'Resolver' || name === 'WebSocketGateway')?.name;
  if (!kind) return [];
  return membersOf(site.code, spot).flatMap(({ member, of }): Endpoint[] => {
    if (member.decorators.length === 0 || member.fn === undefined) return [];
    const applied = appliedBy(site.code, of.file, classAt(site.code, of)?.parent ?? 0, member.decorators);
    const found = applied.flatMap((one) => operation(site, kind, one, member.name));
    return found.map(({ method, path }) => ({
      surface: kind === 'Resolver' ? 'graphql' : 'rpc',
      method,
      path,
      at: { file: of.file, line: lineOf(member.at) },
      handler: { file: of.file, fn: member.fn ?? 0 },
      framework: 'nestjs',
      chain: [...settings.chain, ...linksOf(site, head), ...linksOf(site, applied)],
    }));
  });
}

function operation(
  site: EndpointSite,
  kind: string,
  one: Applied,
  member: string,
): readonly { method: string; path: string }[] {
  if (kind === 'WebSocketGateway')
    return one.name === 'SubscribeMessage' ? [{ method: 'message', path: patternOf(site, one) }] : [];
  const method = one.package === '@nestjs/graphql' ? operationOf[one.name] : undefined;
  return method ? [{ method, path: fieldName(site, one) ?? member }] : [];
}

/** The field's own name, where the decorator gives one. */
export function fieldName({ code }: EndpointSite, { args, file, fn }: Applied): string | undefined {
  for (const arg of args) {
    const text = arg.k === 'obj' ? propOf(arg, 'name') : arg;
    const name = text && code.literal(file, fn, text);
    if (typeof name === 'string') return name;
  }
  return undefined;
}
