import { defineFramework, type Located, type Site } from './framework.ts';
import { configOf, textOf, under, objectArgument } from './reading/literals.ts';
import { declares, entries, entry, sourceAt, sourcesAt, sourcesUnder } from './reading/places.ts';

export const tanstackStart = defineFramework({
  id: 'tanstack-start',
  title: 'TanStack Start',
  packages: ['@tanstack/react-start', '@tanstack/solid-start', '@tanstack/start'],
  locate,
  command: { name: /^(?:vite|vinxi)$/, start: /^(?:preview|start)$/, dev: /^dev$/ },
  output: /^(?:\.output\/server\/|dist\/server\/|\.tanstack\/)/,
});

function locate(site: Site): Located | undefined {
  if (!tanstackStart.packages.some((name) => declares(site, name))) return undefined;
  const config = sourceAt(site, 'vite.config', 'app.config');
  const { folder, routes } = placesOf(site, config);
  const router = sourceAt(site, `${folder}/router`);
  const files = sourcesUnder(site, routes).filter((file) => !/(?:^|\/)-|\.gen\.|\.(?:test|spec)\./.test(file));
  if (!router && files.length === 0) return undefined;
  return {
    entries: [
      ...(router ? [entry(router, 'config', 'TanStack Start creates its router from it')] : []),
      ...entries(files, 'route', `TanStack Start loads routes from ${routes}`),
      ...entries(
        sourcesAt(
          site,
          ...['server', 'start', 'ssr', 'api', 'global-middleware', 'entry-server'].map((name) => `${folder}/${name}`),
        ),
        'middleware',
        'TanStack Start loads it by its name',
      ),
      ...(config ? [entry(config, 'config', 'TanStack Start is configured in it')] : []),
    ],
    browser: sourcesAt(site, `${folder}/client`, `${folder}/entry-client`),
  };
}

/** The source folder and the routes folder, from the plugin's options or the usual places. */
function placesOf(site: Site, config: string | undefined): { folder: string; routes: string } {
  const options =
    config === undefined
      ? undefined
      : objectArgument(site.code, config, /^(?:tanstackStart|TanStackStartVite\w*|defineConfig)$/);
  const tsr = under(options, 'tsr') ?? under(configOf(site.code, config), 'tsr') ?? options;
  const named = textOf(under(tsr, 'srcDirectory')) ?? textOf(under(tsr, 'appDirectory'));
  const folder =
    named ??
    ['src', 'app'].find((name) => sourceAt(site, `${name}/router`, `${name}/routes/__root`) !== undefined) ??
    'src';
  const routes = textOf(under(tsr, 'routesDirectory')) ?? textOf(under(tsr, 'router', 'routesDirectory'));
  return { folder, routes: routes === undefined ? `${folder}/routes` : within(folder, routes) };
}

const within = (folder: string, routes: string): string =>
  routes.replace(/^\.\//, '').startsWith(`${folder}/`)
    ? routes.replace(/^\.\//, '')
    : `${folder}/${routes.replace(/^\.\//, '')}`;
