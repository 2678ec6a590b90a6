import { conditionTargets } from './exports.ts';
import type { OutputToSource } from './output.ts';
import { below, foldersUp, globExpression, joinPath } from './paths.ts';
import { isDeclaration, isSource, type Tree } from './tree.ts';

/** What the resolver must know of a package.json. */
export interface PackageSource {
  readonly dir: string;
  readonly name: string | undefined;
  readonly workspaces: readonly string[];
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The packages that the repository holds itself. */
export interface Packages {
  readonly dirs: ReadonlySet<string>;
  /** The package that governs a folder. */
  governing(dir: string): PackageSource | undefined;
  /** The package of the repository that a file below `dir` means by this name. */
  named(name: string, dir: string): PackageSource | undefined;
  /** Is the name declared as a dependency somewhere above the folder? */
  declared(name: string, dir: string): boolean;
}

export interface BareName {
  readonly name: string;
  /** Without the leading slash, '' for the package itself. */
  readonly subpath: string;
}

export function splitName(specifier: string): BareName {
  const names = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return { name: names.slice(0, length).join('/'), subpath: names.slice(length).join('/') };
}

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;
const FOLDER_PROTOCOL = /^(file|link|portal):(.+)$/;

export function createPackages(sources: readonly PackageSource[]): Packages {
  const byDir = new Map(sources.map((source) => [source.dir, source]));
  const byName = byNameOf(sources);
  const members = membersOf(sources);
  const above = (dir: string): readonly PackageSource[] => foldersUp(dir).flatMap((folder) => byDir.get(folder) ?? []);
  const declaredAs = (name: string, dir: string): string | undefined =>
    above(dir).flatMap((source) => versionIn(source, name) ?? [])[0];
  const linked = (name: string, dir: string): PackageSource | undefined => {
    for (const source of above(dir)) {
      const folder = FOLDER_PROTOCOL.exec(versionIn(source, name) ?? '')?.[2];
      if (folder !== undefined) return byDir.get(joinPath(source.dir, folder));
    }
    return undefined;
  };
  return {
    dirs: new Set(byDir.keys()),
    governing: (dir) => above(dir)[0],
    declared: (name, dir) => declaredAs(name, dir) !== undefined,
    named: (name, dir) => {
      const same = byName.get(name) ?? [];
      const member = same.find((source) => members.has(source.dir));
      if (member !== undefined) return member;
      const version = declaredAs(name, dir);
      if (version === undefined || version.startsWith('workspace:')) return nearest(same, dir);
      return linked(name, dir);
    },
  };
}

function byNameOf(sources: readonly PackageSource[]): ReadonlyMap<string, readonly PackageSource[]> {
  const byName = new Map<string, PackageSource[]>();
  for (const source of sources) {
    if (source.name === undefined) continue;
    const list = byName.get(source.name);
    if (list === undefined) byName.set(source.name, [source]);
    else list.push(source);
  }
  return byName;
}

/** Folders of packages that some workspace root counts among its own. */
function membersOf(sources: readonly PackageSource[]): ReadonlySet<string> {
  const members = new Set<string>();
  for (const root of sources.filter((source) => source.workspaces.length > 0)) {
    const wanted = root.workspaces.filter((glob) => !glob.startsWith('!')).map(globExpression);
    const unwanted = root.workspaces
      .filter((glob) => glob.startsWith('!'))
      .map((glob) => globExpression(glob.slice(1)));
    for (const { dir } of sources) {
      const path = below(root.dir, dir);
      if (path === undefined) continue;
      if (path === '.' || (wanted.some((glob) => glob.test(path)) && !unwanted.some((glob) => glob.test(path))))
        members.add(dir);
    }
  }
  return members;
}

function versionIn(source: PackageSource, name: string): string | undefined {
  for (const group of GROUPS) {
    const dependencies = source.raw[group];
    if (!isFields(dependencies) || !Object.hasOwn(dependencies, name)) continue;
    const version = dependencies[name];
    return typeof version === 'string' ? version : '';
  }
  return undefined;
}

/** Of several packages of one name the one that shares most of its path with the importer. */
const nearest = (same: readonly PackageSource[], dir: string): PackageSource | undefined =>
  same.toSorted((a, b) => shared(b.dir, dir) - shared(a.dir, dir))[0];

const shared = (a: string, b: string): number => foldersUp(a).filter((folder) => below(folder, b) !== undefined).length;

const ENTRY_FIELDS = ['source', 'module', 'main', 'types', 'typings'] as const;
const CUSTOMARY = ['src/index', 'index', 'src/main', 'lib/index', 'src/lib/index'] as const;

/** The file of a package that an import of it or of a path in it means. */
export function packageEntry(
  tree: Tree,
  toSource: OutputToSource,
  source: PackageSource,
  subpath: string,
): string | undefined {
  const written = [
    ...writtenTargets(source, subpath),
    ...(subpath === '' ? CUSTOMARY : [subpath, `src/${subpath}`, `lib/${subpath}`]),
  ];
  return firstFile(tree, toSource, source.dir, written);
}

function writtenTargets(source: PackageSource, subpath: string): readonly string[] {
  const exported = conditionTargets(source.raw['exports'], subpath === '' ? '.' : `./${subpath}`);
  if (exported.length > 0 || subpath !== '') return exported;
  return ENTRY_FIELDS.flatMap((field) => {
    const value = source.raw[field];
    return typeof value === 'string' ? [value] : [];
  });
}

/** The first of several written paths that leads to source, be it as it stands or as output of a build; other files only after that. */
export function firstFile(
  tree: Tree,
  toSource: OutputToSource,
  dir: string,
  written: readonly string[],
): string | undefined {
  const paths = written.map((path) => joinPath(dir, path));
  for (const path of paths) {
    const source = toSource(path)[0] ?? tree.find(path);
    if (source !== undefined && isSource(source) && !isDeclaration(source)) return source;
  }
  return paths.map((path) => tree.find(path)).find((path) => path !== undefined);
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
