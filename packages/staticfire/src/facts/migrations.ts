import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';
import type { Layer } from './databases.ts';

/** How the schema of the service's database comes to be. */
export interface Migrations {
  readonly layer: Layer;
  /** Where live code reaches the database. */
  readonly store: Place;
  /** Versioned migrations of that layer. */
  readonly sets: readonly { readonly dir: string; readonly count: number; readonly at: Place }[];
  /** What does not fit together. */
  readonly gaps: readonly MigrationGap[];
  /** Commands and calls by which a deploy or the start applies them. */
  readonly applied: readonly { readonly by: string; readonly at: Place }[];
  /** A reviewed schema is brought in as a whole, whatever migrations the repository holds. */
  readonly declared: readonly { readonly by: string; readonly at: Place }[];
  /** They run in a pipeline, but only against its test database. */
  readonly tested: readonly { readonly by: string; readonly at: Place }[];
  /** A deploy changes the schema without migrations. */
  readonly pushed: readonly { readonly by: string; readonly at: Place; readonly trail: readonly Step[] }[];
  /** What was looked through for a step that applies them. */
  readonly searched: string;
}

export interface MigrationGap {
  readonly kind:
    /** Tables of the schema that no migration creates. */
    | 'uncreated'
    /** The journal names a file that does not exist. */
    | 'unfiled'
    /** Files that the journal leaves out. */
    | 'unjournalled'
    /** Several files carry the same number. */
    | 'ambiguous';
  readonly names: readonly string[];
  readonly of: number;
  readonly at: Place;
}

export const migrations = defineFact<Migrations, 'service'>({
  id: 'migrations',
  title: 'how the database schema is changed',
  scope: 'service',
});
