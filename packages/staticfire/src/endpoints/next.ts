import { defineReader } from './framework.ts';
import { apiRoutes } from './next/api-routes.ts';
import { routeHandlers } from './next/route-handlers.ts';
import { serverActions } from './next/server-actions.ts';

/** Route handlers of the App Router, API routes of the Pages Router, and server actions. */
export const next = defineReader({
  id: 'next',
  reads: ['next'],
  find(site) {
    if (!site.service.frameworks.includes('next')) return { list: [], lost: [] };
    return {
      list: [...routeHandlers(site), ...apiRoutes(site), ...serverActions(site)],
      lost: [],
    };
  },
});
