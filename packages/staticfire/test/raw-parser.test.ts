import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { summarise } from '../src/code/summarise/summarise.ts';
import { openRawParser } from '../src/code/syntax/raw.ts';

const raw = await openRawParser();
const home = fileURLToPath(new URL('..', import.meta.url));
const own = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(home, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(home, folder, path)),
);

const texts: readonly (readonly [path: string, text: string])[] = [
  ['empty.ts', ''],
  [
    'words.ts',
    "const ä = 'größer 🎉'; export const b = `x ${ä} ✓`; // …\nexport const c = /ü+/giu.test(ä), d = 12n, e = 0x1f;",
  ],
  [
    'escapes.ts',
    String.raw`export const a = 'tab\t\u00e4\x41\
on', b = "\u{1F389}", \u0061b = '\ud800';`,
  ],
  ['view.tsx', 'export default () => <><A b="c &amp; d" {...e} f={g => <h.i j />}>text {/* none */}{k}</A></>;'],
  [
    'old.cjs',
    "#!/usr/bin/env node\n'use strict';\nconst a = require('a');\nmodule.exports = { b: a?.c?.(1), 'd-e': class extends a.F {} };",
  ],
  [
    'nest.ts',
    "@Module({ imports: [A] })\nexport class B<T> extends C<T> implements D, E {\n  @In() private readonly f?: Map<string, T> = new Map();\n  static #g = 1;\n  static { this.#g += 1; }\n  constructor(@At('h') private i: J, public k = 2, ...l: M[]) { super(); }\n  @Get(':id') async *n(@P() { o, p: [q = 3] }: R): AsyncGenerator<S> { yield* o; }\n  get s(): string { return '' }\n  abstract t(): void;\n}",
  ],
  [
    'types.ts',
    "import type { A } from 'a';\nimport { type B, C as D } from 'b';\nimport E = require('e');\nexport type F<T> = T extends (infer U)[] ? U : never;\nexport interface G extends A { (h: string): void; readonly [i: string]: unknown }\nexport enum H { X, Y = 'y', 'z-z' = 1 << 2 }\nexport namespace I { export const j = 1 }\ndeclare global { interface Window { k: 1 } }\nexport = E;\nconst l = <const>['a'] satisfies readonly string[] as unknown as B[];\nfunction m(this: D, n?: number): asserts n is number {}\nabstract class O { declare p: string; accessor q = 1 }",
  ],
  [
    'flow.js',
    "label: for (const [a, { b, ...c }] of d) { if (a) continue label; else break }\nfor (let i = 0, j; i < 1; i++, j--) ;\nfor (const k in l) do { m() } while (n);\ntry { o() } catch { p() } finally { q() }\nswitch (r) { case 1: s(); default: t() }\nexport const u = async () => { await import('./v'); for await (const w of x) y`z${w}`; throw new Error(w ?? 'none', { cause: w }) };\n({ a: aa, [b1]: bb = 2 } = cc); delete dd.ee; void 0; ff ||= gg, hh **= -ii; new.target; import.meta.url;",
  ],
  ['broken.ts', 'export const a = 1;\nexport function b( {\n'],
  ['worse.ts', '}}} <<< @@ `${'],
];

describe.skipIf(raw === undefined)('the two ways to the syntax tree', () => {
  it.each(texts)('give one summary of %s', (path, text) => {
    expect(summarise(path, text, raw)).toEqual(summarise(path, text));
  });

  it('give one summary of every file of this package', () => {
    const differing = own.filter((path) => {
      const text = readFileSync(path, 'utf8');
      return JSON.stringify(summarise(path, text, raw)) !== JSON.stringify(summarise(path, text));
    });
    expect(differing).toEqual([]);
  });
});
