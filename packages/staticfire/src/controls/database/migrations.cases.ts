import { express, nest } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { migrations } from './migrations.ts';

const dependencies = { express: '^5.1.0', '@prisma/client': '^6.0.0', prisma: '^6.0.0' };
const prisma = { dependencies };
const deployed = {
  dependencies,
  scripts: { build: 'tsc', start: 'node dist/server.js', 'db:deploy': 'prisma migrate deploy' },
};
const dockerfile =
  'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["sh", "-c", "npm run db:deploy && exec node dist/server.js"]\n';
const server =
  "import express from 'express';\nimport { PrismaClient } from '@prisma/client';\nconst db = new PrismaClient();\nconst app = express();\napp.get('/', async (_, res) => res.json(await db.order.findMany()));\napp.listen(3000);\n";
const schema =
  'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\nmodel Order {\n  id Int @id\n}\nmodel Item {\n  id Int @id\n  @@map("items")\n}\n';
const order = 'CREATE TABLE "Order" (\n  "id" INTEGER NOT NULL\n);\n';
const item =
  '-- CreateTable\nCREATE TABLE IF NOT EXISTS "public"."goods" ("id" INTEGER NOT NULL);\nALTER TABLE "goods" RENAME TO "items";\n';
const base = { 'src/server.ts': server, 'prisma/schema.prisma': schema };

export default defineCases(migrations, [
  {
    name: 'a schema without migrations',
    show: 'bad',
    files: express(base, prisma),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'migrations that the container applies before it starts',
    show: 'good',
    files: express(
      {
        ...base,
        Dockerfile: dockerfile,
        'prisma/migrations/1_init/migration.sql': order,
        'prisma/migrations/2_items/migration.sql': item,
      },
      deployed,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a script that the image starts applies them',
    near: true,
    files: express(
      {
        ...base,
        Dockerfile: 'FROM node:24-slim\nCOPY . .\nENTRYPOINT ["./scripts/entry.sh"]\n',
        'scripts/entry.sh': '#!/bin/sh\nset -e\nnode scripts/prepare.js\nexec node dist/server.js\n',
        'scripts/prepare.js':
          "const { execSync } = require('node:child_process');\nexecSync('npx prisma migrate deploy', { stdio: 'inherit' });\n",
        'prisma/migrations/1_init/migration.sql': order + item,
      },
      prisma,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'texts for the browser in files that are called like those of a platform',
    near: true,
    files: express(
      {
        ...base,
        Dockerfile: 'FROM node:24-slim\nCOPY . .\nENTRYPOINT ["./scripts/entry.sh"]\n',
        'scripts/entry.sh': '#!/bin/sh\nset -e\nnpx prisma migrate deploy\nexec node dist/server.js\n',
        'prisma/migrations/1_init/migration.sql': order + item,
        ...Object.fromEntries(
          ['de', 'en', 'fr', 'it'].map((language) => [
            `public/locales/${language}/app.json`,
            `{\n${Array.from({ length: 1500 }, (_, n) => `  "text${n}": "${language} ${n}"`).join(',\n')}\n}\n`,
          ]),
        ),
      },
      prisma,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a folder of another name, which a program of its own copies and applies',
    near: true,
    files: express(
      {
        ...base,
        'prisma/history/20260101090000_first/migration.sql': order,
        'prisma/history/20260202090000_items/migration.sql': item,
        Dockerfile: dockerfile,
      },
      deployed,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'nothing applies them',
    files: express({ ...base, 'prisma/migrations/1_init/migration.sql': order + item }, deployed),
    expect: { verdict: 'fail', findings: ['prisma/migrations/1_init/migration.sql:1 unapplied'] },
  },
  {
    name: 'a table that no migration creates',
    files: express({ ...base, Dockerfile: dockerfile, 'prisma/migrations/1_init/migration.sql': order }, deployed),
    expect: { verdict: 'fail', findings: ['prisma/schema.prisma:8 uncreated'] },
  },
  {
    name: 'the image pushes the schema',
    files: express(
      { ...base, Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD npx prisma db push && node dist/server.js\n' },
      prisma,
    ),
    expect: { verdict: 'fail', findings: ['- absent', 'Dockerfile:3 pushed'] },
  },
  {
    name: 'a journal that does not fit the files',
    files: express(
      {
        'src/server.ts':
          "import express from 'express';\nimport { drizzle } from 'drizzle-orm/node-postgres';\nimport { migrate } from 'drizzle-orm/node-postgres/migrator';\nimport { pgTable, serial } from 'drizzle-orm/pg-core';\nexport const orders = pgTable('orders', { id: serial('id') });\nconst db = drizzle(process.env.DATABASE_URL);\nawait migrate(db, { migrationsFolder: 'drizzle' });\nexpress().listen(3000);\n",
        'drizzle/meta/_journal.json': JSON.stringify({
          entries: [
            { idx: 0, tag: '0000_first' },
            { idx: 1, tag: '0001_lost' },
          ],
        }),
        'drizzle/0000_first.sql': 'CREATE TABLE "orders" ("id" serial);\n',
        'drizzle/0002_loose.sql': 'ALTER TABLE "orders" ADD "total" integer;\n',
      },
      { dependencies: { express: '^5.1.0', 'drizzle-orm': '^0.44.0' } },
    ),
    expect: {
      verdict: 'fail',
      findings: ['drizzle/meta/_journal.json:1 unfiled', 'drizzle/0002_loose.sql:1 unjournalled'],
    },
  },
  {
    name: 'tables rewritten at start',
    files: nest(
      {
        'src/app.module.ts':
          "import { Module } from '@nestjs/common';\nimport { TypeOrmModule } from '@nestjs/typeorm';\n@Module({ imports: [TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL, synchronize: true })] })\nexport class AppModule {}\n",
      },
      {
        dependencies: {
          '@nestjs/common': '^11.0.0',
          '@nestjs/core': '^11.0.0',
          '@nestjs/typeorm': '^11.0.0',
          typeorm: '^0.3.0',
        },
      },
    ),
    expect: { verdict: 'fail', findings: ['- absent', 'src/app.module.ts:3 pushed'] },
  },
  {
    name: 'two files with one number',
    files: express(
      {
        'src/server.ts':
          "import { readdirSync, readFileSync } from 'node:fs';\nimport express from 'express';\nimport { Pool } from 'pg';\nconst db = new Pool({ max: 5 });\nfor (const name of readdirSync('migrations')) await db.query(readFileSync(`migrations/${name}`, 'utf8'));\nexpress().listen(3000);\n",
        'migrations/001_orders.sql': 'CREATE TABLE orders (id int);\n',
        'migrations/002_items.sql': 'CREATE TABLE items (id int);\n',
        'migrations/002_prices.sql': 'ALTER TABLE items ADD price int;\n',
      },
      { dependencies: { express: '^5.1.0', pg: '^8.16.0' } },
    ),
    expect: { verdict: 'fail', findings: ['migrations/002_items.sql:1 ambiguous'] },
  },
  { name: 'no database', files: express({}), expect: { verdict: 'not-applicable' } },
  {
    name: 'a pipeline asks the database provider to bring the schema in',
    near: true,
    files: express(
      {
        ...base,
        'prisma/migrations/1_init/migration.sql': order,
        '.github/workflows/schema.yml':
          'on: pull_request\njobs:\n  schema:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pscale deploy-request create shop next --into main\n',
      },
      prisma,
    ),
    expect: { verdict: 'pass' },
  },
]);
