import { describe, expect, it } from 'vitest';
import { fastify, node } from '../../src/testing/bases.ts';
import { chainOf, find, stepsOf, pick, shown } from './find.ts';

const service = (packages: readonly string[], files: Readonly<Record<string, string>>) =>
  find(node(files, { dependencies: Object.fromEntries(packages.map((name) => [name, '^1.0.0'])) }));

describe('Koa', () => {
  const koa = (lines: string, files: Readonly<Record<string, string>> = {}) =>
    service(['koa', '@koa/router'], {
      'src/main.ts': `import Koa from 'koa';\nimport Router from '@koa/router';\nimport mount from 'koa-mount';\nconst app = new Koa();\n${lines}\napp.listen(3000);\n`,
      ...files,
    });

  it.each([
    [
      'verbs and names',
      "const r = new Router(); r.get('list', '/a', h); r.del('/a', h); app.use(r.routes()).use(r.allowedMethods()); function h() {}",
      ['DELETE /a', 'GET /a'],
    ],
    [
      'prefixes',
      "const r = new Router({ prefix: '/v1' }); r.prefix('/api'); r.post('/a', () => {}); app.use(r.routes());",
      ['POST /api/v1/a'],
    ],
    [
      'nested routers',
      "const a = new Router(); const b = new Router(); b.get('/c', () => {}); a.use('/b', b.routes()); app.use(a.routes());",
      ['GET /b/c'],
    ],
    [
      'mounted applications',
      "const other = new Koa(); const r = new Router(); r.get('/a', () => {}); other.use(r.routes()); app.use(mount('/other', other));",
      ['GET /other/a'],
    ],
    [
      'register',
      "const r = new Router(); r.register('/a', ['get', 'put'], () => {}); app.use(r.routes());",
      ['GET /a', 'PUT /a'],
    ],
    ['a router that nothing uses', "const r = new Router(); r.get('/a', () => {});", []],
  ])('%s', async (_, lines, expected) => {
    expect(shown(await koa(lines))).toEqual(expected);
  });

  it('keeps the order', async () => {
    const found = await koa(
      "const r = new Router();\nr.get('/open', () => {});\nr.use(session());\nr.get('/closed', limit, () => {});\napp.use(first);\napp.use(r.routes());\nfunction session() { return async (ctx, next) => next(); }\nfunction limit() {}\nfunction first() {}",
    );
    expect(chainOf(pick(found, 'GET /open'))).toEqual(['first']);
    expect(chainOf(pick(found, 'GET /closed'))).toEqual(['first', 'session', 'limit']);
  });
});

describe('Hono', () => {
  const hono = (lines: string, files: Readonly<Record<string, string>> = {}) =>
    service(['hono', '@hono/zod-openapi', '@hono/node-server'], {
      'src/main.ts': `import { Hono } from 'hono';\nimport { serve } from '@hono/node-server';\nconst app = new Hono();\n${lines}\nserve(app);\n`,
      ...files,
    });

  it.each([
    [
      'verbs, chained',
      "app.get('/a', (c) => c.text('')).post((c) => c.text('')).put('/b', (c) => c.text(''));",
      ['GET /a', 'POST /a', 'PUT /b'],
    ],
    [
      'route and basePath',
      "const api = new Hono().basePath('/v1').get('/a', (c) => c.text('')); const sub = new Hono(); sub.delete('/:id', (c) => c.text('')); app.route('/items', sub); app.route('/api', api);",
      ['GET /api/v1/a', 'DELETE /items/:id'],
    ],
    ['on', "app.on(['get', 'PURGE'], ['/a', '/b'], (c) => c.text(''));", ['GET /a', 'PURGE /a', 'GET /b', 'PURGE /b']],
    ['all', "app.all('*', (c) => c.text(''));", ['ALL /*']],
  ])('%s', async (_, lines, expected) => {
    expect(shown(await hono(lines))).toEqual(expected);
  });

  it('reads described routes', async () => {
    const found = await hono("app.route('/api', items);\nimport { items } from './items';", {
      'src/items.ts':
        "import { OpenAPIHono, createRoute } from '@hono/zod-openapi';\nexport const items = new OpenAPIHono();\nconst list = createRoute({ method: 'get', path: '/items', responses: {} });\nitems.openapi(list, (c) => c.json([]));\n",
    });
    expect(shown(found)).toEqual(['GET /api/items']);
  });

  it('limits middleware to its path', async () => {
    const found = await hono(
      "app.use('/admin/*', guard());\napp.use('/other/*', first);\napp.get('/admin/users', (c) => c.text(''));\nfunction first() {}\nfunction guard() { return async (c, next) => next(); }",
    );
    expect(chainOf(pick(found, 'GET /admin/users'))).toEqual(['guard']);
  });
});

