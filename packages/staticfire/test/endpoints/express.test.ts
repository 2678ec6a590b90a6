import { describe, expect, it } from 'vitest';
import { express } from '../../src/testing/bases.ts';
import { find, stepsOf, nameOf, pick, shown } from './find.ts';

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
    expect(stepsOf(pick(found, 'POST /orders'))).toEqual(['settings obj', 'check']);
    expect(pick(found, 'POST /orders').at).toEqual({ file: 'src/orders.ts', line: 5 });
    expect(pick(found, 'GET /orders/:id').handler?.file).toBe('src/orders.ts');
  });

  it('places a route where a registry is told of it', async () => {
    const found = await server(
      "import { Api } from './api';\napp.use(new Api({ list, add }).router);\nfunction list() {}\nfunction add() {}",
      {
        'src/api.ts':
          "import { Base } from './base';\nexport class Api extends Base {\n  constructor(deps) {\n    super();\n    this.get('/list', deps.list);\n    this.router.post('/add', deps.add);\n  }\n}\n",
        'src/base.ts':
          "import { Router } from 'express';\nexport class Base {\n  readonly router = Router();\n  get(path, handler) { this.route({ method: 'get', path, handler, permission: 'none' }); }\n  route(def) { this.router[def.method](def.path, def.handler); }\n}\n",
      },
    );
    expect(pick(found, 'GET /list').at).toEqual({ file: 'src/api.ts', line: 5 });
    expect(pick(found, 'POST /add').at).toEqual({ file: 'src/api.ts', line: 6 });
    expect(stepsOf(pick(found, 'GET /list'))).toEqual(['settings obj']);
    expect(stepsOf(pick(found, 'POST /add'))).toEqual([]);
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
    expect(stepsOf(pick(found, 'GET /early'))).toEqual(['first', 'filter fn']);
    expect(stepsOf(pick(found, 'GET /items'))).toEqual([
      'first',
      'session',
      'limit',
      'check',
      'one',
      'two',
      'wrapper wrap',
      'filter fn',
    ]);
    expect(pick(found, 'GET /items').serves?.expr.k).toBe('call');
    expect(pick(found, 'GET /late').serves).toBeUndefined();
    expect(stepsOf(pick(found, 'GET /late'))).toEqual(['first', 'filter fn']);
    expect(pick(found, 'GET /items').handler).toEqual(pick(found, 'GET /late').handler);
  });
});

