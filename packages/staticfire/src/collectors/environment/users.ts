import type { CodeModel, SourceFile } from '../../code/model.ts';
import type { FileHead, Import } from '../../code/summary.ts';

/** The names by which each file gives something; a star of names stands for whatever it exports. */
export type Given = ReadonlyMap<string, ReadonlySet<string>>;

/** The files that import a given name, also through files that pass it on under this or another name; a module as a whole counts. */
export type Users = (given: Given) => readonly string[];

export function usersIn(model: CodeModel): Users {
  const tables = new Map<string, Specifiers>();
  const specifiers = (source: SourceFile): Specifiers => {
    const table = tables.get(source.path) ?? specifiersOf(source);
    tables.set(source.path, table);
    return table;
  };
  return (given) => usersOf(model, specifiers, given);
}

function usersOf(model: CodeModel, specifiers: (source: SourceFile) => Specifiers, given: Given): readonly string[] {
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
      const from = source && specifiers(source).get(at);
      if (!source || !from) continue;
      if (source.head.imports.some((i) => from.has(i.from) && takes(i, names))) users.add(importer);
      give(importer, passedOn(source.head, from, names));
    }
  }
  return [...users].toSorted();
}

/** How a file writes others in its imports, by where they lead. */
type Specifiers = ReadonlyMap<string, ReadonlySet<string>>;

function specifiersOf(source: SourceFile): Specifiers {
  const found = new Map<string, Set<string>>();
  for (const { from, typeOnly } of source.head.imports) {
    const to = typeOnly ? undefined : source.resolve(from);
    if (to?.kind !== 'file') continue;
    const held = found.get(to.path);
    if (held) held.add(from);
    else found.set(to.path, new Set([from]));
  }
  return found;
}

/** A static import without names binds nothing; `require` and `import()` give the module as a whole. */
const takes = (imported: Import, names: ReadonlySet<string>): boolean =>
  !imported.typeOnly &&
  (imported.kind === 'static'
    ? imported.names.some((n) => n.imported === '*' || names.has(n.imported))
    : imported.names.length === 0 || imported.names.some((n) => n.imported === '*' || names.has(n.imported)));

/** What a file exports of these names: from the other file, or after importing it. */
function passedOn(head: FileHead, from: ReadonlySet<string>, names: ReadonlySet<string>): readonly string[] {
  if (head.exports.length === 0) return [];
  const taken = head.imports.flatMap((i) => (from.has(i.from) && !i.typeOnly ? i.names : []));
  const locals = new Set(taken.flatMap((n) => (n.imported === '*' || names.has(n.imported) ? [n.local] : [])));
  return head.exports.flatMap((e) => {
    if (e.typeOnly) return [];
    if (e.from === undefined) return e.local !== undefined && locals.has(e.local) ? [e.name] : [];
    if (!from.has(e.from)) return [];
    if (e.name === '*') return [...names].filter((name) => name !== 'default');
    return e.imported === '*' || (e.imported !== undefined && names.has(e.imported)) ? [e.name] : [];
  });
}

/** The files that import anything of a file, asked once for each. */
export function usersByFile(model: CodeModel, users: Users): (file: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const held = known.get(file);
    if (held) return held;
    const exports = model.get(file)?.head.exports ?? [];
    const found = users(new Map([[file, new Set(exports.flatMap((e) => (e.typeOnly ? [] : [e.name])))]]));
    known.set(file, found);
    return found;
  };
}
