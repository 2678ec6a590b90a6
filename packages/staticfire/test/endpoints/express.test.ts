import { describe, expect, it } from 'vitest';
import { express } from '../../src/testing/bases.ts';
import { chainOf, find, pick, shown } from './find.ts';

const app = (lines: string): string =>
  `import express, { Router } from 'express';\nconst app = express();\n${lines}\napp.listen(3000);\n`;
const server = (lines: string, files: Readonly<Record<string, string>> = {}) =>
  find(express({ 'src/server.ts': app(lines), ...files }));

describe('registrations', () => {
  it.each([
    [
      'verbs',
      "app.get('/a', h); app.post('/a', h); app.all('/b', h); app.get('view engine'); function h() {}",
      ['GET /a', 'POST /a', 'ALL /b'],
    ],
    ['several paths', "app.get(['/a', '/b'], (req, res) => res.end());", ['GET /a', 'GET /b']],
    ['route', "app.route('/a').get(h).post(h); function h() {}", ['GET /a', 'POST /a']],
    ['a mounted router', "const r = Router(); r.get('/:id', () => {}); app.use('/items', r);", ['GET /items/:id']],
    [
      'a router mounted twice',
      "const r = Router(); r.get('/', () => {}); app.use(['/v1', '/v2'], r);",
      ['GET /v1', 'GET /v2'],
    ],
    ['a router that nothing mounts', "const r = Router(); r.get('/a', () => {}); app.get('/b', () => {});", ['GET /b']],
    [
      'nested routers',
      "const a = Router(); const b = Router(); b.put('/c', () => {}); a.use('/b', b); app.use('/a', a);",
      ['PUT /a/b/c'],
    ],
    [
      'a loop over a table',
      "for (const { method, path } of [{ method: 'get', path: '/a' }, { method: 'post', path: '/b' }]) app[method](path, () => {});",
      ['GET /a', 'POST /b'],
    ],
    [
      'a list of routers',
      "const a = Router(); a.get('/x', () => {}); [{ at: '/one', r: a }].forEach((entry) => app.use(entry.at, entry.r));",
      ['GET /one/x'],
    ],
    [
      'a branch that production skips',
      "if (process.env.NODE_ENV !== 'production') app.get('/debug', () => {}); else app.get('/live', () => {});",
      ['GET /live'],
    ],
    [
      'a path with a constant',
      "const base = '/api'; const version = 1; app.get(`${base}/v${version}/a`, () => {});",
      ['GET /api/v1/a'],
    ],
  ])('%s', async (_, lines, expected) => {
    const found = await server(lines);
    expect(shown(found).toSorted()).toEqual([...expected].toSorted());
    expect(found.lost).toEqual([]);
  });
});

