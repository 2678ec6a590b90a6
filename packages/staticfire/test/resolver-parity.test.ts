import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ResolverFactory } from 'oxc-resolver';
import { afterAll, describe, expect, it } from 'vitest';
import { createResolver } from '../src/code/resolve.ts';

// Our resolver looks among the files of a bare checkout, where nothing is installed. Where a resolver that walks the disk can
// answer at all, both must say the same.
const root = realpathSync(mkdtempSync(join(tmpdir(), 'staticfire-parity-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const files: Readonly<Record<string, string>> = {
  'tsconfig.json':
    '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], "~lib": ["src/lib/index.ts"] } }, "references": [{ "path": "./tools" }] }',
  'tools/tsconfig.json':
    '{ "extends": "../tsconfig.base.json", "compilerOptions": { "paths": { "@/*": ["./own/*"] } } }',
  'tsconfig.base.json': '// with a comment\n{ "compilerOptions": { "strict": true, }, }',
  'package.json': '{ "name": "root", "imports": { "#config": "./src/config.ts", "#lib/*": "./src/lib/*.ts" } }',
  'src/main.ts': '',
  'src/config.ts': '',
  'src/lib/index.ts': '',
  'src/lib/db.ts': '',
  'src/lib/db.test.tsx': '',
  'src/view.tsx': '',
  'src/data.json': '{}',
  'src/both.ts': '',
  'src/both/index.ts': '',
  'src/esm.mts': '',
  'tools/run.ts': '',
  'tools/own/x.ts': '',
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const reference = new ResolverFactory({
  tsconfig: 'auto',
  extensions: ['.ts', '.tsx', '.mts', '.js', '.json'],
  extensionAlias: { '.js': ['.ts', '.tsx', '.js'], '.mjs': ['.mts', '.mjs'] },
  conditionNames: ['node', 'import'],
});
const ours = createResolver({
  root,
  files: Object.keys(files),
  manifests: [
    {
      dir: '.',
      name: 'root',
      workspaces: [],
      raw: JSON.parse(files['package.json'] ?? '{}') as Record<string, unknown>,
    },
  ],
  read: (path) => files[path],
});

describe('resolution agrees with oxc-resolver where that can answer', () => {
  it.each([
    ['src/main.ts', './config'],
    ['src/main.ts', './config.js'],
    ['src/main.ts', './config.ts'],
    ['src/main.ts', './lib'],
    ['src/main.ts', './lib/db'],
    ['src/main.ts', './view'],
    ['src/main.ts', './data.json'],
    ['src/main.ts', './both'],
    ['src/main.ts', './esm.mjs'],
    ['src/main.ts', '@/lib/db'],
    ['src/main.ts', '~lib'],
    ['src/main.ts', 'src/config'],
    ['src/main.ts', '#config'],
    ['src/main.ts', '#lib/db'],
    ['src/lib/db.ts', '..'],
    ['src/lib/db.ts', '../main'],
    ['src/lib/index.ts', '.'],
    ['tools/run.ts', '@/x'],
    ['tools/run.ts', '../src/main'],
  ])('%s imports %s', (from, specifier) => {
    const { path } = reference.resolveFileSync(join(root, from), specifier);
    const target = ours.resolve(from, specifier);
    const expected = path === undefined ? undefined : relative(root, path).replaceAll('\\', '/');
    expect('path' in target ? target.path : undefined).toBe(expected);
  });
});
