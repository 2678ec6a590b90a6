import { migrationSets, type MigrationSet, type MigrationSets } from '../../facts/migration-sets.ts';
import { defineControl, failOr, type Severity, type Verdict, type Violation } from '../../model/control.ts';
import { hazardsOf, isPlanned, plain, type Hazard, type HazardKind, type Surroundings } from './migration-hazards.ts';

const messages = {
  'dropped-table': {
    text: '{file} drops {what}, with the rows in it, in one step.',
    remedy:
      'Keep the table until no running version uses it and a backup is kept, then drop it with a comment that says so.',
    severity: 'major',
  },
  'dropped-column': {
    text: '{file} drops {what}, which the version that still runs may read.',
    remedy:
      'Deploy code that no longer uses the column first, and drop it in a later release with a comment that says since when it is unused.',
    severity: 'major',
  },
  renamed: {
    text: '{file} renames {what}: the version that still runs asks for the old name.',
    remedy: 'Add the new name beside the old one, move reads and writes over, then drop the old one.',
    severity: 'major',
  },
  'required-column': {
    text: '{file} adds {what} as required and without a default: on a table with rows it fails, and the running version does not fill it.',
    remedy: 'Add it with a default or without NOT NULL, fill it, and make it required in a later release.',
    severity: 'major',
  },
  'required-later': {
    text: '{file} makes {what} required, which reads the whole table while nothing else can use it.',
    remedy: 'Add CHECK (… IS NOT NULL) NOT VALID, validate it in a migration of its own, then set NOT NULL.',
  },
  retyped: {
    text: '{file} changes the type of {what}, which writes every row anew while nothing else can use the table.',
    remedy: 'Add a column of the new type, fill it in batches, move reads and writes over, then drop the old one.',
    severity: 'major',
  },
  'enum-replaced': {
    text: '{file} replaces the values of {what}: tables are rewritten under a lock, and rows or a running version with a value that is gone fail.',
    remedy: 'Leave values that are not used any more in the type, or move the rows over in a release before.',
    severity: 'major',
  },
  constraint: {
    text: '{file} adds {what}, checked against every row while writes wait.',
    remedy: 'Add it NOT VALID, and VALIDATE CONSTRAINT in a later migration; on MySQL use an online schema change.',
  },
  index: {
    text: '{file} builds an index on {what} while writes to the table wait.',
    remedy:
      'Build it with CREATE INDEX CONCURRENTLY, in a migration that holds this statement alone and runs outside a transaction.',
  },
  'index-dropped': {
    text: '{file} drops {what} under a lock that waits for all running queries and holds new ones up behind it.',
    remedy: 'Use DROP INDEX CONCURRENTLY, in a migration of its own, with a lock_timeout.',
  },
  rewritten: {
    text: '{file} adds {what} with a default that differs from row to row: every row is written anew while nothing else can use the table.',
    remedy: 'Add the column without a default, set the default, and fill the rows in batches.',
  },
  emptied: {
    text: '{file} deletes every row of {what}.',
    remedy: 'Say with a WHERE which rows go, and why in a comment.',
    severity: 'major',
  },
  'rows-rewritten': {
    text: '{file} updates every row of {what} in one statement: all of them stay locked until it is done.',
    remedy: 'Fill the rows in batches, outside the migration, and say with a WHERE which ones are left.',
  },
} as const;

type Said = Violation<typeof messages>;

/** How many migrations, counted from the last, may not have run yet. */
const recent = 5;

export const migrationSafety = defineControl({
  id: 'database/migration-safety',
  area: 'database',
  scope: 'service',
  title: {
    pass: 'Recent migrations neither block nor break the running version',
    fail: 'A recent migration blocks a table, drops data or breaks the running version',
  },
  why: 'A migration runs while the old version still serves. Statements that read or write a whole table hold it locked for as long as that takes, and a column that goes away takes down every query of the old version that names it.',
  failure:
    'A deploy stands still on a lock, requests pile up behind it until the service is gone. Or the migration succeeds, and every instance that is not replaced yet answers with errors.',
  remedy:
    'Change the schema in steps that both versions bear: add, fill, move over, and remove in a later release. Build indexes concurrently and validate constraints apart.',
  done: `None of the last ${recent} migrations holds such a statement, or a comment at the statement or at the head of the file says why it is safe ("staticfire: planned <reason>", or words such as "no longer read since", "maintenance window", "table is empty").`,
  severity: 'minor',
  confidence: 'likely',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://www.postgresql.org/docs/current/explicit-locking.html',
    'https://squawkhq.com/docs/rules',
    'https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html',
  ],
  needs: { migrationSets },
  messages,
  evaluate({ migrationSets: found }): Verdict<typeof messages> {
    const judged = found.sets.filter((set) => set.files.length > 0);
    if (judged.length === 0)
      return { verdict: 'not-applicable', because: 'the repository holds no versioned migrations' };
    return failOr<typeof messages>(
      judged.flatMap((set) => violationsIn(set, found)),
      () => passed(judged, found),
    );
  },
});

