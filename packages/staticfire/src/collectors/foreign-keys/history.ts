import type { Change, Column, Key } from '../../facts/schema-changes.ts';
import type { Place } from '../../model/place.ts';
import type { KeyedTable } from './tables.ts';

interface Growing {
  name: string;
  file: string;
  keys: { columns: readonly string[]; refers: string; at: Place }[];
  indexes: { name: string; columns: readonly string[] }[];
}

/** The tables that exist after these changes, with their foreign keys and indexes. */
export function tablesAfter(steps: Iterable<readonly [file: string, changes: readonly Change[]]>): KeyedTable[] {
  const tables = new Map<string, Growing>();
  for (const [file, changes] of steps) for (const change of changes) apply(tables, file, change);
  return [...tables.values()].map((table) => ({
    ...table,
    aliases: [],
    indexes: table.indexes.map((index) => index.columns),
    columns: new Map(),
  }));
}

const plain = (name: string): string => name.toLowerCase();

function apply(tables: Map<string, Growing>, file: string, change: Change): void {
  const table = tables.get(plain(change.table)) ?? { name: change.table, file, keys: [], indexes: [] };
  switch (change.k) {
    case 'table':
      for (const column of change.columns) addColumn(table, file, column);
      for (const key of change.keys) addKey(table, file, key);
      break;
    case 'column':
      addColumn(table, file, change.column);
      break;
    case 'key':
      addKey(table, file, change.key);
      break;
    case 'index':
      table.indexes.push({ name: change.name, columns: change.columns });
      break;
    case 'column-dropped':
      table.keys = table.keys.filter((key) => !key.columns.includes(change.name));
      break;
    case 'column-renamed':
      rename(table, change.name, change.to);
      break;
    case 'table-dropped':
      tables.delete(plain(change.table));
      return;
    case 'table-renamed':
      tables.delete(plain(change.table));
      tables.set(plain(change.to), { ...table, name: change.to });
      return;
    case 'index-dropped':
      for (const one of tables.values())
        one.indexes = one.indexes.filter((i) => i.name === '' || i.name !== change.name);
      return;
    default:
      return;
  }
  tables.set(plain(change.table), table);
}

function addColumn(table: Growing, file: string, column: Column): void {
  if (column.primary || column.unique) table.indexes.push({ name: '', columns: [column.name] });
  if (column.refers !== undefined) point(table, [column.name], column.refers, { file, line: column.line });
}

function addKey(table: Growing, file: string, key: Key): void {
  if (key.kind === 'foreign') point(table, key.columns, key.refers ?? '', { file, line: key.line });
  else if (key.kind !== 'check') table.indexes.push({ name: '', columns: key.columns });
}

/** The same key told again, in a schema file and in a migration, is one. */
function point(table: Growing, columns: readonly string[], refers: string, at: Place): void {
  if (!table.keys.some((key) => key.columns.join() === columns.join())) table.keys.push({ columns, refers, at });
}

function rename(table: Growing, from: string, to: string): void {
  const renamed = (columns: readonly string[]): string[] => columns.map((name) => (name === from ? to : name));
  table.keys = table.keys.map((key) => ({ ...key, columns: renamed(key.columns) }));
  table.indexes = table.indexes.map((index) => ({ ...index, columns: renamed(index.columns) }));
}
