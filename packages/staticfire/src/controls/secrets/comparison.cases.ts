import { express, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { comparison } from './comparison.ts';

const guard = (test: string, head = ''): Record<string, string> =>
  express({
    'src/server.ts': `import express from 'express';\n${head}const app = express();\napp.post('/jobs', (req, res) => {\n  ${test}\n  res.json({ ok: true });\n});\napp.listen(3000);\n`,
  });

export default defineCases(comparison, [
  {
    name: 'a key compared by an operator',
    show: 'bad',
    files: guard(
      "if (!process.env.JOB_SECRET || req.headers['x-key'] !== process.env.JOB_SECRET) return res.sendStatus(401);",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 leaky'] },
  },
  {
    name: 'a key compared in constant time',
    show: 'good',
    files: guard(
      "const key = Buffer.from(String(req.headers['x-key']));\n  const want = Buffer.from(process.env.JOB_SECRET ?? '');\n  if (want.length === 0 || key.length !== want.length || !timingSafeEqual(key, want)) return res.sendStatus(401);",
      "import { timingSafeEqual } from 'node:crypto';\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a bearer token in a template',
    files: next({
      'src/app/api/cron/route.ts':
        "export async function GET(request: Request) {\n  if (request.headers.get('authorization') !== `Bearer ${process.env.CRON_SECRET}`) {\n    return new Response('no', { status: 401 });\n  }\n  return Response.json({});\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/app/api/cron/route.ts:2 leaky'] },
  },
  {
    name: 'a computed signature compared by an operator',
    files: guard(
      "const mine = createHmac('sha256', process.env.HOOK_SECRET).update(req.body).digest('hex');\n  if (mine !== req.get('x-signature')) return res.sendStatus(401);",
      "import { createHmac } from 'node:crypto';\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 leaky'] },
  },
  {
    name: 'a secret of the settings that were checked at boot',
    files: express({
      'src/env.ts':
        "import { z } from 'zod';\nexport const env = z.object({ JOB_SECRET: z.string().min(20) }).parse(process.env);\n",
      'src/server.ts':
        "import express from 'express';\nimport { env } from './env';\nconst app = express();\napp.post('/jobs', (req, res) => {\n  if (req.get('x-key') !== env.JOB_SECRET) return res.sendStatus(401);\n  res.end();\n});\napp.listen(3000);\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 leaky'] },
  },
  {
    name: 'buffers compared by a method that stops early',
    files: guard(
      "const want = Buffer.from(process.env.JOB_SECRET ?? '');\n  if (want.length === 0 || !want.equals(Buffer.from(req.get('x-key') ?? ''))) return res.sendStatus(401);",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 leaky'] },
  },
  {
    name: 'whether the secret is there at all',
    near: true,
    files: guard(
      "if (process.env.JOB_SECRET === undefined || process.env.JOB_SECRET === '') return res.sendStatus(503);",
    ),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'hashes of both sides',
    near: true,
    files: guard(
      "const hash = (text: string) => createHash('sha256').update(text).digest('hex');\n  if (!process.env.JOB_SECRET || hash(String(req.get('x-key'))) !== hash(process.env.JOB_SECRET)) return res.sendStatus(401);",
      "import { createHash } from 'node:crypto';\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a setting that is no secret',
    near: true,
    files: guard("if (req.get('x-tenant') !== process.env.TENANT_ID) return res.sendStatus(404);"),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'the length of a key',
    near: true,
    files: guard("if (req.get('x-key')?.length !== process.env.JOB_SECRET?.length) return res.sendStatus(400);"),
    expect: { verdict: 'not-applicable' },
  },
  { name: 'no secret at all', files: express({}), expect: { verdict: 'not-applicable' } },
]);
