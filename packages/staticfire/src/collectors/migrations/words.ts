import type { Layer } from '../../facts/databases.ts';

export interface Command {
  readonly pattern: RegExp;
  /** The layer whose migrations it applies; undefined for tools that serve any. */
  readonly layer: Layer | undefined;
  readonly by: string;
}

/** Commands that apply versioned migrations. */
export const applying: readonly Command[] = [
  {
    pattern: /\bprisma(?:@[\w.^~-]+)?["',\s]+(?:--[\w-]+[= ]\S+\s+)*migrate["',\s]+deploy\b/,
    layer: 'prisma',
    by: 'prisma migrate deploy',
  },
  { pattern: /\bdrizzle-kit(?:@[\w.^~-]+)?["',\s]+migrate\b/, layer: 'drizzle', by: 'drizzle-kit migrate' },
  { pattern: /\btypeorm\b[^\n&|;]*\bmigrations?:run\b/, layer: 'typeorm', by: 'typeorm migration:run' },
  { pattern: /\bknex\b[^\n&|;]*\bmigrate:(?:latest|up)\b/, layer: 'knex', by: 'knex migrate:latest' },
  { pattern: /\bsequelize(?:-cli)?\b[^\n&|;]*\bdb:migrate\b(?!:)/, layer: 'sequelize', by: 'sequelize db:migrate' },
  { pattern: /\bmikro-orm\b[^\n&|;]*\bmigration:up\b/, layer: 'mikro-orm', by: 'mikro-orm migration:up' },
  { pattern: /\bkysely\b[^\n&|;]*\bmigrate[: ](?:latest|up)\b/, layer: 'kysely', by: 'kysely migrate' },
  {
    pattern:
      /\b(?:node-pg-migrate(?:["',\s]+-[\w-]+(?:[= ]\S+)?)*["',\s]+up|db-migrate["',\s]+up|dbmate\b[^\n&|;]*\b(?:up|migrate)|flyway\b[^\n&|;]*\bmigrate|liquibase\b[^\n&|;]*\bupdate|atlas["',\s]+migrate["',\s]+apply|goose\b[^\n&|;]*\bup|migrate-mongo["',\s]+up|graphile-migrate["',\s]+migrate|supabase["',\s]+(?:db["',\s]+push|migration["',\s]+up)|umzug["',\s]+up|medusa["',\s]+(?:db:migrate|migrations["',\s]+run)|payload["',\s]+migrate|node["',\s]+ace["',\s]+migration:run|wrangler\b[^\n&|;]*\bd1["',\s]+migrations["',\s]+apply|zenstack["',\s]+migrate["',\s]+deploy)\b/,
    layer: undefined,
    by: 'a migration tool',
  },
];

/** Commands that bring a reviewed schema in as a whole: a folder of migrations is not what they go by. */
export const declaring: readonly Command[] = [
  {
    pattern: /\bpscale\b[^\n&|;]*\bdeploy-request["',\s]+(?:create|deploy)\b/,
    layer: undefined,
    by: 'a deploy request of PlanetScale',
  },
  { pattern: /\batlas["',\s]+schema["',\s]+apply\b/, layer: undefined, by: 'atlas schema apply' },
  { pattern: /\bskeema["',\s]+push\b/, layer: undefined, by: 'skeema push' },
];

/** Commands that change the schema with no version kept. */
export const pushing: readonly Command[] = [
  { pattern: /\bprisma(?:@[\w.^~-]+)?["',\s]+db["',\s]+push\b/, layer: 'prisma', by: 'prisma db push' },
  { pattern: /\bprisma(?:@[\w.^~-]+)?["',\s]+migrate["',\s]+dev\b/, layer: 'prisma', by: 'prisma migrate dev' },
  { pattern: /\bdrizzle-kit(?:@[\w.^~-]+)?["',\s]+push\b/, layer: 'drizzle', by: 'drizzle-kit push' },
  { pattern: /\btypeorm\b[^\n&|;]*\bschema:sync\b/, layer: 'typeorm', by: 'typeorm schema:sync' },
  { pattern: /\bmikro-orm\b[^\n&|;]*\bschema:update\b/, layer: 'mikro-orm', by: 'mikro-orm schema:update' },
];

/** Calls that apply migrations from code. */
export const applyingCalls: readonly { readonly pattern: RegExp; readonly layer: Layer | undefined }[] = [
  { pattern: /(?:^|\.)runMigrations$/, layer: undefined },
  { pattern: /\bmigrate\.latest$|\bmigrate\.up$/, layer: 'knex' },
  { pattern: /(?:^|\.)migrateToLatest$/, layer: 'kysely' },
  { pattern: /\b(?:umzug|migrator|Migrator)\.(?:up|runUpTo|latest)$/, layer: undefined },
];
