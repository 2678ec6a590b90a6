import { bringing, excludes } from '../../facts/build-context.ts';
import { containers, type Context, type Dockerfile, effective } from '../../facts/containers.ts';
import { envFiles, type EnvFiles } from '../../facts/env-files.ts';
import { project, type Project } from '../../facts/project.ts';
import { services, type Services } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  unignored: {
    text: 'git does not ignore {paths}: one `git add .` takes the file with its secrets in.',
    remedy: 'Add `.env*` to .gitignore, with `!.env.example` for the template.',
  },
  tracked: {
    text: '{file} is in git with secrets in it; no ignore rule keeps such a file out.',
    remedy: 'Add `.env*` to .gitignore with `!.env.example`, and take the file out of git with `git rm --cached`.',
  },
  exposed: {
    text: '{file} is on disk, not in git and not ignored: the next `git add .` takes it in.',
    remedy: 'Add it to .gitignore.',
  },
  copied: {
    text: '{dockerfile} copies {path} into {where}: no ignore file leaves it out of the build context.',
    remedy: 'Add `**/.env*` to the .dockerignore of the build context.',
  },
} as const;

type Said = Violation<typeof messages>;

export const ignoreRules = defineControl({
  id: 'secrets/ignore-rules',
  area: 'secrets',
  scope: 'repository',
  title: { pass: 'Env files are kept out of git and of images', fail: 'Env files can get into git or into an image' },
  why: 'Every developer has an env file with working secrets in the tree. Only an ignore rule stands between it and the next commit or image.',
  failure: 'A hurried `git add .` or `docker build` publishes working keys; they are found by scanners within minutes.',
  remedy: 'Ignore env files at every depth in git, and in the .dockerignore of each context that is copied.',
  done: 'git ignores .env in the folder of each service, no env file with secrets is tracked, and no image copies an env file.',
  severity: 'major',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://git-scm.com/docs/gitignore',
    'https://docs.docker.com/build/concepts/context/#dockerignore-files',
    'https://cwe.mitre.org/data/definitions/538.html',
  ],
  needs: { containers, envFiles, project, services },
  messages,
  evaluate({ containers: found, envFiles: env, project: packages, services: { list } }): Verdict<typeof messages> {
    const dirs = places(list, packages, env);
    const violations = [
      ...unignored(env, packages, dirs),
      ...tracked(env),
      ...exposed(env),
      ...copied(found.dockerfiles, env, packages),
    ];
    return failOr<typeof messages>(violations, () => ({ verdict: 'pass', evidence: evidenceOf(env, dirs.length) }));
  },
});

/** Folders in which an env file is expected: those of the services, and those that have a real one. */
function places(list: Services['list'], packages: Project, env: EnvFiles): readonly string[] {
  const own = list.flatMap((service) => [
    service.root,
    packages.manifests.find((manifest) => manifest.file === service.manifest)?.dir ?? service.root,
  ]);
  const root = packages.manifests.some((manifest) => manifest.dir === '.') ? ['.'] : [];
  const holding = env.list.filter((file) => file.kind === 'real').map((file) => file.dir);
  return [...new Set([...own, ...root, ...holding])].sort();
}

/** Frameworks that read `.env.local`. */
const readsLocal = [
  'next',
  'vite',
  'nuxt',
  'astro',
  'react-scripts',
  'gatsby',
  '@tanstack/react-start',
  '@sveltejs/kit',
  '@remix-run/dev',
  '@react-router/dev',
];

function unignored(env: EnvFiles, packages: Project, dirs: readonly string[]): readonly Said[] {
  if (env.outsideGit && env.ignoreFiles.length === 0) return [];
  const harmless = new Set(
    env.list
      .filter((file) => file.tracked && file.variables.every((variable) => variable.value !== 'secret'))
      .map((file) => file.file),
  );
  const paths = env.probes
    .filter((probe) => !probe.ignored && !probe.excepted && dirs.includes(folderOf(probe.path)))
    .map((probe) => probe.path)
    .filter((path) => (path.endsWith('.local') ? readsLocalFile(packages, path) : !harmless.has(path)));
  if (paths.length === 0) return [];
  const [first] = env.ignoreFiles;
  const shown =
    paths
      .slice(0, 4)
      .map((path) => `\`${path}\``)
      .join(', ') + (paths.length > 4 ? ` and ${paths.length - 4} more` : '');
  const where = first === undefined ? { searched: '.gitignore: there is none' } : { at: { file: first, line: 1 } };
  const severity = paths.every((path) => path.endsWith('.local')) ? ('minor' as const) : ('major' as const);
  return [{ message: 'unignored', data: { paths: shown }, subject: '.env', severity, ...where }];
}

