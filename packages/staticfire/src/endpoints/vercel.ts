import { lineOf } from '../code/summary.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import { defineReader, nothing } from './framework.ts';
import { exportsOf } from './reading/exports.ts';
import { joinUrl, verbNames } from './reading/paths.ts';
import { exportedHandler, routeFiles, verbExports } from './reading/verb-exports.ts';

const id = 'vercel';

/** Files of the api folder: verbs that they export, or one handler for any method. */
export const vercel = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const list = routeFiles(site, 'api').flatMap(({ file, inside }): readonly Endpoint[] => {
      const path = joinUrl('api', inside.replace(/\.[cm]?[jt]sx?$/, '').replace(/(?:^|\/)index$/, ''));
      const place = exportsOf(site.code, file).get('default');
      const verbs = verbExports(site, { framework: id, file, path, methods: verbNames });
      if (verbs.length > 0 || !place) return verbs;
      const at = { file: place.file, line: lineOf(place.at) };
      return [
        { surface: 'http', method: 'ALL', path, at, framework: id, ...exportedHandler(site.code, file, 'default') },
      ];
    });
    return { list, lost: [] };
  },
});
