import { describe, expect, it } from 'vitest';
import { summarise } from '../src/code/summarise/summarise.ts';
import { columnOf, lineOf } from '../src/code/summary.ts';
import { walkFile } from '../src/code/walk.ts';

const read = (text: string, path = 'a.ts') => summarise(path, text);

describe('imports and exports', () => {
  it('reads every form of import', () => {
    const { imports } = read(
      "import a, { b as c, type T } from 'x';\nimport * as n from 'y';\nimport 'z';\nimport type { U } from 't';\nconst r = require('r');\nconst d = () => import('d');\nimport e = require('e');\nexport { f } from 'f';\nexport * from 'g';",
    );
    expect(imports.map((i) => [i.from, i.kind, i.typeOnly])).toEqual([
      ['x', 'static', false],
      ['y', 'static', false],
      ['z', 'static', false],
      ['t', 'static', true],
      ['r', 'require', false],
      ['d', 'dynamic', false],
      ['e', 'require', false],
      ['f', 'static', false],
      ['g', 'static', false],
    ]);
    expect(imports[0]?.names).toEqual([
      { imported: 'default', local: 'a' },
      { imported: 'b', local: 'c' },
      { imported: 'T', local: 'T', typeOnly: true },
    ]);
  });

  it('reads every form of export', () => {
    const { exports } = read(
      "export const a = 1, { b, c: [d] } = o;\nexport function f() {}\nexport class G {}\nexport interface I {}\nexport default async () => {};\nexport { x as y } from 'z';\nexport * as ns from 'w';\nmodule.exports.k = 1;\nexports.l = f;",
    );
    expect(exports.map((e) => `${e.name}${e.typeOnly ? ':type' : ''}`)).toEqual([
      'a',
      'b',
      'd',
      'f',
      'G',
      'I:type',
      'default',
      'y',
      'ns',
      'k',
      'l',
    ]);
  });

  it('reads module.exports of an object', () => {
    expect(read('function a() {}\nmodule.exports = { a, b: 1 };').exports.map((e) => e.name)).toEqual([
      'default',
      'a',
      'b',
    ]);
  });
});

describe('functions', () => {
  it('names them by what they are bound to and knows what encloses them', () => {
    const { functions } = read(
      'const outer = () => { function inner() {} return { key: async () => {} }; };\nclass C { method() {} static s = () => 1; }',
    );
    expect(functions.map((f) => [f.name, f.parent, f.async])).toEqual([
      ['', -1, true],
      ['outer', 0, false],
      ['inner', 1, false],
      ['key', 1, true],
      ['method', 0, false],
      ['s', 0, false],
    ]);
    expect(functions[4]?.owner).toBe(0);
  });

  it('keeps annotations and decorators of parameters', () => {
    const { classes, functions } = read(
      "@Controller('items')\nclass Items {\n  constructor(private readonly store: Store) {}\n  @Get(':id')\n  one(@Param('id') id: string) {}\n}",
    );
    const [items] = classes;
    expect(items?.decorators[0]).toMatchObject({
      k: 'call',
      callee: { k: 'ref', path: 'Controller' },
      args: [{ k: 'str', v: 'items' }],
    });
    expect(functions[1]?.params[0]).toMatchObject({ type: 'Store', property: true });
    expect(items?.members[1]?.decorators).toHaveLength(1);
    expect(functions[2]?.params[0]).toMatchObject({ type: 'string', decorators: [{ k: 'call' }] });
  });

  it('reads directives of modules and functions', () => {
    const summary = read("'use client';\nasync function act() { 'use server'; await save(); }");
    expect(summary.directives).toEqual(['use client']);
    expect(summary.functions[1]?.directives).toEqual(['use server']);
  });
});

describe('expressions and statements', () => {
  it('folds static member chains and drops types', () => {
    const paths: string[] = [];
    walkFile(read("(process.env as any)!['JWT_SECRET']; a?.b.c; x[y]; (import.meta as any).env.X;"), (expr) => {
      if (expr.k === 'ref') paths.push(expr.path);
    });
    expect(paths).toEqual(['process.env.JWT_SECRET', 'a.b.c', 'x', 'y', 'import.meta.env.X']);
  });

  it('keeps the structure of guards', () => {
    const [, fn] = read(
      'function guard(req) {\n  if (KEY && req.key !== KEY) return deny(401);\n  try { open(); } catch (e) { throw e; } finally { close(); }\n}',
    ).functions;
    expect(fn?.body).toMatchObject([
      { k: 'if', test: { k: 'bin', op: '&&' }, then: [{ k: 'return' }] },
      { k: 'try', block: [{ k: 'expr' }], handler: [{ k: 'throw' }], finally: [{ k: 'expr' }] },
    ]);
  });

  it('points at lines and columns from 1', () => {
    const calls: [number, number][] = [];
    walkFile(read('const a = 1;\n\n  app.use(b);\n'), (expr) => {
      if (expr.k === 'call') calls.push([lineOf(expr.at), columnOf(expr.at)]);
    });
    expect(calls).toEqual([[3, 7]]);
  });

  it('reads JSX with its expressions', () => {
    const summary = read(
      "export const A = () => <div className='x' onClick={() => go()}>{name}<B {...rest} /></div>;",
      'a.tsx',
    );
    expect(summary.jsx).toBe(true);
    expect(summary.functions).toHaveLength(3);
  });
});

describe('what cannot be read well', () => {
  it('says syntax errors and keeps what was parsed', () => {
    const summary = read("import 'a';\nconst x = ;\n");
    expect(summary.errors.length).toBeGreaterThan(0);
  });

  it('marks generated files by their head only', () => {
    expect(read('// This file was automatically generated. DO NOT EDIT.\nexport {};').generated).toBe(true);
    expect(read("const notice = 'do not edit';\n").generated).toBe(false);
  });

  it('survives very deep nesting of calls', () => {
    const depth = 400;
    const summary = read(`${'f('.repeat(depth)}1${')'.repeat(depth)};`);
    expect(summary.functions).toHaveLength(1);
  });
});
