import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createResolver, type Resolver } from '../src/code/resolve.ts';
import { projectCollector } from '../src/collectors/project.ts';
import { openWorkspace } from '../src/workspace/open.ts';
import { tempTree } from './temp-tree.ts';

type Files = Readonly<Record<string, string>>;
const json = (value: unknown): string => JSON.stringify(value);

function resolverOf(files: Files, links: Readonly<Record<string, string>> = {}): Resolver {
  const root = tempTree(files);
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  return resolverAt(root);
}

function resolverAt(root: string): Resolver {
  const workspace = openWorkspace(root);
  const project = projectCollector.collect({
    workspace,
    facts: {},
    signal: new AbortController().signal,
    cacheDir: undefined,
    version: '0',
    progress: () => undefined,
  });
  const manifests = 'status' in project && project.status === 'known' ? project.value.manifests : [];
  const files = [...workspace.above, ...workspace.files].map((file) => file.path);
  return createResolver({ root: workspace.root, files, manifests, read: workspace.read });
}

/** A file's path, a package's name, or the kind. */
function lead(resolver: Resolver, from: string, specifier: string): string {
  const target = resolver.resolve(from, specifier);
  if (target.kind === 'file') return target.path;
  if (target.kind === 'asset') return `asset ${target.path}`;
  if (target.kind === 'package') return `package ${[target.name, target.subpath].filter(Boolean).join(' / ')}`;
  return target.kind === 'builtin' ? `builtin ${target.name}` : target.kind;
}

describe('relative imports', () => {
  const files = {
    'src/a.ts': '',
    'src/b.tsx': '',
    'src/both.ts': '',
    'src/both.js': '',
    'src/esm.mts': '',
    'src/plain.js': '',
    'src/user.service.ts': '',
    'src/data.json': '{}',
    'src/style.css': '',
    'src/View.vue': '',
    'src/types.d.ts': '',
    'src/folder/index.ts': '',
  };
  test.each([
    ['./b', 'src/b.tsx'],
    ['./b.js', 'src/b.tsx'],
    ['./both.js', 'src/both.ts'],
    ['./esm.mjs', 'src/esm.mts'],
    ['./plain', 'src/plain.js'],
    ['./user.service', 'src/user.service.ts'],
    ['./folder', 'src/folder/index.ts'],
    ['./folder/', 'src/folder/index.ts'],
    ['./data.json', 'asset src/data.json'],
    ['./style.css?inline', 'asset src/style.css'],
    ['./View', 'asset src/View.vue'],
    ['./types', 'src/types.d.ts'],
    ['./missing', 'unresolved'],
    ['../node_modules/pg/lib/index.js', 'package pg / lib/index.js'],
    ['../../outside', 'package ../outside'],
  ])('%s', (specifier, expected) => {
    expect(lead(resolverOf(files), 'src/a.ts', specifier)).toBe(expected);
  });

  test('through a linked folder', () => {
    const resolver = resolverOf(
      { 'shared/src/log.ts': '', 'api/src/a.ts': '' },
      { 'api/src/shared': '../../shared/src' },
    );
    expect(lead(resolver, 'api/src/a.ts', './shared/log')).toBe('shared/src/log.ts');
  });
});

test.each([
  ['fs', 'builtin fs'],
  ['node:fs/promises', 'builtin fs/promises'],
  ['node:sqlite', 'builtin sqlite'],
  ['express', 'package express'],
  ['@nestjs/common/utils', 'package @nestjs/common / utils'],
  ['virtual:pwa', 'package virtual:pwa'],
  ['@/nowhere', 'unresolved'],
  ['#nowhere', 'unresolved'],
])('%s stands for itself', (specifier, expected) => {
  expect(lead(resolverOf({ 'src/a.ts': '' }), 'src/a.ts', specifier)).toBe(expected);
});

