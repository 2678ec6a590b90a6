import { defineFramework, type Located, type Site } from './framework.ts';
import { declares, entries, inside, sourcesUnder } from './reading/places.ts';

/** Files of the `api` folder, each one a function. Frameworks with routes of their own do not use it. */
export const vercel = defineFramework({
  id: 'vercel',
  title: 'Vercel Functions',
  packages: ['@vercel/node', '@vercel/functions'],
  locate,
});

function locate(site: Site): Located | undefined {
  const marked = site.workspace.has(inside(site, 'vercel.json')) || declares(site, '@vercel/node');
  if (!marked || declares(site, 'next')) return undefined;
  const files = sourcesUnder(site, 'api').filter(
    (file) => !/(?:^|\/)[._][^/]*$|\/_[^/]*\/|\.(?:test|spec)\./.test(file.slice(inside(site, 'api').length)),
  );
  if (files.length === 0) return undefined;
  return { entries: entries(files, 'route', 'Vercel makes a function of each file in api'), platform: 'vercel' };
}
