import type { CodeModel } from '../code/model.ts';
import type { EndpointSite } from './framework.ts';

/** Joins what the readers need; which packages live files import is looked up once. */
export function siteOf(parts: Omit<EndpointSite, 'importing'>): EndpointSite {
  let importers: ReadonlyMap<string, readonly string[]> | undefined;
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

function importersOf(code: CodeModel, files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of files) {
    const source = code.get(file);
    for (const imported of source?.head.imports ?? []) {
      if (imported.typeOnly || imported.from.startsWith('.')) continue;
      const target = source?.resolve(imported.from);
      if (target?.kind !== 'package' && target?.kind !== 'builtin') continue;
      const name = target.kind === 'builtin' ? `node:${target.name}` : target.name;
      found.set(name, (found.get(name) ?? new Set()).add(file));
    }
  }
  return new Map([...found].map(([name, set]) => [name, [...set]]));
}
