import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collectors } from '../src/collectors/index.ts';
import { controls } from '../src/controls/index.ts';
import { audit } from '../src/engine/audit.ts';
import type { Assessment } from '../src/model/assessment.ts';
import { Problem } from '../src/model/problem.ts';
import { express } from '../src/testing/bases.ts';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'staticfire-hostile-')));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function tree(files: Readonly<Record<string, string | Buffer>>): string {
  const dir = mkdtempSync(join(scratch, 'tree-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}

const run = (dir: string): Promise<Assessment> => audit({ dir, controls, collectors, version: 'test' });
const unread = (assessment: Assessment): string[] => assessment.coverage.unread.map((u) => `${u.path} ${u.reason}`);
const errors = (assessment: Assessment): string[] =>
  assessment.results.filter((r) => r.verdict === 'error').map((r) => `${r.control}: ${r.reason}`);

/** Whatever stands in the tree: no crash, no verdict lost to a bug of ours. */
async function survives(dir: string): Promise<Assessment> {
  const assessment = await run(dir);
  expect(errors(assessment)).toEqual([]);
  return assessment;
}

describe('a directory that cannot be audited is a problem', () => {
  it.each([
    ['does not exist', join(scratch, 'nothing-here'), 'no-such-directory'],
    ['is a file', join(tree({ a: 'x' }), 'a'), 'not-a-directory'],
  ])('%s', async (_, dir, code) => {
    const caught: unknown = await run(dir).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(Problem);
    expect((caught as Problem).code).toBe(code);
  });
});

describe('a directory with nothing to audit', () => {
  it.each([
    ['is empty', {}],
    ['has no package.json', { 'notes.md': '# Notes\n' }],
    ['has a broken package.json', { 'package.json': '{ "name": "shop", ' }],
    ['has a package.json that is a list', { 'package.json': '[]' }],
    [
      'has a package.json of nulls',
      { 'package.json': '{"scripts":null,"dependencies":null,"workspaces":{"packages":null},"engines":"22"}' },
    ],
  ])('%s', async (_, files) => {
    const assessment = await survives(tree(files));
    expect(assessment.services).toEqual([]);
    expect(assessment.verdict).toBe('no-go');
  });
});

describe('what cannot be read is said and counted', () => {
  it('source with syntax errors', async () => {
    const assessment = await survives(
      tree(express({ 'src/server.ts': "import express from 'express';\nconst = ;\nexpress().listen(3000);\n" })),
    );
    expect(unread(assessment)).toEqual(['src/server.ts syntax-error']);
  });

  it('invalid UTF-8', async () => {
    const assessment = await survives(tree({ ...express({}), 'src/bad.ts': Buffer.from([0x61, 0xff, 0xfe, 0x80]) }));
    expect(unread(assessment)).toEqual(['src/bad.ts not-utf8']);
  });

  it('50 MB in one file', async () => {
    const assessment = await survives(tree({ ...express({}), 'src/big.ts': Buffer.alloc(50_000_000, 'a') }));
    expect(unread(assessment)).toEqual(['src/big.ts too-large']);
  });

  it('one line of 5 MB', async () => {
    const assessment = await survives(
      tree({ ...express({}), 'src/line.ts': `export const a = [${'1,'.repeat(2_500_000)}];` }),
    );
    expect(unread(assessment)).toEqual(['src/line.ts too-large']);
  });

  it('nesting deeper than any stack', async () => {
    const assessment = await survives(
      tree({ ...express({}), 'src/deep.ts': `export const a = ${'['.repeat(60_000)}${']'.repeat(60_000)};` }),
    );
    expect(unread(assessment).map((line) => line.split(' ')[0])).toEqual(['src/deep.ts']);
  });

  it('symlink loops and links out of the root', async () => {
    const outside = tree({ 'secret.ts': "export const key = 'outside';\n" });
    const dir = tree(express({}));
    symlinkSync(dir, join(dir, 'src/loop'));
    symlinkSync('self', join(dir, 'src/self'));
    symlinkSync(join(outside, 'secret.ts'), join(dir, 'src/secret.ts'));
    symlinkSync(outside, join(dir, 'src/outside'));
    const assessment = await survives(dir);
    expect(JSON.stringify(assessment)).not.toContain('outside.ts');
    expect(unread(assessment).filter((line) => line.includes('outside-root')).length).toBeGreaterThan(0);
    expect(assessment.coverage.sourceFiles).toBe(1);
  });
});

describe('configuration that makes no sense', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((name, i) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[i]}`).join(',')}]`)
    .join('\n')}\n`;
  it.each([
    ['a broken tsconfig', { 'tsconfig.json': '{ "compilerOptions": { "paths": ' }],
    ['a tsconfig that extends itself', { 'tsconfig.json': '{ "extends": "./tsconfig.json" }' }],
    ['a broken workflow', { '.github/workflows/ci.yml': 'on: push\njobs:\n  a: [\n' }],
    ['a workflow that is a list', { '.github/workflows/ci.yml': '- a\n- b\n' }],
    ['a workflow of nulls', { '.github/workflows/ci.yml': 'on:\njobs:\n  test:\n    steps:\n' }],
    ['an empty workflow', { '.github/workflows/ci.yml': '' }],
    ['a YAML bomb as workflow', { '.github/workflows/ci.yml': bomb }],
    ['a YAML bomb as compose file', { 'docker-compose.yml': bomb }],
    ['a YAML bomb as lockfile', { 'pnpm-lock.yaml': bomb }],
    ['an empty Dockerfile', { Dockerfile: '' }],
    ['a Dockerfile of noise', { Dockerfile: '\u0000\u0001 FROM FROM\nCMD [\n' }],
    ['a broken lockfile', { 'package-lock.json': '{' }],
    [
      'prototype keys',
      {
        'package.json':
          '{"name":"shop","scripts":{"start":"node src/server.ts","__proto__":"x","constructor":"y"},"dependencies":{"express":"5","__proto__":"1"}}',
      },
    ],
    [
      'a package that depends on itself as a workspace',
      {
        'package.json':
          '{"name":"shop","workspaces":["."],"scripts":{"start":"npm run start"},"dependencies":{"shop":"*","express":"5"}}',
      },
    ],
    [
      'scripts that call each other',
      {
        'package.json':
          '{"name":"shop","scripts":{"start":"npm run a","a":"npm run b","b":"npm run a"},"dependencies":{"express":"5"}}',
      },
    ],
    ['a hostile ignore file', { '.gitignore': `${'[a-'.repeat(500)}\n!\n\\\n${'**/'.repeat(200)}x\n` }],
    ['a Prisma schema of noise', { 'prisma/schema.prisma': 'model { {{ @@index( \n generator' }],
  ])('%s', async (_, files) => {
    await survives(tree(express(files)));
  });
});

describe('a run over the same tree', () => {
  it('gives the same bytes twice, timing apart', async () => {
    const dir = tree(
      express({
        '.github/workflows/ci.yml':
          'on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test || true\n',
      }),
    );
    const [first, second] = [await run(dir), await run(dir)];
    expect(JSON.stringify({ ...second, timing: null })).toBe(JSON.stringify({ ...first, timing: null }));
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(
      audit({ dir: tree(express({})), controls, collectors, version: 'test', signal: stop.signal }),
    ).rejects.toThrow('aborted');
  });
});
