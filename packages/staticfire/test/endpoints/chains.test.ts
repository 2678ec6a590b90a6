import { describe, expect, it } from 'vitest';
import { node } from '../../src/testing/bases.ts';
import { find, stepsOf, pick, shown } from './find.ts';

type Row = readonly [title: string, lines: string, endpoint: string, chain: readonly string[]];

const service = (packages: readonly string[], files: Readonly<Record<string, string>>) =>
  find(node(files, { dependencies: Object.fromEntries(packages.map((name) => [name, '^1.0.0'])) }));

const functions =
  'function h() {}\nasync function a(ctx, next) { await next(); }\nasync function b(ctx, next) { await next(); }\nasync function c() {}\nfunction make() { return a; }';

describe('Fastify', () => {
  const fastify = (lines: string) =>
    service(['fastify'], {
      'src/main.ts': `import Fastify from 'fastify';\nimport fp from 'fastify-plugin';\nimport rateLimit from '@fastify/rate-limit';\nimport cors from '@fastify/cors';\nimport { z } from 'zod';\nconst app = Fastify();\n${lines}\nawait app.listen({ port: 3000 });\n${functions}\n`,
    });

  it.each<Row>([
    ['a hook after the route', "app.get('/x', h); app.addHook('onRequest', a);", 'GET /x', ['hook a']],
    [
      'a hook of the parent after the scope was made',
      "app.register(async (s) => { s.get('/x', h); }); app.addHook('preHandler', a);",
      'GET /x',
      ['hook a'],
    ],
    [
      'a hook of a scope stays there',
      "app.register(async (s) => { s.addHook('onRequest', a); s.get('/in', h); }); app.get('/x', h);",
      'GET /x',
      [],
    ],
    [
      'a hook of a shared plugin does not',
      "app.register(fp(async (s) => { s.addHook('onRequest', a); })); app.get('/x', h);",
      'GET /x',
      ['hook a'],
    ],
    [
      'in the order in which they run',
      "app.addHook('preHandler', c); app.get('/x', { preHandler: [b], onRequest: a, schema: { body: z.object({}), querystring: {} }, config: { rateLimit: { max: 1 } } }, h);",
      'GET /x',
      ['settings obj', 'hook a', 'validator/body z.object', 'validator/query obj', 'hook c', 'hook b'],
    ],
    [
      'options that stand elsewhere',
      "const base = { onRequest: a }; const opts = { ...base, schema: { params: {} } }; app.get('/x/:id', opts, h);",
      'GET /x/:id',
      ['hook a', 'validator/params obj'],
    ],
    [
      'decorations and auth()',
      "app.register(fp(async (s) => { s.decorate('check', a); })); app.route({ method: 'POST', url: '/x', preHandler: app.auth([app.check, b]), handler: h });",
      'POST /x',
      ['hook app.check', 'hook b'],
    ],
    [
      'a plugin that was awaited',
      "await app.register(rateLimit, { max: 5 }); app.get('/x', h);",
      'GET /x',
      ['hook rateLimit'],
    ],
    [
      'a plugin for each route that was not awaited',
      "app.register(rateLimit, { max: 5 }); app.get('/x', h);",
      'GET /x',
      [],
    ],
    [
      'and its scopes, which load later',
      "app.register(rateLimit, { max: 5 }); app.register(async (s) => { s.get('/x', h); });",
      'GET /x',
      ['hook rateLimit'],
    ],
    ['a plugin of hooks that comes later', "app.get('/x', h); app.register(cors);", 'GET /x', ['hook cors']],
    ['setErrorHandler', "app.get('/x', h); app.setErrorHandler(c);", 'GET /x', ['filter c']],
  ])('%s', async (_, lines, name, chain) => {
    expect(stepsOf(pick(await fastify(lines), name))).toEqual(chain);
  });

  it('knows the functions of decorations', async () => {
    const found = await fastify(
      "app.decorate('check', a); app.get('/x', { onRequest: [app.check] }, h); app.get('/y', { preHandler: app.auth([app.check]) }, h);",
    );
    expect(pick(found, 'GET /x').chain[0]?.runs).toBeDefined();
    expect(pick(found, 'GET /y').chain[0]?.runs).toEqual(pick(found, 'GET /x').chain[0]?.runs);
  });

  it('says which plugins it could not follow', async () => {
    const found = await fastify('app.register(load()); function load() { return globalThis.plugin; }');
    expect(found.lost.map(({ what }) => what)).toEqual(['number']);
  });
});

