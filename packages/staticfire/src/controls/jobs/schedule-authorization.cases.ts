import { express, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { scheduleAuthorization } from './schedule-authorization.ts';

const vercel = '{\n  "crons": [\n    { "path": "/api/purge", "schedule": "0 3 * * *" }\n  ]\n}\n';
const route = (...lines: readonly string[]): string =>
  `import { purge } from '@/lib/purge';\nexport async function GET(request: Request) {\n${lines.map((line) => `  ${line}\n`).join('')}  await purge();\n  return Response.json({ ok: true });\n}\n`;
const cron = (handler: string, files: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  next({
    'vercel.json': vercel,
    'src/lib/purge.ts': 'export async function purge() {}\n',
    'src/app/api/purge/route.ts': handler,
    ...files,
  });
const closed = (name: string): string =>
  route(
    `const secret = process.env.${name};`,
    "if (!secret || request.headers.get('authorization') !== `Bearer ${secret}`) {",
    "  return new Response('no', { status: 401 });",
    '}',
  );
const workflow = (header: string): string =>
  `on:\n  schedule:\n    - cron: '0 3 * * *'\njobs:\n  call:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          curl -fsS -X POST ${header}"$APP_URL/api/purge"\n`;
const server = (check: string): string =>
  `import express from 'express';\nconst app = express();\napp.post('/api/purge', (req, res) => {\n${check}  res.end();\n});\napp.listen(3000);\n`;
const byKey =
  "  const key = process.env.JOB_KEY;\n  if (!key || req.headers['x-job-key'] !== key) return res.status(401).end();\n";

export default defineCases(scheduleAuthorization, [
  {
    name: 'the handler compares with CRON_SECRET',
    show: 'good',
    files: cron(closed('CRON_SECRET')),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the handler compares with another secret than Vercel sends',
    show: 'bad',
    files: cron(closed('PURGE_SECRET')),
    expect: { verdict: 'fail', findings: ['vercel.json:3 secret'] },
  },
  {
    name: 'the handler asks for nothing',
    show: 'bad',
    files: cron(route()),
    expect: { verdict: 'fail', findings: ['vercel.json:3 open'] },
  },
  {
    name: 'anyone can send the header that is looked at',
    files: cron(route("if (!request.headers.get('x-vercel-cron')) return new Response('no', { status: 401 });")),
    expect: { verdict: 'fail', findings: ['vercel.json:3 open'] },
  },
  {
    name: 'the check is skipped without the secret',
    files: cron(
      route(
        'const secret = process.env.CRON_SECRET;',
        "if (secret && request.headers.get('authorization') !== `Bearer ${secret}`) return new Response('no', { status: 401 });",
      ),
    ),
    expect: { verdict: 'fail', findings: ['vercel.json:3 fail-open'] },
  },
  {
    name: 'the check stands in a function of another file',
    near: true,
    files: cron(
      "import { authorised } from '@/lib/cron';\nexport async function GET(request: Request) {\n  if (!authorised(request)) return new Response('no', { status: 401 });\n  return Response.json({});\n}\n",
      {
        'src/lib/cron.ts':
          "export function authorised(request: Request): boolean {\n  const secret = process.env.CRON_SECRET;\n  if (!secret) return false;\n  return request.headers.get('authorization') === `Bearer ${secret}`;\n}\n",
      },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a package may check the caller',
    near: true,
    files: cron(
      "import { verifyCaller } from 'cron-guard';\nexport async function GET(request: Request) {\n  await verifyCaller(request);\n  return Response.json({});\n}\n",
    ),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'a ping that keeps the service awake',
    near: true,
    files: express({
      '.github/workflows/wake.yml':
        'on:\n  schedule:\n    - cron: \'*/10 * * * *\'\njobs:\n  call:\n    runs-on: ubuntu-latest\n    steps:\n      - run: curl "$APP_URL/api/health"\n',
      'src/server.ts':
        "import express from 'express';\nconst app = express();\napp.get('/api/health', (_, res) => res.end());\napp.listen(3000);\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a workflow sends the key where it is read',
    files: express({
      '.github/workflows/purge.yml': workflow('-H "x-job-key: ${{ secrets.PURGE_KEY }}" '),
      'src/server.ts': server(byKey),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a workflow sends the key in another header',
    files: express({
      '.github/workflows/purge.yml': workflow('-H "Authorization: Bearer ${{ secrets.JOB_KEY }}" '),
      'src/server.ts': server(byKey),
    }),
    expect: { verdict: 'fail', findings: ['.github/workflows/purge.yml:9 place'] },
  },
  {
    name: 'a workflow sends nothing',
    files: express({ '.github/workflows/purge.yml': workflow(''), 'src/server.ts': server(byKey) }),
    expect: { verdict: 'fail', findings: ['.github/workflows/purge.yml:9 unsent'] },
  },
  {
    name: 'timers of the process need no credential',
    near: true,
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { Cron, ScheduleModule } from '@nestjs/schedule';\nclass Nightly {\n  @Cron('0 3 * * *')\n  purge() {}\n}\n@Module({ imports: [ScheduleModule.forRoot()], providers: [Nightly] })\nexport class AppModule {}\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
  { name: 'nothing goes by the clock', files: express({}), expect: { verdict: 'not-applicable' } },
]);
