import { describe, expect, it } from 'vitest';
import { express, fastify, library, nest, next, node } from '../src/testing/bases.ts';
import { discovered, entriesOf, manifest } from './discovered.ts';

const listening = "import { createServer } from 'node:http';\ncreateServer((_, res) => res.end()).listen(3000);\n";
const consuming = "import { Worker } from 'bullmq';\nnew Worker('mail', async () => {});\n";

describe('the bases', () => {
  it.each([
    ['node', node({}), 'src/main.ts', ['node-http']],
    ['express', express({}), 'src/server.ts', ['express']],
    ['fastify', fastify({}), 'src/server.ts', ['fastify']],
    ['nest', nest({}), 'src/main.ts', ['nestjs']],
  ])('%s', async (_, files, entry, frameworks) => {
    const { service } = await discovered(files);
    expect(entriesOf(service())).toMatchObject({ process: [entry] });
    expect(service()).toMatchObject({
      id: 'shop',
      root: '.',
      kind: 'http',
      frameworks,
      serverless: false,
      manifest: 'package.json',
    });
  });

  it('next', async () => {
    const { service } = await discovered(next({}));
    expect(entriesOf(service())).toEqual({ route: ['src/app/api/items/route.ts', 'src/app/layout.tsx'] });
    expect(service()).toMatchObject({ frameworks: ['next'], start: { command: 'next start', from: 'script' } });
  });

  it('a library is none, and that is said', async () => {
    const { services } = await discovered(library({}));
    expect(services.list).toEqual([]);
    expect(services.notes[0]).toContain('no service was found');
  });
});

describe('what a start command comes down to', () => {
  const files = { 'src/main.ts': listening, 'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}' };
  const preload = { 'src/telemetry.ts': 'export {};\n' };

  it.each([
    ['node dist/main.js'],
    ['node --enable-source-maps dist/main'],
    ['NODE_ENV=production node dist/main.js'],
    ['cross-env NODE_ENV=production node dist/main.js'],
    ['dotenv -e ../.env -- node dist/main.js'],
    ['prisma migrate deploy && node dist/main.js'],
    ['tsx src/main.ts'],
    ['npx tsx --tsconfig tsconfig.json src/main.ts'],
    ['ts-node --files -P tsconfig.json src/main.ts'],
    ['bun run src/main.ts'],
    ['bun src/main.ts'],
    ['pm2-runtime dist/main.js'],
    ['pm2-runtime start dist/main.js -i max'],
    ['doppler run -- node dist/main.js'],
    ["sh -c 'node dist/main.js'"],
    ['exec node dist/main.js'],
    ['./scripts/run.sh'],
  ])('%s', async (start) => {
    const { service } = await discovered({
      ...files,
      'scripts/run.sh': '#!/bin/sh\nset -e\nexec node dist/main.js "$@"\n',
      'package.json': manifest({ scripts: { start } }),
    });
    expect(entriesOf(service())).toEqual({ process: ['src/main.ts'] });
    expect(service().start).toMatchObject({ command: start, from: 'script', at: { file: 'package.json', line: 5 } });
  });

  it.each([
    ['node -r ./dist/telemetry.js dist/main.js'],
    ['node --import=./dist/telemetry.js dist/main.js'],
    ["NODE_OPTIONS='--require ./dist/telemetry.js' node dist/main.js"],
  ])('%s loads a file before', async (start) => {
    const { service } = await discovered({ ...files, ...preload, 'package.json': manifest({ scripts: { start } }) });
    expect(entriesOf(service())).toEqual({ process: ['src/main.ts'], instrumentation: ['src/telemetry.ts'] });
  });

  it('build output that was checked in: the source it is built from', async () => {
    const { service } = await discovered({
      ...files,
      'dist/main.js': "require('http').createServer().listen(3000);\n",
      'package.json': manifest({ scripts: { start: 'node dist/main.js' } }),
    });
    expect(entriesOf(service())).toEqual({ process: ['src/main.ts'] });
  });

  it('scripts that run scripts, with what they hand on', async () => {
    const scripts = { start: 'npm run env -- node dist/main.js', env: 'dotenv -e .env --' };
    const { service } = await discovered({ ...files, 'package.json': manifest({ scripts }) });
    expect(entriesOf(service())).toEqual({ process: ['src/main.ts'] });
  });

  it('what runs before the program is a job of the service', async () => {
    const scripts = { prestart: 'node scripts/check.js', start: 'node dist/main.js' };
    const { service } = await discovered({
      ...files,
      'scripts/check.js': 'process.exit(0);\n',
      'package.json': manifest({ scripts }),
    });
    expect(entriesOf(service())).toEqual({ process: ['src/main.ts'], job: ['scripts/check.js'] });
  });

  it('a development start alone still makes a service', async () => {
    const { service } = await discovered({
      ...files,
      'package.json': manifest({ scripts: { dev: 'nodemon --exec tsx src/main.ts' } }),
    });
    expect(service().start?.command).toBe('nodemon --exec tsx src/main.ts');
  });

  it('production comes before development', async () => {
    const scripts = { start: 'nest start --watch', 'start:prod': 'node dist/main.js' };
    const { service } = await discovered({ ...files, 'package.json': manifest({ scripts }) });
    expect(service().start?.command).toBe('node dist/main.js');
  });

  it('entries that the build names', async () => {
    const build = 'esbuild src/server/entry.ts --bundle --outfile=bundle.js';
    const { service } = await discovered({
      'src/server/entry.ts': listening,
      'package.json': manifest({ scripts: { build, start: 'node build/bundle.js' } }),
    });
    expect(entriesOf(service())).toEqual({ process: ['src/server/entry.ts'] });
  });
});

