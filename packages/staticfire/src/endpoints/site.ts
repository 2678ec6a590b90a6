import type { CodeModel } from '../code/model.ts';
import type { EndpointSite } from './framework.ts';

/** Joins what the readers need; which packages live files import is looked up once. */
export function siteOf(parts: Omit<EndpointSite, 'importing'>): EndpointSite {
  let importers: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  const importing = (...packages: readonly string[]): readonly string[] => {
    importers ??= importersOf(parts.code, parts.live.files);
    const found = new Set<string>();
    for (const [name, files] of importers)
      if (packages.some((wanted) => wanted === name || (wanted.endsWith('/') && name.startsWith(wanted))))
        for (const file of files) found.add(file);
    return [...found].toSorted();
  };
  return { ...parts, importing };
}

const builtin = /^(?:node:)?(https?|http2)$/;

/** By the names as written: the packages that are asked for have names that nothing else bears. */
function importersOf(code: CodeModel, files: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of files)
    for (const { from, typeOnly } of code.get(file)?.head.imports ?? []) {
      if (typeOnly || from.startsWith('.')) continue;
      const name = builtin.test(from) ? from.replace(builtin, 'node:$1') : packageIn(from);
      const set = found.get(name);
      if (set) set.add(file);
      else found.set(name, new Set([file]));
    }
  return found;
}

/** The package in a specifier, without a path inside it. */
function packageIn(specifier: string): string {
  const first = specifier.indexOf('/');
  if (first === -1) return specifier;
  if (!specifier.startsWith('@')) return specifier.slice(0, first);
  const second = specifier.indexOf('/', first + 1);
  return second === -1 ? specifier : specifier.slice(0, second);
}
