import { describe, expect, it } from 'vitest';
import type { Endpoints } from '../../src/facts/endpoints.ts';
import { chainOf, find, linksOf, pick, shown } from './find.ts';

type Files = Readonly<Record<string, string>>;

const project = (packages: Readonly<Record<string, string>>, scripts: Files, files: Files): Promise<Endpoints> =>
  find({
    'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts, dependencies: packages }),
    ...files,
  });

describe('TanStack Start', () => {
  const start = (files: Files): Promise<Endpoints> =>
    project(
      { '@tanstack/react-start': '^1.0.0' },
      { dev: 'vite dev', build: 'vite build', start: 'node .output/server/index.mjs' },
      {
        'src/router.tsx': 'export const getRouter = () => 1;\n',
        'src/routes/index.tsx': "import '../fn';\nexport const Route = createFileRoute('/')({});\n",
        ...files,
      },
    );

  it('puts what a middleware stands on first, then validators', async () => {
    const found = await start({
      'src/fn.ts':
        "import { createServerFn } from '@tanstack/react-start';\nimport { admin, needs } from './middleware';\nexport const save = createServerFn({ method: 'POST' }).validator(shape).middleware([admin, needs('x')]).handler(async () => {});\nconst shape = {};\nconst signed = createServerFn({ method: 'POST' }).middleware([admin]);\nexport const made = signed().handler(async () => {});\n",
      'src/middleware.ts':
        "import { createMiddleware } from '@tanstack/react-start';\nconst log = createMiddleware().client(async ({ next }) => next());\nconst session = createMiddleware({ type: 'function' }).server(async ({ next }) => next());\nexport const admin = createMiddleware().middleware([log, session]).validator(filter).server(async ({ next }) => next());\nconst filter = {};\nexport const needs = (what: string) => createMiddleware().server(async ({ next }) => next(what));\n",
      'src/start.ts':
        "import { createStart } from '@tanstack/react-start';\nconst csrf = () => {};\nconst trace = () => {};\nexport const startInstance = createStart(() => ({ requestMiddleware: [csrf], functionMiddleware: [trace] }));\n",
    });
    expect(shown(found)).toEqual(['POST src/fn.ts#made', 'POST src/fn.ts#save']);
    expect(linksOf(pick(found, 'POST src/fn.ts#save'))).toEqual([
      'middleware csrf → src/start.ts#1',
      'middleware trace → src/start.ts#2',
      'middleware session → src/middleware.ts#2',
      'validator filter on body',
      'middleware admin → src/middleware.ts#3',
      'middleware needs → src/middleware.ts#5',
      'validator shape on body',
    ]);
    expect(chainOf(pick(found, 'POST src/fn.ts#made'))).toEqual(['csrf', 'trace', 'session', 'filter', 'admin']);
  });

  it('lets middleware of a route run for those below it', async () => {
    const found = await start({
      'src/routes/_in.tsx':
        "import { signedIn } from '../auth';\nexport const Route = createFileRoute('/_in')({ server: { middleware: [signedIn] } });\n",
      'src/routes/_in/api/a.ts':
        "import { json } from '../../../auth';\nexport const Route = createFileRoute('/_in/api/a')({ server: { middleware: [json], handlers: { GET: async () => {}, POST: { middleware: [json], handler: async () => {} } } } });\n",
      'src/routes/api/b.ts':
        "export const Route = createFileRoute('/api/b')({ server: { handlers: { GET: () => {} } } });\n",
      'src/auth.ts':
        "import { createMiddleware } from '@tanstack/react-start';\nexport const signedIn = createMiddleware().server(async () => {});\nexport const json = createMiddleware().server(async () => {});\n",
    });
    expect(chainOf(pick(found, 'GET /api/a'))).toEqual(['signedIn', 'json']);
    expect(chainOf(pick(found, 'POST /api/a'))).toEqual(['signedIn', 'json', 'json']);
    expect(chainOf(pick(found, 'GET /api/b'))).toEqual([]);
  });
});

