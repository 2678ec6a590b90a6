import type { CodeModel } from '../code/model.ts';
import { calls, sites, type LiveCalls, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { databases, type Databases } from '../facts/databases.ts';
import { live, type LiveCode } from '../facts/live.ts';
import { prismaSchemas, schemaFor, type PrismaSchema } from '../facts/prisma.ts';
import { service, services, type Service, type Services } from '../facts/services.ts';
import { tables, type Table, type Tables } from '../facts/tables.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { drizzleTables } from './tables/drizzle.ts';
import { entityTables } from './tables/entities.ts';
import { builtTables } from './tables/knex.ts';
import { mongooseTables, sequelizeTables } from './tables/models.ts';
import { prismaTables } from './tables/prisma.ts';
import { sqlTables } from './tables/sql.ts';

export const tablesCollector = defineCollector({
  fact: tables,
  needs: { calls, code, databases, live, prismaSchemas, service, services, sites },
  collect: ({ workspace, facts }) => known(gather({ workspace, ...facts })),
});

interface Reading {
  readonly workspace: Workspace;
  readonly calls: LiveCalls;
  readonly code: CodeModel;
  readonly databases: Databases;
  readonly live: LiveCode;
  readonly prismaSchemas: readonly PrismaSchema[];
  readonly service: Service;
  readonly services: Services;
  readonly sites: SitesByFile;
}

function gather(reading: Reading): Tables {
  const schema = [...ofPrisma(reading), ...ofCode(reading)];
  const found = [...schema, ...others(schema, ofMigrations(reading))];
  const byName = new Map<string, Table>();
  for (const table of found) {
    for (const name of [table.name, table.table]) if (!byName.has(key(name))) byName.set(key(name), table);
  }
  return {
    list: found.toSorted((a, b) =>
      a.at.file === b.at.file ? (a.at.line ?? 0) - (b.at.line ?? 0) : a.at.file < b.at.file ? -1 : 1,
    ),
    named: (name) => byName.get(key(name)),
  };
}

const key = (name: string): string => name.toLowerCase();

/** Tables of migrations that the schema does not declare. */
function others(schema: readonly Table[], migrated: readonly Table[]): readonly Table[] {
  const declared = new Set(schema.flatMap((table) => [key(table.name), key(table.table)]));
  return migrated.filter((table) => !declared.has(key(table.table)));
}

function ofPrisma({ workspace, databases: stores, prismaSchemas: schemas }: Reading): readonly Table[] {
  const store = stores.stores.find((one) => one.package === '@prisma/client');
  const schema = store && schemaFor(schemas, store.at.file);
  return schema ? prismaTables(workspace, schema) : [];
}

/** Tables that live source declares. */
function ofCode({ calls: liveCalls, code: model, live: liveCode, sites: byFile }: Reading): readonly Table[] {
  const uses = (...names: readonly string[]): boolean =>
    [...liveCalls.packages.keys()].some((name) => names.some((one) => name === one || name.startsWith(`${one}/`)));
  const importing = (pattern: RegExp): readonly string[] =>
    liveCode.files.filter((file) =>
      model.get(file)?.head.imports.some(({ from, typeOnly }) => !typeOnly && pattern.test(from)),
    );
  return [
    ...(uses('drizzle-orm')
      ? liveCode.files.flatMap((file) => (mayDeclare(byFile, file) ? drizzleTables(model, file, byFile.of(file)) : []))
      : []),
    ...importing(entityPackages).flatMap((file) => entityTables(model, file)),
    ...importing(/^mongoose$/).flatMap((file) =>
      mongooseTables(model, file, byFile.of(file), (name) => liveCalls.named(name)),
    ),
    ...(uses('sequelize', '@sequelize/core')
      ? liveCode.files.flatMap((file) => sequelizeTables(model, file, byFile.of(file)))
      : []),
  ];
}

const entityPackages =
  /^(?:typeorm|@mikro-orm\/\w+|sequelize-typescript|@sequelize\/core(?:\/.*)?|@nestjs\/mongoose|@typegoose\/typegoose)$/;

/** Creators of drizzle have names that end in it. */
const mayDeclare = (byFile: SitesByFile, file: string): boolean =>
  byFile.of(file).calls.some((call) => /table$/i.test(call.name));

const migrating = /(?:^|\/)(?:[\w-]*migrations?|sql|schema|db|database|drizzle|init)\//i;
const aside =
  /(?:^|\/)(?:tests?|__tests__|fixtures?|seeds?|examples?|docs?|legacy|archive|backups?|down)\/|\.down\.sql$|rollback/i;

/** Tables that migrations of the service create, in the order of their files. */
function ofMigrations(reading: Reading): readonly Table[] {
  if (!reading.databases.stores.some((store) => sqlLayers.has(store.layer))) return [];
  const own = (file: string): boolean => !aside.test(file) && belongs(reading, file);
  const sql = reading.workspace
    .match(/\.sql$/)
    .filter((file) => own(file) && (migrating.test(file) || schemaFile.test(file)));
  const built = reading.code.files.filter((file) => /migrat/i.test(file) && own(file));
  return [
    ...sqlTables(sql.map((file) => ({ file, text: reading.workspace.read(file) ?? '' }))),
    ...built.flatMap((file) => builtTables(reading.code, file, reading.sites.of(file))),
  ];
}

const schemaFile = /(?:schema|init|setup|tables|structure|create)[\w.-]*\.sql$/i;
const sqlLayers: ReadonlySet<string> = new Set([
  'sql',
  'knex',
  'kysely',
  'supabase',
  'embedded',
  'typeorm',
  'sequelize',
  'mikro-orm',
]);

/** In the service, or in no service: shared by those that use it. */
function belongs({ service: own, services: all }: Reading, file: string): boolean {
  const inside = (root: string): boolean => root !== '.' && file.startsWith(`${root}/`);
  return inside(own.root) || own.root === '.' || !all.list.some((other) => other.id !== own.id && inside(other.root));
}
