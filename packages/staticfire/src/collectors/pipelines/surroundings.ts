import { manifestIn, type Packages } from './packages.ts';
import { dirOf, joined } from './paths.ts';
import type { Surroundings } from './programs.ts';

/** Reads the configuration that decides what a compiler or framework build does in this folder. */
export const surroundings = (packages: Packages, dir: string): Surroundings => ({
  noEmit: (args) => noEmit(packages, joined(dir, projectOf(args)), 0),
  buildChecksTypes: (program) => (program === 'next' ? nextChecksTypes(packages, dir) : nestChecksTypes(packages, dir)),
});

function projectOf(args: readonly string[]): string {
  const at = args.findIndex((arg) => ['-p', '--project', '-b', '--build'].includes(arg));
  const named = at >= 0 ? args[at + 1] : undefined;
  if (!named || named.startsWith('-')) return 'tsconfig.json';
  return named.endsWith('.json') ? named : `${named}/tsconfig.json`;
}

function noEmit(packages: Packages, path: string, depth: number): boolean {
  const config = packages.json(path);
  if (config === undefined || depth > 5) return false;
  const own = member(member(config, 'compilerOptions'), 'noEmit');
  if (typeof own === 'boolean') return own;
  const base = member(config, 'extends');
  return typeof base === 'string' && base.startsWith('.')
    ? noEmit(packages, joined(dirOf(path), base.endsWith('.json') ? base : `${base}.json`), depth + 1)
    : false;
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;

/** Next.js checks types in its build, unless told to ignore errors, where the project is TypeScript. */
function nextChecksTypes(packages: Packages, dir: string): boolean {
  const own = manifestIn(packages, dir)?.dir ?? dir;
  const names = ['js', 'mjs', 'cjs', 'ts', 'mts'].map((extension) => joined(own, `next.config.${extension}`));
  const file = names.find((name) => packages.workspace.has(name));
  const text = file ? (packages.workspace.read(file) ?? '') : '';
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:])\/\/.*$/gm, '$1');
  return packages.workspace.has(joined(own, 'tsconfig.json')) && !/ignoreBuildErrors['"]?\s*:\s*true/.test(code);
}

function nestChecksTypes(packages: Packages, dir: string): boolean {
  const own = manifestIn(packages, dir)?.dir ?? dir;
  const options = member(packages.json(joined(own, 'nest-cli.json')), 'compilerOptions');
  const builder = member(options, 'builder');
  const kind = typeof builder === 'string' ? builder : member(builder, 'type');
  return kind !== 'swc' || member(options, 'typeCheck') === true;
}