describe('Fastify', () => {
  it('follows plugins, prefixes and hooks', async () => {
    const found = await find(
      fastify({
        'src/server.ts':
          "import Fastify from 'fastify';\nimport fp from 'fastify-plugin';\nimport { items } from './items';\nimport session from './session';\nconst app = Fastify().withTypeProvider();\nawait app.register(session);\nawait app.register(items, { prefix: '/items' });\nawait app.register(fp(async (inner) => { inner.get('/shared', async () => 1); }));\napp.route({ method: ['GET', 'HEAD'], url: '/both', handler: async () => 1 });\nawait app.listen({ port: 3000 });\n",
        'src/session.ts':
          "import fp from 'fastify-plugin';\nexport default fp(async (app) => { app.decorate('check', async () => {}); app.addHook('onRequest', first); });\nasync function first() {}\n",
        'src/items.ts':
          "import type { FastifyInstance } from 'fastify';\nexport async function items(app: FastifyInstance) {\n  app.addHook('preHandler', limit);\n  app.get('/', { preHandler: [app.check], schema: {} }, async () => []);\n  app.register(async (inner) => { inner.post('/x', async () => 1); }, { prefix: '/deep' });\n}\nasync function limit() {}\n",
      }),
    );
    expect(shown(found)).toEqual(['GET /both', 'HEAD /both', 'GET /items', 'POST /items/deep/x', 'GET /shared']);
    expect(chainOf(pick(found, 'GET /items'))).toEqual(['first', 'limit', 'app.check']);
    expect(chainOf(pick(found, 'GET /shared'))).toEqual(['first']);
  });

  it('loads folders of plugins', async () => {
    const found = await find(
      fastify({
        'src/server.ts':
          "import Fastify from 'fastify';\nimport autoload from '@fastify/autoload';\nimport { join } from 'node:path';\nconst app = Fastify();\napp.register(autoload, { dir: join(import.meta.dirname, 'routes'), options: { prefix: '/api' } });\nawait app.listen({ port: 3000 });\n",
        'src/routes/users/index.ts': "export default async function (app) { app.get('/', async () => []); }\n",
        'src/routes/users/_id/index.ts': "export default async function (app) { app.get('/', async () => []); }\n",
        'src/routes/root.ts':
          "export const autoPrefix = '/root';\nexport default async function (app) { app.get('/', async () => []); }\n",
      }),
    );
    expect(shown(found)).toEqual(['GET /api/root', 'GET /api/users', 'GET /api/users/:id']);
  });
});

describe('tRPC', () => {
  it('counts the procedures of the router that is served', async () => {
    const found = await service(['@trpc/server'], {
      'src/main.ts':
        "import { createHTTPServer } from '@trpc/server/adapters/standalone';\nimport { appRouter } from './router';\ncreateHTTPServer({ router: appRouter }).listen(3000);\n",
      'src/trpc.ts':
        "import { initTRPC } from '@trpc/server';\nconst t = initTRPC.context<object>().create({});\nexport const router = t.router;\nexport const open = t.procedure;\nconst session = t.middleware(({ next }) => next());\nexport const closed = t.procedure.use(session);\n",
      'src/router.ts':
        "import { router, open, closed } from './trpc';\nimport { items } from './items';\nexport const appRouter = router({ ping: open.query(() => 'pong'), items, admin: { wipe: closed.mutation(() => 1) } });\nexport const forgotten = router({ gone: open.query(() => 1) });\n",
      'src/items.ts':
        "import { router, open, closed } from './trpc';\nexport const items = router({ list: open.input({}).query(() => []), add: closed.input({}).mutation(() => 1) });\n",
    });
    expect(shown(found)).toEqual(['mutation admin.wipe', 'mutation items.add', 'query items.list', 'query ping']);
    expect(stepsOf(pick(found, 'mutation items.add'))).toEqual(['session', 'validator/body obj']);
  });
});
