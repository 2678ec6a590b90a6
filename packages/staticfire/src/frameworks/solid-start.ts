import { defineFramework, type Located, type Site } from './framework.ts';
import { declares, entries, sourceAt, sourcesAt, sourcesUnder } from './reading/places.ts';

export const solidStart = defineFramework({
  id: 'solid-start',
  title: 'SolidStart',
  packages: ['@solidjs/start'],
  locate,
  command: { name: /^vinxi$/, start: /^start$/, dev: /^dev$/ },
  output: /^\.output\/server\//,
});

function locate(site: Site): Located | undefined {
  if (!declares(site, '@solidjs/start') || !sourceAt(site, 'app.config', 'vite.config')) return undefined;
  return {
    entries: [
      ...entries(sourcesUnder(site, 'src/routes'), 'route', 'SolidStart loads routes from src/routes'),
      ...entries(
        sourcesAt(site, 'src/entry-server', 'src/middleware', 'src/middleware/index', 'src/app'),
        'middleware',
        'SolidStart loads it by its name',
      ),
      ...entries(sourcesAt(site, 'app.config'), 'config', 'SolidStart reads its configuration from it'),
    ],
    browser: sourcesAt(site, 'src/entry-client'),
  };
}
