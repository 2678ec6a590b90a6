import { defineFramework, type Located, type Site } from './framework.ts';
import { declares, entries, sourceAt, sourcesAt, sourcesUnder } from './reading/places.ts';

export const sveltekit = defineFramework({
  id: 'sveltekit',
  title: 'SvelteKit',
  packages: ['@sveltejs/kit'],
  locate,
  command: { name: /^vite$/, start: /^preview$/, dev: /^dev$/ },
  output: /^build(?:\/index\.js)?$/,
});

function locate(site: Site): Located | undefined {
  if (!declares(site, '@sveltejs/kit')) return undefined;
  const config = sourceAt(site, 'svelte.config');
  const routes = sourcesUnder(
    site,
    'src/routes',
    /(?:^|\/)\+(?:server|page\.server|layout\.server|page|layout)\.[jt]s$/,
  );
  if (!config && routes.length === 0) return undefined;
  const found: Located = {
    entries: [
      ...entries(routes, 'route', 'SvelteKit loads routes from src/routes'),
      ...entries(
        sourcesAt(site, 'src/hooks.server', 'src/hooks.server/index', 'src/hooks', 'src/instrumentation.server'),
        'middleware',
        'SvelteKit loads it by its name',
      ),
      ...entries(
        sourcesUnder(site, 'src', /\.remote\.[jt]s$/),
        'route',
        'SvelteKit makes endpoints of its remote functions',
      ),
      ...entries(sourcesUnder(site, 'src/params'), 'route', 'SvelteKit matches parameters with it'),
      ...entries(sourcesAt(site, 'svelte.config', 'vite.config'), 'config', 'the build is configured in it'),
    ],
    browser: sourcesAt(site, 'src/hooks.client', 'src/service-worker'),
  };
  const adapters =
    (config === undefined ? undefined : site.code.get(config)?.head.imports.map(({ from }) => from))?.filter((from) =>
      /(?:^|[-/])adapter-/.test(from),
    ) ?? [];
  const still = adapters.length > 0 && adapters.every((from) => from === '@sveltejs/adapter-static');
  return still ? { ...found, static: 'it is built with adapter-static' } : found;
}
