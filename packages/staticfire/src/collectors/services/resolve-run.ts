import { posix } from 'node:path';
import type { Framework, Located } from '../../frameworks/framework.ts';
import type { Run } from './run.ts';
import { ownerOf, type Candidate } from './sites.ts';
import { customaryEntry, sourceOf } from './targets.ts';

/** Where a run leads. */
export type Lead =
  | {
      readonly kind: 'file';
      readonly owner: Candidate;
      readonly file: string;
      readonly target: string;
      readonly preloads: readonly string[];
    }
  | { readonly kind: 'framework'; readonly owner: Candidate; readonly target: string }
  | { readonly kind: 'missing'; readonly owner: Candidate; readonly target: string }
  | { readonly kind: 'static'; readonly owner: Candidate };

/** The frameworks that are at home in each folder, by folder. */
export type Homes = ReadonlyMap<string, readonly { readonly framework: Framework; readonly located: Located }[]>;

export function createResolver(
  candidates: ReadonlyMap<string, Candidate>,
  homes: Homes,
): (run: Run) => Lead | undefined {
  return (run) => {
    const near = ownerOf(candidates, posix.join(run.dir, 'x'));
    if (!near) return undefined;
    switch (run.kind) {
      case 'program':
        return programLead(candidates, homes, near, run);
      case 'framework':
        return frameworkLead(candidates, homes, near, run);
      case 'project':
        return projectLead(candidates, homes, near);
      case 'static':
        return { kind: 'static', owner: near };
    }
  };
}

function programLead(
  candidates: ReadonlyMap<string, Candidate>,
  homes: Homes,
  near: Candidate,
  run: Extract<Run, { kind: 'program' }>,
): Lead | undefined {
  if (/\$|^node_modules\//.test(run.target)) return undefined;
  const target = /^(?:|\.|\.\/)$/.test(run.target) ? (near.manifest?.main ?? 'index.js') : run.target;
  const file = sourceOf(near, run.dir, target);
  if (file !== undefined) {
    const owner = ownerOf(candidates, file) ?? near;
    return {
      kind: 'file',
      owner,
      file,
      target,
      preloads: run.preloads.flatMap((preload) => preloadOf(near, run.dir, file, preload) ?? []),
    };
  }
  const built = builtByFramework(
    candidates,
    homes,
    near,
    posix.join(run.dir, target.replace(/^\/+(?:app|usr\/src\/app|workspace|srv|home\/node\/app)\//, '')),
  );
  return built ? { kind: 'framework', owner: built, target } : { kind: 'missing', owner: near, target };
}

/** A file, or a package of the repository, that is loaded first. */
function preloadOf(near: Candidate, dir: string, file: string, preload: string): string | undefined {
  if (/^[./]|\.[cm]?[jt]s$/.test(preload)) return sourceOf(near, dir, preload);
  const found = near.code.get(file)?.resolve(preload);
  return found?.kind === 'file' && near.code.get(found.path) !== undefined ? found.path : undefined;
}

/** `.output/server/index.mjs`, `server.js` of a standalone build: output that a framework makes. */
function builtByFramework(
  candidates: ReadonlyMap<string, Candidate>,
  homes: Homes,
  near: Candidate,
  path: string,
): Candidate | undefined {
  const owners = [ownerOf(candidates, path), near].filter((candidate) => candidate !== undefined);
  return owners.find((owner) =>
    homes.get(owner.dir)?.some(({ framework }) => framework.output?.test(posix.relative(owner.dir, path))),
  );
}

function frameworkLead(
  candidates: ReadonlyMap<string, Candidate>,
  homes: Homes,
  near: Candidate,
  run: Extract<Run, { kind: 'framework' }>,
): Lead | undefined {
  const inside =
    run.target === ''
      ? undefined
      : [...candidates.values()].find(
          (candidate) => candidate.name === run.target || candidate.dir === posix.join(run.dir, run.target),
        );
  const owner = inside ?? near;
  const home = homes.get(owner.dir)?.find(({ framework }) => framework.command?.name.test(run.framework));
  if (!home) return run.framework === 'nest' ? projectLead(candidates, homes, owner) : { kind: 'static', owner };
  const [entry] = home.located.entries;
  if (home.located.needsStart && entry)
    return { kind: 'file', owner, file: entry.file, target: entry.file, preloads: [] };
  return { kind: 'framework', owner, target: run.framework };
}

function projectLead(candidates: ReadonlyMap<string, Candidate>, homes: Homes, owner: Candidate): Lead | undefined {
  const file = customaryEntry(owner);
  const served = homes.get(owner.dir)?.some(({ located }) => !located.needsStart);
  if (served) return { kind: 'framework', owner, target: owner.dir };
  return file === undefined
    ? undefined
    : { kind: 'file', owner: ownerOf(candidates, file) ?? owner, file, target: file, preloads: [] };
}
