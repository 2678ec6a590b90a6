import type { CodeModel } from '../../code/model.ts';
import type { Containers } from '../../facts/containers.ts';
import type { Project } from '../../facts/project.ts';
import type { Misplaced, Service, Services } from '../../facts/services.ts';
import type { Framework } from '../../frameworks/framework.ts';
import type { Workspace } from '../../model/workspace.ts';
import { asideOf } from './asides.ts';
import { browserEntries } from './browser.ts';
import { byOwner, draftsOf, type Draft, type Led } from './drafts.ts';
import { inferred } from './infer.ts';
import { createInterpreter } from './interpret.ts';
import { deploymentLaunches, scriptLaunches } from './launches.ts';
import { noteOf, notesOn } from './notes.ts';
import { createResolver, type Homes } from './resolve-run.ts';
import { assemble, withIds } from './service.ts';
import { candidatesOf, type Candidate } from './sites.ts';

export interface Found {
  readonly workspace: Workspace;
  readonly project: Project;
  readonly code: CodeModel;
  readonly containers: Containers | undefined;
  readonly frameworks: readonly Framework[];
}

/** Every deployable unit of the repository, and what looks like one and is none. */
export function discover(found: Found): Services {
  const { workspace, project, code, frameworks } = found;
  const list = candidatesOf(workspace, project, code);
  const candidates = new Map(list.map((candidate) => [candidate.dir, candidate]));
  const homes = homesOf(list, frameworks);
  const led = launched(found, list, candidates, homes);
  const drafts = list.flatMap((candidate) => draftsAt(code, candidate, homes, led.get(candidate.dir) ?? []));
  const all = [...drafts, ...unstarted(code, candidates, list, drafts)];
  const { kept, aside } = withoutAsides(all);
  const services = withIds(kept.map((draft) => assemble(draft, homes.get(draft.owner.dir) ?? [], found)));
  return {
    list: services,
    browser: browserEntries(list, homes),
    misplaced: misplacedIn(services, kept, homes),
    notes: notesOn({ workspace, list, kept, aside, homes, led, containers: found.containers }),
  };
}

function homesOf(list: readonly Candidate[], frameworks: readonly Framework[]): Homes {
  return new Map(
    list.map((site) => [
      site.dir,
      frameworks.flatMap((framework) => {
        const located = framework.locate?.(site);
        return located ? [{ framework, located }] : [];
      }),
    ]),
  );
}

function launched(
  found: Found,
  list: readonly Candidate[],
  candidates: ReadonlyMap<string, Candidate>,
  homes: Homes,
): ReadonlyMap<string, readonly Led[]> {
  const interpreter = createInterpreter({ candidates, frameworks: found.frameworks });
  const resolve = createResolver(candidates, homes);
  const leads = (run: Parameters<typeof resolve>[0]): boolean => /^(?:file|framework)$/.test(resolve(run)?.kind ?? '');
  return byOwner(
    [...scriptLaunches(list, interpreter), ...deploymentLaunches(found.containers, { candidates, interpreter, leads })],
    resolve,
  );
}

/** A package's processes, and the application that a framework finds in its folder. */
function draftsAt(code: CodeModel, candidate: Candidate, homes: Homes, led: readonly Led[]): readonly Draft[] {
  const served = (homes.get(candidate.dir) ?? []).filter(
    ({ located }) => !located.needsStart && located.static === undefined,
  );
  const drafts = draftsOf(code, candidate, led).filter(
    (draft) => !draft.framework || draft.entries.length > 0 || served.length > 0,
  );
  if (noteOf(candidate, led)?.broken) return [];
  if (served.length === 0 || drafts.some((draft) => draft.framework || draft.suffix === '')) return drafts;
  return [{ owner: candidate, suffix: '', entries: [], start: undefined, conduct: 'http', framework: true }, ...drafts];
}

/** Packages without any start whose code listens. */
function unstarted(
  code: CodeModel,
  candidates: ReadonlyMap<string, Candidate>,
  list: readonly Candidate[],
  drafts: readonly Draft[],
): readonly Draft[] {
  const started = new Set(drafts.map((draft) => draft.owner.dir));
  return list.flatMap((candidate) => {
    if (started.has(candidate.dir) || (candidate.dir === '.' && drafts.length > 0) || isLibrary(candidate)) return [];
    return inferred(code, candidates, candidate) ?? [];
  });
}

/** Made to be imported by others: published, with an entry of its own and no private mark. */
function isLibrary({ manifest, dir }: Candidate): boolean {
  if (!manifest || manifest.dir !== dir) return false;
  const entered =
    manifest.main !== undefined || manifest.raw['exports'] !== undefined || manifest.raw['module'] !== undefined;
  return (
    !manifest.private &&
    entered &&
    (manifest.raw['files'] !== undefined ||
      manifest.raw['publishConfig'] !== undefined ||
      manifest.raw['exports'] !== undefined)
  );
}

/** Examples, tests and what is set aside count only where nothing else does. */
function withoutAsides(drafts: readonly Draft[]): { kept: readonly Draft[]; aside: readonly Draft[] } {
  const kept = drafts.filter((draft) => asideOf(draft.owner) === undefined);
  return kept.length === 0
    ? { kept: drafts, aside: [] }
    : { kept, aside: drafts.filter((draft) => !kept.includes(draft)) };
}

function misplacedIn(services: readonly Service[], kept: readonly Draft[], homes: Homes): readonly Misplaced[] {
  const seen = new Set<string>();
  return services
    .flatMap((service, index) => {
      const homed = homes.get(kept[index]?.owner.dir ?? '') ?? [];
      return homed.flatMap(({ framework, located }) =>
        (located.misplaced ?? []).map((lost) => ({ ...lost, framework: framework.id, service: service.id })),
      );
    })
    .filter(({ file }) => !seen.has(file) && seen.add(file))
    .toSorted((a, b) => (a.file < b.file ? -1 : 1));
}
