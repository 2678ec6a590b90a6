import { expect, it } from 'vitest';
import type { Endpoints } from '../../src/facts/endpoints.ts';
import { node } from '../../src/testing/bases.ts';
import { chainOf, find, linksOf, pick, shown } from './find.ts';

type Files = Readonly<Record<string, string>>;

const project = (packages: readonly string[], files: Files, more: Readonly<Record<string, unknown>> = {}) =>
  find({
    'package.json': JSON.stringify({
      name: 'shop',
      type: 'module',
      dependencies: Object.fromEntries(packages.map((name) => [name, '^4.0.0'])),
      ...more,
    }),
    ...files,
  });
const serves = (found: Endpoints, name: string): string | undefined => pick(found, name).serves?.expr.k;

it('Vercel: a function for each file of api', async () => {
  const found = await project(['@vercel/node'], {
    'vercel.json': '{}',
    'api/items/[id].ts':
      'const handler = async (req, res) => {};\nexport default signedIn(handler);\nfunction signedIn(fn) { return fn; }\n',
    'api/index.ts': 'export const GET = () => new Response();\nexport const POST = () => new Response();\n',
  });
  expect(shown(found)).toEqual(['GET /api', 'POST /api', 'ALL /api/items/[id]']);
  expect(chainOf(pick(found, 'ALL /api/items/[id]'))).toEqual(['signedIn']);
  expect(serves(found, 'ALL /api/items/[id]')).toBe('call');
});

it('Netlify: both forms, paths of the configuration, no schedules', async () => {
  const found = await project(['@netlify/functions'], {
    'netlify.toml': '[build]\n  command = "tsc"\n',
    'netlify/functions/old.ts': 'export const handler = async () => ({ statusCode: 200 });\n',
    'netlify/functions/new.ts':
      "export default async () => new Response();\nexport const config = { path: ['/api/a', '/api/b'], method: ['POST'] };\n",
    'netlify/functions/nightly.ts': "export default async () => {};\nexport const config = { schedule: '@daily' };\n",
  });
  expect(shown(found)).toEqual(['ALL /.netlify/functions/old', 'POST /api/a', 'POST /api/b']);
});

it('Cloudflare: a worker, a router, and the functions of Pages with their middleware', async () => {
  const wrangler = { 'wrangler.toml': 'name = "shop"\nmain = "src/index.ts"\n' };
  const worker = await project([], {
    ...wrangler,
    'src/index.ts': 'export default { async fetch(request) { return new Response(); } };\n',
  });
  expect(shown(worker)).toEqual(['ALL /*']);
  expect(pick(worker, 'ALL /*').handler).toEqual({ file: 'src/index.ts', fn: 1 });
  const routed = await project(['itty-router'], {
    ...wrangler,
    'src/index.ts':
      "import { Router } from 'itty-router';\nconst session = () => {};\nconst admin = () => {};\nconst router = Router({ base: '/v1' });\nrouter.get('/open', () => 1).all('/in/*', session).get('/in/a', admin, () => 2);\nexport default { fetch: router.fetch };\n",
  });
  expect(shown(routed)).toEqual(['GET /v1/in/a', 'GET /v1/open']);
  expect(chainOf(pick(routed, 'GET /v1/in/a'))).toEqual(['session', 'admin']);
  expect(chainOf(pick(routed, 'GET /v1/open'))).toEqual([]);
  const pages = await project([], {
    'wrangler.toml': 'name = "shop"\npages_build_output_dir = "dist"\n',
    'functions/_middleware.ts': 'const log = () => {};\nexport const onRequest = [log];\n',
    'functions/admin/_middleware.ts': 'export const onRequest = async ({ next }) => next();\n',
    'functions/admin/users.ts': 'export const onRequestGet = () => new Response();\n',
    'functions/items.ts': 'export const onRequest = () => new Response();\n',
  });
  expect(shown(pages)).toEqual(['GET /admin/users', 'ALL /items']);
  expect(chainOf(pick(pages, 'GET /admin/users'))).toEqual(['log', 'fn']);
  expect(chainOf(pick(pages, 'ALL /items'))).toEqual(['log']);
});

it('AWS Lambda: http events of templates, middy, authorizers', async () => {
  const found = await project(['@middy/core'], {
    'serverless.yml':
      'functions:\n  create:\n    handler: src/create.handler\n    events:\n      - http: { path: items, method: post, authorizer: mine }\n      - sqs: arn\n  list:\n    handler: src/list.main\n    events:\n      - httpApi: GET /items\n  other:\n    handler: src/list.main\n    events:\n      - schedule: rate(1 day)\n',
    'src/create.ts':
      "import middy from '@middy/core';\nimport parser from '@middy/http-json-body-parser';\nconst check = () => ({ before: () => {} });\nconst base = async () => {};\nexport const handler = middy(base).use(parser()).use([check()]);\n",
    'src/list.ts': 'export const main = async () => ({ statusCode: 200 });\n',
  });
  expect(shown(found)).toEqual(['GET /items', 'POST /items']);
  const create = pick(found, 'POST /items');
  expect(chainOf(create)).toEqual(['authorizer: mine', 'parser', 'check']);
  expect(create.handler).toEqual({ file: 'src/create.ts', fn: 3 });
});

it('Firebase: what the main module exports', async () => {
  const found = await project(
    ['firebase-functions'],
    {
      'src/index.ts':
        "import { onRequest, onCall } from 'firebase-functions/v2/https';\nimport * as functions from 'firebase-functions';\nexport const hook = onRequest({ cors: true }, async (req, res) => {});\nexport const pay = onCall({ enforceAppCheck: true }, async (request) => {});\nexport const old = functions.https.onCall((data, context) => {});\nexport { inner } from './inner';\n",
      'src/inner.ts':
        "import { onRequest } from 'firebase-functions/https';\nexport const inner = onRequest(withUser(async (req, res) => {}));\nfunction withUser(fn) { return fn; }\n",
    },
    { main: 'lib/index.js' },
  );
  expect(shown(found)).toEqual(['ALL /hook', 'ALL /inner', 'function old', 'function pay']);
  expect(linksOf(pick(found, 'function pay'))).toEqual(['settings obj']);
  expect(chainOf(pick(found, 'ALL /inner'))).toEqual(['withUser']);
});

it('ConnectRPC: methods behind interceptors', async () => {
  const found = await find(
    node(
      {
        'src/main.ts':
          "import { createServer } from 'node:http';\nimport { connectNodeAdapter } from '@connectrpc/connect-node';\nimport { Shop, Other } from './gen';\nconst session = (next) => async (request) => next(request);\nclass Impl { async list() {} async add() {} }\nconst routes = (router) => { router.service(Shop, new Impl()); router.service(Other, { async say() {} }); router.service(Shop, unknown()); };\ncreateServer(connectNodeAdapter({ routes, interceptors: [session] })).listen(3000);\n",
        'src/gen.ts': 'export const Shop = {};\nexport const Other = {};\n',
      },
      { dependencies: { '@connectrpc/connect-node': '^2.0.0', '@connectrpc/connect': '^2.0.0' } },
    ),
  );
  const methods = found.list.filter(({ surface }) => surface === 'rpc').map(({ path }) => path);
  expect(methods).toEqual(['Other.say', 'Shop.add', 'Shop.list']);
  expect(linksOf(pick(found, 'function Other.say'))[0]).toMatch(/^interceptor session/);
  expect(found.lost.map(({ framework, what }) => `${framework} ${what}`)).toEqual(['connect number']);
});