function passed(sets: readonly MigrationSet[], found: MigrationSets): Verdict<typeof messages> {
  const files = sets.flatMap((set) => set.files.slice(-recent));
  const empty = files.filter((file) => found.changesOf(file).length === 0);
  if (empty.length === files.length)
    return {
      verdict: 'unknown',
      because: 'the statements of its recent migrations cannot be told by reading',
      settle: 'write the statements of migrations as literals',
      evidence: empty.slice(0, 3).map((file) => ({ file, line: 1 })),
    };
  const engine = found.dialect || 'SQL';
  return {
    verdict: 'pass',
    evidence: [
      {
        searched: `locks, drops and renames for ${engine} in the last ${files.length === 1 ? 'migration' : `${files.length} migrations`} of ${sets.map((set) => set.dir).join(', ')}`,
      },
    ],
  };
}

function violationsIn(set: MigrationSet, found: MigrationSets): Said[] {
  const start = Math.max(0, set.files.length - recent);
  return set.files.slice(start).flatMap((file, index) => {
    // Before the first migration there is nothing to lock or to lose.
    if (start + index === 0 || isPlanned(found.headOf(file))) return [];
    const around = surroundings(set.files.slice(0, start + index), start, found);
    return grouped(file, hazardsOf(found.changesOf(file), around));
  });
}

function surroundings(before: readonly string[], start: number, found: MigrationSets): Surroundings {
  const all = (files: readonly string[]) => files.flatMap((file) => found.changesOf(file));
  const young = all(before.slice(start)).flatMap((change) => (change.k === 'table' ? [plain(change.table)] : []));
  return {
    dialect: found.dialect,
    young: new Set(young),
    typeOf(table, column) {
      let type: string | undefined;
      for (const change of all(before)) {
        if (plain(change.table) !== plain(table)) continue;
        if (change.k === 'table') type = change.columns.find((one) => plain(one.name) === plain(column))?.type ?? type;
        if (change.k === 'column' && plain(change.column.name) === plain(column)) type = change.column.type;
        if (change.k === 'type' && plain(change.name) === plain(column)) type = change.type;
      }
      return type;
    },
    checked: (table, column) =>
      all(before).some(
        (change) =>
          plain(change.table) === plain(table) &&
          change.k === 'key' &&
          change.key.text.includes(`${plain(column)} is not null`),
      ),
  };
}

/** One finding for each kind of hazard in a migration. */
function grouped(file: string, hazards: readonly Hazard[]): Said[] {
  const kinds = [...new Set(hazards.map((hazard) => hazard.kind))];
  return kinds.flatMap((kind) => {
    const same = hazards.filter((hazard) => hazard.kind === kind);
    const [first] = same;
    return first ? [said(file, kind, first, same)] : [];
  });
}

function said(file: string, kind: HazardKind, first: Hazard, same: readonly Hazard[]): Said {
  const names = [...new Set(same.map((hazard) => hazard.what))];
  const what = names.slice(0, 4).join(', ') + (names.length > 4 ? ` and ${names.length - 4} more` : '');
  return {
    message: kind,
    data: { file: nameOf(file), what },
    at: { file, line: first.line },
    subject: `${nameOf(file)} ${kind}`,
    ...(same.every((hazard) => hazard.severity) ? { severity: 'note' satisfies Severity } : {}),
    trail: same.slice(0, 4).map((hazard) => ({ note: hazard.what, at: { file, line: hazard.line } })),
  };
}

/** A migration goes by its file, or by its folder where every file is called the same. */
function nameOf(file: string): string {
  const [name = '', folder = ''] = file.split('/').toReversed();
  return /^(?:migration|up|index)\.\w+$/.test(name) && folder ? folder : name;
}
