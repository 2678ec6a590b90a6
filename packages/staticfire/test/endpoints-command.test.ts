import { describe, expect, it } from 'vitest';
import { run } from '../src/cli/run.ts';
import { tools } from '../src/cli/tools.ts';
import type { Io } from '../src/cli/io.ts';
import { express } from '../src/testing/bases.ts';
import { tempTree } from './temp-tree.ts';

const server = (routes: string) =>
  express({
    'src/server.ts': `import express from 'express';\nimport jwt from 'jsonwebtoken';\nconst app = express();\nfunction requireUser(req, res, next) {\n  try {\n    req.user = jwt.verify(req.headers.authorization, process.env.JWT_SECRET);\n    next();\n  } catch {\n    res.status(401).end();\n  }\n}\n${routes}\napp.listen(3000);\n`,
  });
const shop = server(
  "app.get('/health', (req, res) => res.json({ ok: true }));\napp.delete('/users/:id', (req, res) => res.json(db.user.delete(req.params.id)));\napp.get('/orders', requireUser, (req, res) => res.json(db.order.findMany()));",
);

async function endpoints(files: Readonly<Record<string, string>>, argv: readonly string[], columns?: number) {
  const written = { out: '', err: '' };
  const sink = (name: 'out' | 'err') => ({
    tty: columns !== undefined,
    columns,
    write: async (text: string) => void (written[name] += text),
  });
  const io: Io = {
    argv: ['endpoints', tempTree(files), '--no-cache', ...argv],
    env: { NO_COLOR: '1' },
    cwd: '/',
    platform: 'linux',
    stdout: sink('out'),
    stderr: { ...sink('err'), tty: false },
    now: () => 0,
    signal: new AbortController().signal,
    onInterrupt: () => () => {},
  };
  return { code: await run(io, tools), ...written };
}

describe('the table', () => {
  it('shows those that answer anyone first, and counts', async () => {
    const { code, out } = await endpoints(shop, []);
    expect(code).toBe(0);
    expect(out.indexOf('Answer anyone (1)')).toBeLessThan(out.indexOf('Ask who calls (1)'));
    expect(out).toMatch(/DELETE\s+\/users\/:id\s+no check/);
    expect(out).toMatch(/GET\s+\/orders\s+token/);
    expect(out).toContain('3 endpoints: 1 ask who calls, 1 are open by what they are, 1 answer anyone, 0 could not');
    expect(out).toContain("staticfire endpoints --trace 'DELETE /users/:id'");
  });

  it.each([40, 72, 100, 200])('fits into %i columns', async (columns) => {
    const { out } = await endpoints(shop, [], columns);
    // A command that is to be copied is not broken.
    const longest = Math.max(
      ...out
        .split('\n')
        .filter((line) => !line.includes('--trace'))
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(columns);
  });

  it('folds many alike into one line, and opens them when asked', async () => {
    const many = server(
      Array.from(
        { length: 120 },
        (_, n) => `app.get('/api/admin/r${n}', requireUser, (req, res) => res.json(db.read(${n})));`,
      ).join('\n'),
    );
    const folded = await endpoints(many, []);
    expect(folded.out).toMatch(/120 x\s+\/api\/admin\/\*/);
    expect(folded.out.split('\n').length).toBeLessThan(20);
    const whole = await endpoints(many, ['--all']);
    expect(whole.out.split('\n').length).toBeGreaterThan(120);
  });
});

describe('filters', () => {
  it.each([
    [
      ['--without', 'authentication'],
      ['DELETE /users/:id', 'GET /health'],
    ],
    [
      ['--method', 'get'],
      ['GET /health', 'GET /orders'],
    ],
    [['--path', '/use'], ['DELETE /users/:id']],
    [['--path', '/ord*'], ['GET /orders']],
  ])('%j leaves %j', async (argv, expected) => {
    const { out } = await endpoints(shop, [...argv, '--format', 'json']);
    const found = JSON.parse(out) as { endpoints: { method: string; path: string }[] };
    expect(found.endpoints.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(expected);
  });

  it('an unknown protection is a problem that names what was meant', async () => {
    const { code, err } = await endpoints(shop, ['--without', 'authentification']);
    expect(code).toBe(2);
    expect(err).toContain('authentication');
  });
});

describe('the trace', () => {
  it('shows the chain in order, the path of the proof and the code', async () => {
    const { out } = await endpoints(shop, ['--trace', 'get /orders']);
    expect(out).toMatch(/1\. requireUser {2}middleware, src\/server\.ts:\d+\n {2}2\. the handler/);
    expect(out).toMatch(/authentication\s+yes/);
    expect(out).toMatch(/>\s+6 \|\s+req\.user = jwt\.verify/);
  });

  it('an endpoint that is not there is a problem', async () => {
    const { code, err } = await endpoints(shop, ['--trace', 'GET /order']);
    expect(code).toBe(2);
    expect(err).toContain("did you mean 'GET /orders'?");
  });
});

describe('formats', () => {
  it('CSV is one line an endpoint, and no formula', async () => {
    const { out } = await endpoints(server("app.get('/a', (req, res) => res.json(1));"), ['--format', 'csv']);
    const [head, row] = out.split('\r\n');
    expect(head?.split(',').slice(0, 4)).toEqual(['service', 'method', 'path', 'file']);
    expect(row).toMatch(/^shop,GET,\/a,src\/server\.ts,/);
  });

  it('Markdown is a table', async () => {
    const { out } = await endpoints(shop, ['--format', 'markdown']);
    expect(out).toContain('| DELETE | /users/:id | src/server.ts:13 |');
  });
});

describe('a repository without a service', () => {
  it('says that there was nothing', async () => {
    expect((await endpoints({ 'package.json': '{"name":"x"}', 'src/a.ts': 'export const a = 1;\n' }, [])).code).toBe(3);
  });
});
