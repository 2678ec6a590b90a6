import { express, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { liveness } from './liveness.ts';

const server = (lines: string): string =>
  `import express from 'express';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = express();\n${lines}app.listen(3000);\n`;
const pg = { dependencies: { express: '^5.1.0', pg: '^8.16.0' } };

export default defineCases(liveness, [
  {
    name: 'no health endpoint',
    show: 'bad',
    files: express({ 'src/server.ts': server("app.get('/orders', (_, res) => res.json([]));\n") }, pg),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'an endpoint that only answers',
    show: 'good',
    files: express({ 'src/server.ts': server("app.get('/healthz', (_, res) => res.send('ok'));\n") }, pg),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a status of something else',
    files: express({ 'src/server.ts': server("app.get('/orders/:id/status', (_, res) => res.json([]));\n") }, pg),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'a liveness check that asks the database',
    files: express(
      {
        'src/server.ts': server(
          "app.get('/live', async (_, res) => {\n  await pool.query('SELECT 1');\n  res.send('ok');\n});\n",
        ),
      },
      pg,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 dependent'] },
  },
  {
    name: 'one endpoint for both, that no liveness probe asks',
    near: true,
    files: express(
      {
        'src/server.ts': server(
          "app.get('/health', async (_, res) => {\n  await pool.query('SELECT 1');\n  res.send('ok');\n});\n",
        ),
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the endpoint that a liveness probe asks, and that asks the database',
    files: express(
      {
        'k8s/app.yaml':
          'kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          livenessProbe:\n            httpGet:\n              path: /health\n              port: 3000\n',
        'src/server.ts': server(
          "app.get('/health', async (_, res) => {\n  await pool.query('SELECT 1');\n  res.send('ok');\n});\n",
        ),
      },
      pg,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 dependent'] },
  },
  {
    name: 'a path of its own that a probe names',
    near: true,
    files: express(
      {
        Dockerfile:
          'FROM node:24\nCOPY . .\nHEALTHCHECK CMD curl -f http://localhost:3000/internal/pulse || exit 1\nCMD ["node", "dist/server.js"]\n',
        'src/server.ts': server("app.get('/internal/pulse', (_, res) => res.send('ok'));\n"),
      },
      pg,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a health check in a file that nothing loads',
    files: express(
      {
        'src/server.ts': server("app.get('/orders', (_, res) => res.json([]));\n"),
        'src/routes/health.ts': "export function health(_, res) {\n  res.send('ok');\n}\n",
      },
      pg,
    ),
    expect: { verdict: 'fail', findings: ['src/routes/health.ts:1 dead'] },
  },
  {
    name: 'a route of Next.js',
    near: true,
    files: next({ 'src/app/api/health/route.ts': "export const GET = () => Response.json({ status: 'ok' });\n" }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a controller of NestJS',
    near: true,
    files: nest({
      'src/app.module.ts':
        "import { Controller, Get, Module } from '@nestjs/common';\n@Controller('health')\nclass HealthController {\n  @Get('live')\n  live() {\n    return { status: 'ok' };\n  }\n}\n@Module({ controllers: [HealthController] })\nexport class AppModule {}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a worker',
    files: {
      'package.json': JSON.stringify({
        name: 'mailer',
        private: true,
        type: 'module',
        scripts: { start: 'node src/worker.ts' },
        dependencies: { bullmq: '^5.0.0' },
      }),
      'src/worker.ts': "import { Worker } from 'bullmq';\nnew Worker('mail', async () => {});\n",
    },
    expect: { verdict: 'not-applicable' },
  },
]);
