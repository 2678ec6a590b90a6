import type { Entry } from '../facts/services.ts';
import { defineFramework, type Located, type Site } from './framework.ts';
import { configOf, textOf, textsOf, under } from './reading/literals.ts';
import { declares, entries, entry, inside, majorOf, runs, sourceAt, sourcesUnder } from './reading/places.ts';
import { loadedBeside } from './next/beside.ts';
import { foldersOf, type NextFolders } from './next/folders.ts';

export const next = defineFramework({
  id: 'next',
  title: 'Next.js',
  packages: ['next'],
  locate,
  command: { name: /^next$/, start: /^start$/, dev: /^dev$/ },
  output: /^(?:\.next\/standalone\/(?:.+\/)?)?server\.js$/,
  clientBoundary: true,
});

/** Route files of the App Router that the server loads. */
const appFile =
  /(?:^|\/)(?:page|route|layout|template|loading|error|global-error|not-found|global-not-found|default|forbidden|unauthorized)$/;
const metadataFile =
  /(?:^|\/)(?:sitemap|robots|manifest|icon\d*|apple-icon\d*|opengraph-image\d*|twitter-image\d*)\.(?:ts|tsx|js|jsx)$/;
const privateFolder = /(?:^|\/)_[^/]*\//;

function locate(site: Site): Located | undefined {
  if (!declares(site, 'next')) return undefined;
  const config = sourceAt(site, 'next.config');
  const folders = foldersOf(site, extensionsIn(site, config));
  if (!folders || !isApplication(site, config, folders)) return undefined;
  const routes = [...appRoutes(site, folders), ...pageRoutes(site, folders)];
  if (routes.length === 0 && !pagesOnly(site, folders)) return undefined;
  const beside = loadedBeside(site, folders, config);
  const settings = configOf(site.code, config);
  const found: Located = {
    entries: [
      ...routes,
      ...beside.entries,
      ...(config ? [entry(config, 'config', 'Next.js reads its configuration from it')] : []),
    ],
    browser: [...browserPages(site, folders), ...beside.browser],
    misplaced: beside.misplaced,
  };
  return textOf(under(settings, 'output')) === 'export'
    ? { ...found, static: "next.config sets output: 'export'" }
    : found;
}

function isApplication(site: Site, config: string | undefined, folders: NextFolders): boolean {
  return (
    config !== undefined ||
    runs(site, /\bnext\b/) ||
    (folders.app !== undefined && sourceAt(site, `${folders.app}/layout`) !== undefined)
  );
}

function extensionsIn(site: Site, config: string | undefined): readonly string[] | undefined {
  return textsOf(under(configOf(site.code, config), 'pageExtensions'));
}

function appRoutes(site: Site, folders: NextFolders): readonly Entry[] {
  if (folders.app === undefined) return [];
  const { app } = folders;
  const prefix = inside(site, app).length + 1;
  const files = sourcesUnder(site, app).filter((file) => {
    const path = file.slice(prefix);
    if (privateFolder.test(path)) return false;
    return metadataFile.test(path) || appFile.test(folders.bare(path) ?? '');
  });
  return entries(files, 'route', `Next.js loads route files from ${app}`);
}

const serverData = new Set(['getServerSideProps', 'getStaticProps', 'getStaticPaths', 'getInitialProps']);

function pageFiles(site: Site, folders: NextFolders): readonly string[] {
  if (folders.pages === undefined) return [];
  const prefix = inside(site, folders.pages).length + 1;
  return sourcesUnder(site, folders.pages).filter((file) => folders.bare(file.slice(prefix)) !== undefined);
}

/** API routes, the frame, and pages that run code on the server; other pages live in browsers. */
function pageRoutes(site: Site, folders: NextFolders): readonly Entry[] {
  const files = pageFiles(site, folders).filter((file) => onServer(site, folders, file));
  return entries(files, 'route', `Next.js loads routes from ${folders.pages ?? 'pages'}`);
}

function onServer(site: Site, folders: NextFolders, file: string): boolean {
  const path = file.slice(inside(site, folders.pages ?? 'pages').length + 1);
  if (/^api\/|^api\.|^_(?:app|document|error)\./.test(path)) return true;
  return site.code.get(file)?.head.exports.some((e) => serverData.has(e.name) || e.name === '*') === true;
}

const browserPages = (site: Site, folders: NextFolders): readonly string[] =>
  pageFiles(site, folders).filter((file) => !onServer(site, folders, file));

const pagesOnly = (site: Site, folders: NextFolders): boolean =>
  browserPages(site, folders).length > 0 && majorOf(site, 'next') !== undefined;
