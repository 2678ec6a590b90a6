import type { Databases, Store } from '../../facts/databases.ts';
import { isDatabase } from '../../facts/databases.ts';
import type { Health, HealthEndpoint } from '../../facts/health.ts';
import type { Service } from '../../facts/services.ts';
import type { Evidence } from '../../model/place.ts';

/** Why a service needs no health endpoint; undefined when it does. */
export function needsNone(own: Service, { endpoints, served }: Health): string | undefined {
  if (own.kind !== 'http') return 'it answers no HTTP requests';
  if (endpoints.length > 0) return undefined;
  return served === 0 ? 'it answers no calls of its own: no endpoint is seen in it' : undefined;
}

/** The database that a service cannot work without; a file of its own is always there. */
export function databaseOf({ stores }: Databases): Store | undefined {
  return stores.find(({ layer }) => isDatabase(layer) && layer !== 'embedded');
}

export const called = ({ method, path }: HealthEndpoint): string =>
  `${method === 'query' ? 'procedure' : method} ${path}`;

/** Where the health endpoints are, with what they ask. */
export function evidenceOf(found: Health, searched: string): readonly [Evidence, ...Evidence[]] {
  const [first, ...rest] = found.endpoints
    .slice(0, 5)
    .map((one) => ({ ...one.at, note: `${called(one)} ${asks(one)}` }));
  return first ? [first, ...rest] : [{ searched }];
}

function asks({ asks: asked }: HealthEndpoint): string {
  const what = [...new Set(asked.map((one) => one.what))];
  return what.length > 0 ? `asks ${what.map((one) => `the ${one}`).join(' and ')}` : 'asks no dependency';
}
