import { posix } from 'node:path';
import { walkFile } from '../code/walk.ts';
import { defineFramework, type Located, type Site } from './framework.ts';
import { configOf, textOf, under } from './reading/literals.ts';
import { declares, entries, entry, inside, sourceAt, sourcesAt, sourcesUnder } from './reading/places.ts';

/** React Router as a framework, and Remix before it. As a mere library it is client code. */
export const reactRouter = defineFramework({
  id: 'react-router',
  title: 'React Router',
  packages: [
    '@react-router/node',
    '@react-router/express',
    '@react-router/serve',
    '@react-router/dev',
    '@remix-run/node',
    '@remix-run/express',
    '@remix-run/serve',
    '@remix-run/cloudflare',
    '@remix-run/server-runtime',
  ],
  locate,
  command: {
    name: /^(?:react-router-serve|remix-serve|react-router|remix)$/,
    start: /^(?:\.?\/?build\b.*|\.\/.*)$/,
    dev: /^(?:dev|vite:dev)$/,
  },
  output: /^build\/(?:server\/)?index\.js$/,
});

function locate(site: Site): Located | undefined {
  if (!declares(site, '@react-router/dev') && !declares(site, '@remix-run/dev')) return undefined;
  const config = sourceAt(site, 'react-router.config', 'remix.config');
  const settings = configOf(site.code, config);
  const app = textOf(under(settings, 'appDirectory')) ?? 'app';
  const root = sourceAt(site, `${app}/root`);
  if (!root) return undefined;
  const table = sourceAt(site, `${app}/routes`);
  const found: Located = {
    entries: [
      entry(root, 'route', `React Router loads the root route from ${app}`),
      ...entries(
        sourcesUnder(site, `${app}/routes`, /^(?!.*\.(?:test|spec)\.).*$/),
        'route',
        `React Router loads routes from ${app}/routes`,
      ),
      ...entries(table ? tabled(site, app, table) : [], 'route', `${app}/routes names it`),
      ...(table ? [entry(table, 'config', 'React Router reads its routes from it')] : []),
      ...entries(sourcesAt(site, `${app}/entry.server`), 'middleware', 'React Router answers requests with it'),
      ...entries(
        sourcesAt(site, 'react-router.config', 'remix.config', 'vite.config'),
        'config',
        'the build is configured in it',
      ),
    ],
    browser: sourcesAt(site, `${app}/entry.client`),
  };
  const ssr = under(settings, 'ssr');
  return ssr?.k === 'bool' && !ssr.v ? { ...found, static: 'ssr is false' } : found;
}

/** Route modules that the table of routes names as strings. */
function tabled(site: Site, app: string, table: string): readonly string[] {
  const found = new Set<string>();
  const summary = site.code.get(table)?.summary;
  if (!summary) return [];
  walkFile(summary, (expr) => {
    if (expr.k !== 'str' || !/[\w/]\.\w+$|\//.test(expr.v)) return;
    const path = inside(site, posix.join(app, expr.v));
    if (site.code.get(path) !== undefined) found.add(path);
  });
  return [...found];
}
