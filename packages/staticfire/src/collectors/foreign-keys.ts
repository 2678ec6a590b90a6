import type { CodeModel } from '../code/model.ts';
import { calls, type LiveCalls } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { foreignKeys, type ForeignKeys } from '../facts/foreign-keys.ts';
import { live, type LiveCode } from '../facts/live.ts';
import { migrationSets, type MigrationSets } from '../facts/migration-sets.ts';
import { prismaSchemas, schemaFor, type PrismaSchema } from '../facts/prisma.ts';
import type { Change } from '../facts/schema-changes.ts';
import { service, services, type Service, type Services } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { concerns } from './migrations/concerns.ts';
import { decoratedTables } from './foreign-keys/decorated.ts';
import { drizzleTables } from './foreign-keys/drizzle.ts';
import { tablesAfter } from './foreign-keys/history.ts';
import { definedTables } from './foreign-keys/models.ts';
import { prismaTables, relationMode } from './foreign-keys/prisma.ts';
import { isIndexed, sameTable, type KeyedTable } from './foreign-keys/tables.ts';

export const foreignKeysCollector = defineCollector({
  fact: foreignKeys,
  needs: { calls, code, live, migrationSets, prismaSchemas, service, services },
  collect({ workspace, facts }) {
    const reading: Reading = { workspace, ...facts };
    const tables = tablesOf(reading);
    return known<ForeignKeys>({
      layer: facts.migrationSets.store.layer,
      keys: judged(tables, () => historyOf(reading)),
      automatic: automaticIn(reading),
      files: [...new Set(tables.map((table) => table.file))].sort(),
      tables: tables.length,
    });
  },
});

interface Reading {
  readonly workspace: Workspace;
  readonly calls: LiveCalls;
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly migrationSets: MigrationSets;
  readonly prismaSchemas: readonly PrismaSchema[];
  readonly service: Service;
  readonly services: Services;
}

function tablesOf(reading: Reading): readonly KeyedTable[] {
  const { layer, at } = reading.migrationSets.store;
  const schema = schemaFor(reading.prismaSchemas, at.file);
  if (layer === 'prisma') return schema ? prismaTables(reading.workspace, schema) : [];
  if (layer === 'drizzle') return drizzleTables(reading.code, reading.calls);
  const declared = [...decoratedTables(reading.code, reading.live), ...definedTables(reading.code, reading.calls)];
  return declared.length > 0 ? declared : historyOf(reading);
}

/** What the migrations, and whole schemas beside them, make of the tables. */
function historyOf({ migrationSets: own, service, services: all, workspace }: Reading): readonly KeyedTable[] {
  const files = own.sets.flatMap((set) => set.files).filter((file) => !aside.test(file));
  const whole =
    own.store.layer === 'prisma'
      ? []
      : schemaFiles(workspace, (file) => concerns(service, all, file) && !files.includes(file));
  return tablesAfter([...whole, ...files].map((file): [string, readonly Change[]] => [file, own.changesOf(file)]));
}

const schemaName =
  /(?:^|[/_.-])(?:schema|structure|init|tables|setup|create[-_]tables)(?:[-_.]\w+)?\.sql$|(?:^|\/)(?:db|database|sql)\/[^/]+\.sql$/i;
const aside =
  /(?:^|\/)(?:tests?|__tests__|fixtures?|examples?|seeds?|docs|node_modules|archive|old|legacy)\/|seed|down\.sql$|drop/i;

/** Files that hold the schema as a whole, or parts of it without a number. */
function schemaFiles(workspace: Workspace, wanted: (file: string) => boolean): string[] {
  return workspace
    .match(/\.sql$/)
    .filter((file) => schemaName.test(file) || /(?:^|\/)migrations?\//.test(file))
    .filter((file) => !aside.test(file) && wanted(file));
}

function judged(tables: readonly KeyedTable[], history: () => readonly KeyedTable[]): ForeignKeys['keys'] {
  let made: readonly KeyedTable[] | undefined;
  const indexed = (table: KeyedTable, columns: readonly string[]): boolean => {
    if (isIndexed(table, columns)) return true;
    // An index may be made by a migration alone.
    made ??= history();
    const same = made.filter((one) => one !== table && sameTable(table, one.name));
    return isIndexed(
      table,
      columns,
      same.flatMap((one) => one.indexes),
    );
  };
  const keys = tables.flatMap((table) =>
    table.keys.map((key) => ({ ...key, table: table.name, indexed: indexed(table, key.columns) })),
  );
  return keys.toSorted((a, b) =>
    a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : (a.at.line ?? 0) - (b.at.line ?? 0),
  );
}

/** Who makes an index for each foreign key without being asked. */
function automaticIn({ migrationSets: own, prismaSchemas: schemas, workspace }: Reading): string {
  const { layer, at } = own.store;
  if (own.dialect === 'MySQL') {
    const schema = layer === 'prisma' ? schemaFor(schemas, at.file) : undefined;
    return schema && relationMode(workspace, schema) === 'prisma' ? '' : 'MySQL';
  }
  return layer === 'mikro-orm' && own.dialect !== 'PostgreSQL' ? 'MikroORM' : '';
}
