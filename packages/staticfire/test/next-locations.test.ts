import { describe, expect, it } from 'vitest';
import { discovered, entriesOf, manifest } from './discovered.ts';

const app = (version = '^16.0.0'): Readonly<Record<string, string>> => ({
  'package.json': manifest({
    scripts: { build: 'next build', start: 'next start' },
    dependencies: { next: version, react: '^19.0.0' },
  }),
});
const layout = 'export default function Layout({ children }) { return children; }\n';
const middleware =
  "import { NextResponse } from 'next/server';\nexport function middleware() { return NextResponse.next(); }\n";
const proxy = middleware.replace('function middleware', 'function proxy');
const instrumentation = 'export function register() {}\n';

describe('beside app and pages', () => {
  it('src/app: only src is looked into', async () => {
    const { service, services } = await discovered({
      ...app(),
      'src/app/layout.tsx': layout,
      'middleware.ts': middleware,
      'instrumentation.ts': instrumentation,
    });
    expect(entriesOf(service())).toEqual({ route: ['src/app/layout.tsx'] });
    expect(services.misplaced).toEqual([
      {
        file: 'instrumentation.ts',
        role: 'instrumentation',
        framework: 'next',
        service: 'shop',
        expected: ['src/instrumentation.ts'],
        why: 'the app directory is src/app, so Next.js looks only in src',
      },
      {
        file: 'middleware.ts',
        role: 'middleware',
        framework: 'next',
        service: 'shop',
        expected: ['src/middleware.ts'],
        why: 'the app directory is src/app, so Next.js looks only in src',
      },
    ]);
  });

  it('app at the root: src is not looked into, and src/app is not the app', async () => {
    const { service, services } = await discovered({
      ...app(),
      'app/layout.tsx': layout,
      'src/app/page.tsx': layout,
      'src/middleware.ts': middleware,
      'instrumentation.ts': instrumentation,
    });
    expect(entriesOf(service())).toEqual({ route: ['app/layout.tsx'], instrumentation: ['instrumentation.ts'] });
    expect(services.misplaced).toMatchObject([{ file: 'src/middleware.ts', expected: ['middleware.ts'] }]);
  });

  it('an app folder at the root hides src/app even when it holds no route', async () => {
    const { services } = await discovered({ ...app(), 'app/globals.css': 'a{}', 'src/app/layout.tsx': layout });
    expect(services.list).toEqual([]);
  });

  it('the one in the right place is loaded and the other one named', async () => {
    const { service, services } = await discovered({
      ...app(),
      'src/app/layout.tsx': layout,
      'src/middleware.ts': middleware,
      'middleware.ts': middleware,
    });
    expect(entriesOf(service())).toMatchObject({ middleware: ['src/middleware.ts'] });
    expect(services.misplaced).toMatchObject([{ file: 'middleware.ts', loaded: 'src/middleware.ts' }]);
  });

  it('inside the app folder nothing is loaded', async () => {
    const { services } = await discovered({
      ...app(),
      'src/app/layout.tsx': layout,
      'src/app/middleware.ts': middleware,
    });
    expect(services.misplaced).toMatchObject([{ file: 'src/app/middleware.ts', expected: ['src/middleware.ts'] }]);
  });

  it('at the root of a monorepo nothing is loaded', async () => {
    const { services } = await discovered({
      'package.json': manifest({ name: 'root' }),
      'middleware.ts': middleware,
      'apps/web/package.json': app()['package.json'] ?? '',
      'apps/web/app/layout.tsx': layout,
    });
    expect(services.misplaced).toMatchObject([{ file: 'middleware.ts', expected: ['apps/web/middleware.ts'] }]);
  });

  it('a module of our own that bears the name is no concern of the framework', async () => {
    const helper = 'export const middleware = (handler: () => void) => handler;\n';
    const { services } = await discovered({ ...app(), 'src/app/layout.tsx': layout, 'middleware.ts': helper });
    expect(services.misplaced).toEqual([]);
  });

  it('a file that the loaded one passes on is loaded', async () => {
    const { services, reach } = await discovered({
      ...app(),
      'src/app/layout.tsx': layout,
      'src/middleware.ts': "export { middleware } from '../middleware';\n",
      'middleware.ts': middleware,
    });
    expect(services.misplaced).toEqual([]);
    expect(reach.roleOf('middleware.ts')).toBe('live');
  });
});

