import { defineFramework, type Located, type Site } from './framework.ts';
import { entries, sourceAt, sourcesUnder } from './reading/places.ts';

/** Functions of Firebase, Google Cloud and Azure: what the package's main module exports or registers. */
export const cloudFunctions = defineFramework({
  id: 'cloud-functions',
  title: 'Cloud Functions',
  packages: ['firebase-functions', '@google-cloud/functions-framework', '@azure/functions'],
  locate,
});

function locate(site: Site): Located | undefined {
  const { manifest } = site;
  if (!manifest || manifest.dir !== site.dir || !cloudFunctions.packages.some((name) => name in manifest.dependencies))
    return undefined;
  const main = sourceAt(site, ...mainNames(manifest.main));
  const azure = '@azure/functions' in manifest.dependencies ? sourcesUnder(site, 'src/functions') : [];
  const files = [...(main ? [main] : []), ...azure];
  if (files.length === 0) return undefined;
  return {
    entries: entries(files, 'route', 'the platform calls what it exports'),
    platform: '@azure/functions' in manifest.dependencies ? 'azure' : 'google-cloud',
  };
}

/** `lib/index.js` and `dist/index.js` are built from src/index. */
function mainNames(main: string | undefined): readonly string[] {
  const bare = (main ?? 'index.js').replace(/^\.\//, '').replace(/\.[cm]?js$/, '');
  return [bare.replace(/^(?:lib|dist|build|out)\//, 'src/'), bare, `src/${bare}`];
}
