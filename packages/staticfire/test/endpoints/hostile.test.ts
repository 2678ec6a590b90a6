import { expect, it } from 'vitest';
import { express, node } from '../../src/testing/bases.ts';
import { find, shown } from './find.ts';

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

it('reads thousands of routes', async () => {
  const found = await find(
    express({
      'src/server.ts': `import express from 'express';\nconst app = express();\n${many(3000, (i) => `app.get('/r${i}', (req, res) => res.end());`)}\napp.listen(3000);\n`,
    }),
  );
  expect(found.list).toHaveLength(3000);
});

it('counts a chain of calls, or says that it is too deep', async () => {
  const found = await find(
    node(
      {
        'src/main.ts': `import { Hono } from 'hono';\nimport { serve } from '@hono/node-server';\nconst app = new Hono()\n${many(500, (i) => `.get('/r${i}', (c) => c.text(''))`)};\nserve(app);\n`,
      },
      { dependencies: { hono: '^4.0.0' } },
    ),
  );
  expect(found.list.length === 500 || found.lost.length > 0).toBe(true);
});

it('ends on circles of modules, functions and routers', async () => {
  const found = await find(
    express({
      'src/server.ts':
        "import express from 'express';\nimport { a } from './a';\nconst app = express();\nconst r = express.Router();\nr.use('/again', r);\nr.get('/x', (req, res) => res.end());\nfunction grow(n) { app.get('/g', (req, res) => res.end()); grow(n + 1); }\ngrow(0);\napp.use('/a', a);\napp.use(r);\napp.listen(3000);\n",
      'src/a.ts': "import { Router } from 'express';\nexport { a } from './b';\nexport const own = Router();\n",
      'src/b.ts': "import { own } from './a';\nexport { a } from './a';\nown.get('/b', (req, res) => res.end());\n",
    }),
  );
  expect(shown(found)).toContain('GET /x');
  expect(shown(found)).toContain('GET /g');
});