describe('order and place', () => {
  const functions =
    'function h() {}\nfunction a(req, res, next) { next(); }\nfunction b(req, res, next) { next(); }\nfunction c(req, res, next) { next(); }\nfunction make() { return a; }';

  it.each<[string, string, string, string[]]>([
    ['middleware after a route does not stand before it', "app.get('/x', h); app.use(a);", 'GET /x', []],
    [
      'middleware after a mount does not stand before its routes',
      "const r = Router(); r.get('/x', h); r.use(b); app.use(r); app.use(a);",
      'GET /x',
      [],
    ],
    [
      'a router that is filled after it is mounted',
      "const r = Router(); app.use('/r', a, r); r.use(b); r.get('/x', h);",
      'GET /r/x',
      ['a', 'b'],
    ],
    [
      'what a router runs also stands before what is mounted after it',
      "const r = Router(); r.use(a); const s = Router(); s.get('/x', h); app.use('/api', r); app.use('/api', s); app.get('/other', h);",
      'GET /api/x',
      ['a'],
    ],
    [
      'but not before what lies elsewhere',
      "const r = Router(); r.use(a); app.use('/api', r); app.get('/x', h);",
      'GET /x',
      [],
    ],
    [
      'a path with a parameter',
      "app.use('/users/:id', a); app.get('/users/:userId/posts', h);",
      'GET /users/:userId/posts',
      ['a'],
    ],
    ['a longer path that begins alike', "app.use('/user', a); app.get('/users', h);", 'GET /users', []],
    ['a regular expression', "app.use(/^\\/(?!open)/, a); app.get('/open', h); app.get('/x', h);", 'GET /x', ['a']],
    ['a regular expression that leaves it out', "app.use(/^\\/(?!open)/, a); app.get('/open', h);", 'GET /open', []],
    [
      'paths that are left out',
      "app.use(make().unless({ path: ['/open', /^\\/in/] })); app.get('/open', h);",
      'GET /open',
      [],
    ],
    ['and those that are not', "app.use(make().unless({ path: ['/open'] })); app.get('/x', h);", 'GET /x', ['unless']],
    ['all with a wildcard is middleware', "app.all('/api/*', a); app.get('/api/x', h);", 'GET /api/x', ['a']],
    [
      'a handler that passes on',
      "app.get('/x/:id', b); app.get('/x/:id', h); app.post('/x/:id', h);",
      'POST /x/:id',
      [],
    ],
    ['route() with all', "app.route('/x').all(a).get(h);", 'GET /x', ['a']],
    ['param', "const r = Router(); r.get('/:id', b, h); r.param('id', a); app.use(r);", 'GET /:id', ['a', 'b']],
    [
      'an application in another',
      "const inner = express(); inner.use(b); inner.get('/x', h); app.use(a); app.use('/in', inner);",
      'GET /in/x',
      ['a', 'b'],
    ],
    ['a test that is open', "if (process.env.GUARD === 'on') app.use(a); app.get('/x', h);", 'GET /x', ['a?']],
    [
      'with the route under the same test',
      "if (process.env.GUARD === 'on') { app.use(a); app.get('/x', h); }",
      'GET /x',
      ['a'],
    ],
    [
      'after an early return',
      "function more() { if (!process.env.GUARD) return; app.use(a); } more(); app.get('/x', h);",
      'GET /x',
      ['a?'],
    ],
    ['a choice of two', "app.use(process.env.GUARD ? a : b); app.get('/x', h);", 'GET /x', ['cond']],
    ['a list that is spread', "const list = [a, make()]; app.get('/x', ...list, h);", 'GET /x', ['a', 'make']],
    [
      'a package that validates',
      "app.post('/x', validateRequest({ body: {}, query: {} }), h);\nimport { validateRequest } from 'zod-express-middleware';",
      'POST /x',
      ['validator/body obj', 'validator/query obj'],
    ],
    [
      'error handlers stand last, for what is before them',
      "app.get('/x', h); app.use((e, req, res, next) => {}); app.get('/y', h);",
      'GET /x',
      ['filter fn'],
    ],
    [
      'not for what is after them',
      "app.get('/x', h); app.use((e, req, res, next) => {}); app.get('/y', h);",
      'GET /y',
      [],
    ],
  ])('%s', async (_, lines, name, expected) => {
    expect(stepsOf(pick(await server(`${lines}\n${functions}`), name))).toEqual(expected);
  });

  it('counts what only passes on as no endpoint', async () => {
    const found = await server(`app.all('/api/*', a); app.get('/api/x', h);\n${functions}`);
    expect(shown(found)).toEqual(['GET /api/x']);
  });

  it('serves through wrappers of packages and of the repository', async () => {
    const found = await server(
      `import asyncHandler from 'express-async-handler';\nimport { h as far } from './far';\nconst guarded = withRole('x')(far);\napp.get('/a', asyncHandler(far)); app.get('/b', guarded); app.get('/c', asyncHandler(a), h); app.get('/d', bound.list.bind(bound));\nclass Bound { list() {} }\nconst bound = new Bound();\nfunction withRole(role) { return (fn) => (req, res) => fn(req, res); }\n${functions}`,
      { 'src/far.ts': 'export async function h(req, res) {}\n' },
    );
    for (const name of ['GET /a', 'GET /b']) expect(pick(found, name).handler?.file).toBe('src/far.ts');
    expect(stepsOf(pick(found, 'GET /a'))).toEqual(['wrapper asyncHandler']);
    expect(stepsOf(pick(found, 'GET /b'))).toEqual(['wrapper withRole']);
    expect(nameOf(pick(found, 'GET /b').serves?.expr ?? { k: 'null' })).toBe('guarded');
    expect(pick(found, 'GET /c').chain[0]?.runs?.file).toBe('src/server.ts');
    expect(pick(found, 'GET /d').serves).toBeUndefined();
  });

  it('takes sockets and hosts', async () => {
    const found = await server(
      "import expressWs from 'express-ws';\nimport vhost from 'vhost';\nconst { app: wide } = expressWs(app);\nwide.ws('/live', a, () => {});\nconst api = express(); api.get('/v', () => {});\napp.use(vhost('api.example.com', api));\nfunction a() {}",
    );
    expect(shown(found)).toEqual(['WS /live', 'GET /v']);
    expect(stepsOf(pick(found, 'WS /live'))).toEqual(['a']);
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