describe('other ways to start', () => {
  const files = { 'src/main.ts': listening, 'package.json': manifest({}) };

  it('a Dockerfile', async () => {
    const { service } = await discovered({
      ...files,
      Dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["dumb-init", "--"]\nCMD ["node", "dist/main.js"]\n',
    });
    expect(service().start).toMatchObject({ from: 'dockerfile', at: { file: 'Dockerfile', line: 5 } });
  });

  it('a Procfile with a worker of its own', async () => {
    const { services } = await discovered({
      ...files,
      'src/worker.ts': consuming,
      Procfile: 'web: node dist/main.js\nworker: node dist/worker.js\n',
    });
    expect(services.list.map(({ id, kind }) => [id, kind])).toEqual([
      ['shop', 'http'],
      ['shop-worker', 'worker'],
    ]);
  });

  it('a worker that runs the same program is the same service', async () => {
    const { services } = await discovered({
      ...files,
      Procfile: 'web: node dist/main.js\nworker: node dist/main.js --worker\n',
    });
    expect(services.list.map(({ id }) => id)).toEqual(['shop']);
  });

  it('a process file of pm2', async () => {
    const { service } = await discovered({
      ...files,
      'ecosystem.config.cjs': "module.exports = { apps: [{ name: 'shop', script: './dist/main.js' }] };\n",
    });
    expect(entriesOf(service())).toEqual({ process: ['src/main.ts'] });
  });

  it('nothing declared, but a file that nothing imports listens', async () => {
    const { service } = await discovered(files);
    expect(service()).toMatchObject({ start: { from: 'inferred' }, entries: [{ file: 'src/main.ts' }] });
  });

  it('an Nx project without a package.json of its own', async () => {
    const { service } = await discovered({
      'package.json': manifest({ scripts: { start: 'node dist/apps/api/main' } }),
      'apps/api/project.json':
        '{"name":"api","sourceRoot":"apps/api/src","projectType":"application","targets":{"serve":{"executor":"@nx/js:node"}}}',
      'apps/api/src/main.ts': listening,
    });
    expect(service()).toMatchObject({ id: 'api', root: 'apps/api', start: { command: 'node dist/apps/api/main' } });
  });
});

