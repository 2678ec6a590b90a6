import { express, nest } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { poolLimits } from './pool-limits.ts';

const pg = { dependencies: { express: '^5.1.0', pg: '^8.16.0' } };
const prisma = { dependencies: { express: '^5.1.0', '@prisma/client': '^6.0.0' } };
const server = (imported: string): string =>
  `import express from 'express';\nimport { db } from '${imported}';\nconst app = express();\napp.get('/orders', async (_, res) => res.json(await db.query('select 1')));\napp.listen(3000);\n`;
const schema = (provider: string): string =>
  `datasource db {\n  provider = "${provider}"\n  url      = env("DATABASE_URL")\n}\nmodel Order {\n  id Int @id\n}\n`;

export default defineCases(poolLimits, [
  {
    name: 'a pool with an address only',
    show: 'bad',
    files: express(
      {
        'src/server.ts': server('./db'),
        'src/db.ts':
          "import { Pool } from 'pg';\n\nexport const db = new Pool({ connectionString: process.env.DATABASE_URL });\n",
      },
      pg,
    ),
    expect: { verdict: 'fail', findings: ['src/db.ts:3 unbounded'] },
  },
  {
    name: 'size and timeouts are set',
    show: 'good',
    files: express(
      {
        'src/server.ts': server('./db'),
        'src/db.ts':
          "import { Pool } from 'pg';\nexport const db = new Pool({\n  connectionString: process.env.DATABASE_URL,\n  max: 10,\n  connectionTimeoutMillis: 3000,\n  statement_timeout: 5000,\n});\n",
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the options stand in another file and are chosen by a setting',
    near: true,
    files: express(
      {
        'src/server.ts': server('./db'),
        'src/options.ts':
          'const shared = { max: 8, idleTimeoutMillis: 10_000 };\nexport const options = process.env.DATABASE_URL\n  ? { connectionString: process.env.DATABASE_URL, ...shared }\n  : { host: process.env.DB_HOST, ...shared };\n',
        'src/db.ts':
          "import { Pool } from 'pg';\nimport { options } from './options';\nexport const db = new Pool(options);\n",
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'an unbounded pool that nothing live imports',
    near: true,
    files: express({ 'src/old.ts': "import { Pool } from 'pg';\nexport const db = new Pool({});\n" }, pg),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'Prisma on its defaults',
    files: express(
      {
        'src/server.ts': server('./db'),
        'src/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
        'prisma/schema.prisma': schema('postgresql'),
        '.env.example':
          '# DATABASE_URL=postgres://u:p@db/shop?connection_limit=5\nDATABASE_URL=postgres://u:p@db/shop\n',
      },
      prisma,
    ),
    expect: { verdict: 'fail', findings: ['src/db.ts:2 unbounded-url'] },
  },
  {
    name: 'Prisma bounded by its address',
    files: express(
      {
        'src/server.ts': server('./db'),
        'src/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
        'prisma/schema.prisma': schema('postgresql'),
        '.env.example': 'DATABASE_URL=postgres://u:p@db/shop?connection_limit=5&pool_timeout=10\n',
      },
      prisma,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Prisma on a file',
    files: express(
      {
        'src/server.ts': server('./db'),
        'src/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
        'prisma/schema.prisma': schema('sqlite'),
      },
      prisma,
    ),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a Nest module whose factory bounds the pool',
    files: nest(
      {
        'src/app.module.ts':
          "import { Module } from '@nestjs/common';\nimport { TypeOrmModule } from '@nestjs/typeorm';\n@Module({\n  imports: [TypeOrmModule.forRootAsync({ useFactory: () => ({ type: 'postgres', url: process.env.DATABASE_URL, extra: { max: 10 } }) })],\n})\nexport class AppModule {}\n",
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
    expect: { verdict: 'pass' },
  },
  {
    name: 'a class of the repository makes the options of a Nest module',
    near: true,
    files: nest(
      {
        'src/app.module.ts':
          "import { Module } from '@nestjs/common';\nimport { TypeOrmModule } from '@nestjs/typeorm';\nimport { OrmOptions } from './orm-options';\n@Module({ imports: [TypeOrmModule.forRootAsync({ useClass: OrmOptions })] })\nexport class AppModule {}\n",
        'src/orm-options.ts':
          "import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class OrmOptions {\n  createTypeOrmOptions() {\n    return { type: 'postgres', url: process.env.DATABASE_URL, extra: { max: Number(process.env.DB_POOL) } };\n  }\n}\n",
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
    expect: { verdict: 'pass' },
  },
  {
    name: 'a getter of an injected class makes options without a limit',
    files: nest(
      {
        'src/app.module.ts':
          "import { Module } from '@nestjs/common';\nimport { TypeOrmModule } from '@nestjs/typeorm';\nimport { Settings } from './settings';\n@Module({\n  imports: [\n    TypeOrmModule.forRootAsync({ inject: [Settings], useFactory: (settings: Settings) => settings.database }),\n  ],\n})\nexport class AppModule {}\n",
        'src/settings.ts':
          "import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class Settings {\n  get database() {\n    return { type: 'postgres', url: process.env.DATABASE_URL };\n  }\n}\n",
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
    expect: { verdict: 'fail', findings: ['src/app.module.ts:6 unbounded'] },
  },
  {
    name: 'a helper makes the pool of the options it is given',
    near: true,
    files: express(
      {
        'src/server.ts': server('./db'),
        'src/db.ts':
          "import { open } from './open';\nexport const db = open({ connectionString: process.env.DATABASE_URL, max: 6 });\n",
        'src/open.ts': "import { Pool } from 'pg';\nexport function open(options) {\n  return new Pool(options);\n}\n",
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a program that fills the tables before the service starts',
    near: true,
    files: express(
      {
        'src/fill.ts':
          "import { Pool } from 'pg';\nconst db = new Pool({});\ndb.query('select 1').then(() => db.end());\n",
        Dockerfile: 'FROM node:24\nCOPY . .\nCMD node dist/fill.js && node dist/server.js\n',
      },
      pg,
    ),
    expect: { verdict: 'not-applicable' },
  },
]);
