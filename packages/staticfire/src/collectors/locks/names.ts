import { parse } from 'jsonc-parser';
import type { Lockfile } from '../../facts/project.ts';

/** Does the lockfile know this dependency of the package in this folder ('' for the lockfile's own)? */
export type Knows = (dir: string, name: string) => boolean;

/** Undefined where the format is not read. */
export function lockedNames(lockfile: Lockfile, text: string): Knows | undefined {
  if (lockfile.file.endsWith('.lockb')) return undefined;
  return { npm: npmNames, pnpm: pnpmNames, yarn: yarnNames, bun: bunNames }[lockfile.manager](text);
}

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
const declares = (entry: Fields, name: string): boolean =>
  groups.some((group) => Object.hasOwn(fields(entry[group]), name));

function npmNames(text: string): Knows | undefined {
  const lock = jsonOf(text);
  if (!lock) return undefined;
  const packages = fields(lock['packages']);
  if (Object.keys(packages).length === 0 && lock['lockfileVersion'] !== 1)
    return Object.hasOwn(lock, 'packages') ? () => false : undefined;
  if (lock['lockfileVersion'] === 1) return (_, name) => Object.hasOwn(fields(lock['dependencies']), name);
  return (dir, name) => declares(fields(packages[dir]), name);
}

function jsonOf(text: string): Fields | undefined {
  try {
    return fields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function bunNames(text: string): Knows {
  const workspaces = fields(fields(parse(text, [], { allowTrailingComma: true }))['workspaces']);
  return (dir, name) => declares(fields(workspaces[dir]), name);
}

/** The keys of each importer, by indentation; the file is a machine's, so its layout is fixed. */
function pnpmNames(text: string): Knows {
  const importers = new Map<string, Set<string>>();
  const flat = !/^importers:/m.test(text);
  let section = '';
  let importer = '.';
  for (const row of (flat ? text : importersOf(text)).split('\n')) {
    const [, indent = '', quoted, plain] = /^( *)(?:'([^']+)'|([^\s:'#][^:]*)):/.exec(row) ?? [];
    const key = quoted ?? plain;
    if (key === undefined) continue;
    if (indent === '') section = key;
    const depth = indent.length - (flat ? 0 : 4);
    if (section === 'importers' && indent.length === 2) importer = key;
    if ((section === 'importers' && depth === 2) || (flat && /[dD]ependencies$/.test(section) && depth === 2))
      importers.set(importer, (importers.get(importer) ?? new Set()).add(key));
  }
  return (dir, name) => importers.get(dir === '' ? '.' : dir)?.has(name) ?? false;
}

/** The importers are a small part of a lockfile. */
const importersOf = (text: string): string =>
  text
    .split(/^(?=[^\s#])/m)
    .filter((part) => part.startsWith('importers:'))
    .join('');

function yarnNames(text: string): Knows {
  const names = new Set<string>();
  for (const row of text.split('\n')) {
    if (row.startsWith(' ') || row.startsWith('#') || !row.endsWith(':')) continue;
    for (const descriptor of row.slice(0, -1).replaceAll('"', '').split(/,\s*/))
      names.add(descriptor.replace(/^(@?[^@]+)@.*$/, '$1'));
  }
  return (_, name) => names.has(name);
}
