import type { Store } from '../../facts/databases.ts';
import type { Dialect } from '../../facts/migration-sets.ts';
import type { PrismaSchema } from '../../facts/prisma.ts';

const byProvider: Readonly<Record<string, Dialect>> = {
  postgresql: 'PostgreSQL',
  postgres: 'PostgreSQL',
  cockroachdb: 'PostgreSQL',
  mysql: 'MySQL',
  sqlite: 'SQLite',
  sqlserver: 'SQL Server',
};

/** Drivers by the engine that they speak to, the engine that asks most first. */
const drivers: readonly (readonly [RegExp, Dialect])[] = [
  [
    /^(?:pg|pg-promise|pg-native|postgres|slonik|@neondatabase\/serverless|@vercel\/postgres|@databases\/pg|@electric-sql\/pglite|@mikro-orm\/postgresql|node-pg-migrate)$/,
    'PostgreSQL',
  ],
  [/^(?:mysql2?|mariadb|@planetscale\/database|@databases\/mysql|@mikro-orm\/(?:mysql|mariadb))$/, 'MySQL'],
  [/^(?:better-sqlite3|sqlite3?|@libsql\/client|@mikro-orm\/(?:better-)?sqlite)$/, 'SQLite'],
  [/^(?:mssql|tedious|@mikro-orm\/mssql)$/, 'SQL Server'],
];

/** The engine that the migrations are written for. */
export function dialectOf(
  store: Store,
  schema: PrismaSchema | undefined,
  packages: readonly string[],
  declared: Dialect,
): Dialect {
  if (store.layer === 'prisma') return byProvider[schema?.provider ?? ''] ?? '';
  if (declared) return declared;
  return drivers.find(([pattern]) => packages.some((name) => pattern.test(name)))?.[1] ?? '';
}
