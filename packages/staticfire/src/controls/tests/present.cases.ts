import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { present } from './present.ts';

const fields = { devDependencies: { typescript: '^5.9.0', vitest: '^4.0.0', supertest: '^7.0.0' } };
const app = {
  'src/app.ts':
    "import express from 'express';\nimport { total } from './total';\nexport const app = express();\napp.get('/health', (_, res) => res.json({ ok: true }));\napp.get('/orders', (_, res) => res.json(total([])));\n",
  'src/server.ts': "import { app } from './app';\napp.listen(3000);\n",
  'src/total.ts': 'export const total = (items) => items.reduce((sum, item) => sum + item.price, 0);\n',
};
const health =
  "import request from 'supertest';\nimport { expect, it } from 'vitest';\nimport { app } from '../src/app';\nit('is up', async () => {\n  const res = await request(app).get('/health');\n  expect(res.status).toBe(200);\n});\n";

const parts = [1, 2, 3, 4];

export default defineCases(
  present,
  [
    { name: 'none', show: 'bad', files: express(app, fields), expect: { verdict: 'fail', findings: ['- absent'] } },
    {
      name: 'a test of live code that asserts',
      show: 'good',
      files: express(
        {
          ...app,
          'src/total.test.ts':
            "import { expect, it } from 'vitest';\nimport { total } from './total';\nit('adds up', () => {\n  expect(total([{ price: 2 }])).toBe(2);\n});\n",
        },
        fields,
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a request to an endpoint, through a helper',
      near: true,
      files: express(
        {
          ...app,
          'test/client.ts':
            "import request from 'supertest';\nimport { app } from '../src/app';\nexport const client = () => request(app);\n",
          'test/orders.test.ts':
            "import { expect, it } from 'vitest';\nimport { client } from './client';\nit('lists orders', async () => {\n  const res = await client().get('/orders');\n  expect(res.body).toBe(0);\n});\n",
        },
        fields,
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'only the health check',
      files: express({ ...app, 'test/health.test.ts': health }, fields),
      expect: { verdict: 'fail', findings: ['test/health.test.ts trivial'] },
    },
    {
      name: 'a package that nobody declares',
      files: express(
        { ...app, 'test/health.test.ts': health.replaceAll('/health', '/orders') },
        { devDependencies: { typescript: '^5.9.0', vitest: '^4.0.0' } },
      ),
      expect: { verdict: 'fail', findings: ['test/health.test.ts unrunnable'] },
    },
    {
      name: 'tests of dead code',
      files: express(
        {
          ...app,
          'src/old.ts': 'export const old = () => 1;\n',
          'src/old.test.ts':
            "import { expect, it } from 'vitest';\nimport { old } from './old';\nit('is one', () => expect(old()).toBe(1));\n",
        },
        fields,
      ),
      expect: { verdict: 'fail', findings: ['src/old.test.ts dead'] },
    },
    {
      name: 'only a library that it shares with others',
      service: 'shop',
      files: {
        'package.json': JSON.stringify({
          name: 'all',
          private: true,
          workspaces: ['apps/*', 'libs/*'],
          devDependencies: { vitest: '^4.0.0' },
        }),
        'apps/shop/package.json': JSON.stringify({
          name: 'shop',
          private: true,
          type: 'module',
          scripts: { start: 'node src/server.ts' },
          dependencies: { express: '^5.1.0', money: '*' },
        }),
        'apps/shop/src/server.ts': `import express from 'express';\nimport { round } from 'money';\n${parts.map((n) => `import './part${n}.ts';\n`).join('')}express().get('/', (_, res) => res.json(round(1))).listen(3000);\n`,
        ...Object.fromEntries(parts.map((n) => [`apps/shop/src/part${n}.ts`, `export const part${n} = ${n};\n`])),
        'libs/money/package.json': JSON.stringify({ name: 'money', type: 'module', main: 'index.ts' }),
        'libs/money/index.ts': 'export const round = (n: number): number => Math.round(n);\n',
        'libs/money/index.test.ts':
          "import { expect, it } from 'vitest';\nimport { round } from './index.ts';\nit('rounds', () => expect(round(1.2)).toBe(1));\n",
      },
      expect: { verdict: 'fail', findings: ['libs/money/index.test.ts shared'] },
    },
    {
      name: 'a small service beside another whose tests load what both share',
      service: 'mailer',
      files: {
        'package.json': JSON.stringify({
          private: true,
          workspaces: ['apps/*', 'libs/*'],
          devDependencies: { vitest: '^4.0.0' },
        }),
        ...Object.fromEntries(
          ['shop', 'mailer'].flatMap((name) => [
            [
              `apps/${name}/package.json`,
              JSON.stringify({
                name,
                private: true,
                type: 'module',
                scripts: { start: 'node src/server.ts' },
                dependencies: { express: '^5.1.0', money: '*' },
              }),
            ],
            [
              `apps/${name}/src/server.ts`,
              "import express from 'express';\nimport { round } from 'money';\nexpress().get('/', (_, res) => res.json(round(1))).listen(3000);\n",
            ],
          ]),
        ),
        'libs/money/package.json': JSON.stringify({ name: 'money', type: 'module', main: 'index.ts' }),
        'libs/money/index.ts': "import './part1.ts';\nimport './part2.ts';\nexport const round = Math.round;\n",
        'libs/money/part1.ts': 'export const one = 1;\n',
        'libs/money/part2.ts': 'export const two = 2;\n',
        'apps/shop/src/round.test.ts':
          "import { expect, it } from 'vitest';\nimport { round } from 'money';\nit('rounds', () => expect(round(1.2)).toBe(1));\n",
      },
      expect: { verdict: 'fail', findings: ['- absent'] },
    },
    {
      name: 'nothing is asserted',
      files: express(
        {
          ...app,
          'src/total.test.ts':
            "import { it } from 'vitest';\nimport { total } from './total';\nit('adds up', () => {\n  total([]);\n});\n",
        },
        fields,
      ),
      expect: { verdict: 'fail', findings: ['src/total.test.ts silent'] },
    },
  ],
  { alwaysApplies: 'every service can be tested' },
);
