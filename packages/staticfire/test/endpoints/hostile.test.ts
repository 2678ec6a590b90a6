import { describe, expect, it } from 'vitest';
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

describe('counts it, or says that it is lost', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    [
      'generated routes that are not there',
      "import { RegisterRoutes } from './generated/routes';\nRegisterRoutes(app);",
      {},
    ],
    [
      'routers in a circle',
      "const a = express.Router(); const b = express.Router(); a.use(b); b.use(a); a.get('/x', h); app.use(a);",
      {},
    ],
    ['a computed path', "app.get(process.env.PATHS.split(',')[0], h);", {}],
    ['a computed method', "app[process.argv[2]]('/x', h);", {}],
    [
      'a patched method',
      "const before = app.get; app.get = (path, ...rest) => before.call(app, `/v1${path}`, ...rest); app.get('/x', h);",
      {},
    ],
    [
      'a folder that is imported',
      "import { readdirSync } from 'node:fs';\nfor (const file of readdirSync('src/routes')) { const { default: router } = await import(`./routes/${file}`); app.use(router); }",
      {
        'src/routes/x.ts':
          "import { Router } from 'express';\nconst router = Router();\nrouter.get('/x', (req, res) => res.end());\nexport default router;\n",
      },
    ],
    [
      'a list that code cuts',
      "const all = ['/a', '/b']; while (all.length) { const path = all.pop(); app.get(path, h); }",
      {},
    ],
    ['a class that grows itself', "class Api { constructor(n) { app.get('/x', h); new Api(n + 1); } } new Api(0);", {}],
  ])('%s', async (_, lines, files) => {
    const found = await find(
      express({
        'src/server.ts': `import express from 'express';\nconst app = express();\n${lines}\napp.listen(3000);\nfunction h(req, res) { res.end(); }\n`,
        ...files,
      }),
    );
    expect(found.list.length + found.lost.length).toBeGreaterThan(0);
  });
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
