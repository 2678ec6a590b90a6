import { express, nest } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { indexes } from './indexes.ts';

const uses = (...packages: readonly string[]) => ({
  dependencies: { express: '^5.1.0', ...Object.fromEntries(packages.map((name) => [name, '^1.0.0'])) },
});
const server =
  "import express from 'express';\nimport { db } from './db';\nconst app = express();\napp.get('/orders', async (_, res) => res.json(await db.query('select 1')));\napp.listen(3000);\n";
const prismaServer =
  "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nconst db = new PrismaClient();\nconst app = express();\napp.get('/orders', async (_, res) => res.json(await db.order.findMany()));\napp.listen(3000);\n";
const pg = { 'src/server.ts': server, 'src/db.ts': "import { Pool } from 'pg';\nexport const db = new Pool();\n" };
const prisma = (schema: string) =>
  express({ 'src/server.ts': prismaServer, 'prisma/schema.prisma': schema }, uses('@prisma/client'));
const source = (provider: string, more = ''): string =>
  `datasource db {\n  provider = "${provider}"\n  url      = env("DATABASE_URL")\n${more}}\n\n`;
const user = 'model User {\n  id String @id\n  orders Order[]\n}\n\n';
const order = (rest: string): string =>
  `model Order {\n  id     String @id\n  userId String\n  at     DateTime\n  user   User   @relation(fields: [userId], references: [id])\n${rest}}\n`;

const drizzle = (table: string, more: Readonly<Record<string, string>> = {}) =>
  express(
    {
      'src/server.ts':
        "import express from 'express';\nimport { orders } from './schema';\nconst app = express();\napp.get('/orders', (_, res) => res.json(orders));\napp.listen(3000);\n",
      'src/schema.ts': `import { pgTable, text, index, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { id: text('id').primaryKey() });\n${table}`,
      ...more,
    },
    uses('drizzle-orm', 'pg'),
  );

const entity = (decorator: string, driver = 'pg') =>
  nest(
    {
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { TypeOrmModule } from '@nestjs/typeorm';\nimport { Order } from './order.entity';\n@Module({ imports: [TypeOrmModule.forFeature([Order])] })\nexport class AppModule {}\n",
      'src/user.entity.ts':
        "import { Entity, PrimaryGeneratedColumn } from 'typeorm';\n@Entity()\nexport class User {\n  @PrimaryGeneratedColumn() id: number;\n}\n",
      'src/order.entity.ts': `import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';\nimport { User } from './user.entity';\n@Entity('orders')\nexport class Order {\n  @PrimaryGeneratedColumn() id: number;\n${decorator}}\n`,
    },
    {
      dependencies: {
        '@nestjs/common': '^11.0.0',
        '@nestjs/core': '^11.0.0',
        '@nestjs/platform-express': '^11.0.0',
        '@nestjs/typeorm': '^11.0.0',
        typeorm: '^0.3.0',
        [driver]: '^8.0.0',
      },
    },
  );

