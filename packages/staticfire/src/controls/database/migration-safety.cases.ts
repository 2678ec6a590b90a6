import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { migrationSafety } from './migration-safety.ts';

const server =
  "import express from 'express';\nimport { db } from './db';\nconst app = express();\napp.get('/orders', async (_, res) => res.json(await db.query('select 1')));\napp.listen(3000);\n";
const database: Readonly<Record<string, string>> = {
  pg: "import { Pool } from 'pg';\nexport const db = new Pool();\n",
  mysql2: "import mysql from 'mysql2';\nexport const db = mysql.createPool({});\n",
  knex: "import knex from 'knex';\nexport const db = knex({ client: 'pg' });\n",
  typeorm: "import { DataSource } from 'typeorm';\nexport const db = new DataSource({ type: 'postgres' });\n",
  sequelize: "import { Sequelize } from 'sequelize';\nexport const db = new Sequelize('');\n",
};
const service = (library: string, files: Readonly<Record<string, string>>) =>
  express(
    { 'src/server.ts': server, 'src/db.ts': database[library] ?? '', ...files },
    { dependencies: { express: '^5.1.0', [library]: '^1.0.0', ...(library === 'mysql2' ? {} : { pg: '^8.0.0' }) } },
  );
const init = 'CREATE TABLE orders (id serial PRIMARY KEY, code varchar(20), state varchar(10));\n';
const sql = (second: string, library = 'pg') =>
  service(library, { 'migrations/001_init.sql': init, 'migrations/002_next.sql': second });
const prisma = (provider: string, migrations: Readonly<Record<string, string>>) =>
  express(
    {
      'src/server.ts':
        "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nconst db = new PrismaClient();\nconst app = express();\napp.get('/orders', async (_, res) => res.json(await db.order.findMany()));\napp.listen(3000);\n",
      'prisma/schema.prisma': `datasource db {\n  provider = "${provider}"\n  url      = env("DATABASE_URL")\n}\n\nmodel Order {\n  id String @id\n}\n`,
      ...Object.fromEntries(
        Object.entries(migrations).map(([name, text]) => [`prisma/migrations/${name}/migration.sql`, text]),
      ),
    },
    { dependencies: { express: '^5.1.0', '@prisma/client': '^6.0.0' } },
  );

