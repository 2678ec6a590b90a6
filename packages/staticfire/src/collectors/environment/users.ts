import type { CodeModel, SourceFile } from '../../code/model.ts';
import type { Export, Import } from '../../code/summary.ts';

/** The names by which each file gives something; a star of names stands for whatever it exports. */
export type Given = ReadonlyMap<string, ReadonlySet<string>>;

/** The files that import a given name, also through files that pass it on under this or another name; a module as a whole counts. */
export function usersOf(model: CodeModel, given: Given): readonly string[] {
  const users = new Set<string>();
  const known = new Map<string, Set<string>>();
  const queue: string[] = [];
  const give = (file: string, names: Iterable<string>): void => {
    const held = known.get(file) ?? new Set<string>();
    const before = held.size;
    for (const name of names) held.add(name);
    known.set(file, held);
    if (held.size > before) queue.push(file);
  };
  for (const [file, names] of given) give(file, names);
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const names = known.get(at) ?? new Set<string>();
    for (const importer of model.importersOf(at)) {
      const source = model.get(importer);
      if (!source) continue;
      const from = specifiersOf(source, at);
      if (source.head.imports.some((i) => from.has(i.from) && takes(i, names))) users.add(importer);
      give(importer, passedOn(source.head.exports, from, names));
    }
  }
  return [...users].toSorted();
}

/** How a file writes another in its imports. */
function specifiersOf(source: SourceFile, target: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { from, typeOnly } of source.head.imports) {
    if (typeOnly || found.has(from)) continue;
    const to = source.resolve(from);
    if (to.kind === 'file' && to.path === target) found.add(from);
  }
  return found;
}

/** A static import without names binds nothing; `require` and `import()` give the module as a whole. */
const takes = (imported: Import, names: ReadonlySet<string>): boolean =>
  !imported.typeOnly &&
  (imported.kind === 'static'
    ? imported.names.some((n) => n.imported === '*' || names.has(n.imported))
    : imported.names.length === 0 || imported.names.some((n) => n.imported === '*' || names.has(n.imported)));

function passedOn(
  exports: readonly Export[],
  from: ReadonlySet<string>,
  names: ReadonlySet<string>,
): readonly string[] {
  return exports.flatMap((e) => {
    if (e.typeOnly || e.from === undefined || !from.has(e.from)) return [];
    if (e.name === '*') return [...names].filter((name) => name !== 'default');
    return e.imported === '*' || (e.imported !== undefined && names.has(e.imported)) ? [e.name] : [];
  });
}