describe('what a version loads', () => {
  it('proxy from 16 on', async () => {
    const files = { 'src/app/layout.tsx': layout, 'src/proxy.ts': proxy };
    expect(entriesOf((await discovered({ ...app(), ...files })).service())).toMatchObject({
      middleware: ['src/proxy.ts'],
    });
    const before = await discovered({ ...app('15.5.0'), ...files });
    expect(entriesOf(before.service())).toEqual({ route: ['src/app/layout.tsx'] });
    expect(before.services.misplaced).toMatchObject([
      { file: 'src/proxy.ts', expected: ['src/middleware.ts'], why: 'Next.js 15 knows no proxy file, only middleware' },
    ]);
  });

  it('instrumentation before 15 only when it is switched on', async () => {
    const files = { ...app('^14.2.0'), 'app/layout.tsx': layout, 'instrumentation.ts': instrumentation };
    expect((await discovered(files)).services.misplaced).toMatchObject([{ file: 'instrumentation.ts' }]);
    const on = await discovered({
      ...files,
      'next.config.js': 'module.exports = { experimental: { instrumentationHook: true } };\n',
    });
    expect(entriesOf(on.service())).toMatchObject({ instrumentation: ['instrumentation.ts'] });
  });
});

describe('routes', () => {
  it('route files of the App Router, private folders and other files apart', async () => {
    const { service } = await discovered({
      ...app(),
      'app/layout.tsx': layout,
      'app/page.tsx': layout,
      'app/(shop)/items/[id]/page.tsx': layout,
      'app/api/items/route.ts': 'export const GET = () => new Response();\n',
      'app/sitemap.ts': 'export default () => [];\n',
      'app/items/helper.ts': 'export {};\n',
      'app/_parts/page.tsx': layout,
    });
    expect(entriesOf(service())).toEqual({
      route: [
        'app/(shop)/items/[id]/page.tsx',
        'app/api/items/route.ts',
        'app/layout.tsx',
        'app/page.tsx',
        'app/sitemap.ts',
      ],
    });
  });

  it('pages that run code on the server; the others are the browser’s', async () => {
    const { service, services } = await discovered({
      ...app(),
      'pages/_app.tsx': layout,
      'pages/api/items.ts': 'export default () => {};\n',
      'pages/orders.tsx': `${layout}export const getServerSideProps = () => ({});\n`,
      'pages/about.tsx': layout,
    });
    expect(entriesOf(service())).toEqual({ route: ['pages/_app.tsx', 'pages/api/items.ts', 'pages/orders.tsx'] });
    expect(services.browser).toEqual(['pages/about.tsx']);
  });

  it('pageExtensions', async () => {
    const { service } = await discovered({
      ...app(),
      'next.config.mjs': "export default { pageExtensions: ['page.tsx', 'api.ts'] };\n",
      'src/pages/api/items.api.ts': 'export default () => {};\n',
      'src/pages/api/items.test.ts': 'export {};\n',
      'src/pages/_app.page.tsx': layout,
    });
    expect(entriesOf(service())).toEqual({
      route: ['src/pages/_app.page.tsx', 'src/pages/api/items.api.ts'],
      config: ['next.config.mjs'],
    });
  });

  it('a static export has no server', async () => {
    const { services } = await discovered({
      ...app(),
      'app/layout.tsx': layout,
      'next.config.js': "module.exports = { output: 'export' };\n",
    });
    expect(services.list).toEqual([]);
    expect(services.notes.join()).toContain("output: 'export'");
  });

  it('a server of our own', async () => {
    const { service } = await discovered({
      'package.json': manifest({ scripts: { start: 'node server.js' }, dependencies: { next: '^16.0.0' } }),
      'server.js':
        "const next = require('next');\nconst { createServer } = require('http');\ncreateServer(next({}).getRequestHandler()).listen(3000);\n",
      'app/layout.tsx': layout,
    });
    expect(entriesOf(service())).toEqual({ process: ['server.js'], route: ['app/layout.tsx'] });
  });
});
