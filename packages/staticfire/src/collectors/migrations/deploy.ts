import { posix } from 'node:path';
import { mayConfigure } from '../containers/places.ts';
import type { Containers } from '../../facts/containers.ts';
import type { Pipelines } from '../../facts/pipelines.ts';
import type { Manifest, Project } from '../../facts/project.ts';
import type { Service } from '../../facts/services.ts';
import type { Place, Step } from '../../model/place.ts';
import type { Workspace } from '../../model/workspace.ts';

/** A line that a deploy or the start of the service runs. */
interface Line {
  readonly text: string;
  readonly at: Place;
  /** Folder that relative paths in it start from. */
  readonly dir: string;
  readonly trail: readonly Step[];
  /** In a pipeline that only tests. */
  readonly test: boolean;
}

export interface Deployed {
  readonly lines: readonly Line[];
  /** Source files that those lines run. */
  readonly programs: ReadonlyMap<string, Line>;
}

interface Sources {
  readonly workspace: Workspace;
  readonly containers: Containers;
  readonly pipelines: Pipelines;
  readonly project: Project;
  readonly service: Service;
}

const lifecycle =
  /^(?:(?:pre|post)?start|start[:_-]prod(?:uction)?|(?:pre|post)?build|(?:pre|post)?install|prepare|vercel-build|heroku-postbuild|render-build|railway-build|release|(?:pre|post)?deploy(?:[:_-]\w+)*|start[:_-]docker|docker[:_-]start|serve)$/;

/** Everything that a deploy runs, scripts and programs followed. */
export function deployedLines(sources: Sources): Deployed {
  const lines: Line[] = [];
  const programs = new Map<string, Line>();
  const waiting = [...rootLines(sources)];
  const seen = new Set<string>();
  for (let next = waiting.shift(); next && lines.length < 5000; next = waiting.shift()) {
    const key = `${next.at.file}:${next.at.line ?? 0}:${next.text}:${next.test}`;
    if (seen.has(key)) continue;
    seen.add(key);
    lines.push(next);
    waiting.push(...scriptsIn(sources, next));
    for (const file of filesIn(sources.workspace, next)) {
      if (file.endsWith('.sh') || !/\.\w+$/.test(file)) waiting.push(...linesOf(sources.workspace, file, next));
      else if (!programs.has(file) || programs.get(file)?.test) programs.set(file, next);
    }
  }
  return { lines, programs };
}

function rootLines(sources: Sources): Line[] {
  const { containers, pipelines, service } = sources;
  const images = containers.dockerfiles
    .filter((d) => serving(d.purpose))
    .flatMap((d) => linesOf(sources.workspace, d.file));
  const compose = containers.compose
    .filter((c) => serving(c.purpose))
    .flatMap((c) => [c.command, c.entrypoint].flatMap((command) => (command ? [line(command.text, command.at)] : [])));
  const workloads = containers.workloads.flatMap((w) => (w.command ? [line(w.command.text, w.command.at)] : []));
  const checks = pipelines.checks
    .filter((check) => !check.obstacle && !check.blockedBy && !check.hollow)
    .map((check): Line => ({
      text: check.command,
      at: check.at,
      dir: check.dirs[0] ?? '.',
      trail: [],
      test: !deploys(
        `${check.workflow} ${check.job} ${check.step}`,
        check.purposes,
        pipelines,
        check.workflow,
        check.job,
      ),
    }));
  const start = service.start
    ? [line(service.start.command, service.start.at ?? { file: service.manifest ?? 'package.json' })]
    : [];
  return [
    ...images,
    ...compose,
    ...workloads,
    ...platformLines(sources.workspace),
    ...start,
    ...lifecycleLines(sources),
    ...checks,
  ];
}

const serving = (purpose: string): boolean => purpose === 'production';

const line = (text: string, at: Place): Line => ({ text, at, dir: posix.dirname(at.file), trail: [], test: false });

/** A job that deploys says so by its name or by what else it does. */
function deploys(
  names: string,
  purposes: readonly string[],
  pipelines: Pipelines,
  workflow: string,
  job: string,
): boolean {
  if (/deploy|releas|prod|migrat|publish|\bcd\b|ship|rollout/i.test(names)) return true;
  return (
    purposes.includes('deploy') ||
    pipelines.checks.some((c) => c.workflow === workflow && c.job === job && c.purposes.includes('deploy'))
  );
}

const platformFiles =
  /(?:^|\/)(?:Procfile|fly[\w.-]*\.toml|railway\.(?:json|toml)|render\.ya?ml|app\.json|vercel\.json|netlify\.toml|nixpacks\.toml|heroku\.yml|zeabur\.json|zbpack\.json|captain-definition|amplify\.yml|apprunner\.ya?ml|cloudbuild\.ya?ml|\.platform\.app\.ya?ml|sst\.config\.ts|ecosystem\.config\.[cm]?js|wercker\.yml|buildspec\.ya?ml|dokku[\w.]*|app\.ya?ml|digitalocean[\w.-]*\.ya?ml|\.do\/[\w.-]+\.ya?ml)$/;

