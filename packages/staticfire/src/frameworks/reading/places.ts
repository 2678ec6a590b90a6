import { posix } from 'node:path';
import { filesBelow } from '../../code/reach/below.ts';
import type { Entry } from '../../facts/services.ts';
import type { Site } from '../framework.ts';

export const sourceExtensions = ['ts', 'tsx', 'js', 'jsx', 'mts', 'mjs', 'cts', 'cjs'] as const;

/** A path of the site, relative to the root of the tree. */
export const inside = (site: Site, path: string): string => posix.join(site.dir, path);

/** The first source file that bears one of these names, written without extension. */
export function sourceAt(site: Site, ...names: readonly string[]): string | undefined {
  return sourcesAt(site, ...names)[0];
}

/** Every source file that bears one of these names, written without extension. */
export function sourcesAt(site: Site, ...names: readonly string[]): readonly string[] {
  return names.flatMap((name) =>
    sourceExtensions
      .map((extension) => inside(site, `${name}.${extension}`))
      .filter((path) => site.code.get(path) !== undefined),
  );
}

/** Source files under a folder of the site whose path below it matches; declarations apart. */
export function sourcesUnder(site: Site, folder: string, matching: RegExp = /./): readonly string[] {
  const dir = inside(site, folder);
  const prefix = dir === '.' ? '' : `${dir}/`;
  return filesBelow(site.code.files, prefix).filter(
    (path) => !/\.d\.[cm]?ts$/.test(path) && matching.test(path.slice(prefix.length)),
  );
}

/** Does the site's package, or one above it, declare this package? */
export const declares = (site: Site, name: string): boolean => site.project.depends(site.manifest, name);

/** Does a script of the site's own package run this command? */
export function runs(site: Site, command: RegExp): boolean {
  return site.manifest?.dir === site.dir && Object.values(site.manifest.scripts).some((script) => command.test(script));
}

export const entry = (file: string, kind: Entry['kind'], why: string): Entry => ({ file, kind, why });
export const entries = (files: readonly string[], kind: Entry['kind'], why: string): readonly Entry[] =>
  files.map((file) => entry(file, kind, why));

/** The major version that a manifest asks for: '^16.0.0' is 16. Undefined when it names none, as `workspace:*` or `latest`. */
export function majorOf(site: Site, name: string): number | undefined {
  const { manifest } = site;
  const range = manifest?.dependencies[name] ?? manifest?.devDependencies[name] ?? manifest?.peerDependencies[name];
  const major = /(\d+)/.exec(range ?? '')?.[1];
  return major === undefined ? undefined : Number(major);
}
