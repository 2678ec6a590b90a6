import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { Layer } from './databases.ts';

/** A column, or several, by which the rows of one table point at another. */
export interface ForeignKey {
  readonly table: string;
  readonly columns: readonly string[];
  /** The table that it points at, '' when it could not be told. */
  readonly refers: string;
  readonly at: Place;
  /** Some index begins with it. */
  readonly indexed: boolean;
}

export interface ForeignKeys {
  readonly layer: Layer;
  /** Sorted by place. */
  readonly keys: readonly ForeignKey[];
  /** The engine makes an index for each foreign key: its name. Empty when it does not. */
  readonly automatic: string;
  /** Files that declare the tables, sorted. */
  readonly files: readonly string[];
  readonly tables: number;
}

export const foreignKeys = defineFact<ForeignKeys, 'service'>({
  id: 'foreign-keys',
  title: 'the foreign keys of the database and their indexes',
  scope: 'service',
});
