import type { ComposeService, Context, Dockerfile, PlatformProcess } from '../../facts/containers.ts';
import type { Workspace } from '../../model/workspace.ts';
import { type Build, commandBuilds, composeBuild, platformBuild } from './builds.ts';
import { type Tree, treeOf } from './tree.ts';
import { dirOf, join } from './words.ts';

type Parsed = Omit<Dockerfile, 'contexts'>;

/** Adds to each Dockerfile the folders it is built in. */
export function withContexts(
  workspace: Workspace,
  parsed: readonly Parsed[],
  compose: readonly ComposeService[],
  platforms: readonly PlatformProcess[],
): readonly Dockerfile[] {
  const tree = treeOf(workspace);
  const wholes = new Set(parsed.filter(takesWhole).map((dockerfile) => dockerfile.file));
  const onPlatforms = platforms
    .flatMap(platformBuild)
    .map((build) => (wholes.has(build.dockerfile) ? { ...build, dir: '.' } : build));
  const builds = [...compose.flatMap(composeBuild), ...onPlatforms, ...commandBuilds(workspace)];
  return parsed.map((dockerfile) => {
    const own = builds.filter((build) => build.dockerfile === dockerfile.file);
    const [first, ...rest] = own.map((build) => declared(workspace, tree, dockerfile, build));
    return { ...dockerfile, contexts: first ? [first, ...rest] : [inferred(workspace, tree, dockerfile)] };
  });
}

/** It copies all there is and works on in the folder that it stands in itself, seen from the root: it is built there. */
const takesWhole = ({ dir, stages }: Parsed): boolean =>
  dir.includes('/') &&
  stages.some(
    (stage) =>
      stage.workdir?.endsWith(`/${dir}`) === true &&
      stage.copies.some((copy) => copy.from === undefined && copy.sources.some((source) => /^\.\/?$/.test(source))),
  );

function declared(workspace: Workspace, tree: Tree, dockerfile: Parsed, build: Build): Context {
  const { dir, why, at, target, purpose } = build;
  const named = namedSources(dockerfile);
  const lost = named.length > 0 && named.every((source) => !tree.has(join(dir, source)));
  return {
    dir,
    why,
    at,
    target,
    purpose,
    declared: true,
    gitRoot: isGitRoot(workspace, dir),
    lost,
    ignore: ignoreOf(workspace, dockerfile, dir),
  };
}

/** The folder, from the Dockerfile's upwards, in which most of its COPY sources exist. */
function inferred(workspace: Workspace, tree: Tree, dockerfile: Parsed): Context {
  const named = namedSources(dockerfile);
  const scored = ancestors(dockerfile.dir).map((dir) => ({
    dir,
    found: named.filter((source) => tree.has(join(dir, source))).length,
  }));
  const weight = ({ dir, found }: { dir: string; found: number }): number =>
    found * 2 + (workspace.has(join(dir, 'package.json')) ? 1 : 0);
  const best = takesWhole(dockerfile)
    ? { dir: '.', found: 0 }
    : scored.reduce((a, b) => (weight(b) > weight(a) ? b : a));
  const why =
    best.found > 0
      ? `${best.found} of its ${named.length} COPY sources stand there`
      : 'no file says in which folder it is built';
  const ignore = ignoreOf(workspace, dockerfile, best.dir);
  return {
    dir: best.dir,
    why,
    at: undefined,
    target: undefined,
    purpose: dockerfile.purpose,
    declared: false,
    gitRoot: isGitRoot(workspace, best.dir),
    lost: best.found === 0 && named.length > 0,
    ignore,
  };
}

/** COPY sources from the build context that name something. */
const namedSources = (dockerfile: Parsed): readonly string[] =>
  dockerfile.stages
    .flatMap((stage) => stage.copies)
    .filter((copy) => copy.from === undefined)
    .flatMap((copy) => copy.sources)
    .map((source) => source.replace(/^\.?\//, '').replace(/\/$/, ''))
    .filter(
      (source) =>
        source !== '' &&
        source !== '.' &&
        !source.includes('$') &&
        !source.startsWith('http') &&
        !source.startsWith('<<'),
    );

/** The audited root is the git root, and the context is it; or there is no git to ask. */
const isGitRoot = (workspace: Workspace, dir: string): boolean => dir === '.' && (workspace.git?.prefix ?? '') === '';

const ancestors = (dir: string): readonly [string, ...string[]] =>
  dir === '.' ? ['.'] : [dir, ...ancestors(dirOf(dir))];

/** `<Dockerfile>.dockerignore` beside the Dockerfile goes before the `.dockerignore` of the folder. */
function ignoreOf(workspace: Workspace, dockerfile: Parsed, dir: string): Context['ignore'] {
  const file = [`${dockerfile.file}.dockerignore`, join(dir, '.dockerignore'), join(dir, '.containerignore')].find(
    (path) => workspace.has(path),
  );
  const text = file === undefined ? undefined : workspace.read(file);
  if (file === undefined || text === undefined) return undefined;
  const patterns = text.split('\n').map((line, index) => ({ text: line.trim(), line: index + 1 }));
  return { file, patterns: patterns.filter((pattern) => pattern.text !== '' && !pattern.text.startsWith('#')) };
}
