import type { CodeModel } from '../code/model.ts';
import { lineOf } from '../code/summary.ts';
import { calls, sites, type LiveCalls, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { databases, isDatabase, type Layer, type Store } from '../facts/databases.ts';
import { live, type LiveCode } from '../facts/live.ts';
import { migrationSets, type Dialect, type MigrationSet, type MigrationSets } from '../facts/migration-sets.ts';
import { prismaSchemas, schemaFor, type PrismaSchema } from '../facts/prisma.ts';
import { project, type Project } from '../facts/project.ts';
import type { Change } from '../facts/schema-changes.ts';
import { service, services, type Service, type Services } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { absent, known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { concerns } from './migrations/concerns.ts';
import { headOf, upOf, withComments } from './migrations/comments.ts';
import { dialectOf } from './migrations/dialect.ts';
import { drizzleSet, folderSets, prismaSet, type DeclaredTable } from './migrations/sets.ts';
import { changesOfProgram } from './sql/programs.ts';
import { changesOf } from './sql/read.ts';

export const migrationSetsCollector = defineCollector({
  fact: migrationSets,
  needs: { calls, code, databases, live, prismaSchemas, project, service, services, sites },
  collect({ workspace, facts }) {
    const store = chooseStore(facts.databases.stores);
    if (!store) return absent('live code reaches no database with a schema of its own');
    const reading: Reading = { workspace, ...facts };
    return known<MigrationSets>({
      store,
      dialect: dialectIn(reading, store),
      sets: setsOf(reading, store),
      changesOf: remembering(workspace, facts.code, facts.sites),
      headOf: (file) => headOf(workspace.read(file) ?? ''),
    });
  },
});

interface Reading {
  readonly workspace: Workspace;
  readonly calls: LiveCalls;
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly prismaSchemas: readonly PrismaSchema[];
  readonly project: Project;
  readonly service: Service;
  readonly services: Services;
}

const order: readonly Layer[] = [
  'prisma',
  'drizzle',
  'typeorm',
  'mikro-orm',
  'sequelize',
  'knex',
  'kysely',
  'sql',
  'embedded',
  'supabase',
];

/** The layer that owns the schema: the one nearest to a schema language when several are in use. */
function chooseStore(stores: readonly Store[]): Store | undefined {
  const judged = stores.filter((store) => isDatabase(store.layer) && store.layer !== 'mongo');
  return judged.toSorted((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer))[0];
}

function setsOf(reading: Reading, store: Store): readonly MigrationSet[] {
  const { workspace } = reading;
  switch (store.layer) {
    case 'prisma': {
      const schema = schemaFor(reading.prismaSchemas, store.at.file);
      const found = schema && prismaSet(workspace, schema);
      return found ? [found] : [];
    }
    case 'drizzle': {
      const found = drizzleSet(workspace, reading.service.root, declaredTables(reading));
      return found ? [found] : [];
    }
    default:
      return folderSets(workspace, store.layer, (file) => concerns(reading.service, reading.services, file));
  }
}

/** `pgTable('orders', …)` in live code; a prefixing creator makes other names, which are left alone. */
function declaredTables({ calls: liveCalls, code: model }: Reading): DeclaredTable[] {
  return liveCalls.named('pgTable', 'mysqlTable', 'sqliteTable').flatMap((call) => {
    const origin = liveCalls.origin(call);
    const [first] = call.expr.args;
    const name = first && model.literal(call.file, call.fn, first);
    return origin.kind === 'package' && origin.package === 'drizzle-orm' && !origin.called && typeof name === 'string'
      ? [{ name, at: { file: call.file, line: lineOf(call.expr.at) } }]
      : [];
  });
}

function dialectIn(
  { calls: liveCalls, prismaSchemas: schemas, project: found, service: own }: Reading,
  store: Store,
): Dialect {
  const manifest = own.manifest === undefined ? undefined : found.manifests.find((one) => one.file === own.manifest);
  const names = [...liveCalls.packages.keys(), ...Object.keys(manifest?.dependencies ?? {})];
  return dialectOf(store, schemaFor(schemas, store.at.file), names, drizzleDialect(store, liveCalls));
}

function drizzleDialect(store: Store, liveCalls: LiveCalls): Dialect {
  if (store.layer !== 'drizzle') return '';
  const made = (...names: readonly string[]): boolean => liveCalls.named(...names).length > 0;
  if (made('mysqlTable', 'mysqlTableCreator', 'mysqlSchema', 'singlestoreTable')) return 'MySQL';
  return made('sqliteTable', 'sqliteTableCreator') ? 'SQLite' : 'PostgreSQL';
}

function remembering(workspace: Workspace, model: CodeModel, byFile: SitesByFile): MigrationSets['changesOf'] {
  const read = new Map<string, readonly Change[]>();
  return (file) => {
    const before = read.get(file);
    if (before) return before;
    const text = workspace.read(file) ?? '';
    const found = file.endsWith('.sql')
      ? changesOf(upOf(text))
      : withComments(text, changesOfProgram(model, byFile.of(file), file));
    read.set(file, found);
    return found;
  };
}
