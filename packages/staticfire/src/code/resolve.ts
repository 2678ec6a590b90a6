import { builtinModules } from 'node:module';
import type { Target } from './model.ts';
import { conditionTargets } from './resolution/exports.ts';
import { type Generated, generatedClients } from './resolution/generated.ts';
import { outputToSource, type OutputToSource } from './resolution/output.ts';
import {
  createPackages,
  firstFile,
  packageEntry,
  type Packages,
  type PackageSource,
  splitName,
} from './resolution/packages.ts';
import { bestMatch, dirOf, foldersUp, joinPath } from './resolution/paths.ts';
import { createTree, isDeclaration, isSource, type Tree } from './resolution/tree.ts';
import { type CompilerConfig, type ConfigReader, configReader } from './resolution/tsconfig.ts';

export interface ResolverInput {
  /** Absolute. */
  readonly root: string;
  /** Every file of the tree, relative to the root. */
  readonly files: readonly string[];
  readonly manifests: readonly PackageSource[];
  readonly read: (path: string) => string | undefined;
}

/** Where imports lead. It looks among the files of the tree, so nothing need be installed or built, and it runs nothing. */
export interface Resolver {
  resolve(file: string, specifier: string): Target;
  /** Sources that a path of build output ('apps/api/dist/server.js') is built from, the likeliest first; only those that exist. */
  buildOutputToSource(path: string): readonly string[];
  /** What was wrong with compiler configurations, one sentence each. */
  readonly notes: readonly string[];
}

interface Context {
  readonly tree: Tree;
  readonly packages: Packages;
  readonly toSource: OutputToSource;
  readonly configs: ConfigReader;
  readonly generated: (path: string) => Generated | undefined;
}

const BUILTINS: ReadonlySet<string> = new Set(builtinModules);
const UNRESOLVED: Target = { kind: 'unresolved' };

export function createResolver(input: ResolverInput): Resolver {
  const context = createContext(input);
  const scopeOf = scopeFinder(context);
  const bare = new Map<Scope, Map<string, Target>>();
  const folders = new Map<string, Map<string, Target>>();
  const inScope = (dir: string, specifier: string): Target => {
    const scope = scopeOf(dir);
    const known = mapFor(bare, scope);
    const target = known.get(specifier) ?? bareTarget(context, scope, specifier);
    known.set(specifier, target);
    return target;
  };
  const inFolder = (dir: string, specifier: string): Target =>
    isRelative(specifier) ? relativeTarget(context, dir, specifier) : inScope(dir, specifier);
  return {
    resolve: (file, written) => {
      const dir = dirOf(file);
      const known = mapFor(folders, dir);
      const held = known.get(written);
      if (held !== undefined) return held;
      const target = inFolder(dir, withoutQuery(written));
      known.set(written, target);
      return target;
    },
    buildOutputToSource: context.toSource,
    get notes() {
      return context.configs.notes;
    },
  };
}

function createContext({ root, files, manifests, read }: ResolverInput): Context {
  const tree = createTree(root, files);
  const packages = createPackages(manifests);
  const inPackage = (specifier: string): string | undefined => {
    const { name, subpath } = splitName(specifier);
    const source = packages.named(name, '.');
    const paths = subpath === '' ? ['tsconfig.json'] : [subpath, `${subpath}.json`, `${subpath}/tsconfig.json`];
    return (
      source && paths.map((path) => joinPath(source.dir, path)).find((path) => path.endsWith('.json') && tree.has(path))
    );
  };
  const configs = configReader({ read, has: (path) => tree.has(path), inPackage });
  return {
    tree,
    packages,
    configs,
    generated: generatedClients(files, read),
    toSource: outputToSource(tree, configs, packages.dirs),
  };
}

function mapFor<K>(maps: Map<K, Map<string, Target>>, key: K): Map<string, Target> {
  const held = maps.get(key);
  if (held !== undefined) return held;
  const fresh = new Map<string, Target>();
  maps.set(key, fresh);
  return fresh;
}

/** Folders that share their configurations and their package resolve every bare name alike. */
interface Scope {
  readonly dir: string;
  readonly configs: readonly CompilerConfig[];
  readonly governing: PackageSource | undefined;
}

