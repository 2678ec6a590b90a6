import type { Place } from '../../model/place.ts';

/** A table with what points from it at others and what it is indexed by. */
export interface KeyedTable {
  /** As people write it. */
  readonly name: string;
  /** Other names that migrations may call it by. */
  readonly aliases: readonly string[];
  readonly file: string;
  readonly keys: readonly { readonly columns: readonly string[]; readonly refers: string; readonly at: Place }[];
  /** Columns of each index, in its order. */
  readonly indexes: readonly (readonly string[])[];
  /** Names of a column in the code and in the database, where they differ. */
  readonly columns: ReadonlyMap<string, string>;
}

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** Does some index begin with a column of the key? Spellings with and without underscores are one. */
export function isIndexed(
  table: KeyedTable,
  columns: readonly string[],
  more: readonly (readonly string[])[] = [],
): boolean {
  const own = new Set(columns.flatMap((name) => [plain(name), plain(table.columns.get(name) ?? name)]));
  return [...table.indexes, ...more].some(([first]) => first !== undefined && own.has(plain(first)));
}

export const sameTable = (table: KeyedTable, name: string): boolean =>
  [table.name, ...table.aliases].some((one) => plain(one) === plain(name));
