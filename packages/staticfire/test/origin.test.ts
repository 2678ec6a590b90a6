import { describe, expect, it } from 'vitest';
import type { Origin } from '../src/code/model.ts';
import { walkFile } from '../src/code/walk.ts';
import { linked as model } from './linked.ts';

/** What the argument of the first call of `probe(…)` in main.ts stands for. */
function probe(files: Readonly<Record<string, string>>): Origin {
  const linked = model(files);
  const found: Origin[] = [];
  const { summary } = linked.get('main.ts') ?? {};
  if (!summary) throw new Error('main.ts is missing');
  walkFile(summary, (expr, fn) => {
    if (expr.k === 'call' && expr.callee.k === 'ref' && expr.callee.path === 'probe' && expr.args[0]) {
      found.push(linked.origin('main.ts', fn, expr.args[0]));
    }
  });
  const [first] = found;
  if (!first) throw new Error('main.ts has no probe');
  return first;
}

const inPackage = (name: string, of: string, more: object = {}) => ({ kind: 'package', package: of, name, ...more });

describe('what a name stands for', () => {
  it.each([
    [
      'a named import',
      { 'main.ts': "import { Pool } from 'pg'; probe(Pool);" },
      inPackage('Pool', 'pg', { instance: false, called: false }),
    ],
    ['a member of a default import', { 'main.ts': "import pg from 'pg'; probe(pg.Pool);" }, inPackage('Pool', 'pg')],
    [
      'a member of a namespace',
      { 'main.ts': "import * as Sentry from '@sentry/node'; probe(Sentry.init);" },
      inPackage('init', '@sentry/node'),
    ],
    [
      'a require',
      { 'main.ts': "const express = require('express'); probe(express());" },
      inPackage('default', 'express', { called: true }),
    ],
    [
      'a destructured require',
      { 'main.ts': "const { Pool } = require('pg'); probe(new Pool());" },
      inPackage('Pool', 'pg', { instance: true }),
    ],
    [
      'a method of an instance',
      { 'main.ts': "import { Pool } from 'pg'; const pool = new Pool(); probe(pool.on);" },
      inPackage('Pool', 'pg', { instance: true, member: 'on' }),
    ],
    [
      'an instance from another file',
      {
        'main.ts': "import { pool } from './db'; probe(pool.end);",
        'db.ts': "import { Pool } from 'pg'; export const pool = new Pool();",
      },
      inPackage('Pool', 'pg', { instance: true, member: 'end' }),
    ],
    [
      'a re-export under another name',
      {
        'main.ts': "import { database } from './index'; probe(database);",
        'index.ts': "export { pool as database } from './db';",
        'db.ts': "import { Pool } from 'pg'; export const pool = new Pool();",
      },
      inPackage('Pool', 'pg', { instance: true }),
    ],
    [
      'a star re-export',
      {
        'main.ts': "import { pool } from './index'; probe(pool);",
        'index.ts': "export * from './db';",
        'db.ts': "import { Pool } from 'pg'; export const pool = new Pool();",
      },
      inPackage('Pool', 'pg', { instance: true }),
    ],
    [
      'what a factory returns',
      {
        'main.ts': "import { make } from './log'; const log = make(); probe(log.info);",
        'log.ts': "import pino from 'pino'; export function make() { const l = pino({}); return l; }",
      },
      inPackage('default', 'pino', { called: true, member: 'info' }),
    ],
    [
      'a variable set later',
      {
        'main.ts':
          "import { Pool } from 'pg'; let pool; function start() { pool = new Pool(); } function use() { probe(pool); }",
      },
      inPackage('Pool', 'pg', { instance: true }),
    ],
    [
      'a global kept over reloads',
      {
        'main.ts':
          "import { PrismaClient } from '@prisma/client'; const g = globalThis as any; export const db = g.db ?? new PrismaClient(); probe(db);",
      },
      inPackage('PrismaClient', '@prisma/client', { instance: true }),
    ],
    [
      'a field of a class',
      {
        'main.ts':
          "import { Pool } from 'pg'; class Db { private pool = new Pool(); run() { probe(this.pool.query); } }",
      },
      inPackage('Pool', 'pg', { instance: true, member: 'query' }),
    ],
    [
      'a field set in the constructor',
      {
        'main.ts':
          "import { Pool } from 'pg'; class Db { pool; constructor() { this.pool = new Pool(); } run() { probe(this.pool); } }",
      },
      inPackage('Pool', 'pg', { instance: true }),
    ],
    [
      'an injected class',
      {
        'main.ts':
          "import { Store } from './store'; class Api { constructor(private readonly store: Store) {} run() { probe(this.store.save); } }",
        'store.ts': 'export class Store { save() {} }',
      },
      { kind: 'function', file: 'store.ts' },
    ],
    [
      'an awaited dynamic import',
      { 'main.ts': "async function f() { const { Pool } = await import('pg'); probe(Pool); }" },
      inPackage('Pool', 'pg'),
    ],
    [
      'a member of an object',
      {
        'main.ts': "import { helpers } from './h'; probe(helpers.db.open);",
        'h.ts': 'function open() {} export const helpers = { db: { open } };',
      },
      { kind: 'function', file: 'h.ts' },
    ],
    [
      'module.exports of an object',
      {
        'main.ts': "const { open } = require('./h'); probe(open);",
        'h.ts': 'function open() {} module.exports = { open };',
      },
      { kind: 'function', file: 'h.ts' },
    ],
    ['a global', { 'main.ts': 'probe(process.env.PORT);' }, { kind: 'global', name: 'process', member: 'env.PORT' }],
    [
      'a parameter',
      { 'main.ts': 'const f = (a, { req }) => probe(req.headers.host);' },
      { kind: 'param', index: 1, member: 'req.headers.host' },
    ],
    [
      'a builtin',
      { 'main.ts': "import { createServer } from 'node:http'; probe(createServer());" },
      { kind: 'builtin', package: 'http', name: 'createServer', called: true },
    ],
    [
      'imports in a circle',
      {
        'main.ts': "import { a } from './a'; probe(a);",
        'a.ts': "export { a } from './b';",
        'b.ts': "export { a } from './a';",
      },
      { kind: 'unknown' },
    ],
    [
      'a name that shadows an import',
      {
        'main.ts': "import { pool } from './db'; function f(pool) { probe(pool); }",
        'db.ts': 'export const pool = 1;',
      },
      { kind: 'param' },
    ],
  ])('%s', (_, files, expected) => {
    expect(probe(files as unknown as Readonly<Record<string, string>>)).toMatchObject(expected);
  });
});

