import type { Lockfile } from '../../facts/project.ts';
import type { Packages } from './packages.ts';
import { upwards } from './paths.ts';

/** The lockfile that a package manager started in this folder would use: the nearest one on the way up. */
export function lockfileFor(
  { project, prefix }: Packages,
  dir: string,
  manager?: Lockfile['manager'],
): Lockfile | undefined {
  const candidates = project.lockfiles.filter((lockfile) => manager === undefined || lockfile.manager === manager);
  return upwards(dir, prefix).flatMap((folder) => candidates.filter((lockfile) => lockfile.dir === folder))[0];
}

/** The range under which a package is declared for this folder, from the nearest package.json that does. */
export function declaredRange(packages: Packages, dir: string, name: string): string | undefined {
  return packages.upwards(dir).flatMap((manifest) => {
    const range = manifest.devDependencies[name] ?? manifest.dependencies[name] ?? manifest.optionalDependencies[name];
    return range === undefined ? [] : [range];
  })[0];
}

/** The major version in use: from the range where it allows only one, else from the lockfile where it knows only one. */
export function majorOf(packages: Packages, dir: string, name: string): number | undefined {
  const range = declaredRange(packages, dir, name);
  const single = /^[\^~=v\s]*(\d+)(\.[\dx*]+){0,2}(-[\w.]+)?$/.exec(range ?? '')?.[1];
  if (single !== undefined) return Number(single);
  const majors = new Set(lockedVersions(packages, dir, name).map((version) => Number(version.split('.')[0])));
  return majors.size === 1 ? [...majors][0] : undefined;
}

function lockedVersions(packages: Packages, dir: string, name: string): readonly string[] {
  const lockfile = lockfileFor(packages, dir);
  const text = lockfile ? (packages.lockfile(lockfile.file) ?? '') : '';
  const safe = name.replaceAll(/[.+/]/g, '\\$&');
  const pattern = {
    npm: `"(?:[^"]*/)?node_modules/${safe}": \\{\\s*"version": "(\\d[^"]*)"`,
    pnpm: `^\\s+/?'?${safe}[@/](\\d[\\w.-]*)`,
    yarn: `^"?${safe}@[^\\n]*:\\n\\s+version:? "?(\\d[\\w.-]*)`,
    bun: `"${safe}@(\\d[\\w.-]*)"`,
  }[lockfile?.manager ?? 'npm'];
  return [...text.matchAll(new RegExp(pattern, 'gm'))].flatMap((match) => match[1] ?? []);
}

/** Does the lockfile know the package at all? Undefined without a readable lockfile. */
export function locked(packages: Packages, dir: string, name: string): boolean | undefined {
  const lockfile = lockfileFor(packages, dir);
  if (!lockfile?.tracked || lockfile.file.endsWith('.lockb')) return undefined;
  const text = packages.lockfile(lockfile.file);
  return text === undefined
    ? undefined
    : text.includes(`node_modules/${name}"`) ||
        text.includes(`${name}@`) ||
        text.includes(`/${name}/`) ||
        text.includes(`'${name}'`) ||
        text.includes(`"${name}"`);
}
