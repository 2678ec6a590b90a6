import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { Store } from './databases.ts';
import type { MigrationGap } from './migrations.ts';
import type { Change } from './schema-changes.ts';

export type Dialect = 'PostgreSQL' | 'MySQL' | 'SQLite' | 'SQL Server' | '';

/** One folder of versioned migrations. */
export interface MigrationSet {
  readonly dir: string;
  readonly count: number;
  readonly at: Place;
  readonly gaps: readonly MigrationGap[];
  /** In the order in which the tool applies them; without those that lead back. */
  readonly files: readonly string[];
}

export interface MigrationSets {
  /** Where live code reaches the database whose schema they make. */
  readonly store: Store;
  readonly dialect: Dialect;
  readonly sets: readonly MigrationSet[];
  /** What a migration changes, read at the first use. */
  changesOf(file: string): readonly Change[];
  /** The comments before its first statement. */
  headOf(file: string): readonly string[];
}

export const migrationSets = defineFact<MigrationSets, 'service'>({
  id: 'migration-sets',
  title: 'the versioned migrations of the service',
  scope: 'service',
});
