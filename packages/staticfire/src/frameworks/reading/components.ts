import { posix } from 'node:path';
import { filesBelow } from '../../code/reach/below.ts';
import type { Site } from '../framework.ts';
import { inside } from './places.ts';

/** Component files of Vue, Svelte and Astro are not parsed; what their scripts import is read from their text. */
export function componentImports(site: Site, files: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const file of files) {
    for (const specifier of specifiersIn(site.workspace.read(file) ?? '')) {
      const target = resolved(site, file, specifier);
      if (target !== undefined) found.add(target);
    }
  }
  return [...found].toSorted();
}

const specifier =
  /(?:^|[\s;>])import\s+(?!type\b)(?:[\w$*{][^'"`;]{0,400}?\sfrom\s*)?["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']\s*\)|(?:^|[\s;])export\s+(?!type\b)[^'"`;]{0,400}?\sfrom\s*["']([^"'\n]+)["']/g;

const specifiersIn = (text: string): readonly string[] =>
  [...text.matchAll(specifier)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);

/** As a source file of the same package would resolve it; `$lib` is SvelteKit's own. */
function resolved(site: Site, file: string, written: string): string | undefined {
  const manifest = site.project.manifestOf(file);
  const dir = manifest?.dir ?? '.';
  const spec = written.startsWith('$lib')
    ? `./${posix.relative(posix.dirname(file), posix.join(dir, 'src/lib', written.slice(4)))}`
    : written;
  const [near] = filesBelow(site.code.files, dir === '.' ? '' : `${dir}/`);
  const source = near === undefined ? undefined : site.code.get(near);
  if (near === undefined || !source) return undefined;
  const relative = spec.startsWith('.')
    ? posix.relative(posix.dirname(near), posix.join(posix.dirname(file), spec))
    : spec;
  const target = source.resolve(spec.startsWith('.') && !relative.startsWith('.') ? `./${relative}` : relative);
  return target.kind === 'file' && site.code.get(target.path) !== undefined ? target.path : undefined;
}

/** Component files of a kind below the site. */
export function componentsUnder(site: Site, extension: 'vue' | 'svelte' | 'astro'): readonly string[] {
  const prefix = inside(site, '.') === '.' ? '' : `${inside(site, '.')}/`;
  return site.workspace.match(new RegExp(String.raw`\.${extension}$`)).filter((file) => file.startsWith(prefix));
}
