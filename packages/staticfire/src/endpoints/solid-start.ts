import { defineReader, nothing } from './framework.ts';
import { joinUrl, verbNames } from './reading/paths.ts';
import { routeFiles, verbExports } from './reading/verb-exports.ts';

const id = 'solid-start';

/** Verbs that route files export. */
export const solidStart = defineReader({
  id,
  reads: [id],
  find(site) {
    if (!site.service.frameworks.includes(id)) return nothing;
    const list = routeFiles(site, 'src/routes').flatMap(({ file, inside }) => {
      const path = inside
        .replace(/\.[jt]sx?$/, '')
        .replace(/(?:^|\/)(?:index|\([^)]*\))$/, '')
        .replaceAll(/(?:^|\/)\([^)]*\)(?=\/)/g, '');
      return verbExports(site, { framework: id, file, path: joinUrl(path), methods: verbNames });
    });
    return { list, lost: [] };
  },
});
