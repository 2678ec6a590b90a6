import { posix } from 'node:path';
import type { Homes } from './resolve-run.ts';
import type { Candidate } from './sites.ts';
import { componentImports } from '../../frameworks/reading/components.ts';
import { sourceAt, sourcesAt } from '../../frameworks/reading/places.ts';
import { configEntries, throughResolver } from './targets.ts';

/** What browsers load first: scripts of HTML pages, client entries of frameworks and of builders of single pages. */
export function browserEntries(list: readonly Candidate[], homes: Homes): readonly string[] {
  const found = new Set<string>();
  for (const site of list) {
    for (const { located } of homes.get(site.dir) ?? []) {
      for (const file of located.browser ?? []) found.add(file);
      if (located.static !== undefined) for (const entry of located.entries) found.add(entry.file);
    }
    for (const file of [...builderEntries(site), ...viteEntries(site)]) found.add(file);
  }
  for (const file of [...fromPages(list[0]), ...fromComponents(list[0])]) found.add(file);
  return [...found].toSorted();
}

/** Inputs that the configuration of Vite names; one that a server loads too counts as the server's. */
const viteEntries = (site: Candidate): readonly string[] =>
  sourcesAt(site, 'vite.config').flatMap((file) => configEntries(site, file, new Set(['input'])));

const builders =
  /^(?:react-scripts|react-app-rewired|@craco\/craco|@angular\/core|expo|react-native|@vue\/cli-service)$/;

/** Builders that load one file by its name. */
function builderEntries(site: Candidate): readonly string[] {
  const { manifest } = site;
  if (!manifest || (manifest.dir !== site.dir && site.sourceRoot === undefined)) return [];
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  if (!declared.some((name) => builders.test(name)) || site.code.files.length === 0) return [];
  if (
    declared.some((name) => name.startsWith('@nestjs/')) &&
    manifest.dir !== site.dir &&
    !site.workspace.has(posix.join(site.dir, 'src/index.html'))
  )
    return [];
  if (declared.includes('@angular/core') && !site.workspace.has(posix.join(site.dir, 'src/index.html'))) return [];
  const names = ['src/index', 'src/main', 'index', 'App', 'src/App'];
  const file = sourceAt(site, ...(declared.includes('@angular/core') ? ['src/main'] : names));
  return file === undefined ? [] : [file];
}

/** What components of Vue and Svelte import; where a server loads it too, it counts as the server's. */
const fromComponents = (site: Candidate | undefined): readonly string[] =>
  site && site.code.files.length > 0 ? componentImports(site, site.workspace.match(/\.(?:vue|svelte)$/)) : [];

/** `<script type="module" src="/src/main.tsx">` of an index.html. */
function fromPages(site: Candidate | undefined): readonly string[] {
  if (!site) return [];
  return site.workspace.match(/(?:^|\/)(?:index|app|popup|options|main)\.html$/).flatMap((page) => {
    const text = site.workspace.read(page) ?? '';
    return [...text.matchAll(/<script\b[^>]*\bsrc\s*=\s*["']?([^"'\s>]+)/gi)].flatMap((match) => {
      const src = match[1] ?? '';
      if (/^(?:https?:)?\/\//.test(src)) return [];
      const path = posix.join(posix.dirname(page), src.replace(/^\//, ''));
      return throughResolver(site.code, path) ?? [];
    });
  });
}