describe('what is no service', () => {
  const notes = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const { services } = await discovered(files);
    expect(services.list).toEqual([]);
    return services.notes.join('\n');
  };

  it('a single page without a server', async () => {
    const files = {
      'package.json': manifest({ scripts: { start: 'vite preview', build: 'vite build' } }),
      'index.html': '<script type="module" src="/src/main.tsx"></script>',
      'src/main.tsx': 'export {};\n',
    };
    expect(await notes(files)).toContain('builds files for a web server');
    expect((await discovered(files)).services.browser).toEqual(['src/main.tsx']);
  });

  it('a start whose target nothing makes', async () => {
    const files = {
      'package.json': manifest({ scripts: { build: 'cp -r src dist', start: 'node dist/index.js' } }),
      'src/index.ts': consuming,
    };
    expect(await notes(files)).toContain('cannot start');
  });

  it('a start whose target does not exist', async () => {
    expect(
      await notes({ 'package.json': manifest({ scripts: { start: 'node dist/app.js' } }), 'lib/a.ts': 'export {};\n' }),
    ).toContain('which does not exist');
  });

  it('a command-line tool', async () => {
    const fields = { private: false, bin: { shop: './dist/cli.js' }, scripts: { start: 'node dist/cli.js' } };
    expect(await notes({ 'package.json': manifest(fields), 'src/cli.ts': listening })).toContain('command-line tool');
  });

  it('a published command that serves its user, beside a service', async () => {
    const { services } = await discovered({
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'packages/api/package.json': manifest({ name: 'api', scripts: { start: 'node main.js' } }),
      'packages/api/main.js': listening,
      'packages/relay/package.json': manifest({
        name: 'relay',
        private: false,
        description: 'A CLI that relays requests to the machine of a developer.',
        bin: { relay: 'bin/relay.js' },
        scripts: { start: 'node main.js' },
      }),
      'packages/relay/main.js': listening,
    });
    expect(services.list.map((one) => one.id)).toEqual(['api']);
  });

  it('a library that is watched', async () => {
    expect(
      await notes({
        'package.json': manifest({ main: 'dist/index.js', scripts: { start: 'tsc --watch' } }),
        'src/index.ts': 'export {};\n',
      }),
    ).toContain('no service was found');
  });

  it('a program that ends', async () => {
    expect(
      await notes({ 'package.json': manifest({ scripts: { start: 'node seed.js' } }), 'seed.js': 'console.log(1);\n' }),
    ).toContain('neither listens nor waits');
  });
});

