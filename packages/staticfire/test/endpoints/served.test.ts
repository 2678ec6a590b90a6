import { describe, expect, it } from 'vitest';
import { node } from '../../src/testing/bases.ts';
import { find, shown } from './find.ts';

const project = (
  packages: readonly string[],
  scripts: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
) =>
  find({
    'package.json': JSON.stringify({
      name: 'shop',
      type: 'module',
      scripts,
      dependencies: Object.fromEntries(packages.map((name) => [name, '^2.0.0'])),
    }),
    ...files,
  });

describe('node:http', () => {
  const server = (lines: string) =>
    find(node({ 'src/main.ts': `import { createServer } from 'node:http';\n${lines}\n` }));

  it.each([
    ['nothing told apart', "createServer((req, res) => res.end('ok')).listen(3000);", ['ALL /*']],
    [
      'comparisons',
      "const server = createServer(handle);\nserver.listen(3000);\nfunction handle(req, res) {\n  if (req.method === 'POST' && req.url === '/a') return res.end();\n  if (req.url.startsWith('/b/')) return other(req, res);\n  res.end();\n}\nfunction other(req, res) { const { pathname } = new URL(req.url, 'http://x'); switch (pathname) { case '/b/c': return res.end(); } }",
      ['POST /a', 'ALL /b', 'ALL /b/c'],
    ],
  ])('%s', async (_, lines, expected) => {
    expect(shown(await server(lines))).toEqual(expected);
  });
});

it('counts routes of Elysia', async () => {
  const found = await find(
    node(
      {
        'src/main.ts':
          "import { Elysia } from 'elysia';\nimport { users } from './users';\nnew Elysia()\n  .use(users)\n  .get('/', () => 'ok')\n  .group('/v1', (app) => app.post('/a', () => 1).guard({}, (inner) => inner.put('/b', () => 2)))\n  .listen(3000);\n",
        'src/users.ts':
          "import { Elysia } from 'elysia';\nexport const users = new Elysia({ prefix: '/users' }).get('/:id', () => ({}));\n",
      },
      { dependencies: { elysia: '^1.0.0' } },
    ),
  );
  expect(shown(found)).toEqual(['GET /', 'GET /users/:id', 'POST /v1/a', 'PUT /v1/b']);
});

it('counts endpoints and form actions of SvelteKit', async () => {
  const found = await project(
    ['@sveltejs/kit', 'vite'],
    { dev: 'vite dev', build: 'vite build', start: 'node build' },
    {
      'svelte.config.js':
        "import adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter() } };\n",
      'src/routes/(app)/items/[id]/+server.ts':
        'export async function GET() {}\nexport const DELETE = async () => {};\nexport const prerender = false;\n',
      'src/routes/login/+page.server.ts':
        'export const load = async () => ({});\nexport const actions = { default: async () => {}, reset: async () => {} };\n',
    },
  );
  expect(shown(found)).toEqual(['DELETE /items/[id]', 'GET /items/[id]', 'POST /login', 'POST /login?/reset']);
});

it('counts endpoints and actions of Astro', async () => {
  const found = await project(
    ['astro'],
    { dev: 'astro dev', build: 'astro build', start: 'node dist/server/entry.mjs' },
    {
      'astro.config.mjs':
        "import { defineConfig } from 'astro/config';\nimport node from '@astrojs/node';\nexport default defineConfig({ output: 'server', adapter: node({ mode: 'standalone' }) });\n",
      'src/pages/api/items.ts':
        'export const GET = async () => new Response();\nexport const ALL = async () => new Response();\n',
      'src/actions/index.ts':
        "import { defineAction } from 'astro:actions';\nconst cart = { add: defineAction({ handler: async () => 1 }) };\nexport const server = { like: defineAction({ handler: async () => 1 }), cart };\n",
    },
  );
  expect(found.list.map((one) => `${one.surface} ${one.method} ${one.path}`)).toEqual([
    'http ALL /api/items',
    'http GET /api/items',
    'rpc action cart.add',
    'rpc action like',
  ]);
});

it('counts files of Nitro', async () => {
  const found = await project(
    ['nuxt'],
    { dev: 'nuxt dev', build: 'nuxt build', start: 'node .output/server/index.mjs' },
    {
      'nuxt.config.ts': 'export default defineNuxtConfig({});\n',
      'server/api/items/index.get.ts': 'export default defineEventHandler(() => []);\n',
      'server/api/items/[id].ts': 'export default defineEventHandler(() => ({}));\n',
      'server/routes/feed.xml.get.ts': "export default defineEventHandler(() => '');\n",
      'server/middleware/log.ts': 'export default defineEventHandler(() => {});\n',
    },
  );
  expect(shown(found)).toEqual(['GET /api/items', 'ALL /api/items/[id]', 'GET /feed.xml']);
});

it('counts loaders and actions of React Router', async () => {
  const found = await project(
    ['react-router', '@react-router/node', '@react-router/serve', '@react-router/dev'],
    { dev: 'react-router dev', build: 'react-router build', start: 'react-router-serve ./build/server/index.js' },
    {
      'react-router.config.ts': 'export default { ssr: true };\n',
      'app/root.tsx': 'export default function Root() { return <html />; }\n',
      'app/routes/_auth.users.$id.tsx':
        'export async function loader() { return {}; }\nexport const action = async () => ({});\nexport default function Page() { return <p />; }\n',
      'app/routes/[sitemap.xml].ts': "export const loader = async () => new Response('');\n",
    },
  );
  expect(shown(found)).toEqual(['GET /sitemap.xml', 'GET /users/:id', 'POST /users/:id']);
});
