import { describe, expect, it } from 'vitest';
import { sourcePattern } from '../../src/endpoints/next/matchers.ts';
import type { Endpoints } from '../../src/facts/endpoints.ts';
import { next } from '../../src/testing/bases.ts';
import { chainOf, find, linksOf, pick, shown } from './find.ts';

const nothing = { 'src/app/api/items/route.ts': 'export const runtime = "edge";\n' };
const served = (found: Endpoints, name: string): string | undefined => pick(found, name).serves?.expr.k;

describe('the matcher of middleware', () => {
  it.each([
    ['/about/:path*', ['/about', '/about/a', '/about/a/b'], ['/', '/abouts']],
    ['/((?!api|_next/static|favicon.ico).*)', ['/', '/orders'], ['/api', '/api/items']],
    ['/(api|trpc)(.*)', ['/api', '/api/items', '/trpc/x'], ['/orders']],
    ['/:lang(en|de)/shop', ['/en/shop'], ['/fr/shop']],
    ['/api/:path+', ['/api/a'], ['/api']],
    ['/api/v1/:id', ['/api/v1/x'], ['/api/v1', '/api/v1/x/y']],
    ['/((?!.*\\.(?:png|svg)$).*)', ['/api/x'], ['/a.png']],
  ])('%s', (source, inside, outside) => {
    const matches = sourcePattern(source);
    expect([...inside, ...outside].filter((path) => matches?.(path))).toEqual(inside);
  });

  it.each([
    '/((a+)+)$',
    '/(',
    'api/x',
    `/${'(.*)'.repeat(300)}`,
    '/((.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x)',
  ])('does not try %s', (source) => {
    expect(sourcePattern(source)).toBeUndefined();
  });
});

describe('middleware', () => {
  const files = (middleware: string, path = 'src/middleware.ts') => ({
    [path]: middleware,
    'src/app/admin/users/route.ts': 'export async function GET() {}\n',
    'src/app/admin/page.tsx': "import { save } from './actions';\nexport default () => <form action={save} />;\n",
    'src/app/admin/actions.ts': "'use server';\nexport async function save() {}\n",
    'src/app/sign-in/page.tsx': "import { enter } from './actions';\nexport default () => <form action={enter} />;\n",
    'src/app/sign-in/actions.ts': "'use server';\nexport async function enter() {}\n",
  });
  const before = async (middleware: string, path?: string): Promise<string[]> => {
    const found = await find(next(files(middleware, path)));
    return found.list.filter(({ chain }) => chain.length > 0).map((one) => `${one.method} ${one.path}`);
  };
  const everything = [
    'GET /admin/users',
    'GET /api/items',
    'action src/app/admin/actions.ts#save',
    'action src/app/sign-in/actions.ts#enter',
  ];

  it('runs for everything without a matcher', async () => {
    expect(await before('export function middleware() {}\n')).toEqual(everything);
  });

  it('runs for what the matcher names, actions where their page is', async () => {
    expect(
      await before("export default function middleware() {}\nexport const config = { matcher: '/admin/:path*' };\n"),
    ).toEqual(['GET /admin/users', 'action src/app/admin/actions.ts#save']);
    expect(
      await before(
        "export default function middleware() {}\nexport const config = { matcher: ['/((?!api|sign-in).*)', { source: '/api/:path*', missing: [{ type: 'header', key: 'x' }] }] };\n",
      ),
    ).toEqual(['GET /admin/users', 'action src/app/admin/actions.ts#save']);
  });

  it('does not run from where Next.js does not look', async () => {
    expect(await before('export function middleware() {}\n', 'middleware.ts')).toEqual([]);
  });

  it('stands as the whole export', async () => {
    const wrapped = await find(
      next({
        ...nothing,
        'src/app/a/route.ts': 'export async function GET() {}\n',
        'src/proxy.ts':
          "import { clerkMiddleware } from '@clerk/nextjs/server';\nexport default clerkMiddleware(async (auth, request) => { await auth.protect(); });\n",
      }),
    );
    expect(linksOf(pick(wrapped, 'GET /a'))).toEqual(['middleware clerkMiddleware → src/proxy.ts#1']);
    const handedOn = await find(
      next({
        ...nothing,
        'src/app/a/route.ts': 'export async function GET() {}\n',
        'src/middleware.ts': "export { default } from 'next-auth/middleware';\n",
      }),
    );
    expect(linksOf(pick(handedOn, 'GET /a'))).toEqual(['middleware default']);
  });
});

