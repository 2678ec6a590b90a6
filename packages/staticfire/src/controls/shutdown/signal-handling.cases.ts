import { express, nest, next, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { signalHandling } from './signal-handling.ts';

const pg = { dependencies: { express: '^5.1.0', pg: '^8.16.0' } };
const db = "import { Pool } from 'pg';\nexport const db = new Pool({ max: 5 });\n";
const head =
  "import express from 'express';\nimport { db } from './db';\nconst app = express();\napp.get('/', async (_, res) => res.json(await db.query('select 1')));\nconst server = app.listen(3000);\n";

export default defineCases(signalHandling, [
  { name: 'no handler', show: 'bad', files: express({}), expect: { verdict: 'fail', findings: ['- absent'] } },
  {
    name: 'closes the server and the pool, then exits',
    show: 'good',
    files: express(
      {
        'src/server.ts': `${head}process.on('SIGTERM', () => {\n  server.close(async () => {\n    await db.end();\n    process.exit(0);\n  });\n});\n`,
        'src/db.ts': db,
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the handler comes through a helper that gets the pool as a callback',
    near: true,
    files: express(
      {
        'src/server.ts': `${head}import { drainOn } from './drain';\ndrainOn(server, { after: () => db.end() });\n`,
        'src/drain.ts':
          "export function drainOn(server, { after, signals = ['SIGTERM', 'SIGINT'] }) {\n  const stop = () => server.close(async () => {\n    await after();\n    process.exit(0);\n  });\n  for (const signal of signals) process.once(signal, stop);\n}\n",
        'src/db.ts': db,
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the pool stays open',
    files: express(
      {
        'src/server.ts': `${head}process.on('SIGTERM', () => server.close(() => process.exit(0)));\n`,
        'src/db.ts': db,
      },
      pg,
    ),
    expect: { verdict: 'fail', findings: ['src/db.ts:2 pools-open'] },
  },
  {
    name: 'exits at once',
    files: express({
      'src/server.ts':
        "import express from 'express';\nexpress().listen(3000);\nprocess.on('SIGTERM', () => {\n  process.exit(0);\n});\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:3 exits-at-once'] },
  },
  {
    name: 'writes a line and goes on',
    files: express({
      'src/server.ts':
        "import express from 'express';\nexpress().listen(3000);\nprocess.on('SIGTERM', () => console.log('asked to stop'));\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:3 server-stays'] },
  },
  {
    name: 'functions of a platform',
    files: next({ 'vercel.json': '{}' }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a registry of what to stop, filled elsewhere',
    near: true,
    files: express(
      {
        'src/server.ts': `${head}import { runAll, whenStopping } from './stopping';\nwhenStopping(() => new Promise((done) => server.close(done)));\nwhenStopping(() => db.end());\nprocess.once('SIGTERM', () => runAll());\n`,
        'src/stopping.ts':
          'const tasks = [];\nexport const register = (task) => tasks.push(task);\nexport const whenStopping = register;\nexport async function runAll() {\n  for (const task of tasks) await task();\n  process.exit(0);\n}\n',
        'src/db.ts': db,
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'cuts the open connections',
    files: express({
      'src/server.ts':
        "import express from 'express';\nconst server = express().listen(3000);\nconst sockets = new Set();\nserver.on('connection', (socket) => sockets.add(socket));\nprocess.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n  for (const socket of sockets) socket.destroy();\n});\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:7 cuts'] },
  },
  {
    name: 'cuts what is left after a time limit',
    near: true,
    files: express({
      'src/server.ts':
        "import express from 'express';\nconst server = express().listen(3000);\nconst sockets = new Set();\nserver.on('connection', (socket) => sockets.add(socket));\nprocess.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n  setTimeout(() => {\n    for (const socket of sockets) socket.destroy();\n    process.exit(1);\n  }, 8000).unref();\n});\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'only the keyboard stops it',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nconst server = createServer((_, res) => res.end()).listen(3000);\nprocess.on('SIGINT', () => server.close());\n",
    }),
    expect: { verdict: 'fail', findings: ['src/main.ts:3 interrupt-only'] },
  },
  {
    name: 'the handler stands in a file that nothing imports',
    files: express({ 'src/shutdown.ts': "process.on('SIGTERM', () => process.exit(0));\n" }),
    expect: { verdict: 'fail', findings: ['src/shutdown.ts:1 dead'] },
  },
  { name: 'the server of the framework handles it', files: next({}), expect: { verdict: 'pass' } },
  {
    name: 'Nest with its shutdown hooks',
    files: nest({
      'src/main.ts':
        "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  app.enableShutdownHooks();\n  await app.listen(3000);\n}\nbootstrap();\n",
    }),
    expect: { verdict: 'pass' },
  },
  { name: 'Nest without them', files: nest({}), expect: { verdict: 'fail', findings: ['- absent'] } },
  {
    name: 'the main function waits for the signal, then closes',
    near: true,
    files: node({
      'src/main.ts':
        "import { once } from 'node:events';\nimport { createServer } from 'node:http';\nasync function main() {\n  const server = createServer((_, res) => res.end('ok')).listen(3000);\n  await Promise.race(['SIGINT', 'SIGTERM'].map((name) => once(process, name)));\n  server.close();\n}\nmain();\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'waits for the signal and leaves at once',
    files: node({
      'src/main.ts':
        "import { once } from 'node:events';\nimport { createServer } from 'node:http';\ncreateServer((_, res) => res.end('ok')).listen(3000);\nawait once(process, 'SIGTERM');\nprocess.exit(0);\n",
    }),
    expect: { verdict: 'fail', findings: ['src/main.ts:4 exits-at-once'] },
  },
  {
    name: 'a handler that only test runs install',
    files: express({
      'src/server.ts':
        "import express from 'express';\nimport { settings } from './settings';\nconst server = express().listen(3000);\nif (settings.isIntegrationTest) process.on('SIGTERM', () => process.exit(0));\nexport { server };\n",
      'src/settings.ts': "export const settings = { isIntegrationTest: process.env.UNDER_TEST === '1' };\n",
    }),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'a data source that its Nest module makes and closes',
    near: true,
    files: nest(
      {
        'src/main.ts':
          "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  app.enableShutdownHooks();\n  await app.listen(3000);\n}\nbootstrap();\n",
        'src/app.module.ts':
          "import { Module } from '@nestjs/common';\nimport { TypeOrmModule } from '@nestjs/typeorm';\nimport { DataSource } from 'typeorm';\n@Module({\n  imports: [\n    TypeOrmModule.forRootAsync({\n      useFactory: () => ({ type: 'postgres', url: process.env.DATABASE_URL, extra: { max: 8 } }),\n      dataSourceFactory: async (options) => new DataSource(options).initialize(),\n    }),\n  ],\n})\nexport class AppModule {}\n",
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
]);
