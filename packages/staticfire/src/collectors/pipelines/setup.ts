import type { Obstacle, Step } from '../../facts/pipelines.ts';
import type { Packages } from './packages.ts';
import { fromGitRoot, globPattern } from './paths.ts';
import { toGitRoot } from './source.ts';

const lockfiles: Readonly<Record<string, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
};

/** actions/setup-node ends in an error when it is told to cache and finds no lockfile. */
export function setupObstacle(step: Step, packages: Packages): Obstacle | undefined {
  const cache = step.with['cache'] ?? '';
  if (!/^actions\/setup-node(@|$)/.test(step.uses ?? '') || !Object.hasOwn(lockfiles, cache)) return undefined;
  const named = step.with['cache-dependency-path'];
  if (named?.includes('${{')) return undefined;
  const wanted = named ? named.split(/\s+/).filter(Boolean) : (lockfiles[cache] ?? []);
  const found = packages.project.lockfiles.some(
    (lockfile) => lockfile.tracked && wanted.some((glob) => matches(glob, lockfile.file, packages)),
  );
  if (found) return undefined;
  const ignored =
    packages.project.lockfiles.length === 0 &&
    packages.workspace.ignored(fromGitRoot(wanted[0] ?? '', packages.prefix));
  return {
    kind: 'missing-lockfile',
    text: `\`cache: ${cache}\` needs ${wanted[0] ?? 'a lockfile'}${named ? '' : ' at the root'}, which ${ignored ? 'git ignores' : 'the repository does not track'}`,
  };
}

const matches = (glob: string, file: string, packages: Packages): boolean =>
  globPattern(glob).test(toGitRoot(file, packages.prefix));
