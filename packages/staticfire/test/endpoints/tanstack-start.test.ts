import { expect, it } from 'vitest';
import { chainOf, find, pick, shown } from './find.ts';

const start = (files: Readonly<Record<string, string>>) => ({
  'package.json': JSON.stringify({
    name: 'shop',
    type: 'module',
    scripts: { build: 'vite build', start: 'node .output/server/index.mjs' },
    dependencies: { '@tanstack/react-start': '^1.130.0', '@tanstack/react-router': '^1.130.0', react: '^19.0.0' },
  }),
  'src/router.tsx': "import { routeTree } from './routeTree.gen';\nexport const getRouter = () => routeTree;\n",
  'src/routeTree.gen.ts': 'export const routeTree = {};\n',
  'src/routes/__root.tsx':
    "import { createRootRoute } from '@tanstack/react-router';\nexport const Route = createRootRoute({});\n",
  ...files,
});

it('counts handlers of server routes', async () => {
  const found = await find(
    start({
      'src/routes/api/items.ts':
        "import { createFileRoute } from '@tanstack/react-router';\nimport { session } from '../../session';\nexport const Route = createFileRoute('/api/items')({\n  server: {\n    middleware: [session],\n    handlers: { GET: async () => new Response(), POST: { middleware: [], handler: async () => new Response() } },\n  },\n});\n",
      'src/routes/api/made.ts':
        "import { createFileRoute } from '@tanstack/react-router';\nexport const Route = createFileRoute('/api/made')({\n  server: { handlers: ({ createHandlers }) => createHandlers({ DELETE: { handler: () => new Response() } }) },\n});\n",
      'src/routes/api/old.ts':
        "import { createServerFileRoute } from '@tanstack/react-start/server';\nexport const ServerRoute = createServerFileRoute('/api/old').methods({ PUT: async () => new Response() });\n",
      'src/session.ts':
        "import { createMiddleware } from '@tanstack/react-start';\nexport const session = createMiddleware().server(({ next }) => next());\n",
    }),
  );
  expect(shown(found)).toEqual(['GET /api/items', 'POST /api/items', 'DELETE /api/made', 'PUT /api/old']);
  expect(chainOf(pick(found, 'POST /api/items'))).toEqual(['session']);
});

it('counts server functions of loaded files, used or not', async () => {
  const found = await find(
    start({
      'src/routes/index.tsx':
        "import { createFileRoute } from '@tanstack/react-router';\nimport { getItems } from '../fn/items';\nexport const Route = createFileRoute('/')({ loader: () => getItems() });\n",
      'src/fn/items.ts':
        "import { createServerFn } from '@tanstack/react-start';\nimport { session } from '../session';\nexport const getItems = createServerFn().middleware([session]).handler(async () => []);\nexport const setItems = createServerFn({ method: 'POST' }).handler(async () => {});\n",
      'src/fn/dead.ts':
        "import { createServerFn } from '@tanstack/react-start';\nexport const gone = createServerFn().handler(async () => {});\n",
      'src/session.ts':
        "import { createMiddleware } from '@tanstack/react-start';\nexport const session = createMiddleware().server(({ next }) => next());\n",
    }),
  );
  expect(shown(found)).toEqual(['GET src/fn/items.ts#getItems', 'POST src/fn/items.ts#setItems']);
  expect(chainOf(pick(found, 'GET src/fn/items.ts#getItems'))).toEqual(['session']);
});