describe('literals', () => {
  it.each([
    ["const a = 'x'; probe(a + '-y');", 'x-y'],
    ["import { port } from './c'; probe(`http://h:${port}/p`);", 'http://h:80/p'],
    ["import { c } from './c'; probe(c.name);", 'shop'],
    ['probe(60 * 1000);', 60_000],
    ['probe(process.env.A);', undefined],
  ])('%s', (text, expected) => {
    const linked = model({ 'main.ts': text, 'c.ts': "export const port = 80; export const c = { name: 'shop' };" });
    const values: unknown[] = [];
    const summary = linked.get('main.ts')?.summary;
    if (summary) {
      walkFile(summary, (expr, fn) => {
        if (expr.k === 'call' && expr.callee.k === 'ref' && expr.callee.path === 'probe' && expr.args[0])
          values.push(linked.literal('main.ts', fn, expr.args[0]));
      });
    }
    expect(values).toEqual([expected]);
  });
});

describe('the import graph', () => {
  it('leaves out what exists only for types', () => {
    const linked = model({
      'main.ts':
        "import type { A } from './a'; import { B } from './b'; import { c } from './c'; export const x: A & B = c;",
      'a.ts': 'export const a = 1; export interface A {}',
      'b.ts': 'export interface B {}',
      'c.ts': 'export const c = {} as never;',
    });
    expect(linked.importsOf('main.ts')).toEqual(['c.ts']);
    expect(linked.importersOf('c.ts')).toEqual(['main.ts']);
  });

  it('counts dynamic imports and require', () => {
    const linked = model({ 'main.ts': "require('./a'); const f = () => import('./b');", 'a.ts': '', 'b.ts': '' });
    expect(linked.importsOf('main.ts')).toEqual(['a.ts', 'b.ts']);
  });
});