export default defineCases(indexes, [
  {
    name: 'a relation of Prisma without an index',
    show: 'bad',
    files: prisma(source('postgresql') + user + order('')),
    expect: { verdict: 'fail', findings: ['prisma/schema.prisma:13 unindexed'] },
  },
  {
    name: 'an index that begins with it',
    show: 'good',
    files: prisma(source('postgresql') + user + order('  @@index([userId, at(sort: Desc)])\n')),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the second column of a unique constraint is no help',
    files: prisma(source('postgresql') + user + order('  @@unique([at, userId])\n')),
    expect: { verdict: 'fail', findings: ['prisma/schema.prisma:13 unindexed'] },
  },
  {
    name: 'a relation by a unique column',
    near: true,
    files: prisma(source('postgresql') + user + order('').replace('userId String', 'userId String @unique')),
    expect: { verdict: 'pass' },
  },
  {
    name: 'an index that a migration makes by hand',
    near: true,
    files: {
      ...prisma(source('postgresql') + user + order('  @@map("orders")\n')),
      'prisma/migrations/20250101000000_init/migration.sql':
        'CREATE TABLE "User" ("id" TEXT NOT NULL);\nCREATE TABLE "orders" ("id" TEXT NOT NULL, "userId" TEXT NOT NULL);\nCREATE INDEX "open" ON "orders"("userId") WHERE "at" IS NULL;\n',
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'MySQL indexes its foreign keys',
    near: true,
    files: prisma(source('mysql') + user + order('')),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'MySQL without foreign keys indexes nothing',
    files: prisma(source('mysql', '  relationMode = "prisma"\n') + user + order('')),
    expect: { verdict: 'fail', findings: ['prisma/schema.prisma:14 unindexed'] },
  },
  {
    name: 'no table points at another',
    files: prisma(`${source('postgresql')}model Order {\n  id String @id\n}\n`),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a reference of Drizzle without an index',
    files: drizzle(
      "export const orders = pgTable('orders', {\n  id: text('id').primaryKey(),\n  userId: text('user_id').notNull().references(() => users.id),\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/schema.ts:5 unindexed'] },
  },
  {
    name: 'indexes, a composite key and a unique column of Drizzle',
    near: true,
    files: drizzle(
      "export const orders = pgTable(\n  'orders',\n  {\n    userId: text('user_id').references(() => users.id),\n    buyerId: text('buyer_id').references(() => users.id),\n    payerId: text('payer_id').unique().references(() => users.id),\n    at: text('at'),\n  },\n  (t) => [primaryKey({ columns: [t.userId, t.at] }), index('by_buyer').on(t.buyerId, t.at)],\n);\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a relation of TypeORM without an index',
    files: entity('  @ManyToOne(() => User)\n  user: User;\n'),
    expect: { verdict: 'fail', findings: ['src/order.entity.ts:7 unindexed'] },
  },
  {
    name: 'relations of TypeORM with indexes',
    near: true,
    files: entity(
      "  @Index()\n  @ManyToOne(() => User)\n  user: User;\n\n  @Index()\n  @Column({ name: 'payer_id' })\n  payerId: number;\n\n  @ManyToOne(() => User)\n  @JoinColumn({ name: 'payer_id' })\n  payer: User;\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'relations of TypeORM on MySQL',
    near: true,
    files: entity('  @ManyToOne(() => User)\n  user: User;\n', 'mysql2'),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'references in SQL migrations',
    files: express(
      {
        ...pg,
        'migrations/001_init.sql':
          'CREATE TABLE users (id serial PRIMARY KEY);\nCREATE TABLE orders (\n  id serial PRIMARY KEY,\n  user_id int NOT NULL REFERENCES users(id),\n  payer_id int,\n  key varchar(20),\n  FOREIGN KEY (payer_id) REFERENCES users(id)\n);\nCREATE INDEX by_payer ON orders (payer_id);\n',
      },
      uses('pg'),
    ),
    expect: { verdict: 'fail', findings: ['migrations/001_init.sql:4 unindexed'] },
  },
  {
    name: 'references that a later migration indexes or drops',
    near: true,
    files: express(
      {
        ...pg,
        'migrations/001_init.sql':
          'CREATE TABLE users (id serial PRIMARY KEY);\nCREATE TABLE orders (id serial PRIMARY KEY, user_id int REFERENCES users(id), old_id int REFERENCES users(id));\n',
        'migrations/002_more.sql':
          'CREATE INDEX CONCURRENTLY by_user ON public.orders USING btree (user_id);\nALTER TABLE orders DROP COLUMN old_id;\n',
      },
      uses('pg'),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'references of a table builder',
    files: express(
      {
        'src/server.ts': server,
        'src/db.ts': "import knex from 'knex';\nexport const db = knex({ client: 'pg' });\n",
        'migrations/20250101000000_init.ts':
          "exports.up = async function up(knex) {\n  await knex.schema.createTable('orders', (table) => {\n    table.increments('id');\n    table.integer('user_id').references('id').inTable('users');\n    table.integer('payer_id').references('users.id').index();\n  });\n};\nexports.down = async function down(knex) {\n  await knex.schema.dropTable('orders');\n};\n",
      },
      uses('knex', 'pg'),
    ),
    expect: { verdict: 'fail', findings: ['migrations/20250101000000_init.ts:4 unindexed'] },
  },
  {
    name: 'a schema that the repository does not hold',
    near: true,
    files: express(pg, uses('pg')),
    expect: { verdict: 'unknown' },
  },
]);