export default defineCases(migrationSafety, [
  {
    name: 'drops, renames and a required column',
    show: 'bad',
    files: sql(
      'ALTER TABLE orders DROP COLUMN code;\nALTER TABLE orders RENAME COLUMN state TO status;\nALTER TABLE orders ADD COLUMN total integer NOT NULL;\n',
    ),
    expect: {
      verdict: 'fail',
      findings: [
        'migrations/002_next.sql:1 dropped-column',
        'migrations/002_next.sql:2 renamed',
        'migrations/002_next.sql:3 required-column',
      ],
    },
  },
  {
    name: 'steps that both versions bear',
    show: 'good',
    files: sql(
      "ALTER TABLE orders ADD COLUMN total integer NOT NULL DEFAULT 0, ADD COLUMN note text;\nCREATE INDEX CONCURRENTLY by_state ON orders (state);\nALTER TABLE orders ADD CONSTRAINT known CHECK (state IN ('open', 'paid')) NOT VALID;\nUPDATE orders SET note = '' WHERE note IS NULL AND id < 1000;\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'locks on PostgreSQL',
    files: sql(
      "CREATE INDEX by_state ON orders (state);\nALTER TABLE orders\n  ALTER COLUMN code SET NOT NULL,\n  ALTER COLUMN state TYPE integer USING state::integer,\n  ADD CONSTRAINT known CHECK (code <> '');\nDROP INDEX by_code;\nALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();\nUPDATE orders SET code = 'x';\n",
    ),
    expect: {
      verdict: 'fail',
      findings: [
        'migrations/002_next.sql:1 index',
        'migrations/002_next.sql:3 required-later',
        'migrations/002_next.sql:4 retyped',
        'migrations/002_next.sql:5 constraint',
        'migrations/002_next.sql:6 index-dropped',
        'migrations/002_next.sql:7 rewritten',
        'migrations/002_next.sql:8 rows-rewritten',
      ],
    },
  },
  {
    name: 'a table and its rows go',
    files: sql('DROP TABLE IF EXISTS sessions;\nDELETE FROM orders;\n'),
    expect: {
      verdict: 'fail',
      findings: ['migrations/002_next.sql:1 dropped-table', 'migrations/002_next.sql:2 emptied'],
    },
  },
  {
    name: 'everything about a table that the migration itself creates',
    near: true,
    files: sql(
      'CREATE TABLE refunds (id serial PRIMARY KEY, order_id int);\nCREATE INDEX by_order ON refunds (order_id);\nALTER TABLE refunds ADD CONSTRAINT of_order FOREIGN KEY (order_id) REFERENCES orders (id);\nALTER TABLE refunds ALTER COLUMN order_id SET NOT NULL;\n',
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a drop with the reason it is safe',
    near: true,
    files: sql('-- no longer read since 2.3, see the release notes\nALTER TABLE orders DROP COLUMN code;\n'),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a marked plan at the head of the file',
    near: true,
    files: sql(
      '-- staticfire: planned drop, the window is announced for Sunday night\n\nDROP TABLE sessions;\nALTER TABLE orders DROP COLUMN code;\n',
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'what happened more than five migrations ago',
    near: true,
    files: service('pg', {
      'migrations/001_init.sql': init,
      'migrations/002_drop.sql': 'ALTER TABLE orders DROP COLUMN code;\n',
      ...Object.fromEntries(
        [3, 4, 5, 6, 7].map((n) => [`migrations/00${n}_more.sql`, `ALTER TABLE orders ADD COLUMN c${n} text;\n`]),
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the first migration has nothing to lock',
    near: true,
    files: service('pg', { 'migrations/001_init.sql': 'DROP TABLE IF EXISTS orders;\nCREATE INDEX x ON old (a);\n' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the way back and the body of a function do not run',
    near: true,
    files: service('pg', {
      'migrations/001_init.sql': init,
      'migrations/002_next.sql':
        '-- migrate:up\nALTER TABLE orders ADD COLUMN a text;\nCREATE FUNCTION tidy() RETURNS void AS $$ BEGIN DELETE FROM orders; END $$ LANGUAGE plpgsql;\n-- migrate:down\nDROP TABLE orders;\n',
      'migrations/003_next.up.sql': 'ALTER TABLE orders ADD COLUMN b text;\n',
      'migrations/003_next.down.sql': 'ALTER TABLE orders DROP COLUMN b;\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a wider text and a validated check',
    near: true,
    files: service('pg', {
      'migrations/001_init.sql': init,
      'migrations/002_check.sql':
        'ALTER TABLE orders ADD CONSTRAINT filled CHECK (code IS NOT NULL) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT filled;\n',
      'migrations/003_next.sql':
        'ALTER TABLE orders ALTER COLUMN state TYPE varchar(40);\nALTER TABLE orders ALTER COLUMN code SET NOT NULL;\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'MySQL builds indexes online and does not read foreign keys so',
    files: sql(
      'CREATE INDEX by_state ON orders (state);\nALTER TABLE orders ADD CONSTRAINT of_user FOREIGN KEY (code) REFERENCES users (code);\n',
      'mysql2',
    ),
    expect: { verdict: 'fail', findings: ['migrations/002_next.sql:2 constraint'] },
  },
  {
    name: 'an index on MySQL',
    near: true,
    files: sql('CREATE INDEX by_state ON orders (state);\n', 'mysql2'),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Prisma rebuilds a table of SQLite',
    near: true,
    files: prisma('sqlite', {
      '20250101000000_init': 'CREATE TABLE "Order" ("id" TEXT NOT NULL PRIMARY KEY);\n',
      '20250102000000_next':
        'PRAGMA foreign_keys=OFF;\nCREATE TABLE "new_Order" ("id" TEXT NOT NULL PRIMARY KEY, "note" TEXT);\nINSERT INTO "new_Order" ("id") SELECT "id" FROM "Order";\nDROP TABLE "Order";\nALTER TABLE "new_Order" RENAME TO "Order";\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: "Prisma's own warning is no plan, and it replaces an enum",
    files: prisma('postgresql', {
      '20250101000000_init': 'CREATE TABLE "Order" ("id" TEXT NOT NULL, "state" "State");\n',
      '20250102000000_next':
        '/*\n  Warnings:\n\n  - The values [OLD] on the enum `State` will be removed. If these variants are no longer used in the database, this will fail.\n*/\nBEGIN;\nCREATE TYPE "State_new" AS ENUM (\'OPEN\');\nALTER TABLE "Order" ALTER COLUMN "state" TYPE "State_new" USING ("state"::text::"State_new");\nALTER TYPE "State" RENAME TO "State_old";\nALTER TYPE "State_new" RENAME TO "State";\nDROP TYPE "State_old";\nCOMMIT;\n',
    }),
    expect: {
      verdict: 'fail',
      findings: ['prisma/migrations/20250102000000_next/migration.sql:10 enum-replaced'],
    },
  },
  {
    name: 'programs of Knex',
    files: service('knex', {
      'migrations/20250101000000_init.ts':
        "exports.up = (knex) => knex.schema.createTable('orders', (table) => {\n  table.increments('id');\n});\n",
      'migrations/20250102000000_next.ts':
        "exports.up = async function up(knex) {\n  await knex.schema.alterTable('orders', (table) => {\n    table.dropColumn('code');\n    table.integer('total').notNullable();\n    table.text('note').notNullable().defaultTo('');\n  });\n};\nexports.down = async function down(knex) {\n  await knex.schema.dropTable('orders');\n};\n",
    }),
    expect: {
      verdict: 'fail',
      findings: [
        'migrations/20250102000000_next.ts:3 dropped-column',
        'migrations/20250102000000_next.ts:4 required-column',
      ],
    },
  },
  {
    name: 'programs of TypeORM',
    files: service('typeorm', {
      'src/migrations/1700000000000-init.ts':
        'export class Init1700000000000 {\n  async up(q) {\n    await q.query(`CREATE TABLE "orders" ("id" SERIAL NOT NULL)`);\n  }\n}\n',
      'src/migrations/1700000000001-next.ts':
        'export class Next1700000000001 {\n  async up(q) {\n    await q.query(`ALTER TABLE "orders" ADD "total" integer NOT NULL`);\n    // the table is empty until the launch\n    await q.query(`ALTER TABLE "orders" DROP COLUMN "code"`);\n  }\n  async down(q) {\n    await q.query(`DROP TABLE "orders"`);\n  }\n}\n',
    }),
    expect: { verdict: 'fail', findings: ['src/migrations/1700000000001-next.ts:3 required-column'] },
  },
  {
    name: 'programs of Sequelize',
    near: true,
    files: service('sequelize', {
      'migrations/20250101000000-init.js':
        "module.exports = {\n  async up(queryInterface) {\n    await queryInterface.createTable('orders', { id: { type: 'INTEGER', primaryKey: true } });\n  },\n};\n",
      'migrations/20250102000000-next.js':
        "module.exports = {\n  async up(queryInterface, Sequelize) {\n    await queryInterface.addColumn('orders', 'note', { type: Sequelize.STRING, allowNull: true });\n    await queryInterface.addIndex('orders', ['note'], { concurrently: true });\n  },\n  async down(queryInterface) {\n    await queryInterface.removeColumn('orders', 'note');\n  },\n};\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'programs that cannot be read',
    near: true,
    files: service('typeorm', {
      'src/migrations/1700000000000-init.ts':
        'export class Init1700000000000 {\n  async up(q) {\n    await run(q);\n  }\n}\n',
    }),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'no migrations',
    files: service('pg', {}),
    expect: { verdict: 'not-applicable' },
  },
]);
