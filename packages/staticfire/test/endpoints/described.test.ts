import { describe, expect, it } from 'vitest';
import { node } from '../../src/testing/bases.ts';
import { find, pick, shown, stepsOf } from './find.ts';

const service = (packages: readonly string[], files: Readonly<Record<string, string>>) =>
  find(node(files, { dependencies: Object.fromEntries(packages.map((name) => [name, '^1.0.0'])) }));

const functions = 'function h() {}\nasync function a() {}\nasync function b() {}';

describe('hapi', () => {
  const hapi = (lines: string) =>
    service(['@hapi/hapi'], {
      'src/main.ts': `import Hapi from '@hapi/hapi';\nimport Joi from 'joi';\nconst server = Hapi.server({ port: 3000 });\n${lines}\nawait server.start();\n${functions}\n`,
    });

  it('counts described routes and those of plugins', async () => {
    const found = await hapi(
      "server.route([{ method: 'GET', path: '/a', handler: h }, { method: ['PUT', 'POST'], path: '/b', options: { handler: h } }, { method: '*', path: '/{any*}', handler: h }]);\nconst plugin = { name: 'more', register: async (inner, options) => { inner.route({ method: 'GET', path: '/c', handler: h }); } };\nawait server.register([{ plugin, routes: { prefix: '/v1' } }]);",
    );
    expect(shown(found)).toEqual(['GET /a', 'POST /b', 'PUT /b', 'GET /v1/c', 'ALL /{any*}']);
  });

  it('keeps the order in which it runs', async () => {
    const found = await hapi(
      "server.auth.strategy('session', 'cookie', { validate: a });\nserver.ext('onPreHandler', b);\nserver.route({ method: 'POST', path: '/x', options: { validate: { payload: Joi.object({}) }, pre: [{ method: b, assign: 'it' }] }, handler: h });\nserver.route({ method: 'GET', path: '/open', options: { auth: false }, handler: h });\nserver.route({ method: 'GET', path: '/own', options: { auth: { strategy: 'session', mode: 'try' } }, handler: h });\nserver.auth.default('session');",
    );
    expect(stepsOf(pick(found, 'POST /x'))).toEqual(['guard session', 'validator/body Joi.object', 'hook b', 'hook b']);
    expect(pick(found, 'POST /x').chain[0]?.runs).toBeDefined();
    expect(stepsOf(pick(found, 'GET /open'))).toEqual(['hook b']);
    expect(stepsOf(pick(found, 'GET /own'))).toEqual(['guard obj', 'hook b']);
  });
});

describe('ts-rest', () => {
  const contract =
    "import { initContract } from '@ts-rest/core';\nimport { z } from 'zod';\nconst c = initContract();\nexport const contract = c.router({ items: c.router({ list: { method: 'GET', path: '/items', query: z.object({}) }, add: { method: 'POST', path: '/items', body: z.object({}) } }, { pathPrefix: '/v1' }) }, { pathPrefix: '/api' });\n";

  it('serves a contract on Express', async () => {
    const found = await service(['express', '@ts-rest/express'], {
      'src/contract.ts': contract,
      'src/main.ts': `import express from 'express';\nimport { createExpressEndpoints, initServer } from '@ts-rest/express';\nimport { contract } from './contract.ts';\nconst app = express();\napp.use(a);\nconst s = initServer();\nconst router = s.router(contract, { items: { list: async () => ({}), add: { middleware: [b], handler: async () => ({}) } } });\ncreateExpressEndpoints(contract, router, app);\napp.listen(3000);\n${functions}\n`,
    });
    expect(shown(found)).toEqual(['GET /api/v1/items', 'POST /api/v1/items']);
    expect(stepsOf(pick(found, 'POST /api/v1/items'))).toEqual(['a', 'b', 'validator/body z.object']);
    expect(pick(found, 'POST /api/v1/items').handler?.file).toBe('src/main.ts');
  });

  it('says that a contract could not be followed', async () => {
    const found = await service(['express', '@ts-rest/express'], {
      'src/main.ts':
        "import express from 'express';\nimport { createExpressEndpoints } from '@ts-rest/express';\nimport { contract } from 'shared-contract';\nconst app = express();\ncreateExpressEndpoints(contract, {}, app);\napp.listen(3000);\n",
    });
    expect(found.list).toEqual([]);
    expect(found.lost.map(({ what }) => what)).toEqual(['number']);
  });
});

it('puts the table of Medusa before the routes that it names', async () => {
  const found = await find({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'medusa start', build: 'medusa build' },
      dependencies: { '@medusajs/medusa': '^2.0.0', '@medusajs/framework': '^2.0.0' },
    }),
    'medusa-config.ts': 'module.exports = {};\n',
    'src/api/custom/route.ts': 'export async function GET() {}\nexport const POST = async () => {};\n',
    'src/api/admin/items/[id]/route.ts': 'export async function DELETE() {}\n',
    'src/api/admin/open/route.ts': 'export const AUTHENTICATE = false;\nexport async function GET() {}\n',
    'src/api/middlewares.ts': `import { defineMiddlewares, authenticate } from '@medusajs/framework/http';\nimport { more } from './admin/middlewares';\nexport default defineMiddlewares({ routes: [{ matcher: '/custom*', method: ['POST'], middlewares: [authenticate('customer', ['session'])] }, ...more] });\n`,
    'src/api/admin/middlewares.ts':
      "export const more = [{ matcher: '/admin/items/:id', middlewares: [check()] }];\nfunction check() { return () => {}; }\n",
  });
  expect(shown(found)).toEqual(['DELETE /admin/items/:id', 'GET /admin/open', 'GET /custom', 'POST /custom']);
  expect(stepsOf(pick(found, 'POST /custom'))).toEqual(['policy authenticate']);
  expect(stepsOf(pick(found, 'GET /custom'))).toEqual([]);
  expect(stepsOf(pick(found, 'GET /admin/open'))).toEqual([]);
  expect(stepsOf(pick(found, 'DELETE /admin/items/:id'))).toEqual(['policy authenticate', 'policy check']);
});
