import { expect, test } from 'vitest';
import { projectCollector } from '../src/collectors/project.ts';
import type { Project } from '../src/facts/project.ts';
import { openWorkspace } from '../src/workspace/open.ts';
import { tempTree } from './temp-tree.ts';

async function projectOf(files: Readonly<Record<string, string>>): Promise<Project | undefined> {
  const context = {
    facts: {},
    signal: new AbortController().signal,
    cacheDir: undefined,
    version: '0',
    progress: () => undefined,
  };
  const collected = await projectCollector.collect({ workspace: openWorkspace(tempTree(files)), ...context });
  return collected.status === 'known' ? collected.value : undefined;
}

const manifest =
  '{\n  "name": "shop",\n  "bin": "cli.js",\n  "scripts": {\n    "start": "node ."\n  },\n  "dependencies": { "pg": "^8", "odd": 3 }\n}\n';

test('reads every manifest, tolerates a byte order mark, and finds lines', async () => {
  const project = await projectOf({
    'package.json': `\uFEFF${manifest}`,
    'apps/api/package.json': '{"type":"module","private":true}',
    'node_modules/pg/package.json': '{}',
  });
  expect(project?.manifests.map(({ file, dir, name, type, private: own }) => ({ file, dir, name, type, own }))).toEqual(
    [
      { file: 'apps/api/package.json', dir: 'apps/api', name: undefined, type: 'module', own: true },
      { file: 'package.json', dir: '.', name: 'shop', type: 'commonjs', own: false },
    ],
  );
  const root = project?.manifests[1];
  expect(root).toMatchObject({ bin: ['cli.js'], scripts: { start: 'node .' }, dependencies: { pg: '^8' } });
  expect([
    root?.lineOf('scripts', 'start'),
    root?.lineOf('dependencies', 'pg'),
    root?.lineOf('name'),
    root?.lineOf('none'),
  ]).toEqual([5, 7, 2, undefined]);
});

test('a broken manifest is said with its line, a strange one with its reason', async () => {
  const project = await projectOf({
    'package.json': '{\n  "name": "x",\n  "version" 1\n}',
    'a/package.json': '[]',
    'b/package.json': '{ // no comments here\n}',
  });
  expect(project?.manifests).toEqual([]);
  expect(project?.broken.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'a/package.json:1',
    'b/package.json:1',
    'package.json:3',
  ]);
});

test('lockfiles, tracked or ignored', async () => {
  const project = await projectOf({
    '.gitignore': 'package-lock.json\n',
    'package-lock.json': '{}',
    'web/pnpm-lock.yaml': '',
    'web/bun.lockb': '',
  });
  expect(project?.lockfiles).toEqual([
    { file: 'package-lock.json', dir: '.', manager: 'npm', tracked: false },
    { file: 'web/bun.lockb', dir: 'web', manager: 'bun', tracked: true },
    { file: 'web/pnpm-lock.yaml', dir: 'web', manager: 'pnpm', tracked: true },
  ]);
});

test('workspaces of package.json in both forms and of pnpm; a broken pnpm file is no harm', async () => {
  const project = await projectOf({
    'package.json': '{"workspaces":{"packages":["apps/*"]}}',
    'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n  - libs/*\n',
    'x/package.json': '{"workspaces":["y"]}',
    'x/pnpm-workspace.yaml': 'packages: [',
  });
  expect(project?.manifests.map(({ workspaces }) => workspaces)).toEqual([['apps/*', 'libs/*'], ['y']]);
});

test('the manifest above a file, and what it and those above it depend on', async () => {
  const project = await projectOf({
    'package.json': manifest,
    'apps/api/package.json': '{"devDependencies":{"vitest":"4"}}',
    'apps/api/src/a.ts': '',
  });
  const api = project?.manifestOf('apps/api/src/a.ts');
  expect(api?.file).toBe('apps/api/package.json');
  expect(project?.manifestOf('apps/x.ts')?.file).toBe('package.json');
  expect(['vitest', 'pg', 'express', 'toString'].map((name) => project?.depends(api, name))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(project?.depends(undefined, 'pg')).toBe(false);
});

test('below the git root the manifests above count as well', async () => {
  const root = tempTree({
    '.git/HEAD': 'ref: refs/heads/main\n',
    'package.json': manifest,
    'apps/api/package.json': '{}',
    'apps/api/a.ts': '',
  });
  const context = {
    facts: {},
    signal: new AbortController().signal,
    cacheDir: undefined,
    version: '0',
    progress: () => undefined,
  };
  const collected = await projectCollector.collect({ workspace: openWorkspace(`${root}/apps/api`), ...context });
  const project = collected.status === 'known' ? collected.value : undefined;
  expect(project?.manifests.map(({ file, dir }) => `${file} ${dir}`)).toEqual([
    '../../package.json ../..',
    'package.json .',
  ]);
  expect(project?.depends(project.manifestOf('a.ts'), 'pg')).toBe(true);
});

test('without any package there is an empty project', async () => {
  expect(await projectOf({ 'a.ts': '' })).toMatchObject({ manifests: [], broken: [], lockfiles: [] });
});