describe('compiler configurations', () => {
  test('paths without baseUrl, with comments and a trailing comma', () => {
    const resolver = resolverOf({
      'tsconfig.json': '{ // ours\n "compilerOptions": { "paths": { "@/*": ["./src/*"], }, } }',
      'src/lib/db.ts': '',
      'src/a.ts': '',
    });
    expect(lead(resolver, 'src/a.ts', '@/lib/db')).toBe('src/lib/db.ts');
    expect(lead(resolver, 'src/a.ts', '@/lib/none')).toBe('unresolved');
  });

  test('extends: a chain, an array, an inherited base, and one from a package that is not installed', () => {
    const resolver = resolverOf({
      'tsconfig.base.json': json({ compilerOptions: { baseUrl: '.', paths: { '@libs/*': ['libs/*/src'] } } }),
      'apps/api/tsconfig.json': json({ extends: ['@tsconfig/node20/tsconfig.json', '../../tsconfig.base.json'] }),
      'apps/api/src/a.ts': '',
      'libs/mail/src/index.ts': '',
    });
    expect(lead(resolver, 'apps/api/src/a.ts', '@libs/mail')).toBe('libs/mail/src/index.ts');
    expect(lead(resolver, 'apps/api/src/a.ts', 'libs/mail/src')).toBe('libs/mail/src/index.ts');
    expect(resolver.notes).toEqual([]);
  });

  test('references of a solution file, and the nearest configuration first', () => {
    const resolver = resolverOf({
      'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./other/*'] } } }),
      'web/tsconfig.json': json({ files: [], references: [{ path: './tsconfig.app.json' }, { path: '../elsewhere' }] }),
      'web/tsconfig.app.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
      'elsewhere/tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./*'] } } }),
      'elsewhere/x.ts': '',
      'other/x.ts': '',
      'web/src/x.ts': '',
      'web/src/a.ts': '',
    });
    expect(lead(resolver, 'web/src/a.ts', '@/x')).toBe('web/src/x.ts');
  });

  test('a declaration file does not replace the package it describes', () => {
    const resolver = resolverOf({
      'tsconfig.json': json({ compilerOptions: { baseUrl: '.', paths: { '*': ['types/*'] } } }),
      'types/express.d.ts': '',
      'a.ts': '',
    });
    expect(lead(resolver, 'a.ts', 'express')).toBe('package express');
  });

  test('a broken or missing one is noted and not fatal', () => {
    const resolver = resolverOf({
      'tsconfig.json': '{ "extends": "./gone.json", "compilerOptions": { "paths": { "@/*": ["./src/*"] } ',
      'src/x.ts': '',
      'src/a.ts': '',
    });
    expect(lead(resolver, 'src/a.ts', '@/x')).toBe('src/x.ts');
    expect(resolver.notes).toEqual([
      'tsconfig.json extends ./gone.json, which was not found',
      'tsconfig.json is not valid JSON with comments; what could be read of it is used',
    ]);
  });

  test('configurations that extend themselves end', () => {
    const resolver = resolverOf({ 'tsconfig.json': json({ extends: './tsconfig.json' }), 'a.ts': '' });
    expect(lead(resolver, 'a.ts', 'pg')).toBe('package pg');
  });

  test('jsconfig.json, and the customary aliases where a file proves them', () => {
    const resolver = resolverOf({
      'js/jsconfig.json': json({ compilerOptions: { paths: { '$/*': ['./lib/*'] } } }),
      'js/lib/x.js': '',
      'js/a.js': '',
      'vite/package.json': json({ name: 'vite-app' }),
      'vite/src/y.ts': '',
      'vite/src/a.ts': '',
    });
    expect(lead(resolver, 'js/a.js', '$/x')).toBe('js/lib/x.js');
    expect(lead(resolver, 'vite/src/a.ts', '@/y')).toBe('vite/src/y.ts');
    expect(lead(resolver, 'vite/src/a.ts', 'src/y')).toBe('vite/src/y.ts');
    expect(lead(resolver, 'vite/src/a.ts', '@/z')).toBe('unresolved');
  });
});

