import { defineFramework, type Located, type Site } from './framework.ts';
import { declares, entries, sourcesAt, sourcesUnder } from './reading/places.ts';

export const medusa = defineFramework({
  id: 'medusa',
  title: 'Medusa',
  packages: ['@medusajs/framework', '@medusajs/medusa'],
  locate,
  command: { name: /^medusa$/, start: /^start$/, dev: /^develop$/ },
});

function locate(site: Site): Located | undefined {
  const config = sourcesAt(site, 'medusa-config');
  if (!declares(site, '@medusajs/medusa') || config.length === 0) return undefined;
  return {
    entries: [
      ...entries(sourcesUnder(site, 'src/api', /(?:^|\/)route\.[jt]s$/), 'route', 'Medusa loads routes from src/api'),
      ...entries(sourcesAt(site, 'src/api/middlewares'), 'middleware', 'Medusa loads it by its name'),
      ...entries(
        ['src/subscribers', 'src/jobs'].flatMap((folder) => sourcesUnder(site, folder)),
        'job',
        'Medusa loads it from its folder',
      ),
      ...entries(config, 'config', 'Medusa is configured in it'),
    ],
  };
}
