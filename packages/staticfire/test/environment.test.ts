import { describe, expect, it } from 'vitest';
import { link } from '../src/code/link.ts';
import { summarise } from '../src/code/summarise/summarise.ts';
import { collectEnvironment } from '../src/collectors/environment/collect.ts';
import { sensitivityOf, setByPlatform } from '../src/facts/environment-names.ts';
import type { EnvironmentCode } from '../src/facts/environment.ts';

const none = { unread: [], read: { parsed: 0, cached: 0 } };

function collected(files: Readonly<Record<string, string>>): EnvironmentCode {
  const loaded = new Map(
    Object.entries(files).map(([path, text]) => {
      const summary = summarise(path, text);
      return [path, { head: summary, body: () => summary }];
    }),
  );
  const resolve = (_: string, specifier: string) => {
    const path = `${specifier.replace('./', '')}.ts`;
    if (files[path] !== undefined) return { kind: 'file' as const, path };
    if (specifier.startsWith('node:')) return { kind: 'builtin' as const, name: specifier.slice('node:'.length) };
    return { kind: 'package' as const, name: specifier, subpath: '' };
  };
  const model = link(loaded, resolve, none);
  return collectEnvironment(
    model,
    () => false,
    () => true,
  );
}

const read = (text: string): readonly string[] =>
  collected({ 'a.ts': text }).reads.map((r) => `${r.name} ${r.use} ${r.fallback.kind}`);

