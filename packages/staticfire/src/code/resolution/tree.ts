import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { dirOf, joinPath } from './paths.ts';

/** Looks paths up among the files of the audited tree. */
export interface Tree {
  has(path: string): boolean;
  hasFolder(path: string): boolean;
  /** The file that an import path means: as it is, as TypeScript's source of it, with an extension, or as a folder's index. */
  find(path: string): string | undefined;
  /** The same for a path through a linked folder, whose files stand in the tree at their own place only. Asks the disk. */
  findLinked(path: string): string | undefined;
  /** Names of the files directly in a folder that look like compiler configurations. */
  configsIn(dir: string): readonly string[];
}

const SOURCE = /\.[cm]?[jt]sx?$/;
const CONFIG = /(^|\/)(tsconfig[^/]*|jsconfig)\.json$/;
const EXTENSIONS = [
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.d.ts',
  '.json',
  '.vue',
  '.svelte',
] as const;

/** What a written extension may be compiled from; the first that exists is meant. */
const COMPILED_FROM: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx', '.d.ts'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs', '.d.mts'],
  '.cjs': ['.cts', '.cjs', '.d.cts'],
};

export const isSource = (path: string): boolean => SOURCE.test(path);
export const isDeclaration = (path: string): boolean => /\.d\.([cm]?ts|[^./]+\.ts)$/.test(path);

export function createTree(root: string, paths: readonly string[]): Tree {
  const files = new Set(paths);
  const folders = foldersOf(paths);
  const configs = configsByFolder(paths);
  const plain = (path: string): string | undefined => {
    const extension = /\.[cm]?jsx?$/.exec(path)?.[0];
    const compiled =
      extension === undefined
        ? undefined
        : withExtension(files, path.slice(0, -extension.length), COMPILED_FROM[extension] ?? []);
    if (compiled !== undefined) return compiled;
    if (files.has(path)) return path;
    return (
      withExtension(files, path, EXTENSIONS) ??
      (folders.has(path) ? withExtension(files, joinPath(path, 'index'), EXTENSIONS) : undefined)
    );
  };
  const linked = linkFollower(root);
  return {
    has: (path) => files.has(path),
    hasFolder: (path) => path === '.' || folders.has(path),
    find: plain,
    findLinked: (path) => {
      const target = folders.has(dirOf(path)) ? undefined : linked(path);
      return target === undefined ? undefined : plain(target);
    },
    configsIn: (dir) => configs.get(dir) ?? [],
  };
}

function withExtension(files: ReadonlySet<string>, path: string, extensions: readonly string[]): string | undefined {
  for (const extension of extensions) if (files.has(path + extension)) return path + extension;
  return undefined;
}

function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let dir = dirOf(path); dir !== '.' && !folders.has(dir); dir = dirOf(dir)) folders.add(dir);
  }
  return folders;
}

function configsByFolder(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byDir = new Map<string, string[]>();
  for (const path of paths) {
    if (!path.endsWith('.json') || !CONFIG.test(path)) continue;
    const list = byDir.get(dirOf(path));
    if (list === undefined) byDir.set(dirOf(path), [path]);
    else list.push(path);
  }
  return byDir;
}

/** A path through a linked folder, as the path of what the link leads to. */
function linkFollower(root: string): (path: string) => string | undefined {
  const targets = new Map<string, string | undefined>();
  const targetOf = (dir: string): string | undefined => {
    try {
      const target = relative(root, realpathSync(join(root, dir)))
        .split(sep)
        .join('/');
      return target === dir || target.startsWith('..') ? undefined : target;
    } catch {
      return undefined;
    }
  };
  return (path) => {
    const dir = dirOf(path);
    if (dir === '.' || dir.startsWith('..')) return undefined;
    if (!targets.has(dir)) targets.set(dir, targetOf(dir));
    const target = targets.get(dir);
    return target === undefined ? undefined : joinPath(target, path.slice(dir.length + 1));
  };
}
