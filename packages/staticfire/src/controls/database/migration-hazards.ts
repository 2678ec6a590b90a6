import type { Dialect } from '../../facts/migration-sets.ts';
import type { Change, Column } from '../../facts/schema-changes.ts';
import type { Severity } from '../../model/control.ts';

/** What can go wrong while a migration runs, or for the version that still runs meanwhile. */
export type HazardKind =
  | 'dropped-table'
  | 'dropped-column'
  | 'renamed'
  | 'required-column'
  | 'required-later'
  | 'retyped'
  | 'enum-replaced'
  | 'constraint'
  | 'index'
  | 'index-dropped'
  | 'rewritten'
  | 'emptied'
  | 'rows-rewritten';

export interface Hazard {
  readonly kind: HazardKind;
  /** 'orders.total', 'the index by_user'. */
  readonly what: string;
  readonly line: number;
  /** Where it weighs less than the others of its kind. */
  readonly severity?: Severity;
}

export interface Surroundings {
  readonly dialect: Dialect;
  /** Tables that one of the recent migrations before this one creates: hardly filled yet. */
  readonly young: ReadonlySet<string>;
  /** The type that a column had before, where an earlier migration tells. */
  typeOf(table: string, column: string): string | undefined;
  /** An earlier migration has checked that the column holds no NULL. */
  checked(table: string, column: string): boolean;
}

/** The hazards of one migration, in order. Tables that it creates itself are nobody's yet. */
export function hazardsOf(changes: readonly Change[], around: Surroundings): Hazard[] {
  const own = new Set<string>();
  const rebuilt = new Set(changes.flatMap((change) => (change.k === 'table-renamed' ? [plain(change.to)] : [])));
  const replaced = changes.some((change) => change.k === 'enum-replaced');
  return changes.flatMap((change) => {
    const table = plain(change.table);
    if (change.k === 'table') own.add(table);
    if (change.k === 'table-renamed' && own.has(table)) own.add(plain(change.to));
    if (own.has(table) || isPlanned(change.comments)) return [];
    // A table that is filled anew under another name and then takes the old one is not dropped.
    if (change.k === 'table-dropped' && rebuilt.has(table)) return [];
    if (change.k === 'type' && replaced) return [];
    return hazardOf(change, around).map((hazard) => ({ ...hazard, line: change.line }));
  });
}

/** Spellings of a name that differ in case alone are one here. */
export const plain = (name: string): string => name.toLowerCase();

type Unplaced = Omit<Hazard, 'line'>;

function hazardOf(change: Change, around: Surroundings): Unplaced[] {
  const { table } = change;
  switch (change.k) {
    case 'table-dropped':
      return [{ kind: 'dropped-table', what: table }];
    case 'column-dropped':
      return [{ kind: 'dropped-column', what: `${table}.${change.name}` }];
    case 'table-renamed':
      return [{ kind: 'renamed', what: `${table} to ${change.to}` }];
    case 'column-renamed':
      return [{ kind: 'renamed', what: `${table}.${change.name} to ${change.to}` }];
    case 'column':
      return columnHazards(table, change.column, around);
    case 'rows':
      if (change.filtered) return [];
      return [{ kind: change.verb === 'update' ? 'rows-rewritten' : 'emptied', what: table }];
    default:
      return lockHazards(change, around);
  }
}

function columnHazards(table: string, column: Column, around: Surroundings): Unplaced[] {
  const what = `${table}.${column.name}`;
  if (column.required && !column.filled) return [{ kind: 'required-column', what }];
  if (around.dialect !== 'PostgreSQL') return [];
  const young = younger(table, around);
  return [
    ...(column.volatile ? [{ kind: 'rewritten' as const, what, ...young }] : []),
    ...(column.refers === undefined
      ? []
      : [{ kind: 'constraint' as const, what: `the foreign key ${what}`, ...young }]),
    ...(column.unique || column.primary ? [{ kind: 'index' as const, what: `${what} (unique)`, ...young }] : []),
  ];
}

