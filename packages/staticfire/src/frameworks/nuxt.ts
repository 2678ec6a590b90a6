import { posix } from 'node:path';
import { defineFramework, type Located, type Site } from './framework.ts';
import { configOf, textOf, under } from './reading/literals.ts';
import { declares, entries, sourceAt, sourcesAt, sourcesUnder } from './reading/places.ts';

/** Nuxt, and Nitro alone: both load the server's folders and import its utilities by name. */
export const nuxt = defineFramework({
  id: 'nuxt',
  title: 'Nuxt',
  packages: ['nuxt', 'nitropack', 'nitro', 'h3'],
  locate,
  command: { name: /^(?:nuxt|nuxi|nitro|nitropack)$/, start: /^(?:start|preview)$/, dev: /^dev$/ },
  output: /^\.output\/server\//,
});

const served = /^(?:api|routes|middleware|plugins|tasks|utils)\//;

function locate(site: Site): Located | undefined {
  const config = sourceAt(site, 'nuxt.config', 'nitro.config');
  if (!config || !['nuxt', 'nitropack', 'nitro'].some((name) => declares(site, name))) return undefined;
  const settings = configOf(site.code, config);
  const source = textOf(under(settings, 'srcDir')) ?? '.';
  const servers = config.includes('nitro.config')
    ? [source, posix.join(source, 'server'), 'src']
    : ['server', posix.join(source, 'server')];
  const files = servers.flatMap((folder) => sourcesUnder(site, folder, served));
  const ssr = under(settings, 'ssr');
  const found: Located = {
    entries: [
      ...entries([...new Set(files)], 'route', 'Nitro loads the folders of the server'),
      ...entries(
        ['.', 'app', source]
          .flatMap((folder) => sourcesUnder(site, folder, /^(?:plugins|middleware|composables|utils)\//))
          .filter(unique),
        'middleware',
        'Nuxt imports it by its folder',
      ),
      ...entries(sourcesAt(site, 'nuxt.config', 'nitro.config'), 'config', 'the build is configured in it'),
    ],
  };
  return ssr?.k === 'bool' && !ssr.v && files.length === 0
    ? { ...found, static: 'ssr is false and it has no server folder' }
    : found;
}

const unique = (value: string, index: number, all: readonly string[]): boolean => all.indexOf(value) === index;