describe('Koa', () => {
  const koa = (lines: string) =>
    service(['koa', '@koa/router'], {
      'src/main.ts': `import Koa from 'koa';\nimport Router from '@koa/router';\nimport compose from 'koa-compose';\nimport mount from 'koa-mount';\nimport jwt from 'koa-jwt';\nconst app = new Koa();\n${lines}\napp.listen(3000);\n${functions}\n`,
    });

  it.each<Row>([
    [
      'a router runs its middleware for its own routes',
      "const r = new Router(); r.use(a); r.get('/r', h); const s = new Router(); s.get('/x', h); app.use(r.routes()); app.use(s.routes());",
      'GET /x',
      [],
    ],
    ['after the routes', "const r = new Router(); r.get('/x', h); app.use(r.routes()); app.use(a);", 'GET /x', []],
    [
      'composed',
      "const r = new Router(); r.get('/x', compose([a, make()]), h); app.use(compose([b, r.routes()]));",
      'GET /x',
      ['b', 'a', 'make'],
    ],
    [
      'nested routers with paths',
      "const r = new Router({ prefix: '/v1' }); const s = new Router(); s.use('/admin', a); s.get('/admin/x', h); r.use(b, s.routes()); app.use(r.routes());",
      'GET /v1/admin/x',
      ['b', 'a'],
    ],
    [
      'koa-mount with middleware',
      "const r = new Router(); r.get('/x', h); app.use(mount('/api', a)); app.use(mount('/api', r.routes()));",
      'GET /api/x',
      ['a'],
    ],
    [
      'unless',
      "app.use(jwt({ secret: 's' }).unless({ path: [/^\\/open/] })); const r = new Router(); r.get('/open/x', h); r.get('/x', h); app.use(r.routes());",
      'GET /open/x',
      [],
    ],
    ['param', "const r = new Router(); r.param('id', a).get('/:id', h); app.use(r.routes());", 'GET /:id', ['a']],
  ])('%s', async (_, lines, name, chain) => {
    expect(stepsOf(pick(await koa(lines), name))).toEqual(chain);
  });
});

describe('Hono', () => {
  const hono = (lines: string) =>
    service(['hono', '@hono/zod-openapi', '@hono/node-server', '@hono/zod-validator'], {
      'src/main.ts': `import { Hono } from 'hono';\nimport { createFactory, createMiddleware } from 'hono/factory';\nimport { every, except } from 'hono/combine';\nimport { zValidator } from '@hono/zod-validator';\nimport { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';\nimport { serve } from '@hono/node-server';\nconst app = new OpenAPIHono();\n${lines}\nserve(app);\n${functions}\n`,
    });

  it.each<Row>([
    [
      'a path without a wildcard is for itself alone',
      "app.use('/admin', a); app.get('/admin/x', h);",
      'GET /admin/x',
      [],
    ],
    ['and for itself', "app.use('/admin', a); app.get('/admin', h);", 'GET /admin', ['a']],
    ['a wildcard', "app.use('/admin/*', a); app.get('/admin/x', h);", 'GET /admin/x', ['a']],
    ['a wildcard below a parameter', "app.use('/:org/*', a); app.get('/:id/x', h);", 'GET /:id/x', ['a']],
    ['after the route', "app.get('/x', h); app.use(a);", 'GET /x', []],
    [
      'of an application that was mounted before',
      "const s = new Hono(); s.use(a); app.route('/api', s); app.get('/api/x', h);",
      'GET /api/x',
      ['a'],
    ],
    [
      'basePath',
      "const api = app.basePath('/api'); api.use('/x/*', a); api.get('/x/:id', h);",
      'GET /api/x/:id',
      ['a'],
    ],
    [
      'validators',
      "app.post('/x', zValidator('json', z.object({})), zValidator('param', z.object({})), h);",
      'POST /x',
      ['validator/body zValidator', 'validator/params zValidator'],
    ],
    [
      'a validator of the repository',
      "const validate = (target, schema) => zValidator(target, schema, () => {}); app.post('/x', validate('query', z.object({})), h);",
      'POST /x',
      ['validator/query validate'],
    ],
    [
      'described routes',
      "app.openapi(createRoute({ method: 'post', path: '/x', middleware: [a] as const, security: [{ Bearer: [] }], request: { query: z.object({}), body: { content: { 'application/json': { schema: z.object({}) } } } }, responses: {} }), h);",
      'POST /x',
      ['a', 'validator/query z.object', 'validator/body z.object', 'settings arr'],
    ],
    [
      'factories',
      "const factory = createFactory(); const guard = createMiddleware(a); const handlers = factory.createHandlers(guard, h); app.get('/x', ...handlers);",
      'GET /x',
      ['guard'],
    ],
    ['every and except', "app.use('*', every(a, except('/open', b))); app.get('/open', h);", 'GET /open', ['a']],
    ['on', "app.on(['GET', 'POST'], '/x', a, h);", 'POST /x', ['a']],
    ['onError', "app.get('/x', h); app.onError(c);", 'GET /x', ['filter c']],
  ])('%s', async (_, lines, name, chain) => {
    expect(stepsOf(pick(await hono(lines), name))).toEqual(chain);
  });
});

