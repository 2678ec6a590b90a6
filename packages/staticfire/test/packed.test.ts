import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Assessment } from '../src/model/assessment.ts';
import { express } from '../src/testing/bases.ts';

const home = fileURLToPath(new URL('..', import.meta.url));
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'staticfire-packed-')));
const installed = join(scratch, 'node_modules', 'staticfire');

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifestAt = (dir: string): Manifest => JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest;

/** The folder of a dependency as Node finds it from a package; undefined for optional ones that this platform lacks. */
function folderOf(name: string, from: string): string | undefined {
  for (const base of createRequire(join(from, 'package.json')).resolve.paths(name) ?? []) {
    const dir = join(base, name);
    if (existsSync(join(dir, 'package.json'))) return realpathSync(dir);
  }
  return undefined;
}

/** Lays out exactly what the manifest declares, and what that declares: an install without the network and without scripts. */
function install(name: string, from: string, seen: Set<string>): void {
  const dir = folderOf(name, from);
  if (!dir || seen.has(name)) return;
  seen.add(name);
  const target = join(scratch, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(dir, target, { recursive: true });
  const { dependencies = {}, optionalDependencies = {} } = manifestAt(dir);
  for (const next of [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]) {
    if (!existsSync(join(dir, 'node_modules', next))) install(next, dir, seen);
  }
}

beforeAll(() => {
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], {
    cwd: home,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const [tarball] = JSON.parse(packed.slice(packed.indexOf('['))) as { filename: string }[];
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(scratch, tarball?.filename ?? ''), '-C', installed, '--strip-components=1']);
  const seen = new Set<string>();
  for (const name of Object.keys(manifestAt(installed).dependencies ?? {})) install(name, home, seen);
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function run(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(installed, 'dist/main.js'), ...args], {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...process.env, STATICFIRE_CACHE_DIR: join(scratch, 'cache') },
  });
  return { status, stdout, stderr };
}

function layOut(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(scratch, 'repository-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

describe('the packed tarball in an empty folder', () => {
  it('carries the built tool, its types and the schema, and no sources', () => {
    for (const file of [
      'dist/main.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/parse-worker.js',
      'assessment.schema.json',
      'README.md',
      'LICENSE',
    ])
      expect(existsSync(join(installed, file)), file).toBe(true);
    expect(existsSync(join(installed, 'src'))).toBe(false);
  });

  it('shows help and version', () => {
    expect(run(['--help'])).toMatchObject({ status: 0, stderr: '' });
    expect(run(['--version']).stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('audits a repository and blocks on an open guard', () => {
    const dir = layOut(
      express({
        'src/server.ts':
          "import express from 'express';\nconst app = express();\napp.use((req, res, next) => {\n  if (process.env.API_KEY && req.headers['x-key'] !== process.env.API_KEY) return res.status(401).end();\n  next();\n});\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n",
      }),
    );
    const { status, stdout } = run(['audit', dir, '--format', 'json']);
    const assessment = JSON.parse(stdout) as Assessment;
    expect(status).toBe(1);
    expect(assessment.verdict).toBe('no-go');
    expect(assessment.results.find((result) => result.control === 'auth/fail-open-guard')).toMatchObject({
      verdict: 'fail',
      findings: [{ at: { file: 'src/server.ts', line: 4 } }],
    });
  });

  it('parses in threads and from the cache to the same bytes', () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`src/m${i}.ts`, `export const v${i} = process.env.V${i};\n`]),
    );
    const imports = Object.keys(many)
      .map((path) => `import './${path.slice(4, -3)}';\n`)
      .join('');
    const dir = layOut(
      express({ ...many, 'src/server.ts': `${imports}import express from 'express';\nexpress().listen(3000);\n` }),
    );
    const audit = (): Assessment => JSON.parse(run(['audit', dir, '--format', 'json']).stdout) as Assessment;
    const [cold, warm] = [audit(), audit()];
    expect(cold.timing).toMatchObject({ parsed: 301, cached: 0 });
    expect(warm.timing).toMatchObject({ parsed: 0, cached: 301 });
    expect({ ...warm, timing: null }).toEqual({ ...cold, timing: null });
    writeFileSync(join(dir, 'src/m7.ts'), 'export const v7 = 1;\n');
    expect(audit().timing).toMatchObject({ parsed: 1, cached: 300 });
  });

  it('is a library', () => {
    const script = "import { audit } from 'staticfire'; const a = await audit('.'); console.log(a.verdict);";
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: scratch,
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe('no-go');
  });
});
