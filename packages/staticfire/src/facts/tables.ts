import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** How a table was declared. `sql`: statements of a migration, as they stand after the last one. */
export type TableLayer = 'prisma' | 'drizzle' | 'typeorm' | 'mikro-orm' | 'sequelize' | 'mongo' | 'knex' | 'sql';

export interface Column {
  /** As code names it. */
  readonly name: string;
  /** As the database names it. */
  readonly column: string;
  /** As it was declared: 'String', 'varchar', 'inet'; '' where it does not say. */
  readonly type: string;
  readonly optional: boolean;
  readonly at: Place;
}

/** What becomes of a row when the row it refers to is deleted. `default`: the declaration does not say. */
export type OnDelete = 'cascade' | 'set-null' | 'restrict' | 'default';

/** A reference to a row of another table. */
export interface Reference {
  /** As code names them; empty where the layer keeps them to itself. */
  readonly columns: readonly string[];
  /** The other table, as the declaration names it: its model, class, variable or table. */
  readonly to: string;
  readonly onDelete: OnDelete;
  readonly at: Place;
}

export interface TableIndex {
  /** As code names them, in order. */
  readonly columns: readonly string[];
  readonly unique: boolean;
  /** The database deletes rows by itself once the column is old enough. */
  readonly expires: boolean;
  readonly at: Place;
}

export interface Table {
  /** What code calls it: the model, the class or the variable; the table itself for SQL. */
  readonly name: string;
  /** As the database names it. */
  readonly table: string;
  readonly layer: TableLayer;
  readonly columns: readonly Column[];
  readonly references: readonly Reference[];
  /** Primary keys and unique columns included. */
  readonly indexes: readonly TableIndex[];
  readonly at: Place;
}

export interface Tables {
  /** Sorted by place. A table that is declared twice (in a schema and in a migration) stands once, as the schema has it. */
  readonly list: readonly Table[];
  /** The table that a declaration names, by its name in code or in the database. */
  named(name: string): Table | undefined;
}

/** The tables and collections of the service's database, as far as the repository declares them. */
export const tables = defineFact<Tables, 'service'>({
  id: 'tables',
  title: 'the tables of the service',
  scope: 'service',
});