function scopeFinder(context: Context): (dir: string) => Scope {
  const scopes = new Map<string, Scope>();
  const find = (dir: string): Scope => {
    const held = scopes.get(dir);
    if (held !== undefined) return held;
    const starts = dir === '.' || context.packages.dirs.has(dir) || context.tree.configsIn(dir).length > 0;
    const scope = starts ? scopeAt(context, dir) : find(dirOf(dir));
    scopes.set(dir, scope);
    return scope;
  };
  return find;
}

const FARTHEST_UP = 8;

function scopeAt(context: Context, dir: string): Scope {
  const ups = Array.from({ length: FARTHEST_UP }, (_, n) => Array.from({ length: n + 1 }, () => '..').join('/'));
  const files = [...foldersUp(dir), ...ups].flatMap((folder) => ordered(context.tree.configsIn(folder)));
  const configs = new Map<string, CompilerConfig>();
  for (const file of files) addConfig(context, configs, file, dir);
  return { dir, configs: [...configs.values()], governing: context.packages.governing(dir) };
}

/** The configuration, then those it refers to that lie above the folder as well: another project's paths are not ours. */
function addConfig(context: Context, configs: Map<string, CompilerConfig>, file: string, dir: string): void {
  if (configs.has(file)) return;
  const config = context.configs.read(file);
  if (config === undefined) return;
  configs.set(file, config);
  const own = foldersUp(dir);
  for (const reference of config.references)
    if (own.includes(dirOf(reference))) addConfig(context, configs, reference, dir);
}

/** tsconfig.json leads; its siblings for builds and editors follow. */
const ordered = (files: readonly string[]): readonly string[] =>
  files.toSorted((a, b) => precedence(a) - precedence(b) || (a < b ? -1 : 1));

function precedence(file: string): number {
  if (file.endsWith('tsconfig.json')) return 0;
  if (file.endsWith('tsconfig.base.json')) return 1;
  return file.endsWith('jsconfig.json') ? 2 : 3;
}

/** Without a bundler's loader in front and its query behind. */
function withoutQuery(specifier: string): string {
  const bang = specifier.lastIndexOf('!');
  const path = bang < 0 ? specifier : specifier.slice(bang + 1);
  const query = path.indexOf('?');
  return query > 0 ? path.slice(0, query) : path;
}

const isRelative = (specifier: string): boolean =>
  specifier.startsWith('./') || specifier.startsWith('../') || specifier === '.' || specifier === '..';

function relativeTarget(context: Context, dir: string, specifier: string): Target {
  const path = joinPath(dir, specifier);
  const modules = path.lastIndexOf('node_modules/');
  if (modules >= 0) return packageTarget(path.slice(modules + 'node_modules/'.length));
  const generated = context.generated(path);
  if (generated !== undefined) return { kind: 'package', ...generated };
  const found = context.tree.find(path) ?? folderEntry(context, path) ?? context.tree.findLinked(path);
  if (found !== undefined) return fileTarget(found);
  if (path.startsWith('../') || path === '..') return { kind: 'package', name: path, subpath: '' };
  const source = context.toSource(path)[0];
  return source === undefined ? UNRESOLVED : fileTarget(source);
}

/** A folder with a package.json of its own means that package's entry. */
function folderEntry(context: Context, path: string): string | undefined {
  if (!context.packages.dirs.has(path)) return undefined;
  const source = context.packages.governing(path);
  return source && packageEntry(context.tree, context.toSource, source, '');
}

const fileTarget = (path: string): Target => (isSource(path) ? { kind: 'file', path } : { kind: 'asset', path });

const packageTarget = (specifier: string): Target => ({ kind: 'package', ...splitName(specifier) });

function bareTarget(context: Context, scope: Scope, specifier: string): Target {
  if (specifier.startsWith('node:')) return { kind: 'builtin', name: specifier.slice('node:'.length) };
  if (BUILTINS.has(specifier)) return { kind: 'builtin', name: specifier };
  if (/^[a-z][a-z+.-]*:/.test(specifier)) return { kind: 'package', name: specifier, subpath: '' };
  if (specifier.startsWith('#')) {
    const own = internalTarget(context, scope, specifier);
    if (own !== undefined) return own;
  }
  const mapped =
    mappedFile(context, scope, specifier) ??
    aliasedFile(context, scope, specifier) ??
    workspaceFile(context, scope, specifier);
  if (mapped !== undefined) return typeof mapped === 'string' ? fileTarget(mapped) : mapped;
  const custom = customaryFile(context, scope, specifier);
  if (custom !== undefined) return fileTarget(custom);
  return leadsNowhere(context, scope, specifier) ? UNRESOLVED : packageTarget(specifier);
}

