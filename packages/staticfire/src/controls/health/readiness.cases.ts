import { express, fastify, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { readiness } from './readiness.ts';

const pg = { dependencies: { express: '^5.1.0', pg: '^8.16.0' } };
const server = (lines: string): ReturnType<typeof express> =>
  express(
    {
      'src/server.ts': `import express from 'express';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = express();\napp.get('/orders', async (_, res) => res.json(await pool.query('SELECT * FROM orders')));\n${lines}app.listen(3000);\n`,
    },
    pg,
  );

export default defineCases(readiness, [
  {
    name: 'a check that asks nothing',
    show: 'bad',
    files: server("app.get('/ready', (_, res) => res.json({ status: 'ready' }));\n"),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 blind'] },
  },
  {
    name: 'a check that asks the database and says 503',
    show: 'good',
    files: server(
      "app.get('/ready', async (_, res) => {\n  try {\n    await pool.query('SELECT 1');\n    res.json({ status: 'ready' });\n  } catch {\n    res.status(503).json({ status: 'down' });\n  }\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  { name: 'none', files: server(''), expect: { verdict: 'fail', findings: ['- absent'] } },
  {
    name: 'a check that asks the database and says 200 whatever it hears',
    files: server(
      "app.get('/ready', async (_, res) => {\n  try {\n    await pool.query('SELECT 1');\n    res.json({ status: 'ready' });\n  } catch (error) {\n    res.json({ status: 'error' });\n  }\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 always-ok'] },
  },
  {
    name: 'a failure that goes to the framework',
    near: true,
    files: server(
      "app.get('/ready', async (_, res) => {\n  await pool.query('SELECT 1');\n  res.json({ status: 'ready' });\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the question some calls away',
    near: true,
    files: express(
      {
        'src/database.ts':
          "import { Pool } from 'pg';\nconst pool = new Pool();\nexport async function reachable() {\n  try {\n    await pool.query('SELECT 1');\n    return true;\n  } catch {\n    return false;\n  }\n}\n",
        'src/health.ts':
          "import { reachable } from './database';\nexport class HealthService {\n  async report() {\n    return { database: await reachable() };\n  }\n}\n",
        'src/server.ts':
          "import express from 'express';\nimport { HealthService } from './health';\nconst app = express();\nconst service = new HealthService();\napp.get('/health', async (_, res) => {\n  const report = await service.report();\n  res.status(report.database ? 200 : 503).json(report);\n});\napp.listen(3000);\n",
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a registry of checks that holds none of the database',
    files: server(
      "const checks = [];\nconst readiness = { register: (name, check) => checks.push(check) };\nreadiness.register('warm', () => process.uptime() > 5);\napp.get('/ready', async (_, res) => {\n  const results = await Promise.all(checks.map((check) => check()));\n  res.status(results.every(Boolean) ? 200 : 503).end();\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:9 blind'] },
  },
  {
    name: 'no database',
    near: true,
    files: express({
      'src/server.ts':
        "import express from 'express';\nconst app = express();\napp.get('/health', (_, res) => res.send('ok'));\napp.listen(3000);\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'Prisma in a route of Next.js',
    near: true,
    files: next(
      {
        'prisma/schema.prisma':
          'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\ngenerator client {\n  provider = "prisma-client-js"\n}\n',
        'src/app/api/health/route.ts':
          "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport async function GET() {\n  try {\n    await prisma.$queryRaw`SELECT 1`;\n    return Response.json({ status: 'ok' });\n  } catch {\n    return Response.json({ status: 'down' }, { status: 503 });\n  }\n}\n",
      },
      { dependencies: { next: '^16.0.0', react: '^19.0.0', '@prisma/client': '^6.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the indicator of a library in NestJS',
    near: true,
    files: nest(
      {
        'src/app.module.ts':
          "import { Controller, Get, Module } from '@nestjs/common';\nimport { HealthCheck, HealthCheckService, TerminusModule, TypeOrmHealthIndicator } from '@nestjs/terminus';\nimport { TypeOrmModule } from '@nestjs/typeorm';\n@Controller('health')\nclass HealthController {\n  constructor(private health: HealthCheckService, private db: TypeOrmHealthIndicator) {}\n  @Get()\n  @HealthCheck()\n  check() {\n    return this.health.check([() => this.db.pingCheck('database')]);\n  }\n}\n@Module({ imports: [TerminusModule, TypeOrmModule.forRoot({ type: 'postgres' })], controllers: [HealthController] })\nexport class AppModule {}\n",
      },
      {
        dependencies: {
          '@nestjs/common': '^11.0.0',
          '@nestjs/core': '^11.0.0',
          '@nestjs/platform-express': '^11.0.0',
          '@nestjs/terminus': '^11.0.0',
          '@nestjs/typeorm': '^11.0.0',
        },
      },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a plugin of Fastify that asks the database',
    near: true,
    files: fastify(
      {
        'src/server.ts':
          "import pressure from '@fastify/under-pressure';\nimport Fastify from 'fastify';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = Fastify();\nawait app.register(pressure, {\n  exposeStatusRoute: '/health',\n  healthCheck: async () => {\n    await pool.query('SELECT 1');\n    return true;\n  },\n});\napp.get('/', async () => []);\nawait app.listen({ port: 3000 });\n",
      },
      { dependencies: { fastify: '^5.0.0', '@fastify/under-pressure': '^9.0.0', pg: '^8.16.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a check that lies in another package',
    files: express(
      {
        'src/server.ts':
          "import express from 'express';\nimport { Pool } from 'pg';\nimport { runChecks } from './generated/checks';\nnew Pool();\nconst app = express();\napp.get('/ready', async (_, res) => res.status((await runChecks()) ? 200 : 503).end());\napp.listen(3000);\n",
      },
      pg,
    ),
    expect: { verdict: 'unknown' },
  },
]);