const platformLines = (workspace: Workspace): Line[] =>
  workspace
    .match(platformFiles)
    .filter(mayConfigure)
    .flatMap((file) => linesOf(workspace, file));

/** The lines of a file that are no comments; a line that ends in a backslash goes on. */
function linesOf(workspace: Workspace, file: string, from?: Line): Line[] {
  const text = (workspace.read(file) ?? '').replaceAll('\\\n', ' \u0000');
  let number = 0;
  return text.split('\n').flatMap((raw) => {
    number += 1;
    const at = { file, line: number };
    number += raw.split('\u0000').length - 1;
    if (/^\s*(?:#|\/\/)/.test(raw) || raw.trim() === '') return [];
    const trail = from ? [...from.trail, { note: from.text.trim().slice(0, 80), at: from.at }] : [];
    return [
      {
        text: raw.replaceAll('\u0000', ' '),
        at,
        dir: from?.dir ?? posix.dirname(file),
        trail,
        test: from?.test ?? false,
      },
    ];
  });
}

/** Scripts that platforms and package managers run by their name. */
function lifecycleLines({ project, service }: Sources): Line[] {
  return project.manifests
    .filter((manifest) => manifest.file === service.manifest || manifest.dir === '.')
    .flatMap((manifest) =>
      Object.keys(manifest.scripts)
        .filter((name) => lifecycle.test(name))
        .map((name) => scriptLine(manifest, name, [], false)),
    );
}

function scriptLine(manifest: Manifest, name: string, trail: readonly Step[], test: boolean): Line {
  const at = manifest.lineOf('scripts', name);
  return {
    text: manifest.scripts[name] ?? '',
    at: { file: manifest.file, ...(at ? { line: at } : {}) },
    dir: manifest.dir,
    trail,
    test,
  };
}

const runner =
  /\b(?:npm|pnpm|yarn|bun|npx|turbo|nx|run-s|run-p|npm-run-all2?|concurrently|lerna|node --run|dotenv|cross-env|wireit)\b/;
const elsewhere =
  /--filter|--workspace|(?:^|\s)-w\b|-F\b|\bturbo\b|\bnx\b|\blerna\b|workspace\b|-r\b|--prefix|--cwd|\s-C\b/;

/** The scripts that a line starts, from the manifests it can mean. */
function scriptsIn(sources: Sources, from: Line): Line[] {
  if (!runner.test(from.text)) return [];
  const words = new Set(from.text.split(/[\s"',;&|()[\]]+/).filter((word) => /^[\w:./-]+$/.test(word)));
  const anywhere = elsewhere.test(from.text);
  const near = new Set([from.dir, '.', sources.service.root]);
  return sources.project.manifests.flatMap((manifest) => {
    if (!anywhere && !near.has(manifest.dir)) return [];
    return Object.keys(manifest.scripts)
      .filter((name) => words.has(name) || words.has(`run:${name}`))
      .flatMap((name) => [`pre${name}`, name, `post${name}`].filter((one) => one in manifest.scripts))
      .map((name) =>
        scriptLine(manifest, name, [...from.trail, { note: from.text.trim().slice(0, 80), at: from.at }], from.test),
      );
  });
}

const fileToken =
  /(?:^|[\s"'=[(,:])((?:\.{0,2}\/)?[\w@./-]+\.(?:[cm]?[jt]s|sh)|(?:\.{0,2}\/)?(?:[\w-]+\/)*(?:docker-)?(?:entrypoint|start|release|migrate|deploy))(?=$|[\s"',;\])&|])/g;

/** Files of the repository that a line runs: programs, compiled ones by their source, and shell scripts. */
function filesIn(workspace: Workspace, from: Line): string[] {
  return [...from.text.matchAll(fileToken)].flatMap((match) => {
    const token = match[1] ?? '';
    const found = candidates(from.dir, token).find((path) => workspace.has(path));
    return found === undefined ? byName(workspace, token) : [found];
  });
}

function candidates(dir: string, token: string): string[] {
  const plain = token.replace(/^\/(?:usr\/src\/)?(?:app\/|src\/app\/)?/, '');
  const sources = [plain, ...['ts', 'mts', 'js'].map((ext) => plain.replace(/\.[cm]?js$/, `.${ext}`))];
  const moved = sources.flatMap((path) => [
    path,
    path.replace(/(^|\/)(?:dist|build|out|lib)\//, '$1src/'),
    path.replace(/(^|\/)(?:dist|build|out|lib)\//, '$1'),
  ]);
  return moved.flatMap((path) => [posix.join(dir, path), posix.normalize(path)]);
}

/** `/usr/local/bin/entrypoint.sh`: copied from somewhere; only one file of that name can be meant. */
function byName(workspace: Workspace, token: string): string[] {
  const base = posix.basename(token);
  if (!/\.sh$|^(?:docker-)?entrypoint/.test(base)) return [];
  const found = workspace.files.filter((file) => posix.basename(file.path) === base);
  return found.length > 0 && found.length <= 3 ? found.map((file) => file.path) : [];
}