/** `imports` of package.json. */
function internalTarget(context: Context, { governing }: Scope, specifier: string): Target | undefined {
  if (governing === undefined) return undefined;
  const targets = conditionTargets(governing.raw['imports'], specifier);
  const found = firstFile(context.tree, context.toSource, governing.dir, targets.filter(isRelative));
  if (found !== undefined) return fileTarget(found);
  const name = targets.find((target) => !isRelative(target));
  if (name === undefined) return undefined;
  return BUILTINS.has(name.replace('node:', ''))
    ? { kind: 'builtin', name: name.replace('node:', '') }
    : packageTarget(name);
}

/** `paths` and `baseUrl`. A declaration file found so describes a package; it does not replace it. */
function mappedFile(context: Context, scope: Scope, specifier: string): string | Target | undefined {
  for (const config of scope.configs) {
    const hit = bestMatch(config.paths.keys(), specifier);
    const targets =
      hit === undefined
        ? []
        : (config.paths.get(hit.pattern) ?? []).map((target) => target.replace('*', () => hit.star));
    const places = config.baseUrl === undefined ? targets : [...targets, joinPath(config.baseUrl, specifier)];
    const generated = targets.map(context.generated).find((hit) => hit !== undefined);
    if (generated !== undefined) return { kind: 'package', ...generated };
    const found = placesFile(context, places) ?? linkedFile(context, targets);
    if (found !== undefined) return found;
  }
  return undefined;
}

function placesFile(context: Context, places: readonly string[]): string | undefined {
  for (const place of places) {
    if (place.includes('node_modules')) continue;
    const found = context.tree.find(place) ?? folderEntry(context, place) ?? context.toSource(place)[0];
    if (found !== undefined && !isDeclaration(found)) return found;
  }
  return undefined;
}

const linkedFile = (context: Context, targets: readonly string[]): string | undefined =>
  targets.map((target) => context.tree.findLinked(target)).find((path) => path !== undefined && !isDeclaration(path));

/** The aliases that the module-alias package reads from package.json. */
function aliasedFile(context: Context, { governing }: Scope, specifier: string): string | undefined {
  const aliases = governing?.raw['_moduleAliases'];
  if (governing === undefined || typeof aliases !== 'object' || aliases === null) return undefined;
  const hit = Object.entries(aliases).find(([name]) => specifier === name || specifier.startsWith(`${name}/`));
  if (hit === undefined || typeof hit[1] !== 'string') return undefined;
  return firstFile(context.tree, context.toSource, governing.dir, [`${hit[1]}${specifier.slice(hit[0].length)}`]);
}

function workspaceFile(context: Context, scope: Scope, specifier: string): string | Target | undefined {
  const { name, subpath } = splitName(specifier);
  const source = context.packages.named(name, scope.dir);
  if (source === undefined) return undefined;
  return packageEntry(context.tree, context.toSource, source, subpath) ?? UNRESOLVED;
}

const CUSTOMARY_ALIAS = /^(@|~|@@|~~)\//;
const CUSTOMARY_FOLDERS = ['src', 'app', '.'] as const;

/** Aliases that bundlers and frameworks set without a compiler configuration; they count only where a file proves them. */
function customaryFile(context: Context, scope: Scope, specifier: string): string | undefined {
  const dir = scope.governing?.dir ?? '.';
  const rest = specifier.replace(CUSTOMARY_ALIAS, '').replace(/^\//, '');
  if (rest !== specifier)
    return placesFile(
      context,
      CUSTOMARY_FOLDERS.map((folder) => joinPath(joinPath(dir, folder), rest)),
    );
  return specifier.startsWith('src/') ? placesFile(context, [joinPath(dir, specifier)]) : undefined;
}

/** No package can be meant: no package bears such a name, or an alias of ours claims it and no one declares it. */
function leadsNowhere(context: Context, scope: Scope, specifier: string): boolean {
  if (/^[#/]/.test(specifier) || CUSTOMARY_ALIAS.test(specifier)) return true;
  if (context.packages.declared(splitName(specifier).name, scope.dir)) return false;
  return scope.configs.some((config) => {
    const hit = bestMatch(config.paths.keys(), specifier);
    return (
      hit !== undefined &&
      hit.pattern !== '*' &&
      !(config.paths.get(hit.pattern) ?? []).some((target) => target.includes('node_modules'))
    );
  });
}