describe('what the framework is handed', () => {
  it('is said where it is not the function itself', async () => {
    const found = await find(
      next({
        'src/app/api/a/route.ts':
          "import { withUser } from '@/lib/wrap';\nexport async function GET() {}\nexport const POST = withUser(async () => {}, { role: 'admin' });\nconst put = withUser({ handler: async () => {} });\nexport { put as PUT };\n",
        'src/lib/wrap.ts':
          'export const withUser = (handler, options) => async (request) => handler(request, options);\n',
        'src/app/api/auth/[...all]/route.ts':
          "import { toNextJsHandler } from 'better-auth/next-js';\nimport { serve } from '@upstash/workflow/nextjs';\nimport { auth } from '@/lib/auth';\nexport const { GET } = toNextJsHandler(auth);\nexport const { POST } = serve(async (context) => {});\n",
        'src/lib/auth.ts': "import { betterAuth } from 'better-auth';\nexport const auth = betterAuth({});\n",
        'src/app/api/out/route.ts': "export { GET } from 'some-package/route';\n",
      }),
    );
    expect(served(found, 'GET /api/a')).toBeUndefined();
    expect(served(found, 'POST /api/a')).toBe('call');
    expect(linksOf(pick(found, 'PUT /api/a'))).toEqual(['wrapper withUser → src/lib/wrap.ts#1']);
    expect(pick(found, 'PUT /api/a').handler).toEqual({ file: 'src/app/api/a/route.ts', fn: 3 });
    expect(served(found, 'GET /api/auth/[...all]')).toBe('member');
    expect(pick(found, 'POST /api/auth/[...all]').handler?.file).toBe('src/app/api/auth/[...all]/route.ts');
    expect(served(found, 'GET /api/out')).toBe('member');
  });
});

describe('action clients', () => {
  it('give their steps', async () => {
    const found = await find(
      next({
        'src/app/page.tsx': "import { save } from './actions';\nexport default () => <form action={save} />;\n",
        'src/app/actions.ts':
          "'use server';\nimport { signedIn } from '@/lib/client';\nimport { audited } from '@/lib/audit';\nexport const save = signedIn.metadata({ name: 'save' }).schema(input).action(audited(async () => {}));\nconst input = {};\n",
        'src/lib/audit.ts': 'export const audited = (fn) => async (args) => fn(args);\n',
        'src/lib/client.ts':
          "import { createSafeActionClient } from 'next-safe-action';\nconst base = createSafeActionClient({ handleServerError: () => 'no' });\nexport const signedIn = base.use(async ({ next }) => next());\n",
      }),
    );
    const action = pick(found, 'action src/app/actions.ts#save');
    expect(linksOf(action)).toEqual([
      'wrapper createSafeActionClient',
      'middleware fn → src/lib/client.ts#2',
      'settings obj',
      'validator input on body',
      'wrapper audited → src/lib/audit.ts#1',
    ]);
    expect(action.handler).toEqual({ file: 'src/app/actions.ts', fn: 1 });
  });

  it('of procedures run the procedure first', async () => {
    const found = await find(
      next({
        'src/app/page.tsx': "import { save } from './actions';\nexport default () => <form action={save} />;\n",
        'src/app/actions.ts':
          "'use server';\nimport { createServerActionProcedure } from 'zsa';\nconst signedIn = createServerActionProcedure().handler(async () => ({ user: 1 }));\nconst admin = createServerActionProcedure(signedIn).handler(async () => ({}));\nexport const save = admin.createServerAction().input(shape).handler(async () => {});\nconst shape = {};\n",
      }),
    );
    expect(chainOf(pick(found, 'action src/app/actions.ts#save'))).toEqual([
      'createServerActionProcedure',
      'fn',
      'createServerActionProcedure',
      'fn',
      'shape',
    ]);
  });
});

describe('API routes', () => {
  it('have a handler for each method of a map or router', async () => {
    const found = await find(
      next({
        ...nothing,
        'src/pages/api/a.ts':
          'const methods = (map) => (req, res) => map[req.method](req, res);\nconst signedIn = (fn) => fn;\nexport default methods({ GET: () => 1, POST: signedIn(() => 2) });\n',
        'src/pages/api/b.ts':
          "import { createRouter } from 'next-connect';\nconst router = createRouter();\nconst session = () => {};\nconst admin = () => {};\nrouter.use(session);\nrouter.get((req, res) => 1).delete(admin, (req, res) => 2);\nexport default router.handler();\n",
      }),
    );
    expect(shown(found)).toEqual(['GET /api/a', 'POST /api/a', 'DELETE /api/b', 'GET /api/b']);
    expect(pick(found, 'GET /api/a').handler?.fn).not.toBe(pick(found, 'POST /api/a').handler?.fn);
    expect(chainOf(pick(found, 'POST /api/a'))).toEqual(['methods', 'signedIn']);
    expect(chainOf(pick(found, 'DELETE /api/b'))).toContain('admin');
    expect(chainOf(pick(found, 'GET /api/b'))).not.toContain('admin');
    expect(chainOf(pick(found, 'GET /api/b'))).toContain('session');
  });
});

it('counts circles of re-exports, and says what could not be read', async () => {
  const found = await find(
    next({
      ...nothing,
      'src/app/a/route.ts': "export { GET } from '@/lib/a';\nexport * from 'somewhere';\n",
      'src/lib/a.ts': "export { GET } from './b';\n",
      'src/lib/b.ts': "export { GET } from './a';\n",
      'src/app/b/route.ts': 'const { a: b } = c;\nconst { b: c } = b;\nexport { c as GET };\n',
    }),
  );
  expect(shown(found)).toEqual(['GET /a', 'GET /b']);
  expect(found.lost.map(({ what, at }) => `${what} ${at.file}`)).toEqual(['number src/app/a/route.ts']);
});
