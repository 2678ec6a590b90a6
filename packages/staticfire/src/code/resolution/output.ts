import { baseOf, below, foldersUp, joinPath } from './paths.ts';
import { isDeclaration, isSource, type Tree } from './tree.ts';
import type { CompilerConfig, ConfigReader } from './tsconfig.ts';

/** From a path of build output to the source files that it is built from. */
export type OutputToSource = (path: string) => readonly string[];

const OUTPUT_FOLDERS: ReadonlySet<string> = new Set([
  'dist',
  'build',
  'lib',
  'out',
  'output',
  '.output',
  '.build',
  'bundle',
  'compiled',
  'release',
  'prod',
  'js',
  'es',
  'esm',
  'cjs',
  'target',
  'bin',
  'built',
  '_build',
  'tmp',
]);
/** Folders that a build adds below its output for a module format or a half of the application. */
const FORMAT_FOLDERS: ReadonlySet<string> = new Set([
  'cjs',
  'esm',
  'es',
  'commonjs',
  'module',
  'node',
  'types',
  'js',
  'src',
  'dist',
  'umd',
  'source',
  'production',
  'development',
]);

/**
 * Sources that exist, the likeliest first: by outDir and rootDir of the configurations above the path, then by the
 * custom of dist/x.js being built from src/x.ts. A path that is source itself stands for itself.
 */
export function outputToSource(tree: Tree, configs: ConfigReader, packageDirs: ReadonlySet<string>): OutputToSource {
  const compiled = (path: string): readonly string[] =>
    foldersUp(path)
      .flatMap((dir) => tree.configsIn(dir))
      .flatMap((file) => byConfig(configs.read(file), path));
  return (written) => {
    const path = joinPath('.', written);
    const candidates = [...compiled(path), ...byCustom(path, packageDirs)];
    const found = new Set(candidates.flatMap((candidate) => sourceAt(tree, candidate) ?? []));
    const own = tree.find(path);
    if (own !== undefined && isSource(own) && !isDeclaration(own)) found.add(own);
    return [...found];
  };
}

function sourceAt(tree: Tree, path: string): string | undefined {
  const found =
    tree.find(path.replace(/\.d(\.[cm]?)ts$/, '$1js')) ??
    tree.find(path.replace(/(\.min)?\.[cm]?jsx?$|\.d\.[cm]?ts$/, ''));
  return found !== undefined && isSource(found) && !isDeclaration(found) ? found : undefined;
}

function byConfig(config: CompilerConfig | undefined, path: string): readonly string[] {
  if (config?.outDir === undefined) return [];
  const rest = below(config.outDir, path);
  const dir = foldersUp(config.file)[1] ?? '.';
  if (rest === undefined || config.outDir === dir) return [];
  if (config.rootDir !== undefined) return [joinPath(config.rootDir, rest)];
  return [joinPath(joinPath(dir, 'src'), rest), joinPath(dir, rest)];
}

/** Everything up to an output folder is the package; what follows names the source. */
function byCustom(path: string, packageDirs: ReadonlySet<string>): readonly string[] {
  const names = path.split('/');
  const start = foldersUp(path).find((dir) => packageDirs.has(dir)) ?? '.';
  const first = start === '.' ? 0 : start.split('/').length;
  const at = names.findIndex(
    (name, n) => n >= first && n < names.length - (isFileName(path) ? 1 : 0) && OUTPUT_FOLDERS.has(name),
  );
  if (at < 0) return [];
  const dir = names.slice(0, at).join('/') || '.';
  return tails(names.slice(at + 1)).flatMap((rest) => placesOf(dir, rest, packageDirs));
}

const isFileName = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(baseOf(path));

/** The rest itself, then without leading format folders, one by one. */
function tails(names: readonly string[]): readonly string[] {
  const rest = names.join('/') || 'index';
  const [head, ...others] = names;
  return head !== undefined && others.length > 0 && FORMAT_FOLDERS.has(head) ? [rest, ...tails(others)] : [rest];
}

const MEMBER_FOLDER = /^(apps|packages|libs|services)\/[^/]+$/;

function placesOf(dir: string, rest: string, packageDirs: ReadonlySet<string>): readonly string[] {
  const near = [joinPath(joinPath(dir, 'src'), rest), joinPath(dir, rest)];
  const isMember = (folder: string): boolean =>
    folder !== '.' && (packageDirs.has(folder) || MEMBER_FOLDER.test(folder));
  const inner = foldersUp(rest).flatMap((folder) =>
    isMember(folder) ? [joinPath(joinPath(folder, 'src'), below(folder, rest) ?? ''), rest] : [],
  );
  const whole = packageDirs.has(dir) && dir !== '.' && rest.startsWith(`${dir}/`) ? [rest] : [];
  return [...near, ...inner, ...whole];
}