describe('Elysia', () => {
  const elysia = (lines: string) =>
    service(['elysia'], {
      'src/main.ts': `import { Elysia, t } from 'elysia';\nconst app = new Elysia();\n${lines}\napp.listen(3000);\n${functions}\n`,
    });

  it.each<Row>([
    ['after the route', "app.get('/x', h).onBeforeHandle(a);", 'GET /x', []],
    ['before it, also for what is used', "app.onBeforeHandle(a).use(new Elysia().get('/x', h));", 'GET /x', ['hook a']],
    ['a hook of a plugin is its own', "app.use(new Elysia().derive(a)).get('/x', h);", 'GET /x', []],
    [
      'unless it says otherwise',
      "app.use(new Elysia().derive({ as: 'scoped' }, a)).get('/x', h);",
      'GET /x',
      ['hook a'],
    ],
    ['or the plugin does', "app.use(new Elysia().resolve(a).as('global')).get('/x', h);", 'GET /x', ['hook a']],
    [
      'schemas and hooks in the order in which they run',
      "app.resolve(b).post('/x', h, { beforeHandle: [a], body: t.Object({}) });",
      'POST /x',
      ['validator/body t.Object', 'hook b', 'hook a'],
    ],
    ['guard for what follows', "app.guard({ beforeHandle: a }).get('/x', h);", 'GET /x', ['hook a']],
    [
      'guard with a callback',
      "app.guard({ headers: t.Object({}) }, (g) => g.get('/x', h));",
      'GET /x',
      ['validator/headers t.Object'],
    ],
    ['a guard around others', "app.guard({ beforeHandle: a }, (g) => g.get('/in', h)).get('/x', h);", 'GET /x', []],
    [
      'macros',
      "const auth = new Elysia().macro({ auth: { resolve: a } }); app.use(auth).get('/x', h, { auth: true });",
      'GET /x',
      ['hook a'],
    ],
  ])('%s', async (_, lines, name, chain) => {
    expect(stepsOf(pick(await elysia(lines), name))).toEqual(chain);
  });
});

describe('tRPC', () => {
  const trpc = (lines: string, files: Readonly<Record<string, string>> = {}) =>
    service(['@trpc/server'], {
      'src/main.ts': `import { createHTTPServer } from '@trpc/server/adapters/standalone';\nimport { initTRPC, lazy } from '@trpc/server';\nimport { z } from 'zod';\nconst t = initTRPC.create();\nconst open = t.procedure;\n${lines}\ncreateHTTPServer({ router: t.router(routes) }).listen(3000);\n${functions}\n`,
      'src/more.ts':
        "import { initTRPC } from '@trpc/server';\nconst t = initTRPC.create();\nexport const more = t.router({ list: t.procedure.query(() => 1) });\n",
      ...files,
    });

  it.each<Row>([
    [
      'in order',
      'const guard = t.middleware(a); const routes = { x: open.use(guard).input(z.string()).use(b).mutation(h) };',
      'mutation x',
      ['guard', 'validator/body z.string', 'b'],
    ],
    [
      'piped middleware',
      'const one = t.middleware(a); const two = one.unstable_pipe(b); const routes = { x: open.use(two).query(h) };',
      'query x',
      ['a', 'b'],
    ],
    [
      'concat',
      'const plugin = t.procedure.use(a).use(b); const routes = { x: open.concat(plugin).query(h) };',
      'query x',
      ['a', 'b'],
    ],
    [
      'a function that makes procedures',
      "const allowed = (role) => open.use(check(role)); const check = (role) => t.middleware(a); const routes = { x: allowed('admin').query(h) };",
      'query x',
      ['check'],
    ],
    ['meta', 'const routes = { x: open.meta({ guarded: true }).query(h) };', 'query x', ['settings obj']],
  ])('%s', async (_, lines, name, chain) => {
    expect(stepsOf(pick(await trpc(lines), name))).toEqual(chain);
  });

  it('follows lazy routers, and says what it cannot follow', async () => {
    const found = await trpc("const routes = { more: lazy(() => import('./more')), gone: globalThis.router };");
    expect(shown(found)).toEqual(['query more.list']);
    expect(found.lost.map(({ what }) => what)).toEqual(['number']);
  });
});
