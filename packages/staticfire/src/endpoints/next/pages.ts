import type { EndpointSite } from '../framework.ts';
import { ownPath, urlOf } from './folders.ts';

/** A page, with the files whose code it can call: its own, and the layouts above it. */
export interface Page {
  readonly path: string;
  readonly files: readonly string[];
}

export function pagesOf(site: EndpointSite): readonly Page[] {
  const routes = site.service.entries.flatMap(({ file, kind }) =>
    kind === 'route' ? [{ file, own: ownPath(site, file) }] : [],
  );
  const around = routes.flatMap(({ file, own }) => {
    const folder = /^app\/(.*\/)?(?:layout|template|error|loading|not-found)\.[^/]+$/.exec(own);
    return folder ? [{ file, folder: folder[1] ?? '' }] : [];
  });
  return routes.flatMap(({ file, own }): readonly Page[] => {
    const folder = /^app\/(.*\/)?page\.[^/]+$/.exec(own);
    if (folder) {
      const above = around.filter((one) => (folder[1] ?? '').startsWith(one.folder)).map((one) => one.file);
      return [{ path: urlOf(site, folder[1] ?? ''), files: [file, ...above] }];
    }
    const page = /^pages\/((?!api\/|_)[^.]*)\.[^/]+$/.exec(own)?.[1];
    return page === undefined ? [] : [{ path: urlOf(site, page.replace(/(^|\/)index$/, '')), files: [file] }];
  });
}
