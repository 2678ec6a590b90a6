import { defineReader } from './framework.ts';
import { middlewareEverywhere } from './tanstack-start/middleware.ts';
import { packages, serverFunctions } from './tanstack-start/server-functions.ts';
import { serverRoutes } from './tanstack-start/server-routes.ts';

/** Server routes, and server functions: each call of `createServerFn` in a loaded file. */
export const tanstackStart = defineReader({
  id: 'tanstack-start',
  reads: ['tanstack-start'],
  find(site) {
    if (!site.service.frameworks.includes('tanstack-start')) return { list: [], lost: [] };
    const everywhere = middlewareEverywhere(site, packages);
    const routes = serverRoutes(site, everywhere);
    return { list: [...routes.list, ...serverFunctions(site, everywhere)], lost: routes.lost };
  },
});
