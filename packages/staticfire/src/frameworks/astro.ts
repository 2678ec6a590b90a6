import { defineFramework, type Located, type Site } from './framework.ts';
import { componentImports, componentsUnder } from './reading/components.ts';
import { configOf, under } from './reading/literals.ts';
import { declares, entries, sourceAt, sourcesAt, sourcesUnder } from './reading/places.ts';

export const astro = defineFramework({
  id: 'astro',
  title: 'Astro',
  packages: ['astro'],
  locate,
  command: { name: /^astro$/, start: /^(?:preview|start)$/, dev: /^dev$/ },
  output: /^dist\/server\/entry\.mjs$/,
});

function locate(site: Site): Located | undefined {
  const config = sourceAt(site, 'astro.config');
  if (!config || !declares(site, 'astro')) return undefined;
  const found: Located = {
    entries: [
      ...entries(sourcesUnder(site, 'src/pages', /\.[jt]s$/), 'route', 'Astro loads endpoints from src/pages'),
      ...entries(
        sourcesAt(site, 'src/middleware', 'src/middleware/index', 'src/actions/index'),
        'middleware',
        'Astro loads it by its name',
      ),
      ...entries(componentImports(site, componentsUnder(site, 'astro')), 'route', 'components of Astro import it'),
      ...entries([config], 'config', 'Astro reads its configuration from it'),
    ],
  };
  const served = under(configOf(site.code, config), 'adapter') !== undefined;
  return served ? found : { ...found, static: 'it has no adapter, so its pages are built once' };
}
