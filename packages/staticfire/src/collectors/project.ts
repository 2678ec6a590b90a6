import { type ParseError, parseTree } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import { type Lockfile, type Manager, type Manifest, project, type Project } from '../facts/project.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { lineAt, lineFinder } from './project/lines.ts';

/** The packages of the repository: manifests, lockfiles, workspaces. Without any it is an empty project, so that source alone can be judged. */
export const projectCollector = defineCollector({
  fact: project,
  needs: {},
  collect: ({ workspace }) => known(readProject(workspace)),
});

type Broken = Project['broken'][number];
type ReadResult = { readonly manifest: Manifest } | { readonly broken: Broken };
type Fields = Readonly<Record<string, unknown>>;

function readProject(workspace: Workspace): Project {
  const paths = allPaths(workspace).filter((path) => nameOf(path) === 'package.json');
  const results = paths.flatMap((path) => readManifest(workspace, path));
  const manifests = results.flatMap((result) => ('manifest' in result ? [result.manifest] : []));
  const byDir = new Map(manifests.map((manifest) => [manifest.dir, manifest]));
  const known = new Map<string, readonly Manifest[]>();
  const above = (dir: string): readonly Manifest[] => {
    const held = known.get(dir) ?? manifestsAbove(byDir, dir);
    known.set(dir, held);
    return held;
  };
  return {
    manifests,
    broken: results.flatMap((result) => ('broken' in result ? [result.broken] : [])),
    lockfiles: lockfilesOf(workspace),
    manifestOf: (path) => above(dirOf(path))[0],
    depends: (manifest, name) =>
      manifest !== undefined && above(manifest.dir).some((candidate) => declares(candidate, name)),
  };
}

const allPaths = (workspace: Workspace): readonly string[] =>
  [...workspace.above, ...workspace.files].map((file) => file.path);

function readManifest(workspace: Workspace, file: string): readonly ReadResult[] {
  const text = workspace.read(file);
  if (text === undefined) {
    const reason = workspace.unread.find((entry) => entry.path === file)?.reason ?? 'io-error';
    return [{ broken: { file, detail: `it could not be read (${reason})` } }];
  }
  try {
    const raw: unknown = JSON.parse(text);
    if (!isFields(raw)) return [{ broken: { file, line: 1, detail: 'it holds no object' } }];
    return [{ manifest: manifestOf(workspace, file, text, raw) }];
  } catch (error) {
    return [
      {
        broken: {
          file,
          ...lineOfError(text),
          detail: error instanceof Error ? error.message : String(error),
        },
      },
    ];
  }
}

function manifestOf(workspace: Workspace, file: string, text: string, raw: Fields): Manifest {
  const dir = dirOf(file);
  return {
    file,
    dir,
    name: stringOf(raw['name']),
    private: raw['private'] === true,
    type: raw['type'] === 'module' ? 'module' : 'commonjs',
    main: stringOf(raw['main']),
    bin: binOf(raw['bin']),
    scripts: stringsOf(raw['scripts']),
    dependencies: stringsOf(raw['dependencies']),
    devDependencies: stringsOf(raw['devDependencies']),
    optionalDependencies: stringsOf(raw['optionalDependencies']),
    peerDependencies: stringsOf(raw['peerDependencies']),
    engines: stringsOf(raw['engines']),
    packageManager: stringOf(raw['packageManager']),
    workspaces: [...new Set([...workspacesOf(raw['workspaces']), ...pnpmWorkspaces(workspace, dir)])],
    raw,
    lineOf: lineFinder(text),
  };
}

/** Node names the place of the first error only in words that change between versions, so it is found again here. */
function lineOfError(text: string): { line: number } | Record<never, never> {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  const first = errors[0];
  return first === undefined ? {} : { line: lineAt(text, first.offset) };
}

const binOf = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : Object.values(stringsOf(value));

function workspacesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return isFields(value) ? workspacesOf(value['packages']) : [];
}

function pnpmWorkspaces(workspace: Workspace, dir: string): readonly string[] {
  const text = workspace.read(inDir(dir, 'pnpm-workspace.yaml'));
  if (text === undefined) return [];
  try {
    const value: unknown = parseYaml(text);
    return isFields(value) ? workspacesOf(value['packages']) : [];
  } catch {
    return [];
  }
}

const MANAGERS: Readonly<Record<string, Manager>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
};

function lockfilesOf(workspace: Workspace): readonly Lockfile[] {
  const present = [...workspace.above, ...workspace.files].map(({ path, tracked }) => ({
    path,
    tracked,
  }));
  const hidden = workspace.ignoredFiles.map((path) => ({ path, tracked: false }));
  return [...present, ...hidden]
    .flatMap(({ path, tracked }) => {
      const manager = MANAGERS[nameOf(path)];
      return manager === undefined ? [] : [{ file: path, dir: dirOf(path), manager, tracked }];
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

const declares = (manifest: Manifest, name: string): boolean =>
  [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies, manifest.peerDependencies].some(
    (group) => Object.hasOwn(group, name),
  );

const manifestsAbove = (byDir: ReadonlyMap<string, Manifest>, dir: string): readonly Manifest[] =>
  ancestors(dir).flatMap((ancestor) => byDir.get(ancestor) ?? []);

/** The folder itself and all above it, nearest first, out to the git root for '../' paths. */
function ancestors(dir: string): readonly string[] {
  const names = dir === '.' ? [] : dir.split('/');
  const ups = names.filter((name) => name === '..').length;
  const inside = names.slice(ups);
  const own = inside.map((_, n) => [...names.slice(0, ups), ...inside.slice(0, inside.length - n)].join('/'));
  const outside = Array.from({ length: FARTHEST }, (_, n) =>
    n + ups === 0 ? '.' : Array.from({ length: n + ups }, () => '..').join('/'),
  );
  return [...own, ...outside];
}

const FARTHEST = 12;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const dirOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.');
const inDir = (dir: string, name: string): string => (dir === '.' ? name : `${dir}/${name}`);

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isFields(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
