import { lineOf } from '../code/summary.ts';
import type { CodeModel } from '../code/model.ts';
import { runsInProduction, inProduction } from '../code/production.ts';
import { calls, sites, type LiveCalls } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { containers } from '../facts/containers.ts';
import { databases, isDatabase, type Layer, type Store } from '../facts/databases.ts';
import { live, type LiveCode } from '../facts/live.ts';
import { migrations, type Migrations } from '../facts/migrations.ts';
import { pipelines } from '../facts/pipelines.ts';
import { prismaSchemas, schemaFor, type PrismaSchema } from '../facts/prisma.ts';
import { project } from '../facts/project.ts';
import { service, services, type Service, type Services } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { absent, known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { appliedBy } from './migrations/applied.ts';
import { deployedLines } from './migrations/deploy.ts';
import { drizzleSet, folderSets, prismaSet, type DeclaredTable, type MigrationSet } from './migrations/sets.ts';

export const migrationsCollector = defineCollector({
  fact: migrations,
  needs: { calls, code, containers, databases, live, pipelines, prismaSchemas, project, service, services, sites },
  collect({ workspace, facts }) {
    const chosen = chooseStore(facts.databases.stores);
    if (!chosen) return absent('live code reaches no database with a schema of its own');
    const reading: Reading = { workspace, ...facts };
    const sets = setsOf(reading, chosen);
    if (chosen.layer === 'supabase' && sets.length === 0)
      return absent('the schema lives with the provider, the repository holds none of it');
    const deployed = deployedLines({ workspace, ...facts });
    const applied = appliedBy({ ...facts, sites: facts.sites.of, liveFiles: facts.live.files }, deployed, chosen.layer);
    return known<Migrations>({
      layer: chosen.layer,
      store: chosen.at,
      sets: sets.map(({ dir, count, at }) => ({ dir, count, at })),
      gaps: sets.flatMap((set) => set.gaps),
      ...applied,
      pushed: [...applied.pushed, ...synchronised(facts.code, facts.calls)],
      searched: `${deployed.lines.length} lines of Dockerfiles, compose and platform files, pipelines and the scripts they run, and ${facts.live.files.length} live files`,
    });
  },
});

interface Reading {
  readonly workspace: Workspace;
  readonly calls: LiveCalls;
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly prismaSchemas: readonly PrismaSchema[];
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
      return folderSets(workspace, store.layer, (file) => concerns(reading, file));
  }
}

/** In the service, or in no service: shared by those that use it. */
function concerns({ service: own, services: all }: Reading, file: string): boolean {
  const inside = (root: string): boolean => root !== '.' && file.startsWith(`${root}/`);
  return inside(own.root) || own.root === '.' || !all.list.some((other) => other.id !== own.id && inside(other.root));
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

/** TypeORM, Sequelize and MikroORM can rewrite the tables at start, whatever is in them. */
function synchronised(model: CodeModel, liveCalls: LiveCalls): Migrations['pushed'] {
  const settings = liveCalls
    .settings('synchronize')
    .filter(
      (s) =>
        s.object !== undefined &&
        s.object.props.some((p) => /^(?:type|entities|url|host|database|dialect|models|autoLoadModels)$/.test(p.key)) &&
        inProduction(model, s, s.value) === true &&
        runsInProduction(model, s, s.when) !== false,
    );
  const syncs = liveCalls
    .named('sync', 'updateSchema')
    .filter(
      (call) =>
        /sequelize|getSchemaGenerator/i.test(JSON.stringify(call.expr.callee)) &&
        /alter|force|updateSchema/.test(JSON.stringify(call.expr)) &&
        runsInProduction(model, call, call.when) !== false,
    );
  return [
    ...settings.map((s) => ({ by: 'synchronize: true', at: { file: s.file, line: lineOf(s.at) }, trail: [] })),
    ...syncs.map((call) => ({
      by: `${call.name}() at start`,
      at: { file: call.file, line: lineOf(call.expr.at) },
      trail: [],
    })),
  ];
}
