import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { dataExport } from './export.ts';

const schema =
  'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\nmodel User {\n  id String @id\n  email String @unique\n}\nmodel Note {\n  id String @id\n  userId String\n  user User @relation(fields: [userId], references: [id])\n}\nmodel Order {\n  id String @id\n  userId String\n  user User @relation(fields: [userId], references: [id])\n}\nmodel Product {\n  id String @id\n  name String\n}\n';
const service = (routes: string): Readonly<Record<string, string>> =>
  express(
    {
      'prisma/schema.prisma': schema,
      'src/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n",
      'src/server.ts': `import express from 'express';\nimport { prisma } from './db';\nconst app = express();\napp.post('/sign-up', async (req, res) => {\n  await prisma.user.create({ data: { email: req.body.email } });\n  res.end();\n});\n${routes}app.listen(3000);\n`,
    },
    { dependencies: { '@prisma/client': '^6.0.0', express: '^5.0.0' } },
  );
const collect =
  'async function collect(id: string) {\n  const where = { userId: id };\n  return {\n    user: await prisma.user.findUnique({ where: { id } }),\n    notes: await prisma.note.findMany({ where }),\n    orders: await prisma.order.findMany({ where }),\n  };\n}\n';

export default defineCases(dataExport, [
  {
    name: 'an endpoint collects the rows of who asks',
    show: 'good',
    files: service(`${collect}app.get('/me/export', async (req, res) => res.json(await collect(req.userId)));\n`),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no endpoint hands anything out',
    show: 'bad',
    files: service(''),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'an export of what is sold',
    files: service("app.get('/products/export', async (_, res) => res.json(await prisma.product.findMany()));\n"),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'the export of one order reads who it belongs to',
    files: service(
      `${collect}app.get('/orders/:orderId/export', async (req, res) => res.json(await collect(req.userId)));\n`,
    ),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'a list of all people for the office',
    files: service("app.get('/admin/users/export', async (_, res) => res.json(await prisma.user.findMany()));\n"),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'a queue makes the archive',
    near: true,
    files: service(
      "import { Queue } from 'bullmq';\nconst queue = new Queue('exports');\napp.post('/account/data-export', async (req, res) => {\n  await queue.add('export', { id: req.userId });\n  res.end();\n});\n",
    ),
    expect: { verdict: 'unknown' },
  },
  { name: 'nothing of people is kept', files: express({}), expect: { verdict: 'not-applicable' } },
]);