describe('workspaces without node_modules', () => {
  const root = {
    'package.json': json({ name: 'root', workspaces: ['packages/*', '!packages/hidden'] }),
    'packages/app/package.json': json({ name: 'app', dependencies: { pg: '1' } }),
    'packages/app/a.ts': '',
  };
  const cases: readonly [string, unknown, Files, string, string][] = [
    [
      'main to source by outDir and rootDir',
      { main: 'dist/server/x.js' },
      { 'tsconfig.json': json({ compilerOptions: { outDir: 'dist', rootDir: 'source' } }), 'source/server/x.ts': '' },
      '@x/lib',
      'source/server/x.ts',
    ],
    ['main to source by custom', { main: './build/index.js' }, { 'src/index.ts': '' }, '@x/lib', 'src/index.ts'],
    [
      'a format folder below the output',
      { main: './dist/cjs/utils/index.cjs' },
      { 'src/utils/index.ts': '' },
      '@x/lib',
      'src/utils/index.ts',
    ],
    ['only types are written', { types: 'dist/main.d.ts' }, { 'src/main.ts': '' }, '@x/lib', 'src/main.ts'],
    [
      'source wins',
      { source: './src/real.ts', main: './dist/index.js' },
      { 'src/index.ts': '', 'src/real.ts': '' },
      '@x/lib',
      'src/real.ts',
    ],
    [
      'exports with conditions, a server one before the browser',
      { exports: { '.': { browser: './src/web.ts', import: './dist/index.mjs' } } },
      { 'src/web.ts': '', 'src/index.ts': '' },
      '@x/lib',
      'src/index.ts',
    ],
    [
      'a custom source condition',
      { exports: { '.': { '@x/source': './source/main.ts', default: './dist/main.js' } } },
      { 'source/main.ts': '' },
      '@x/lib',
      'source/main.ts',
    ],
    [
      'exports with a star',
      { exports: { './*': './dist/*.js', './deep/*': './dist/far/*.js' } },
      { 'src/one.ts': '', 'src/far/two.ts': '' },
      '@x/lib/deep/two',
      'src/far/two.ts',
    ],
    ['a plain subpath', {}, { 'server/mail.ts': '' }, '@x/lib/server/mail', 'server/mail.ts'],
    [
      'a subpath into the output',
      { main: 'dist/index.js' },
      { 'src/types/user.ts': '' },
      '@x/lib/dist/types/user',
      'src/types/user.ts',
    ],
    ['no entry at all', {}, { 'index.ts': '' }, '@x/lib', 'index.ts'],
  ];
  test.each(cases)('%s', (_, fields, files, specifier, expected) => {
    const lib = Object.fromEntries(Object.entries(files).map(([path, text]) => [`packages/lib/${path}`, text]));
    const resolver = resolverOf({
      ...root,
      ...lib,
      'packages/lib/package.json': json({ name: '@x/lib', ...(fields as object) }),
    });
    expect(lead(resolver, 'packages/app/a.ts', specifier)).toBe(`packages/lib/${expected}`);
  });

  test('an entry that nothing is built from is not a package from elsewhere', () => {
    const resolver = resolverOf({
      ...root,
      'packages/lib/package.json': json({ name: '@x/lib', main: 'dist/gen.js' }),
    });
    expect(lead(resolver, 'packages/app/a.ts', '@x/lib')).toBe('unresolved');
  });

  test('pnpm members, and an example that happens to bear a real name', () => {
    const resolver = resolverOf({
      'pnpm-workspace.yaml': 'packages:\n  - "libs/**"\n',
      'package.json': json({ name: 'root', dependencies: { express: '^5' } }),
      'libs/deep/er/package.json': json({ name: 'er', main: 'er.ts' }),
      'libs/deep/er/er.ts': '',
      'examples/express/package.json': json({ name: 'express', main: 'a.ts' }),
      'examples/express/a.ts': '',
      'a.ts': '',
    });
    expect(lead(resolver, 'a.ts', 'er')).toBe('libs/deep/er/er.ts');
    expect(lead(resolver, 'a.ts', 'express')).toBe('package express');
  });

  test('file: dependencies, imports of package.json, module aliases', () => {
    const resolver = resolverOf({
      'api/package.json': json({
        dependencies: { common: 'file:../shared' },
        imports: { '#db': './dist/db.js', '#lib/*': './src/lib/*.ts', '#pg': 'pg' },
        _moduleAliases: { '@root': 'dist' },
      }),
      'api/src/db.ts': '',
      'api/src/lib/x.ts': '',
      'api/a.ts': '',
      'shared/package.json': json({ name: 'anything' }),
      'shared/index.ts': '',
    });
    expect(lead(resolver, 'api/a.ts', 'common')).toBe('shared/index.ts');
    expect(lead(resolver, 'api/a.ts', '#db')).toBe('api/src/db.ts');
    expect(lead(resolver, 'api/a.ts', '#lib/x')).toBe('api/src/lib/x.ts');
    expect(lead(resolver, 'api/a.ts', '#pg')).toBe('package pg');
    expect(lead(resolver, 'api/a.ts', '@root/db')).toBe('api/src/db.ts');
  });

  test('a generated database client stands for its package', () => {
    const resolver = resolverOf({
      'prisma/schema.prisma':
        'generator client {\n  provider = "prisma-client"\n  output   = "../src/generated/prisma"\n}\n',
      'tsconfig.json': json({ compilerOptions: { paths: { '@/*': ['./src/*'] } } }),
      'src/a.ts': '',
    });
    expect(lead(resolver, 'src/a.ts', './generated/prisma/client.js')).toBe('package @prisma/client');
    expect(lead(resolver, 'src/a.ts', '@/generated/prisma')).toBe('package @prisma/client');
    expect(lead(resolver, 'src/a.ts', '@/generated/prisma/enums')).toBe('package @prisma/client / enums');
  });
});