describe('React Router', () => {
  const app = (config: string, files: Files): Promise<Endpoints> =>
    project(
      {
        'react-router': '^7.9.0',
        '@react-router/dev': '^7.9.0',
        '@react-router/node': '^7.9.0',
        '@react-router/serve': '^7.9.0',
      },
      { dev: 'react-router dev', build: 'react-router build', start: 'react-router-serve ./build/server/index.js' },
      { 'react-router.config.ts': config, 'app/root.tsx': 'export default () => <html />;\n', ...files },
    );
  const on = 'export default { ssr: true, future: { v8_middleware: true } };\n';
  const routes = {
    'app/routes/account.tsx':
      'const session = async () => {};\nexport const middleware = [session];\nexport const loader = async () => ({});\n',
    'app/routes/account.orders.tsx': 'export const loader = async () => ({});\n',
    'app/routes/account_.help.tsx': 'export const loader = async () => ({});\n',
  };

  it('runs middleware of the modules around a route, loaders apart', async () => {
    const found = await app(on, routes);
    expect(linksOf(pick(found, 'GET /account/orders'))).toEqual(['middleware session → app/routes/account.tsx#1']);
    expect(chainOf(pick(found, 'GET /account/help'))).toEqual([]);
  });

  it('runs none without the flag', async () => {
    const found = await app('export default { ssr: true };\n', routes);
    expect(chainOf(pick(found, 'GET /account/orders'))).toEqual([]);
  });

  it('reads the table of routes', async () => {
    const found = await app(on, {
      'app/routes.ts':
        "import { index, layout, prefix, route } from '@react-router/dev/routes';\nexport default [index('./home.tsx'), layout('./in.tsx', [...prefix('orders', [route(':id', './order.tsx')])])] satisfies RouteConfig;\n",
      'app/home.tsx': 'export const loader = async () => ({});\n',
      'app/in.tsx': 'export const middleware = [async () => {}];\n',
      'app/order.tsx': 'export const action = async () => ({});\n',
    });
    expect(shown(found)).toEqual(['GET /', 'POST /orders/:id']);
    expect(linksOf(pick(found, 'POST /orders/:id'))).toEqual(['middleware fn → app/in.tsx#1']);
  });
});

it('SvelteKit: hooks before routes, actions and remote functions', async () => {
  const found = await project(
    { '@sveltejs/kit': '^2.0.0', vite: '^7.0.0' },
    { dev: 'vite dev', build: 'vite build', start: 'node build' },
    {
      'svelte.config.js':
        "import adapter from '@sveltejs/adapter-node';\nimport still from '@sveltejs/adapter-static';\nexport default { kit: { adapter: process.env.STILL ? still() : adapter() } };\n",
      'src/hooks.server.ts':
        "import { sequence } from '@sveltejs/kit/hooks';\nimport { limit } from '$lib/limit';\nconst session = async ({ event, resolve }) => resolve(event);\nexport const handle = sequence(limit, session);\n",
      'src/routes/items/+server.ts': 'export const GET = async () => new Response();\n',
      'src/routes/(in)/login/+page.server.ts': 'export const actions = { default: guarded(async () => {}) };\n',
      'src/routes/data.remote.ts':
        "import { query, command } from '$app/server';\nexport const list = query(async () => []);\nexport const add = command(shape, async () => {});\nconst shape = {};\n",
    },
  );
  expect(shown(found)).toEqual([
    'GET /items',
    'POST /login',
    'POST src/routes/data.remote.ts#add',
    'GET src/routes/data.remote.ts#list',
  ]);
  expect(chainOf(pick(found, 'GET /items'))).toEqual(['limit', 'session']);
  expect(pick(found, 'GET /items').chain[1]?.runs).toEqual({ file: 'src/hooks.server.ts', fn: 1 });
  expect(chainOf(pick(found, 'POST /login'))).toEqual(['limit', 'session', 'guarded']);
  expect(linksOf(pick(found, 'POST src/routes/data.remote.ts#add')).at(-1)).toBe('validator shape on body');
});

