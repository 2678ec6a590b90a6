import type { Expr } from '../code/summary.ts';
import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { Table } from './tables.ts';

/** What is done to rows. */
export type Deed = 'read' | 'create' | 'update' | 'delete';

/** A value that is written to a column. `value` is missing in statements of SQL. */
export interface Written {
  /** As the code or the statement names it. */
  readonly column: string;
  readonly value: Expr | undefined;
  /** The value as SQL words it: 'NULL', '$1'. */
  readonly text?: string;
}

/** A place where code reads or changes rows of a table. */
export interface TableUse {
  readonly table: Table;
  readonly deed: Deed;
  /** The rows stay and are marked: a soft delete of the library. */
  readonly soft: boolean;
  readonly file: string;
  readonly fn: number;
  readonly at: Place;
  /** What an update or creation writes, as far as it could be read. */
  readonly writes: readonly Written[];
  /** Everything that it writes could be read. */
  readonly whole: boolean;
}

export interface TableUses {
  /** In live functions, in the order of files. */
  readonly live: readonly TableUse[];
  /** In one file, live or not. */
  in(file: string): readonly TableUse[];
}

/** What code does to the tables of the service. */
export const tableUses = defineFact<TableUses, 'service'>({
  id: 'table-uses',
  title: 'what code does to the tables',
  scope: 'service',
});
