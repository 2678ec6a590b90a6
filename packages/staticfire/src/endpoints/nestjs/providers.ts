import { lineOf } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { EndpointSite } from '../framework.ts';
import { classAt, membersOf, type ClassSpot } from './classes.ts';
import { middlewareOf, patternOf } from './controllers.ts';
import { appliedBy, type Applied } from './decorators.ts';
import { inOrder, layersOf, layersOfClass, noLayers } from './layers.ts';
import { parameterLinks } from './parameters.ts';
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
  const layers = layersOfClass(site.code, spot);
  const before = kind === 'Resolver' ? middlewareOf(settings, '/graphql', graphqlRoute) : [];
  // Global guards do not hold for gateways.
  const above = kind === 'Resolver' ? [settings.layers, layers] : [layers];
  return membersOf(site.code, spot).flatMap(({ member, of }): Endpoint[] => {
    if (member.decorators.length === 0 || member.fn === undefined) return [];
    const fn = classAt(site.code, of)?.parent ?? 0;
    const applied = appliedBy(site.code, of.file, fn, member.decorators);
    const found = applied.flatMap((one) => operation(site, kind, one, member.name));
    if (found.length === 0) return [];
    const handler = { file: of.file, fn: member.fn };
    const own = layersOf(site.code, of.file, fn, member.decorators);
    const below = { ...noLayers, pipe: parameterLinks(site.code, handler, fn) };
    return found.map(({ method, path }) => ({
      surface: kind === 'Resolver' ? 'graphql' : 'rpc',
      method,
      path,
      at: { file: of.file, line: lineOf(member.at) },
      handler,
      framework: 'nestjs',
      chain: [...before, ...inOrder([...above, own, below])],
    }));
  });
}

const graphqlRoute = { controller: '', method: 'POST', path: '/graphql' };

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
