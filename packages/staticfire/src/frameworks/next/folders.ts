import type { Site } from '../framework.ts';
import { inside, majorOf } from '../reading/places.ts';

export interface NextFolders {
  /** Relative to the site. */
  readonly app: string | undefined;
  readonly pages: string | undefined;
  /** The folder beside app or pages in which Next.js looks for middleware and instrumentation: '.' or 'src'. */
  readonly beside: string;
  readonly extensions: readonly string[];
  /** A path without its page extension; undefined when Next.js would not take the file for a page. */
  bare(path: string): string | undefined;
}

const usual = ['tsx', 'ts', 'jsx', 'js'];

/** `app` and `pages` at the root win over those in `src`, whatever they hold. */
export function foldersOf(site: Site, extensions: readonly string[] = usual): NextFolders | undefined {
  const find = (name: string): string | undefined => [name, `src/${name}`].find((folder) => holdsFiles(site, folder));
  const major = majorOf(site, 'next');
  const app = major !== undefined && major < 13 ? undefined : find('app');
  const pages = find('pages');
  const first = pages ?? app;
  if (first === undefined) return undefined;
  return {
    app,
    pages,
    beside: first.startsWith('src/') ? 'src' : '.',
    extensions,
    bare: (path) => bare(path, extensions),
  };
}

function bare(path: string, extensions: readonly string[]): string | undefined {
  if (path.endsWith('.d.ts')) return undefined;
  const extension = extensions.find((e) => path.endsWith(`.${e}`));
  return extension === undefined ? undefined : path.slice(0, -extension.length - 1);
}

function holdsFiles(site: Site, folder: string): boolean {
  const prefix = `${inside(site, folder)}/`;
  const { files } = site.workspace;
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle]?.path ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return files[low]?.path.startsWith(prefix) === true;
}
