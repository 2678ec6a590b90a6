import type { Export } from '../summary.ts';
import type { LoadGraph } from './graph.ts';
import { exportKey, unitsOf, type FileUnits } from './units.ts';

/** A file's units with its names. */
export interface IndexedFile extends FileUnits {
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly imported: string }>;
  readonly exports: ReadonlyMap<string, readonly Export[]>;
  /** Targets of `export * from`. */
  readonly stars: readonly string[];
  /** Targets of `import './x'`: for their effects alone. */
  readonly effects: readonly string[];
  /** Where a specifier of the file leads, when it leads to source of the repository. */
  target(from: string): string | undefined;
}

/** What an exported name comes down to. */
export interface Origin {
  readonly file: string;
  /** The module as a whole: `export * as name`. */
  readonly whole: boolean;
  /** Name of the top-level binding, or the key of an exported value. */
  readonly names: readonly string[];
  /** Each re-export on the way, the asked one included. */
  readonly via: readonly { readonly file: string; readonly name: string }[];
}

/** Indexes of files, made once and shared by all services. */
export interface SymbolIndex {
  of(file: string): IndexedFile | undefined;
  /** Followed through re-exports; empty when the file exports no such name. */
  origins(file: string, name: string): readonly Origin[];
}

export function createIndex(graph: LoadGraph): SymbolIndex {
  const files = new Map<string, IndexedFile | undefined>();
  const tables = new Map<string, Table>();
  const index: SymbolIndex = {
    of(file) {
      if (!files.has(file)) files.set(file, indexed(graph, file));
      return files.get(file);
    },
    origins: (file, name) => tableOf(index, tables, file).get(name) ?? [],
  };
  return index;
}

function indexed(graph: LoadGraph, file: string): IndexedFile | undefined {
  const source = graph.code.get(file);
  if (!source) return undefined;
  const imports = new Map<string, { from: string; imported: string }>();
  for (const { from, names, typeOnly } of source.head.imports)
    for (const { imported, local } of names) if (!typeOnly) imports.set(local, { from, imported });
  const targets = new Map<string, string | undefined>();
  const target = (from: string): string | undefined => {
    if (!targets.has(from)) {
      const found = source.resolve(from);
      targets.set(from, found.kind === 'file' ? found.path : undefined);
    }
    return targets.get(from);
  };
  const reexported = new Set(source.head.exports.flatMap((e) => e.from ?? []));
  const bare = source.head.imports.filter(
    (i) => i.kind === 'static' && !i.typeOnly && i.names.length === 0 && !reexported.has(i.from),
  );
  const foreign = (name: string): boolean => {
    const found = imports.get(name);
    return found ? target(found.from) === undefined : builtIn.test(name);
  };
  const units = unitsOf(source.summary, { foreign });
  for (const [local, held] of units.loaded) imports.set(local, held);
  return {
    ...units,
    imports,
    target,
    exports: byName(source.summary.exports),
    stars: source.head.exports.flatMap((e) =>
      e.name === '*' && !e.typeOnly && e.from !== undefined ? (target(e.from) ?? []) : [],
    ),
    effects: bare.flatMap((i) => target(i.from) ?? []),
  };
}

/** Bases that the platform provides. */
const builtIn = /^(?:[a-z]\w*|Error|\w+Error|EventEmitter|Map|Set|Array|Promise|Event|EventTarget|HTMLElement|Proxy)$/;

function byName(exports: readonly Export[]): ReadonlyMap<string, readonly Export[]> {
  const found = new Map<string, Export[]>();
  for (const e of exports) {
    if (e.typeOnly) continue;
    const list = found.get(e.name);
    if (list) list.push(e);
    else found.set(e.name, [e]);
  }
  return found;
}

/** Every name that a file exports, also through others. A file whose table is being made gives what it has so far. */
type Table = ReadonlyMap<string, readonly Origin[]>;

function tableOf(index: SymbolIndex, tables: Map<string, Table>, file: string): Table {
  const known = tables.get(file);
  if (known) return known;
  const table = new Map<string, readonly Origin[]>();
  tables.set(file, table);
  const units = index.of(file);
  if (!units) return table;
  for (const [name, exports] of units.exports) {
    if (name !== '*')
      table.set(
        name,
        exports.flatMap((e) => originOf(index, file, units, e)),
      );
  }
  for (const star of units.stars) {
    for (const [name, origins] of tableOf(index, tables, star)) {
      if (name !== 'default' && !table.has(name))
        table.set(
          name,
          origins.map((origin) => passed(origin, file, name)),
        );
    }
  }
  return table;
}

function originOf(index: SymbolIndex, file: string, units: IndexedFile, e: Export): readonly Origin[] {
  const via = [{ file, name: e.name }];
  if (e.from === undefined) {
    const names = [...(e.local === undefined ? [] : [e.local]), exportKey(e.name)];
    return [{ file, whole: false, names, via }];
  }
  const target = units.target(e.from);
  if (target === undefined) return [];
  if (e.imported === '*') return [{ file: target, whole: true, names: [], via }];
  const imported = e.imported ?? e.name;
  const found = index.origins(target, imported);
  // Files that export each other in a circle: the name is taken for the target's own.
  if (found.length === 0) return [{ file: target, whole: false, names: [imported, exportKey(imported)], via }];
  return found.map((origin) => passed(origin, file, e.name));
}

const passed = (origin: Origin, file: string, name: string): Origin => ({
  ...origin,
  via: [...origin.via, { file, name }],
});