const younger = (table: string, around: Surroundings): { readonly severity?: Severity } =>
  around.young.has(plain(table)) ? { severity: 'note' } : {};

/** What holds a lock for as long as it reads or writes the whole table. The engines differ. */
function lockHazards(change: Change, around: Surroundings): Unplaced[] {
  const { table } = change;
  const young = younger(table, around);
  if (change.k === 'type') {
    const before = around.typeOf(table, change.name);
    return rewrites(before, change.type, change.converts, around.dialect)
      ? [{ kind: 'retyped', what: `${table}.${change.name} to ${change.type}`, ...young }]
      : [];
  }
  if (change.k === 'key' && change.key.kind === 'foreign' && around.dialect === 'MySQL')
    return [{ kind: 'constraint', what: `the foreign key ${table}.${change.key.columns.join('+')}`, ...young }];
  if (around.dialect !== 'PostgreSQL') return [];
  switch (change.k) {
    case 'required':
      return around.checked(table, change.name)
        ? []
        : [{ kind: 'required-later', what: `${table}.${change.name}`, ...young }];
    case 'key':
      return keyHazard(change, young);
    case 'index':
      return change.concurrent ? [] : [{ kind: 'index', what: `${table} (${change.columns.join(', ')})`, ...young }];
    case 'index-dropped':
      return change.concurrent ? [] : [{ kind: 'index-dropped', what: change.name, severity: 'note' }];
    case 'enum-replaced':
      return [{ kind: 'enum-replaced', what: change.name }];
    default:
      return [];
  }
}

function keyHazard(change: Extract<Change, { k: 'key' }>, young: { readonly severity?: Severity }): Unplaced[] {
  const { key, prepared, table, unchecked } = change;
  if (key.kind === 'unique' || key.kind === 'primary')
    return prepared ? [] : [{ kind: 'index', what: `${table} (${key.columns.join(', ')}, unique)`, ...young }];
  if (unchecked || key.kind === 'index') return [];
  const what = key.kind === 'foreign' ? `the foreign key ${table}.${key.columns.join('+')}` : `a check of ${table}`;
  return [{ kind: 'constraint', what, ...young }];
}

/** Is every row written anew? Widening a text or a number's precision is not, where the type before is known. */
function rewrites(before: string | undefined, after: string, converts: boolean, dialect: Dialect): boolean {
  if (dialect !== 'PostgreSQL') return dialect === 'MySQL' && before !== undefined && base(before) !== base(after);
  const wide = /^(?:text|character varying|varchar|citext)$/.test(after.trim());
  if (before === undefined) return converts || !wide;
  if (isText(before) && isText(after)) return size(after) < size(before);
  if (base(before) === base(after)) return size(after) < size(before);
  return true;
}

const base = (type: string): string => /[a-z]+/.exec(type)?.[0] ?? type;
const isText = (type: string): boolean => /^(?:text|varchar|character varying|citext|string)/.test(type);
const size = (type: string): number => Number(/\( '?(\d+)/.exec(type)?.[1] ?? Infinity);

const marker = /\bstaticfire: planned\b|\bsquawk-ignore\b|\bsafety[-_ ]assured\b/i;
const reason =
  /\bno longer (?:used|read|written|referenced|needed)|\bnot used any ?more|\bunused since|\bcontract(?:ion)? (?:step|phase)|\bexpand(?:\/| and |-)contract|\bmaintenance window|\b(?:planned|accepted) downtime|\b(?:table|column) is (?:still |always )?(?:empty|small|unused)|\bsafe (?:because|since|to (?:drop|remove|rename|run))|\bbackwards?[- ]compatible|\bzero[- ]downtime|\balready (?:deployed|removed from)/i;

/** A comment that says why the step is safe, or the marker with the reason. */
export const isPlanned = (comments: readonly string[]): boolean =>
  comments.some((comment) => marker.test(comment) || (!/^\s*Warnings?:/.test(comment) && reason.test(comment)));