describe('many packages', () => {
  const service = (name: string): Readonly<Record<string, string>> => ({
    [`services/${name}/package.json`]: manifest({ name: `@acme/${name}`, scripts: { start: 'node dist/main.js' } }),
    [`services/${name}/src/main.ts`]: listening,
  });

  it('each is a service, examples and what is set aside are not', async () => {
    const { services } = await discovered({
      'package.json': manifest({ workspaces: ['services/*'], scripts: { start: 'npm run start -w @acme/orders' } }),
      ...service('orders'),
      ...service('billing'),
      'examples/basic/package.json': manifest({ name: 'basic', scripts: { start: 'node main.js' } }),
      'examples/basic/main.js': listening,
      'legacy/package.json': manifest({ name: 'legacy', scripts: { start: 'node main.js' } }),
      'legacy/main.js': listening,
    });
    expect(services.list.map(({ id, root }) => [id, root])).toEqual([
      ['billing', 'services/billing'],
      ['orders', 'services/orders'],
    ]);
    expect(services.notes.join('\n')).toMatch(/examples\/basic: an example[\s\S]*legacy: set aside/);
  });

  it('two never share an id', async () => {
    const { services } = await discovered({
      'a/package.json': manifest({ name: '@x/api', scripts: { start: 'node main.js' } }),
      'a/main.js': listening,
      'b/package.json': manifest({ name: '@y/api', scripts: { start: 'node main.js' } }),
      'b/main.js': listening,
    });
    expect(services.list.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(services.notes).toContain('the root has no package.json; projects lie in a, b');
  });

  it('a Dockerfile at the root starts the package that its folder in the image names', async () => {
    const { service: found } = await discovered({
      'package.json': manifest({ name: 'root', workspaces: ['apps/*'] }),
      'apps/api/package.json': manifest({ name: 'api' }),
      'apps/api/src/main.ts': listening,
      Dockerfile: 'FROM node:22\nWORKDIR /usr/src/app/apps/api\nCMD ["node", "dist/main.js"]\n',
    });
    expect(found()).toMatchObject({ root: 'apps/api', start: { from: 'dockerfile' } });
  });
});

describe('frameworks that load files by place', () => {
  const start = (name: string, fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> => ({
    'package.json': manifest({ dependencies: { [name]: '*' }, ...fields }),
  });
  const nothing = 'export {};\n';

  it.each([
    [
      'tanstack-start',
      {
        ...start('@tanstack/react-start', { scripts: { start: 'node .output/server/index.mjs' } }),
        'vite.config.ts': nothing,
        'src/router.tsx': nothing,
        'src/routes/__root.tsx': nothing,
        'src/routes/api/items.ts': nothing,
        'src/routes/-parts.tsx': nothing,
        'src/app.ts': nothing,
      },
      ['src/router.tsx', 'src/routes/__root.tsx', 'src/routes/api/items.ts', 'vite.config.ts'],
    ],
    [
      'react-router',
      {
        ...start('@react-router/dev', { scripts: { start: 'react-router-serve ./build/server/index.js' } }),
        'app/root.tsx': nothing,
        'app/routes.ts':
          "import { route } from '@react-router/dev/routes';\nexport default [route('items', 'pages/items.tsx')];\n",
        'app/pages/items.tsx': nothing,
        'app/pages/other.tsx': nothing,
        'app/entry.client.tsx': nothing,
      },
      ['app/pages/items.tsx', 'app/root.tsx', 'app/routes.ts'],
    ],
    [
      'sveltekit',
      {
        ...start('@sveltejs/kit', { scripts: { start: 'node build' } }),
        'svelte.config.js':
          "import adapter from '@sveltejs/adapter-node';\nexport default { kit: { adapter: adapter() } };\n",
        'src/hooks.server.ts': nothing,
        'src/routes/items/+server.ts': nothing,
        'src/routes/items/helper.ts': nothing,
      },
      ['src/hooks.server.ts', 'src/routes/items/+server.ts', 'svelte.config.js'],
    ],
    [
      'nuxt',
      {
        ...start('nuxt', { scripts: { start: 'node .output/server/index.mjs' } }),
        'nuxt.config.ts': 'export default defineNuxtConfig({});\n',
        'server/api/items.get.ts': nothing,
        'server/utils/db.ts': nothing,
        'lib/other.ts': nothing,
      },
      ['nuxt.config.ts', 'server/api/items.get.ts', 'server/utils/db.ts'],
    ],
    [
      'astro',
      {
        ...start('astro', { scripts: { start: 'node dist/server/entry.mjs' } }),
        'astro.config.mjs':
          "import node from '@astrojs/node';\nexport default defineConfig({ adapter: node({ mode: 'standalone' }) });\n",
        'src/pages/index.astro': "---\nimport { list } from '../lib/list';\n---\n",
        'src/lib/list.ts': 'export const list = 1;\n',
        'src/pages/api/items.ts': nothing,
        'src/middleware.ts': nothing,
      },
      ['astro.config.mjs', 'src/lib/list.ts', 'src/middleware.ts', 'src/pages/api/items.ts'],
    ],
  ])('%s', async (id, files, expected) => {
    const { service } = await discovered(files);
    expect(service().frameworks).toEqual([id]);
    expect(
      service()
        .entries.map((entry) => entry.file)
        .toSorted(),
    ).toEqual(expected);
  });

  it('a dependency that nothing uses is no framework', async () => {
    const { services } = await discovered({ ...start('next'), 'src/index.ts': nothing });
    expect(services.list).toEqual([]);
    const { service } = await discovered(express({}, { dependencies: { express: '*', fastify: '*', next: '*' } }));
    expect(service().frameworks).toEqual(['express']);
  });
});

describe('platforms that call functions', () => {
  it('files of the api folder on Vercel', async () => {
    const { service } = await discovered({
      'package.json': manifest({}),
      'vercel.json': '{}',
      'api/users.ts': 'export default () => {};\n',
      'api/_shared.ts': 'export {};\n',
    });
    expect(entriesOf(service())).toEqual({ route: ['api/users.ts'] });
    expect(service()).toMatchObject({ serverless: true, platforms: ['vercel'] });
  });

  it('handlers of serverless.yml', async () => {
    const { service } = await discovered({
      'package.json': manifest({}),
      'serverless.yml': 'functions:\n  users:\n    handler: src/users.list\n',
      'src/users.ts': 'export const list = () => {};\n',
    });
    expect(service()).toMatchObject({ serverless: true, entries: [{ file: 'src/users.ts' }] });
  });

  it('the main module of a worker', async () => {
    const { service } = await discovered({
      'package.json': manifest({}),
      'wrangler.toml': 'name = "shop"\nmain = "src/index.ts"\n',
      'src/index.ts': 'export default { fetch: () => new Response() };\n',
    });
    expect(service()).toMatchObject({ serverless: true, platforms: ['cloudflare'] });
  });
});
