import { describe, expect, it } from 'vitest';
import { next } from '../../src/testing/bases.ts';
import { chainOf, find, pick, shown } from './find.ts';

describe('route handlers', () => {
  it('counts exported verbs, whatever way they are exported', async () => {
    const found = await find(
      next({
        'src/app/api/items/route.ts':
          'export async function GET() {}\nexport const POST = async () => {};\nexport const dynamic = "force-dynamic";\nexport type DELETE = string;\n',
        'src/app/api/auth/[...all]/route.ts':
          "import { handlers } from '@/lib/auth';\nexport const { GET, POST } = handlers;\n",
        'src/lib/auth.ts': "import NextAuth from 'next-auth';\nexport const { handlers } = NextAuth({});\n",
        'src/app/(shop)/carts/[id]/route.ts': "export { read as GET, write as PUT } from '@/lib/carts';\n",
        'src/lib/carts.ts': 'export async function read() {}\nexport async function write() {}\n',
        'src/app/api/all/route.ts': "export * from '@/lib/verbs';\n",
        'src/lib/verbs.ts': 'export async function PATCH() {}\nexport const other = 1;\n',
      }),
    );
    expect(shown(found)).toEqual([
      'PATCH /api/all',
      'GET /api/auth/[...all]',
      'POST /api/auth/[...all]',
      'GET /api/items',
      'POST /api/items',
      'GET /carts/[id]',
      'PUT /carts/[id]',
    ]);
    expect(pick(found, 'GET /carts/[id]').handler?.file).toBe('src/lib/carts.ts');
  });

  it('looks behind wrappers', async () => {
    const found = await find(
      next({
        'src/app/api/items/route.ts':
          "import { withUser } from '@/lib/wrap';\nasync function list() {}\nexport const GET = withUser(list);\nexport const POST = withUser({ role: 'admin' }, async () => {});\n",
        'src/lib/wrap.ts': 'export const withUser = (...args: unknown[]) => async (request: Request) => args;\n',
      }),
    );
    expect(chainOf(pick(found, 'GET /api/items'))).toEqual(['withUser']);
    expect(pick(found, 'GET /api/items').handler).toEqual({ file: 'src/app/api/items/route.ts', fn: 1 });
    expect(pick(found, 'POST /api/items').handler?.file).toBe('src/app/api/items/route.ts');
  });

  it('puts the base path in front', async () => {
    const found = await find(
      next({ 'next.config.mjs': "const config = { basePath: '/shop' };\nexport default config;\n" }),
    );
    expect(shown(found)).toEqual(['GET /shop/api/items']);
  });
});

describe('API routes', () => {
  const pages = (text: string) =>
    find(
      next({ 'src/app/api/items/route.ts': 'export const runtime = "edge";\n', 'src/pages/api/users/[id].ts': text }),
    );

  it.each([
    ['no method told apart', 'export default function handler(req, res) { res.json({}); }', ['ALL']],
    [
      'a refusal',
      "export default function handler(req, res) { if (req.method !== 'POST') return res.status(405).end(); }",
      ['POST'],
    ],
    [
      'a switch',
      "export default function handler(req, res) { switch (req.method) { case 'GET': return 1; case 'PUT': return 2; default: return 3; } }",
      ['GET', 'PUT'],
    ],
    [
      'a table',
      'const table = { GET: () => 1, DELETE: () => 2 };\nexport default (req, res) => table[req.method](req, res);',
      ['DELETE', 'GET'],
    ],
    [
      'a wrapped handler',
      "async function handler(req, res) { if (req.method === 'PATCH') return 1; }\nexport default guard(handler);\nfunction guard(fn) { return fn; }",
      ['PATCH'],
    ],
  ])('%s', async (_, text, methods) => {
    const found = await pages(text);
    expect(shown(found)).toEqual(methods.map((method) => `${method} /api/users/[id]`));
  });
});

describe('server actions', () => {
  it('counts exports of action modules that something uses, and inline actions', async () => {
    const found = await find(
      next({
        'src/app/page.tsx':
          "import { Form } from './form';\nexport default function Page() {\n  async function remove() {\n    'use server';\n  }\n  return <Form action={remove} />;\n}\n",
        'src/app/form.tsx':
          "'use client';\nimport { save } from './actions';\nexport function Form() {\n  return <form onSubmit={() => save()} />;\n}\n",
        'src/app/actions.ts':
          "'use server';\nexport async function save() {}\nexport async function forgotten() {}\nasync function helper() {}\n",
      }),
    );
    expect(shown(found).filter((one) => one.startsWith('action'))).toEqual([
      'action src/app/actions.ts#save',
      'action src/app/page.tsx#remove',
    ]);
  });
});