describe('reads of the environment', () => {
  it.each([
    ['process.env.A_KEY;', ['A_KEY value none']],
    ["process.env['A_KEY'];", ['A_KEY value none']],
    ['import.meta.env.A_KEY;', ['A_KEY value none']],
    ['Bun.env.A_KEY;', ['A_KEY value none']],
    ["use(Deno.env.get('A_KEY'));", ['A_KEY value none']],
    ['const env = process.env; use(env.A_KEY);', ['A_KEY value none']],
    ["const { A_KEY, B_KEY = 'b' } = process.env;", ['A_KEY value none', 'B_KEY value literal']],
    ["import { env } from 'node:process'; use(env.A_KEY);", ['A_KEY value none']],
    ["use(process.env.A_KEY || 'text');", ['A_KEY value literal']],
    ["use(process.env.A_KEY ?? '');", ['A_KEY value empty']],
    ['use(process.env.A_KEY ?? process.env.B_KEY);', ['A_KEY value variable', 'B_KEY value none']],
    ["use(Number(process.env.A_KEY) || 'text');", ['A_KEY value literal']],
    ["use(process.env.A_KEY?.trim() || 'text');", ['A_KEY value literal']],
    ["use(process.env.A_KEY ? process.env.A_KEY : 'text');", ['A_KEY test none', 'A_KEY value literal']],
    ["if (process.env.A_KEY === 'true') use();", ['A_KEY test none']],
    ['function get(n) { return process.env[n]; } use(get("A_KEY"));', ['A_KEY value none']],
    ['function get(n, d) { return process.env[n] ?? d; } use(get("A_KEY", "text"));', ['A_KEY value literal']],
    ['use(process.env.NODE_ENV);', []],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('follows an alias and a reader through other files', () => {
    const found = collected({
      'env.ts':
        'export const env = process.env;\nexport const must = (name: string) => { const v = env[name]; if (!v) throw new Error(name); return v; };',
      'index.ts': "export * from './env';",
      'use.ts': "import { env, must as need } from './index';\nuse(env.A_KEY, need('B_KEY'));",
    });
    expect(found.reads.filter((r) => r.at.file === 'use.ts').map((r) => `${r.name} ${r.fallback.kind}`)).toEqual([
      'A_KEY none',
      'B_KEY throws',
    ]);
    expect(found.checks.map((c) => c.required)).toEqual([['B_KEY']]);
  });
});

describe('checks of the environment', () => {
  const zod = (shape: string, rest = ''): string =>
    `import { z } from 'zod';\nconst schema = z.object(${shape})${rest};\nschema.parse(process.env);`;
  it.each([
    [
      'required and defaulted',
      zod("{ A_KEY: z.string(), B_KEY: z.string().default('b'), C_KEY: z.coerce.number().optional() }"),
      ['A_KEY'],
      ['B_KEY', 'C_KEY'],
    ],
    [
      'extended',
      zod('{ A_KEY: z.string() }', '.extend({ B_KEY: z.string() }).refine(() => true)'),
      ['A_KEY', 'B_KEY'],
      [],
    ],
    ['partial', zod('{ A_KEY: z.string() }', '.partial()'), [], ['A_KEY']],
    [
      'spread',
      `const base = { A_KEY: z.string() };\n${zod('{ ...base, B_KEY: z.string().nullish() }')}`,
      ['A_KEY'],
      ['B_KEY'],
    ],
    [
      'union',
      `import { z } from 'zod';\nz.union([z.object({ A_KEY: z.string(), B_KEY: z.string() }), z.object({ A_KEY: z.string() })]).parse(process.env);`,
      ['A_KEY'],
      ['B_KEY'],
    ],
  ])('%s', (_, text, required, optional) => {
    expect(collected({ 'a.ts': text }).checks).toMatchObject([
      { technique: 'zod', failure: 'throws', required, optional },
    ]);
  });

  it('reads the list behind a loop, without what is passed over', () => {
    const text =
      "const names = ['A_KEY', 'B_KEY'];\nconst free = new Set(['B_KEY']);\nfor (const name of names) {\n  if (free.has(name)) continue;\n  if (!process.env[name]) process.env[name] = 'made-up';\n}";
    expect(collected({ 'a.ts': text }).writes).toMatchObject([
      { names: ['A_KEY'], value: 'literal', production: true },
    ]);
  });

  it('keeps no text of a fallback', () => {
    const found = collected({ 'a.ts': "use(process.env.JWT_SECRET || 'very-quiet');" });
    expect(JSON.stringify(found)).not.toContain('very-quiet');
  });
});

describe('names', () => {
  it.each([
    ['JWT_SECRET', 'signing'],
    ['JWT_REFRESH_SECRET', 'signing'],
    ['NEXTAUTH_SECRET', 'signing'],
    ['STORE_ENCRYPTION_KEY', 'signing'],
    ['STRIPE_WEBHOOK_SECRET', 'signing'],
    ['PASSWORD_SALT', 'signing'],
    ['GOOGLE_CLIENT_SECRET', 'credential'],
    ['AUTH_GITHUB_SECRET', 'credential'],
    ['DB_PASSWORD', 'credential'],
    ['OPENAI_API_KEY', 'credential'],
    ['DATABASE_URL', 'database'],
    ['MONGODB_URI', 'database'],
    ['JWT_EXPIRES_IN', 'plain'],
    ['SESSION_COOKIE_NAME', 'plain'],
    ['STRIPE_PUBLISHABLE_KEY', 'plain'],
    ['NEXT_PUBLIC_API_KEY', 'plain'],
    ['TOKEN_URL', 'plain'],
    ['CACHE_KEY', 'plain'],
    ['AWS_ACCESS_KEY_ID', 'plain'],
    ['MAX_TOKENS', 'plain'],
  ])('%s is %s', (name, expected) => {
    expect(sensitivityOf(name)).toBe(expected);
  });

  it.each(['NODE_ENV', 'VERCEL_URL', 'CI', 'npm_package_version', 'https_proxy', 'K_SERVICE'])(
    '%s is set by the platform',
    (name) => {
      expect(setByPlatform(name)).toBe(true);
    },
  );

  it.each(['PORTAL_URL', 'CIPHER_KEY', 'NXT_KEY', 'RENDERER_URL'])('%s is not', (name) => {
    expect(setByPlatform(name)).toBe(false);
  });
});
