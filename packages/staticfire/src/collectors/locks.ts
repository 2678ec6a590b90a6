import { containers, type Containers, type Dockerfile, type Stage } from '../facts/containers.ts';
import { type ImageInstall, type Lock, locks, type Locks, type Unlocked } from '../facts/locks.ts';
import { type Lockfile, type Manager, type Manifest, project } from '../facts/project.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { findsLockfile } from './locks/copied.ts';
import { lockedNames } from './locks/names.ts';
import { builtImages } from './runtime/images.ts';
import { frozenManager } from './pipelines/obstacles.ts';
import { isMember, type Packages, packagesIn } from './pipelines/packages.ts';
import { joined } from './pipelines/paths.ts';
import { callsOf } from './pipelines/shell.ts';
import { unwrap } from './pipelines/wrappers.ts';

/** Lockfiles compared with the packages they lock, and the installs of images. */
export const locksCollector = defineCollector({
  fact: locks,
  needs: { containers, project },
  collect: ({ workspace, facts }) => {
    const packages = packagesIn(facts.project, workspace);
    const withDependencies = facts.project.manifests.filter((manifest) => namesOf(manifest).length > 0);
    const value: Locks = {
      locks: facts.project.lockfiles
        .filter((lockfile) => lockfile.tracked)
        .map((lockfile) => lockOf(lockfile, packages)),
      imageInstalls: imageInstalls(facts.containers, packages),
      packages: withDependencies.map((manifest) => manifest.dir),
      ignoredIn: withDependencies.flatMap((manifest) => ignoredIn(manifest.dir, packages)),
    };
    return known(value);
  },
});

const namesOf = (manifest: Manifest): readonly string[] =>
  [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap((group) =>
    Object.keys(group),
  );

function lockOf(lockfile: Lockfile, packages: Packages): Lock {
  const root = packages.project.manifests.find((manifest) => manifest.dir === lockfile.dir);
  const members = root
    ? [root, ...packages.project.manifests.filter((manifest) => manifest !== root && isMember(root, manifest))]
    : [];
  const text = packages.workspace.read(lockfile.file);
  const knows = text === undefined ? undefined : lockedNames(lockfile, text);
  const own = new Set(packages.project.manifests.flatMap((manifest) => manifest.name ?? []));
  const compared = knows
    ? members.flatMap((manifest) => declaredOf(manifest, own).map((name) => ({ name, manifest })))
    : [];
  const missing = compared.filter(({ name, manifest }) => knows?.(inside(lockfile.dir, manifest.dir), name) === false);
  return {
    lockfile,
    dirs: members.map((manifest) => manifest.dir),
    missing: missing.map(unlocked),
    compared: compared.length,
  };
}

const inside = (base: string, dir: string): string =>
  dir === base ? '' : base === '.' ? dir : dir.slice(base.length + 1);

/** Dependencies that a registry answers for; those of the workspace itself are no matter of the lockfile. */
function declaredOf(manifest: Manifest, own: ReadonlySet<string>): readonly string[] {
  const groups = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
  return groups.flatMap((group) =>
    Object.entries(group).flatMap(([name, range]) =>
      own.has(name) || /^(file|link|portal|workspace):|^\.{1,2}\//.test(range) ? [] : [name],
    ),
  );
}

function unlocked({ name, manifest }: { name: string; manifest: Manifest }): Unlocked {
  const line =
    manifest.lineOf('dependencies', name) ??
    manifest.lineOf('devDependencies', name) ??
    manifest.lineOf('optionalDependencies', name);
  return { name, at: { file: manifest.file, ...(line ? { line } : {}) } };
}

const lockNames = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];

function ignoredIn(dir: string, { workspace }: Packages): Locks['ignoredIn'] {
  const name = lockNames.find((each) => workspace.ignored(joined(dir, each)));
  if (!name) return [];
  const rows = (workspace.read('.gitignore') ?? '').split('\n');
  const line = rows.findIndex((row) => row.trim().replace(/^\//, '') === name);
  return [{ dir, ...(line >= 0 ? { at: { file: '.gitignore', line: line + 1 } } : {}) }];
}

function imageInstalls(all: Containers, packages: Packages): readonly ImageInstall[] {
  const images = builtImages(all);
  return images.flatMap((dockerfile) => {
    const contexts = dockerfile.contexts.map((context) => context.dir);
    return dockerfile.stages.flatMap((stage) =>
      stage.runs.flatMap((run) =>
        callsOf(run.text, { errexit: true, pipefail: false, exists: () => true }).flatMap((call) =>
          installOf(call.words, run.at, contexts, packages, {
            inPipeline: inPipeline(dockerfile, stage, run.text),
            finds: (manager) => findsLockfile(dockerfile, stage, run, manager),
          }),
        ),
      ),
    );
  });
}

/** `ENV CI=true`: managers that install frozen in a pipeline do so here too. */
function inPipeline(dockerfile: Dockerfile, stage: Stage, text: string): boolean {
  if (/(?:^|[\s;&])CI=(?:1|true)\b/.test(text)) return true;
  for (let at: Stage | undefined = stage; at; at = at.base === undefined ? undefined : dockerfile.stages[at.base])
    if ('CI' in at.env) return true;
  return false;
}

function installOf(
  words: readonly string[],
  at: ImageInstall['at'],
  contexts: readonly string[],
  { project }: Packages,
  { inPipeline, finds }: { readonly inPipeline: boolean; readonly finds: (manager: Manager) => boolean },
): readonly ImageInstall[] {
  const { words: inner } = unwrap(words);
  const [program = '', verb = '', ...rest] = inner.filter((word, index) => index === 0 || !word.startsWith('-'));
  const manager =
    program === 'npm' || program === 'pnpm' || program === 'yarn' || program === 'bun' ? program : undefined;
  const flags = inner.filter((word) => word.startsWith('-'));
  const bare = verb === '' && manager === 'yarn' && !flags.some((flag) => /^(-v|--version|-h|--help)$/.test(flag));
  if (
    !manager ||
    (!bare && !['install', 'i', 'ci', 'clean-install'].includes(verb)) ||
    rest.some((word) => /^[@a-z]/i.test(word)) ||
    flags.some((flag) => /^(-g|--global)$/.test(flag))
  )
    return [];
  const tracked = project.lockfiles.some(
    (each) => each.manager === manager && each.tracked && contexts.includes(each.dir),
  );
  const lockfile = tracked && finds(manager);
  const byItself = inPipeline && lockfile && (manager === 'pnpm' || manager === 'yarn');
  const loosened = flags.some((flag) => /^--(?:no-frozen-lockfile|no-immutable|frozen-lockfile=false)$/.test(flag));
  return [
    {
      manager,
      frozen:
        (byItself && !loosened) ||
        frozenManager(inner) !== undefined ||
        flags.some((flag) => /^--(offline|prefer-frozen-lockfile)$/.test(flag)) ||
        (lockfile && flags.includes('--pure-lockfile')),
      command: words.join(' '),
      at,
      contexts,
      lockfile,
    },
  ];
}
