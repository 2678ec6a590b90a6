import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collectors } from '../src/collectors/index.ts';
import { controls } from '../src/controls/index.ts';
import { audit } from '../src/engine/audit.ts';
import type { Assessment } from '../src/model/assessment.ts';
import { express } from '../src/testing/bases.ts';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'staticfire-memory-')));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const longAgo = new Date('2026-01-01T00:00:00Z');

/** Writes files with a time that is old enough to be trusted. */
function put(dir: string, files: Readonly<Record<string, string>>, time = longAgo): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
    utimesSync(join(dir, path), time, time);
  }
}

function service(): { dir: string; run: (only?: string) => Promise<Assessment> } {
  const dir = mkdtempSync(join(scratch, 'tree-'));
  const cacheDir = mkdtempSync(join(scratch, 'cache-'));
  put(dir, express({}));
  return {
    dir,
    run: (only) => audit({ dir, controls, collectors, version: 'test', cacheDir, ...(only ? { only: [only] } : {}) }),
  };
}

/** A recalled assessment has measured no collector. */
const recalled = ({ timing }: Assessment): boolean => Object.keys(timing.collectors).length === 0;

describe('the last assessment', () => {
  it('stands while no file has changed, and is the same', async () => {
    const { run } = service();
    const [first, second] = [await run(), await run()];
    expect([recalled(first), recalled(second)]).toEqual([false, true]);
    expect({ ...second, timing: null }).toEqual({ ...first, timing: null });
  });

  it.each([
    ['a file changes', { 'src/server.ts': "import express from 'express';\nexpress().listen(4000);\n" }],
    ['a file appears', { 'SECURITY.md': '# Security\n\nWrite to security@example.org.\n' }],
    ['an ignore rule appears', { '.gitignore': '.env\n' }],
  ])('is not recalled when %s', async (_, change) => {
    const { dir, run } = service();
    await run();
    put(dir, change, new Date('2026-02-01T00:00:00Z'));
    expect(recalled(await run())).toBe(false);
  });

  it.each([
    ['a comment is added', '\n\n// Nobody reads this.\n'],
    ['an empty line is added', '\n'],
  ])('stands when %s at the end of a file that is read for its summary alone', async (_, more) => {
    const { dir, run } = service();
    const text = 'export const limit = 10;\n';
    put(dir, { 'src/limit.ts': text });
    const first = await run();
    put(dir, { 'src/limit.ts': `${text}${more}` }, new Date());
    const second = await run();
    expect([recalled(first), recalled(second)]).toEqual([false, true]);
    expect({ ...second, timing: null }).toEqual({ ...first, timing: null });
  });

  it.each([
    ['code', 'export const limit = 10;\nexport const more = process.env.LIMIT;\n'],
    ['a line', '\nexport const limit = 10;\n'],
    ['a secret', "export const limit = 10;\n// password = 'hT9$kq2Lw8zR4vXc'\n"],
    ['an error', 'export const limit = ;\n'],
  ])('is not recalled when a change of a source file brings %s', async (_, text) => {
    const { dir, run } = service();
    put(dir, { 'src/limit.ts': 'export const limit = 10;\n' });
    await run();
    put(dir, { 'src/limit.ts': text }, new Date());
    expect(recalled(await run())).toBe(false);
  });

  it('is not recalled when a file that a collector has read gets a comment', async () => {
    const { dir, run } = service();
    put(dir, { Dockerfile: 'FROM node:24\nCMD ["node", "src/server.ts"]\n' });
    await run();
    put(dir, { Dockerfile: 'FROM node:24\nCMD ["node", "src/server.ts"]\n# end\n' }, new Date());
    expect(recalled(await run())).toBe(false);
  });

  it('answers only the question that was asked', async () => {
    const { run } = service();
    await run();
    const part = await run('http');
    expect(recalled(part)).toBe(false);
    expect(new Set(part.results.map((result) => result.area))).toEqual(new Set(['http']));
  });

  it('does not trust the time of a file that has just been written', async () => {
    const { dir, run } = service();
    put(dir, { 'src/new.ts': 'export {};\n' }, new Date());
    await run();
    expect(recalled(await run())).toBe(false);
  });
});
