import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { stubCheck } from './stub-check.ts';

const pg = { dependencies: { express: '^5.1.0', pg: '^8.16.0' } };
const server = (lines: string): ReturnType<typeof express> =>
  express(
    {
      'src/server.ts': `import express from 'express';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = express();\napp.get('/orders', async (_, res) => res.json(await pool.query('SELECT * FROM orders')));\n${lines}app.listen(3000);\n`,
    },
    pg,
  );

export default defineCases(stubCheck, [
  {
    name: 'always ready',
    show: 'bad',
    files: server("app.get('/ready', (_, res) => res.json({ ready: true }));\n"),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 stub'] },
  },
  {
    name: 'ready when the database answers',
    show: 'good',
    files: server(
      "app.get('/ready', async (_, res) => {\n  await pool.query('SELECT 1');\n  res.json({ database: 'connected' });\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a liveness check that only answers',
    near: true,
    files: server("app.get('/health', (_, res) => res.json({ status: 'ok' }));\n"),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a health check that speaks of the database without asking',
    files: server("app.get('/health', (_, res) => res.json({ status: 'ok', database: 'connected' }));\n"),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 claim'] },
  },
  {
    name: 'a health check that a readiness probe asks',
    files: {
      ...server("app.get('/health', (_, res) => res.json({ status: 'ok' }));\n"),
      'k8s/app.yaml':
        'kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          readinessProbe:\n            httpGet:\n              path: /health\n              port: 3000\n',
    },
    expect: { verdict: 'fail', findings: ['src/server.ts:6 stub'] },
  },
  {
    name: 'ready, in a service without a database',
    near: true,
    files: express({
      'src/server.ts':
        "import express from 'express';\nconst app = express();\napp.get('/ready', (_, res) => res.json({ ready: true }));\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'what is well is only said of another thing',
    near: true,
    files: server("app.get('/health', (_, res) => res.json({ status: 'ok', database: pool.options.database }));\n"),
    expect: { verdict: 'pass' },
  },
  { name: 'no health endpoint', files: server(''), expect: { verdict: 'not-applicable' } },
]);