function readsLocalFile(packages: Project, path: string): boolean {
  const manifest = packages.manifests.find((candidate) => candidate.dir === folderOf(path));
  return readsLocal.some(
    (name) => manifest?.dependencies[name] !== undefined || manifest?.devDependencies[name] !== undefined,
  );
}

const tracked = (env: EnvFiles): readonly Said[] =>
  env.list
    .filter(
      (file) =>
        file.tracked &&
        file.kind === 'real' &&
        !file.encrypted &&
        file.variables.some((variable) => variable.value === 'secret'),
    )
    .map((file) => ({
      message: 'tracked',
      data: { file: file.file },
      at: { file: file.file, line: 1 },
      subject: file.file,
    }));

const exposed = (env: EnvFiles): readonly Said[] =>
  env.outsideGit
    ? []
    : env.list
        .filter((file) => !file.tracked && file.kind === 'real' && !env.ignored.includes(file.file))
        .map((file) => ({
          message: 'exposed',
          data: { file: file.file },
          at: { file: file.file, line: 1 },
          subject: file.file,
        }));

/** Images that copy an env file: at the top of the context, or wherever one is kept. */
function copied(dockerfiles: readonly Dockerfile[], env: EnvFiles, packages: Project): readonly Said[] {
  const shipping = dockerfiles.filter((dockerfile) => dockerfile.purpose === 'production');
  const built = shipping.filter((dockerfile) => dockerfile.contexts.some(isBuilt));
  return (built.length > 0 ? built : shipping).flatMap((dockerfile) => {
    const context = dockerfile.contexts.find(isBuilt) ?? dockerfile.contexts[0];
    return context.lost ? [] : inImage(dockerfile, context, candidates(context, env, packages));
  });
}

/** Some file builds it there for production. */
const isBuilt = (context: Context): boolean => context.declared && context.purpose === 'production';

function inImage(dockerfile: Dockerfile, context: Context, paths: readonly string[]): readonly Said[] {
  const copies = dockerfile.stages.flatMap((stage) => stage.copies);
  const path = paths.find((candidate) => bringing(copies, candidate) && !excludes(context, candidate));
  const copy = path === undefined ? undefined : bringing(copies, path);
  if (path === undefined || !copy) return [];
  const last = effective(dockerfile)?.copies.includes(copy) === true;
  const data = {
    dockerfile: dockerfile.file,
    path: `\`${path}\``,
    where: last ? 'the image' : 'a layer of an earlier stage',
  };
  return [
    { message: 'copied', data, at: copy.at, subject: `${dockerfile.file} ${path}`, severity: last ? 'major' : 'minor' },
  ];
}

/** `.env` at the top and in each package that has a template for it, and the env files that are on this disk. */
function candidates({ dir }: Context, env: EnvFiles, packages: Project): readonly string[] {
  const isPackage = (folder: string): boolean => packages.manifests.some((manifest) => manifest.dir === folder);
  const expected = env.list
    .filter((file) => file.kind === 'template' && isPackage(file.dir))
    .map((file) => (file.dir === '.' ? '.env' : `${file.dir}/.env`));
  const present = env.list.filter((file) => file.kind === 'real' && !file.tracked).map((file) => file.file);
  const inside = [...expected, ...present]
    .filter((path) => dir === '.' || path.startsWith(`${dir}/`))
    .map((path) => (dir === '.' ? path : path.slice(dir.length + 1)));
  return [...new Set(['.env', ...inside])];
}

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.');

function evidenceOf(env: EnvFiles, dirs: number): readonly [Evidence, ...Evidence[]] {
  const searched = { searched: `.env in ${dirs} folders against ${env.ignoreFiles.length} .gitignore files` };
  const [first] = env.ignoreFiles;
  return first === undefined ? [searched] : [{ file: first, line: 1, note: 'git ignores env files' }, searched];
}
