import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noGo } from './sample-assessment.ts';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const start = (...args: string[]) =>
  spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });

describe.runIf(existsSync(main))('the built program', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'staticfire-dist-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'package.json'), '{ "name": "shop", "scripts": { "start": "node src/main.ts" } }');
    for (let index = 0; index < 400; index += 1)
      writeFileSync(join(folder, 'src', `f${index}.ts`), 'export const a = [1, 2, 3].map((n) => n + 1);\n'.repeat(100));
    writeFileSync(
      join(folder, 'src/main.ts'),
      "import { createServer } from 'node:http';\ncreateServer((_, res) => res.end('ok')).listen(3000);\n",
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answers with what it was asked for', () => {
    expect(start('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(start('--help').status).toBe(0);
    expect(start('no-such-folder').status).toBe(2);
  });

  it('gives an assessment of the same form as the types say', () => {
    const { stdout, stderr, status } = start(folder, '--format', 'json', '--no-cache');
    expect(stderr).toBe('');
    expect([0, 1]).toContain(status);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(Object.keys(noGo()));
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at once on %s, with nothing on stdout', async (signal, code) => {
    const child = spawn(process.execPath, [main, folder, '--no-cache']);
    let out = '';
    child.stdout.on('data', (part: Buffer) => void (out += part.toString()));
    setTimeout(() => child.kill(signal), 300);
    const [status, by]: unknown[] = await once(child, 'exit');
    expect([code, signal]).toContain(status ?? by);
    expect(out).toBe('');
  });

  it('is quiet when the reader goes away', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${main}" --help | head -n 1`], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});
