import { express, nest, next, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { scheduleTarget } from './schedule-target.ts';

const crons = (path: string): string => `{\n  "crons": [\n    { "path": "${path}", "schedule": "0 3 * * *" }\n  ]\n}\n`;
const route = (method: string): string => `export async function ${method}() {\n  return Response.json({});\n}\n`;
const workflow = (run: string, env = ''): string =>
  `on:\n  schedule:\n    - cron: '0 3 * * *'\njobs:\n  call:\n    runs-on: ubuntu-latest\n    steps:\n      - name: call\n${env}        run: |\n${run}\n`;
const nightly =
  "import { Injectable } from '@nestjs/common';\nimport { Cron } from '@nestjs/schedule';\n@Injectable()\nexport class Nightly {\n  @Cron('0 3 * * *')\n  purge() {}\n}\n";
const jobsModule =
  "import { Module } from '@nestjs/common';\nimport { ScheduleModule } from '@nestjs/schedule';\nimport { Nightly } from './nightly';\n@Module({ imports: [ScheduleModule.forRoot()], providers: [Nightly] })\nexport class JobsModule {}\n";
const appModule = (...imports: readonly string[]): string =>
  `import { Module } from '@nestjs/common';\n${imports.map((name) => `import { ${name} } from './jobs.module';\n`).join('')}@Module({ imports: [${imports.join(', ')}] })\nexport class AppModule {}\n`;

export default defineCases(scheduleTarget, [
  {
    name: 'the path of a cron job has a handler',
    show: 'good',
    files: next({ 'vercel.json': crons('/api/purge'), 'src/app/api/purge/route.ts': route('GET') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the path of a cron job is served by nothing',
    show: 'bad',
    files: next({ 'vercel.json': crons('/api/cron/purge'), 'src/app/api/purge/route.ts': route('GET') }),
    expect: {
      verdict: 'fail',
      findings: ['vercel.json:3 missing'],
    },
  },
  {
    name: 'the handler answers POST, and Vercel sends GET',
    files: next({ 'vercel.json': crons('/api/purge'), 'src/app/api/purge/route.ts': route('POST') }),
    expect: {
      verdict: 'fail',
      findings: ['vercel.json:3 method'],
    },
  },
  {
    name: 'a path with a parameter and a query',
    near: true,
    files: next({ 'vercel.json': crons('/api/jobs/purge?days=30'), 'src/app/api/jobs/[name]/route.ts': route('GET') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a rewrite may serve the path',
    near: true,
    files: next({
      'vercel.json': crons('/tasks/purge'),
      'next.config.js':
        "module.exports = { async rewrites() { return [{ source: '/tasks/:x', destination: '/api/:x' }]; } };\n",
    }),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'a workflow calls an endpoint that is gone',
    files: express({
      '.github/workflows/purge.yml': workflow(
        '          curl -fsS -X POST "$APP_URL/api/purge" \\\n            -H "Authorization: Bearer ${{ secrets.CRON }}"',
      ),
      'src/server.ts':
        "import express from 'express';\nconst app = express();\napp.post('/api/clean', (_, res) => res.end());\napp.listen(3000);\n",
    }),
    expect: {
      verdict: 'fail',
      findings: ['.github/workflows/purge.yml:10 missing'],
    },
  },
  {
    name: 'a workflow calls an endpoint of the service',
    files: express({
      '.github/workflows/purge.yml': workflow(
        '          BASE="${APP_URL%/}"\n          curl -fsS -X POST "$BASE/api/purge"',
        '        env:\n          APP_URL: ${{ vars.APP_URL }}\n',
      ),
      'src/server.ts':
        "import express from 'express';\nconst app = express();\napp.post('/api/purge', (_, res) => res.end());\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a workflow that only tells others',
    near: true,
    files: express({
      '.github/workflows/stale.yml': workflow(
        '          curl -X POST "$SLACK_WEBHOOK/api/send"\n          curl https://status.example.com/api/ping\n          echo done',
      ),
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a workflow runs a program that is gone',
    files: express({ '.github/workflows/sync.yml': workflow('          node scripts/sync.mjs --all') }),
    expect: {
      verdict: 'fail',
      findings: ['.github/workflows/sync.yml:10 missing'],
    },
  },
  {
    name: 'a workflow runs a program of the repository, and one that is built',
    near: true,
    files: express({
      '.github/workflows/sync.yml': workflow('          npx tsx scripts/sync.ts\n          node dist/report.js'),
      'scripts/sync.ts': 'console.log(1);\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a worker with cron triggers and no scheduled handler',
    files: {
      'package.json':
        '{ "name": "edge", "devDependencies": { "wrangler": "^4.0.0" }, "scripts": { "deploy": "wrangler deploy" } }',
      'wrangler.toml': 'name = "edge"\nmain = "src/index.ts"\n\n[triggers]\ncrons = ["0 3 * * *"]\n',
      'src/index.ts': "export default {\n  async fetch() {\n    return new Response('ok');\n  },\n};\n",
    },
    expect: {
      verdict: 'fail',
      findings: ['wrangler.toml:5 missing'],
    },
  },
  {
    name: 'a worker with a scheduled handler',
    files: {
      'package.json':
        '{ "name": "edge", "devDependencies": { "wrangler": "^4.0.0" }, "scripts": { "deploy": "wrangler deploy" } }',
      'wrangler.toml': 'name = "edge"\nmain = "src/index.ts"\n\n[triggers]\ncrons = ["0 3 * * *"]\n',
      'src/index.ts':
        "export default {\n  async fetch() {\n    return new Response('ok');\n  },\n  async scheduled() {},\n};\n",
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'jobs of a module that nothing imports',
    show: 'bad',
    files: nest({ 'src/jobs.module.ts': jobsModule, 'src/nightly.ts': nightly, 'src/app.module.ts': appModule() }),
    expect: {
      verdict: 'fail',
      findings: ['src/nightly.ts:5 dead'],
    },
  },
  {
    name: 'jobs of a module that is booted',
    near: true,
    files: nest({
      'src/jobs.module.ts': jobsModule,
      'src/nightly.ts': nightly,
      'src/app.module.ts': appModule('JobsModule'),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'decorators without the module that reads them',
    files: nest({
      'src/jobs.module.ts':
        "import { Module } from '@nestjs/common';\nimport { Nightly } from './nightly';\n@Module({ providers: [Nightly] })\nexport class JobsModule {}\n",
      'src/nightly.ts': nightly,
      'src/app.module.ts': appModule('JobsModule'),
    }),
    expect: {
      verdict: 'fail',
      findings: ['src/nightly.ts:5 dead'],
    },
  },
  {
    name: 'a function that nothing calls sets the schedule up',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport { name } from './jobs.ts';\ncreateServer((_, res) => res.end(name)).listen(3000);\n",
      'src/jobs.ts':
        "import cron from 'node-cron';\nexport const name = 'jobs';\nexport function startJobs() {\n  cron.schedule('0 3 * * *', purge);\n}\nasync function purge() {}\n",
    }),
    expect: {
      verdict: 'fail',
      findings: ['src/jobs.ts:4 dead'],
    },
  },
  {
    name: 'a schedule that the start sets up',
    near: true,
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport { startJobs } from './jobs.ts';\ncreateServer((_, res) => res.end()).listen(3000);\nstartJobs();\n",
      'src/jobs.ts':
        "import cron from 'node-cron';\nexport function startJobs() {\n  cron.schedule('0 3 * * *', purge);\n}\nasync function purge() {}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a script that someone runs by hand sets a schedule up',
    near: true,
    files: node({
      'scripts/watch.ts': "import cron from 'node-cron';\ncron.schedule('* * * * *', () => {});\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'another service starts the jobs of a shared package',
    near: true,
    service: 'api',
    files: {
      'package.json': '{ "name": "root", "private": true, "workspaces": ["apps/*", "packages/*"] }',
      'packages/jobs/package.json': '{ "name": "@x/jobs", "main": "index.ts" }',
      'packages/jobs/index.ts':
        "import cron from 'node-cron';\nexport const name = 'jobs';\nexport function startJobs() {\n  cron.schedule('0 3 * * *', () => {});\n}\n",
      ...Object.fromEntries(
        ['api', 'worker'].flatMap((name) => [
          [
            `apps/${name}/package.json`,
            `{ "name": "${name}", "scripts": { "start": "node main.ts" }, "dependencies": { "express": "^5.0.0", "@x/jobs": "*" } }`,
          ],
          [
            `apps/${name}/main.ts`,
            `import express from 'express';\nimport { name, startJobs } from '@x/jobs';\nexpress().listen(3000, () => ${name === 'api' ? 'console.log(name)' : 'startJobs()'});\n`,
          ],
        ]),
      ),
    },
    expect: { verdict: 'not-applicable' },
  },
  { name: 'nothing goes by the clock', files: express({}), expect: { verdict: 'not-applicable' } },
]);
