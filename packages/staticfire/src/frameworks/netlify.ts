import { defineFramework, type Located, type Site } from './framework.ts';
import { entries, inside, sourcesUnder } from './reading/places.ts';

/** Files and folders of the functions directory, each one a function. */
export const netlify = defineFramework({
  id: 'netlify',
  title: 'Netlify Functions',
  packages: ['@netlify/functions'],
  locate,
});

function locate(site: Site): Located | undefined {
  const settings = site.workspace.read(inside(site, 'netlify.toml'));
  if (settings === undefined) return undefined;
  const named = /^\s*(?:functions|directory)\s*=\s*["']([^"']+)["']/m.exec(settings)?.[1]?.replace(/\/$/, '');
  const folders = [...new Set([named ?? 'netlify/functions', 'netlify/functions', 'netlify/edge-functions'])];
  const files = folders.flatMap((folder) => topLevel(site, folder));
  if (files.length === 0) return undefined;
  return { entries: entries(files, 'route', 'Netlify makes a function of it'), platform: 'netlify' };
}

/** A function is a file, or a folder's index or file of the folder's name. */
function topLevel(site: Site, folder: string): readonly string[] {
  return sourcesUnder(site, folder, /^(?:[^/]+|([^/]+)\/(?:index|\1))\.[cm]?[jt]sx?$/).filter(
    (file) => !/\.(?:test|spec)\./.test(file),
  );
}
