import type { CodeModel } from '../code/model.ts';
import type { CallSite } from '../code/sites.ts';
import { lineOf } from '../code/summary.ts';
import { calls, sites, type LiveCalls, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { databases, type Databases, type Pool, type Store } from '../facts/databases.ts';
import { live, type LiveCode } from '../facts/live.ts';
import { prismaSchemas, schemaFor, type PrismaSchema } from '../facts/prisma.ts';
import { service, type Service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { Workspace } from '../model/workspace.ts';
import { layerOf } from './databases/packages.ts';
import { poolsOf } from './databases/pools.ts';

export const databasesCollector = defineCollector({
  fact: databases,
  needs: { code, calls, live, prismaSchemas, service, sites },
  collect: ({ workspace, facts }) => {
    const found = gather(workspace, facts.code, facts.calls, facts.live, facts.prismaSchemas, facts.sites);
    const before = runsBefore(facts.code, facts.service);
    return known({ ...found, pools: found.pools.filter((pool) => !before.has(pool.at.file)) });
  },
});

/** Files that only programs load which run to their end before the service starts. */
function runsBefore(model: CodeModel, own: Service): ReadonlySet<string> {
  const first = own.entries.filter((entry) => entry.kind === 'job');
  if (own.kind === 'job' || first.length === 0) return new Set();
  const loaded = closure(
    model,
    own.entries.filter((entry) => entry.kind !== 'job').map((entry) => entry.file),
  );
  const before = closure(
    model,
    first.map((entry) => entry.file),
  );
  return new Set([...before].filter((file) => !loaded.has(file)));
}

function closure(model: CodeModel, roots: readonly string[]): ReadonlySet<string> {
  const found = new Set(roots);
  for (const file of found) for (const next of model.importsOf(file)) found.add(next);
  return found;
}

function gather(
  workspace: Workspace,
  model: CodeModel,
  liveCalls: LiveCalls,
  liveCode: LiveCode,
  schemas: readonly PrismaSchema[],
  byFile: SitesByFile,
): Databases {
  const all = poolsOf(model, liveCalls, (call) => nameOf(model, call));
  const made = { ...all, pools: all.pools.filter((pool) => !ends(model, byFile, pool.at.file)) };
  const prisma = prismaClients(model, liveCalls, liveCode, schemas, made.pools);
  const stores = [...storesOf(liveCalls), ...prisma.stores].toSorted((a, b) =>
    a.layer + a.package < b.layer + b.package ? -1 : 1,
  );
  return {
    stores: stores.filter(
      (store, i) => stores.findIndex((s) => s.layer === store.layer && s.package === store.package) === i,
    ),
    pools: [...made.pools, ...prisma.pools],
    embedded: [...made.embedded, ...prisma.embedded],
    urlLimits: prisma.pools.length > 0 ? [...urlLimits(workspace), ...codeLimits(liveCode, byFile)] : [],
  };
}

function storesOf(liveCalls: LiveCalls): Store[] {
  return [...liveCalls.packages].flatMap(([name, [at]]) => {
    const layer = layerOf(name);
    return layer && at ? [{ layer, package: name, at }] : [];
  });
}

/** A program that runs before the service and exits keeps no pool. */
function ends(model: CodeModel, byFile: SitesByFile, file: string): boolean {
  if (model.importersOf(file).length > 0) return false;
  const names = byFile.of(file).calls.map((call) => call.path || call.name);
  return names.includes('process.exit') && !names.some((name) => /(?:^|\.)(?:listen|serve)$/.test(name));
}

function nameOf(model: CodeModel, call: CallSite): string {
  const func = model.get(call.file)?.summary.functions[call.fn];
  return call.bound || func?.name || call.file;
}

interface PrismaUse {
  readonly stores: readonly Store[];
  readonly pools: readonly Pool[];
  readonly embedded: Databases['embedded'];
}

/** Prisma's client is generated, often into the repository, so it is known by its name. */
function prismaClients(
  model: CodeModel,
  liveCalls: LiveCalls,
  liveCode: LiveCode,
  schemas: readonly PrismaSchema[],
  made: readonly Pool[],
): PrismaUse {
  const created = [...liveCalls.named('PrismaClient').filter((c) => c.expr.new), ...extended(model, liveCode)];
  const stores: Store[] = [];
  const pools: Pool[] = [];
  const embedded: Databases['embedded'][number][] = [];
  for (const one of created) {
    const at = { file: one.file, line: 'expr' in one ? lineOf(one.expr.at) : one.line };
    const schema = schemaFor(schemas, one.file);
    stores.push({ layer: schema?.provider === 'mongodb' ? 'mongo' : 'prisma', package: '@prisma/client', at });
    if (schema?.provider === 'sqlite') embedded.push({ what: 'SQLite', at: { file: schema.file, line: schema.line } });
    else if (httpAdapter(liveCalls)) embedded.push({ what: httpAdapter(liveCalls) ?? '', at });
    else if (!adapted(liveCalls) && !made.some((p) => p.what === 'Prisma adapter')) {
      const name = 'expr' in one ? nameOf(model, one) : one.name;
      pools.push({ what: 'PrismaClient', at, name, layer: 'prisma', limits: [], lost: false, managed: false });
    }
  }
  return {
    stores,
    pools: pools.filter((p, i) => pools.findIndex((q) => q.at.file === p.at.file && q.at.line === p.at.line) === i),
    embedded,
  };
}

interface ExtendedClient {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** `class PrismaService extends PrismaClient`. */
function extended(model: CodeModel, liveCode: LiveCode): ExtendedClient[] {
  return liveCode.files.flatMap((file) =>
    (model.get(file)?.summary.classes ?? []).flatMap((cls) =>
      cls.extends?.k === 'ref' && /(?:^|\.)PrismaClient$/.test(cls.extends.path)
        ? [{ file, line: lineOf(cls.at), name: cls.name }]
        : [],
    ),
  );
}

const adapted = (liveCalls: LiveCalls): boolean =>
  [...liveCalls.packages.keys()].some((name) => /^@prisma\/adapter-(?:pg|mariadb|mssql)$/.test(name));
const httpAdapter = (liveCalls: LiveCalls): string | undefined =>
  [...liveCalls.packages.keys()].find((name) =>
    /^@prisma\/(?:adapter-(?:neon|planetscale|libsql|d1|better-sqlite3)|extension-accelerate)$/.test(name),
  );

/** An address of the developer's own machine says nothing of production. */
const local = /@(?:localhost|127\.0\.0\.1|\[::1\])[:/]/;
const limiting = /[?&](?:connection_limit|pool_timeout|pool_size|maxPoolSize|statement_timeout)=/;

/** Addresses in tracked settings that bound the pool; comments do not count. */
function urlLimits(workspace: Workspace): Place[] {
  const files = workspace.match(
    /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|[\w.-]*\.env|env\.(?:example|sample)|(?:docker-)?compose[\w.-]*\.ya?ml|render\.ya?ml|app\.ya?ml|fly[\w.-]*\.toml|schema\.prisma)$/,
  );
  return files.flatMap((file) => {
    const lines = (workspace.read(file) ?? '').split('\n');
    const index = lines.findIndex((line) => !/^\s*(?:#|\/\/)/.test(line) && limiting.test(line) && !local.test(line));
    return index === -1 ? [] : [{ file, line: index + 1 }];
  });
}

/** Live code that adds the parameters to the address itself. */
function codeLimits(liveCode: LiveCode, byFile: SitesByFile): Place[] {
  return liveCode.files.flatMap((file) => {
    for (const [text, at] of byFile.of(file).strings)
      if (/(?:^|[?&])(?:connection_limit|pool_timeout)(?:=|$)/.test(text)) return [{ file, line: lineOf(at) }];
    return [];
  });
}