describe('across files', () => {
  it('follows factories, classes and registries', async () => {
    const found = await server(
      "import { buildItems } from './items';\nimport { Orders } from './orders';\nimport { register } from './register';\nimport users from './users';\nconst store = {};\napp.use('/items', buildItems({ store }));\napp.use('/orders', new Orders(store).router);\napp.use(users);\nregister(app);",
      {
        'src/items.ts':
          "import { Router } from 'express';\nexport function buildItems(deps) {\n  const router = Router();\n  router.get('/', (req, res) => res.json(deps));\n  return router;\n}\n",
        'src/orders.ts':
          "import { Base } from './base';\nexport class Orders extends Base {\n  constructor(private store) {\n    super();\n    this.route({ method: 'post', path: '/', handler: this.create });\n    this.route({ method: 'get', path: '/:id', handler: this.read });\n  }\n  create = async () => {};\n  async read() {}\n}\n",
        'src/base.ts':
          "import { Router } from 'express';\nexport abstract class Base {\n  readonly router = Router();\n  protected route(def) {\n    this.router[def.method](def.path, check(def), def.handler);\n  }\n}\nconst check = (def) => (req, res, next) => next();\n",
        'src/users.ts':
          "import { Router } from 'express';\nimport * as users from './users.controller';\nconst router = Router();\nrouter.get('/users', users.list);\nexport default router;\n",
        'src/users.controller.ts': 'export async function list(req, res) {}\n',
        'src/register.ts': "export function register(app) {\n  app.get('/health', (req, res) => res.send('ok'));\n}\n",
      },
    );
    expect(shown(found)).toEqual(['GET /health', 'GET /items', 'POST /orders', 'GET /orders/:id', 'GET /users']);
    expect(pick(found, 'GET /users').handler?.file).toBe('src/users.controller.ts');
    expect(chainOf(pick(found, 'POST /orders'))).toEqual(['check']);
    expect(pick(found, 'GET /orders/:id').handler?.file).toBe('src/orders.ts');
  });

  it('follows CommonJS', async () => {
    const found = await find(
      express(
        {
          'src/server.js':
            "const express = require('express');\nconst app = express();\nrequire('./routes')(app);\napp.use('/carts', require('./carts').router);\napp.listen(3000);\n",
          'src/routes.js': "module.exports = function (app) {\n  app.get('/a', (req, res) => res.end());\n};\n",
          'src/carts.js':
            "const router = require('express').Router();\nrouter.post('/', (req, res) => res.end());\nexports.router = router;\n",
          'src/server.ts': 'export {};\n',
        },
        { scripts: { start: 'node src/server.js' } },
      ),
    );
    expect(shown(found)).toEqual(['GET /a', 'POST /carts']);
  });

  it('takes routers from a folder that is read', async () => {
    const found = await find(
      express(
        {
          'src/server.js':
            "const express = require('express');\nconst fs = require('fs');\nconst path = require('path');\nconst app = express();\nfs.readdirSync(path.join(__dirname, 'routes')).forEach((file) => {\n  app.use('/api', require(path.join(__dirname, 'routes', file)));\n});\napp.listen(3000);\n",
          'src/routes/a.js':
            "const router = require('express').Router();\nrouter.get('/a', (req, res) => res.end());\nmodule.exports = router;\n",
          'src/routes/b.js':
            "const router = require('express').Router();\nrouter.get('/b', (req, res) => res.end());\nmodule.exports = router;\n",
          'src/server.ts': 'export {};\n',
        },
        { scripts: { start: 'node src/server.js' } },
      ),
    );
    expect(shown(found)).toEqual(['GET /api/a', 'GET /api/b']);
  });
});

describe('chains', () => {
  it('holds what was registered before, where it applies', async () => {
    const found = await server(
      "const r = Router();\napp.use(first);\napp.get('/early', h);\napp.use('/items', session);\nr.use(limit);\nr.get('/', check({ role: 'x' }), [one, two], wrap(h));\napp.use('/items', r);\napp.get('/late', h);\napp.use((error, req, res, next) => {});\nfunction h() {}\nfunction first(req, res, next) {}\nfunction session() {}\nfunction limit() {}\nfunction one() {}\nfunction two() {}\nfunction check(options) { return (req, res, next) => next(); }\nfunction wrap(fn) { return (req, res, next) => fn(req, res, next); }",
    );
    expect(chainOf(pick(found, 'GET /early'))).toEqual(['first']);
    expect(chainOf(pick(found, 'GET /items'))).toEqual(['first', 'session', 'limit', 'check', 'one', 'two', 'wrap']);
    expect(chainOf(pick(found, 'GET /late'))).toEqual(['first']);
    expect(pick(found, 'GET /items').handler).toEqual(pick(found, 'GET /late').handler);
  });
});

describe('what cannot be read', () => {
  it('is counted and said', async () => {
    const found = await server(
      "import { load } from 'routes-loader';\nconst method = process.argv[2];\napp[method]('/a', () => {});\napp.get(`/${process.env.NAME}/b`, () => {});\nconst apiRoutes = load();\napp.use('/c', makeRoutes());\nfunction makeRoutes() { return load(); }",
    );
    expect(shown(found).toSorted()).toEqual(['GET /{process.env.NAME}/b', '{method} /a']);
    expect(found.lost.map(({ what }) => what).toSorted()).toEqual(['method', 'number', 'path']);
  });
});
