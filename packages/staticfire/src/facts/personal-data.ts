import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';
import type { Table } from './tables.ts';

/** A table with a row for each person who has an account. */
export interface PersonTable {
  readonly table: Table;
  /** Columns that tell who it is, as code names them. */
  readonly personal: readonly string[];
}

/** What becomes of old rows. */
export type Retention =
  /** Scheduled code or the database deletes or anonymises them. */
  | { readonly kind: 'purged'; readonly by: string; readonly at: Place; readonly trail: readonly Step[] }
  /** Code that would do it is live, and no schedule reaches it. */
  | { readonly kind: 'unscheduled'; readonly at: Place; readonly name: string; readonly trail: readonly Step[] }
  /** Code that would do it is run by nothing. */
  | { readonly kind: 'dead'; readonly at: Place; readonly name: string; readonly why: string }
  | { readonly kind: 'none' }
  /** Scheduled code may do it, and could not be followed. */
  | { readonly kind: 'unclear'; readonly at: Place; readonly why: string };

/** A table in which what people did is recorded, row by row. */
export interface AuditRecord extends PersonTable {
  /** Where live code adds rows. */
  readonly written: Place;
  readonly retention: Retention;
}

export interface AuditRecords {
  readonly list: readonly AuditRecord[];
  /** Tables that look like records and are written by no live code. */
  readonly idle: readonly string[];
  readonly tables: number;
  readonly searched: string;
}

export const auditRecords = defineFact<AuditRecords, 'service'>({
  id: 'audit-records',
  title: 'the records of what people did',
  scope: 'service',
});

/** How a person's row can be erased. */
export interface Erasure {
  readonly person: Table | undefined;
  /** `deletes`: the row goes. `anonymises`: what tells who it was is overwritten. `marks`: the row stays with all it says. `library`: the library that keeps accounts deletes them. */
  readonly kind: 'deletes' | 'anonymises' | 'marks' | 'library';
  /** What reaches it: 'DELETE /api/me'. */
  readonly by: string;
  readonly at: Place;
  readonly trail: readonly Step[];
  /** Tables whose rows keep the database from deleting the person, with the reference that does. */
  readonly blockedBy: readonly { readonly table: string; readonly column: string; readonly at: Place }[];
  /** Tables that refer to the person and stay. */
  readonly left: readonly string[];
}

/** How a person's data can be handed out. */
export interface PersonalExport {
  readonly by: string;
  readonly at: Place;
  /** Tables that it reads. */
  readonly reads: readonly string[];
  /** It works on from here in a way that could not be followed. */
  readonly lost: string | undefined;
}

/** What the service keeps of people, and their ways to it. */
export interface PersonalData {
  /** Tables of accounts that live code of this service fills. */
  readonly persons: readonly PersonTable[];
  readonly erasures: readonly Erasure[];
  /** The service that erases persons from these tables, where this one does not. */
  readonly elsewhere: string | undefined;
  /** Code that would erase a person and that nothing reaches. */
  readonly deadErasures: readonly { readonly name: string; readonly at: Place; readonly why: string }[];
  readonly exports: readonly PersonalExport[];
  /** Endpoints whose name speaks of exports and that hand out something else. */
  readonly otherExports: readonly string[];
  /** Why nothing is kept, or why it is kept elsewhere. */
  readonly none: string | undefined;
  readonly searched: string;
}

export const personalData = defineFact<PersonalData, 'service'>({
  id: 'personal-data',
  title: 'what the service keeps of people',
  scope: 'service',
});
