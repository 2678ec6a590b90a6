import { express, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { auditRetention } from './audit-retention.ts';

const model = (name: string, ...fields: readonly string[]): string =>
  `model ${name} {\n  id String @id\n${fields.map((field) => `  ${field}\n`).join('')}}\n`;
const schema = (...models: readonly string[]): string =>
  `datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n${models.join('')}`;
const auditLog = model('AuditLog', 'userId String', 'ip String?', 'createdAt DateTime @default(now())');
const db = "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n";
const record =
  "import { prisma } from './db';\nexport const record = (userId: string, ip: string) => prisma.auditLog.create({ data: { userId, ip } });\n";
const purge =
  "import { prisma } from './db';\nexport async function purgeAuditLog(before: Date) {\n  return prisma.auditLog.deleteMany({ where: { createdAt: { lt: before } } });\n}\n";
const prisma = { dependencies: { '@prisma/client': '^6.0.0', express: '^5.0.0', next: '^16.0.0' } };

const service = (server: string, files: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  express(
    {
      'prisma/schema.prisma': schema(auditLog),
      'src/db.ts': db,
      'src/record.ts': record,
      'src/server.ts': `import express from 'express';\nimport { record } from './record';\n${server}const app = express();\napp.post('/x', async (req, res) => {\n  await record('u', req.ip ?? '');\n  res.end();\n});\napp.listen(3000);\n`,
      ...files,
    },
    prisma,
  );

export default defineCases(auditRetention, [
  {
    name: 'nothing removes old rows',
    show: 'bad',
    files: service(''),
    expect: { verdict: 'fail', findings: ['prisma/schema.prisma:5 kept'] },
  },
  {
    name: 'a job of the process removes them',
    show: 'good',
    files: service(
      "import cron from 'node-cron';\nimport { purgeAuditLog } from './purge';\ncron.schedule('0 3 * * *', () => purgeAuditLog(new Date(Date.now() - 90 * 86400000)));\n",
      { 'src/purge.ts': purge },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a scheduled endpoint removes them, some calls away',
    files: next(
      {
        'prisma/schema.prisma': schema(auditLog),
        'vercel.json': '{ "crons": [{ "path": "/api/purge", "schedule": "0 3 * * *" }] }\n',
        'src/lib/db.ts': db,
        'src/lib/record.ts': record,
        'src/lib/purge.ts': purge,
        'src/app/api/items/route.ts':
          "import { record } from '@/lib/record';\nexport async function POST() {\n  await record('u', 'i');\n  return Response.json([]);\n}\n",
        'src/app/api/purge/route.ts':
          "import { purgeAuditLog } from '@/lib/purge';\nconst run = () => purgeAuditLog(new Date());\nexport async function GET() {\n  await run();\n  return Response.json({});\n}\n",
      },
      prisma,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the code that would remove them is called by nothing',
    show: 'bad',
    files: service("import { days } from './purge';\nconsole.log(days);\n", {
      'src/purge.ts': `${purge}export const days = 90;\n`,
    }),
    expect: { verdict: 'fail', findings: ['src/purge.ts:3 dead'] },
  },
  {
    name: 'an endpoint would remove them, and no schedule calls it',
    files: service(
      "import { purgeAuditLog } from './purge';\nexpress().post('/purge', () => purgeAuditLog(new Date()));\n",
      { 'src/purge.ts': purge },
    ),
    expect: { verdict: 'fail', findings: ['src/purge.ts:3 unscheduled'] },
  },
  {
    name: 'a statement of SQL in a job of Nest',
    near: true,
    files: nest(
      {
        'migrations/001_init.sql':
          'CREATE TABLE access_logs (\n  id serial PRIMARY KEY,\n  ip_address inet,\n  created_at timestamptz NOT NULL\n);\n',
        'src/app.module.ts':
          "import { Module } from '@nestjs/common';\nimport { Cron, ScheduleModule } from '@nestjs/schedule';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nclass Logs {\n  add(ip: string) {\n    return pool.query('INSERT INTO access_logs (ip_address) VALUES ($1)', [ip]);\n  }\n  @Cron('0 3 * * *')\n  async clean() {\n    await this.add('');\n    await pool.query(`DELETE FROM access_logs WHERE created_at < now() - interval '90 days'`);\n  }\n}\n@Module({ imports: [ScheduleModule.forRoot()], providers: [Logs] })\nexport class AppModule {}\n",
      },
      { dependencies: { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', pg: '^8.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the database removes them by an index that expires',
    near: true,
    files: express(
      {
        'src/log.ts':
          "import { Schema, model } from 'mongoose';\nconst loginSchema = new Schema({ ip: String, at: { type: Date, expires: '90d' } });\nexport const LoginHistory = model('LoginHistory', loginSchema);\n",
        'src/server.ts':
          "import express from 'express';\nimport { LoginHistory } from './log';\nconst app = express();\napp.post('/login', async (req, res) => {\n  await LoginHistory.create({ ip: req.ip, at: new Date() });\n  res.end();\n});\napp.listen(3000);\n",
      },
      { dependencies: { express: '^5.0.0', mongoose: '^8.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'records that tell nothing of people',
    near: true,
    files: service('', { 'prisma/schema.prisma': schema(model('DeployLog', 'version String', 'createdAt DateTime')) }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a record that no live code fills',
    near: true,
    files: service('', { 'src/record.ts': 'export const record = async (_user: string, _ip: string) => {};\n' }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'sessions are no records',
    near: true,
    files: service('', { 'prisma/schema.prisma': schema(model('Session', 'userId String', 'ip String?')) }),
    expect: { verdict: 'not-applicable' },
  },
  { name: 'no tables', files: express({}), expect: { verdict: 'not-applicable' } },
]);
