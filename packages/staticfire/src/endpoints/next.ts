import type { Endpoint } from '../facts/endpoints.ts';
import { defineReader, type EndpointSite } from './framework.ts';
import { apiRoutes } from './next/api-routes.ts';
import { frontOf } from './next/front.ts';
import { routeHandlers } from './next/route-handlers.ts';
import { serverActions } from './next/server-actions.ts';

/** Route handlers of the App Router, API routes of the Pages Router, and server actions. */
export const next = defineReader({
  id: 'next',
  reads: ['next'],
  find(site) {
    if (!site.service.frameworks.includes('next')) return { list: [], lost: [] };
    const routes = routeHandlers(site);
    return { list: behindFront(site, [...routes.list, ...apiRoutes(site), ...serverActions(site)]), lost: routes.lost };
  },
});

/** Middleware of the application runs before everything that its matcher names. */
function behindFront(site: EndpointSite, list: readonly Endpoint[]): readonly Endpoint[] {
  const front = frontOf(site);
  return list.map((one) => {
    const links = one.surface === 'http' ? front.of(one.path) : front.ofAction(one.at.file);
    return links.length === 0 ? one : { ...one, chain: [...links, ...one.chain] };
  });
}
