import { defineReader, nothing } from './framework.ts';
import { controllerEndpoints } from './nestjs/controllers.ts';
import { readModules } from './nestjs/modules.ts';
import { readSettings } from './nestjs/settings.ts';
import { providerEndpoints } from './nestjs/providers.ts';

/** Controllers, resolvers and gateways of the modules that the root module reaches. */
export const nestjs = defineReader({
  id: 'nestjs',
  reads: ['nestjs'],
  find(site) {
    if (site.importing('@nestjs/core').length === 0) return nothing;
    const modules = readModules(site);
    const settings = readSettings(site, modules);
    return {
      list: [
        ...modules.controllers.flatMap((controller) => controllerEndpoints(site, controller, settings)),
        ...modules.providers.flatMap((provider) => providerEndpoints(site, provider, settings)),
      ],
      lost: modules.lost,
    };
  },
});