it('Nuxt: middleware of the server in the order of its files, hooks of handlers, utilities by name', async () => {
  const found = await project(
    { nuxt: '^4.0.0' },
    { dev: 'nuxt dev', build: 'nuxt build', start: 'node .output/server/index.mjs' },
    {
      'nuxt.config.ts': 'export default defineNuxtConfig({});\n',
      'server/middleware/2.log.ts': 'export default defineEventHandler(() => {});\n',
      'server/middleware/1.session.ts': 'export default defineEventHandler(async (event) => {});\n',
      'server/api/a.post.ts':
        'const check = () => {};\nexport default defineEventHandler({ onRequest: [check], handler: async () => 1 });\n',
      'server/api/b.get.ts': 'export default defineSigned(async () => 1);\n',
      'server/utils/signed.ts': 'export const defineSigned = (fn) => defineEventHandler(fn);\n',
    },
  );
  expect(linksOf(pick(found, 'POST /api/a'))).toEqual([
    'middleware defineEventHandler → server/middleware/1.session.ts#1',
    'middleware defineEventHandler → server/middleware/2.log.ts#1',
    'hook check → server/api/a.post.ts#1',
  ]);
  expect(linksOf(pick(found, 'GET /api/b')).at(-1)).toBe('wrapper defineSigned → server/utils/signed.ts#1');
});

it('Astro: middleware before endpoints and actions, inputs of actions', async () => {
  const found = await project(
    { astro: '^5.0.0' },
    { dev: 'astro dev', build: 'astro build', start: 'node dist/server/entry.mjs' },
    {
      'astro.config.mjs':
        "import { defineConfig } from 'astro/config';\nimport node from '@astrojs/node';\nexport default defineConfig({ output: 'server', adapter: node({ mode: 'standalone' }) });\n",
      'src/middleware.ts':
        "import { defineMiddleware, sequence } from 'astro:middleware';\nconst session = defineMiddleware(async (context, next) => next());\nexport const onRequest = sequence(session, async (context, next) => next());\n",
      'src/pages/api/items.ts': 'export const GET = async () => new Response();\n',
      'src/actions/index.ts':
        "import { defineAction } from 'astro:actions';\nexport const server = { like: defineAction({ input: shape, handler: async () => 1 }) };\nconst shape = {};\n",
    },
  );
  expect(linksOf(pick(found, 'GET /api/items'))).toEqual([
    'middleware defineMiddleware → src/middleware.ts#1',
    'middleware fn → src/middleware.ts#2',
  ]);
  expect(chainOf(pick(found, 'action like'))).toEqual(['defineMiddleware', 'fn', 'shape']);
});

it('SolidStart: middleware and server functions', async () => {
  const found = await project(
    { '@solidjs/start': '^1.0.0' },
    { dev: 'vinxi dev', build: 'vinxi build', start: 'node .output/server/index.mjs' },
    {
      'app.config.ts':
        "import { defineConfig } from '@solidjs/start/config';\nexport default defineConfig({ middleware: 'src/middleware/index.ts' });\n",
      'src/entry-server.tsx':
        "import { createHandler } from '@solidjs/start/server';\nexport default createHandler(() => 1);\n",
      'src/middleware/index.ts':
        "import { createMiddleware } from '@solidjs/start/middleware';\nconst session = () => {};\nexport default createMiddleware({ onRequest: [session] });\n",
      'src/routes/api/items.ts': "import { load } from '../../load';\nexport const GET = () => load();\n",
      'src/load.ts': "export const load = async () => {\n  'use server';\n  return 1;\n};\n",
    },
  );
  expect(shown(found)).toEqual(['GET /api/items', 'function src/load.ts#load']);
  expect(chainOf(pick(found, 'GET /api/items'))).toEqual(['session']);
});