describe('from build output to source', () => {
  test.each<[string, Files, readonly string[]]>([
    ['dist/server.js', { 'src/server.ts': '' }, ['src/server.ts']],
    ['./dist/server', { 'src/server.ts': '' }, ['src/server.ts']],
    ['dist', { 'src/index.ts': '' }, ['src/index.ts']],
    [
      'dist/src/main.js',
      { 'src/main.ts': '', 'tsconfig.json': json({ compilerOptions: { outDir: './dist' } }) },
      ['src/main.ts'],
    ],
    [
      'out/main.js',
      { 'server/main.ts': '', 'tsconfig.json': json({ compilerOptions: { outDir: 'out', rootDir: 'server' } }) },
      ['server/main.ts'],
    ],
    ['dist/apps/api/main.js', { 'apps/api/src/main.ts': '', 'package.json': '{}' }, ['apps/api/src/main.ts']],
    ['api/dist/server.mjs', { 'api/package.json': '{}', 'api/src/server.ts': '' }, ['api/src/server.ts']],
    ['api/dist/api/src/server.js', { 'api/package.json': '{}', 'api/src/server.ts': '' }, ['api/src/server.ts']],
    [
      'api/dist/shared/src/log.js',
      {
        'api/package.json': '{}',
        'api/tsconfig.json': json({ compilerOptions: { outDir: 'dist', rootDir: '..' } }),
        'shared/src/log.ts': '',
      },
      ['shared/src/log.ts'],
    ],
    ['index.js', { 'index.js': '' }, ['index.js']],
    ['dist/none.js', { 'src/server.ts': '' }, []],
    ['src/server.ts', { 'src/server.ts': '' }, ['src/server.ts']],
  ])('%s', (path, files, expected) => {
    expect(resolverOf(files).buildOutputToSource(path)).toEqual(expected);
  });
});
