import { describe, expect, it } from 'vitest';
import { express, fastify, next, node } from '../src/testing/bases.ts';
import { discovered, type Discovered } from './discovered.ts';

const main = (text: string): string =>
  `import { createServer } from 'node:http';\n${text}\ncreateServer(() => {}).listen(3000);\n`;

const inUse = ({ code, live }: Discovered, file: string, name: string): boolean => {
  const fn = code.get(file)?.summary.functions.findIndex((one) => one.name === name) ?? -1;
  if (fn < 0) throw new Error(`no function ${name}`);
  return live().hasFunction(file, fn);
};

describe('modules', () => {
  it('what the entry imports is live, types and tests are not', async () => {
    const { live, reach } = await discovered(
      node({
        'src/main.ts': main("import { a } from './a.ts';\nimport type { T } from './types.ts';\na({} as T);"),
        'src/a.ts': "export const a = (x: unknown) => import('./lazy.ts').then(() => x);\n",
        'src/lazy.ts': 'export {};\n',
        'src/types.ts': 'export interface T {}\n',
        'src/dead.ts': 'export {};\n',
        'src/a.test.ts':
          "import { a } from './a.ts';\nimport { make } from '../test/helpers.ts';\nimport './dead.ts';\na(make);\n",
        'test/helpers.ts': 'export const make = 1;\n',
      }),
    );
    expect(live().files).toEqual(['src/a.ts', 'src/lazy.ts', 'src/main.ts']);
    expect(live().pathTo('src/lazy.ts')).toEqual(['src/main.ts', 'src/a.ts', 'src/lazy.ts']);
    expect(live().pathTo('src/dead.ts')).toEqual([]);
    expect(['src/dead.ts', 'src/types.ts', 'src/a.test.ts', 'test/helpers.ts'].map(reach.roleOf)).toEqual([
      'unreached',
      'unreached',
      'test',
      'test',
    ]);
    expect(reach.counts).toEqual({ live: 3, client: 0, test: 2, unreached: 2 });
    expect(reach.nearestLive('src/dead.ts')).toBe('src/main.ts');
  });

  it('a client module ends the server, a server action behind it is the server’s', async () => {
    const { live, reach } = await discovered(
      next({
        'src/app/page.tsx': "import { Form } from './form';\nexport default () => <Form />;\n",
        'src/app/form.tsx':
          "'use client';\nimport { save } from './actions';\nimport { cls } from './cls';\nexport const Form = () => <form action={save} className={cls()} />;\n",
        'src/app/actions.ts':
          "'use server';\nimport { db } from '../db';\nexport async function save() { return db(); }\nexport async function drop() {}\n",
        'src/app/cls.ts': "export const cls = () => '';\n",
        'src/db.ts': 'export const db = () => 1;\n',
      }),
    );
    expect(
      ['src/app/page.tsx', 'src/app/form.tsx', 'src/app/cls.ts', 'src/app/actions.ts', 'src/db.ts'].map(reach.roleOf),
    ).toEqual(['live', 'client', 'client', 'live', 'live']);
    expect(live().hasBinding('src/app/actions.ts', 'save')).toBe(true);
    expect(live().hasBinding('src/app/actions.ts', 'drop')).toBe(false);
    expect(live().pathTo('src/db.ts').at(-2)).toBe('src/app/actions.ts');
  });

  it.each([
    ['a computed import', 'const load = (name: string) => import(`./plugins/${name}.ts`);\nload("a");'],
    [
      'a folder of its own',
      "import autoload from '@fastify/autoload';\nimport { join } from 'node:path';\napp.register(autoload, { dir: join(import.meta.dirname, 'plugins') });",
    ],
    [
      'a glob',
      "import { globSync } from 'glob';\nfor (const file of globSync('src/plugins/*.ts')) await import(file);",
    ],
    [
      'a list of files',
      "import fs from 'node:fs';\nimport path from 'node:path';\nconst dir = path.join(import.meta.dirname, 'plugins');\nfor (const name of fs.readdirSync(dir)) await import(path.join(dir, name));",
    ],
    ['import.meta.glob', "import.meta.glob('./plugins/*.ts');"],
  ])('files that are loaded by %s', async (_, text) => {
    const { live } = await discovered(
      fastify({
        'src/server.ts': `import Fastify from 'fastify';\nconst app = Fastify();\n${text}\nawait app.listen({ port: 3000 });\n`,
        'src/plugins/a.ts': 'export default () => helper();\nconst helper = () => 1;\n',
        'src/other/b.ts': 'export {};\n',
      }),
    );
    expect(live().files).toEqual(['src/plugins/a.ts', 'src/server.ts']);
    expect(live().hasBinding('src/plugins/a.ts', 'helper')).toBe(true);
  });

  it.each([
    [
      'a worker thread',
      "import { Worker } from 'node:worker_threads';\nnew Worker(new URL('./heavy.ts', import.meta.url));",
    ],
    [
      'a fork',
      "import { fork } from 'node:child_process';\nimport { join } from 'node:path';\nfork(join(__dirname, 'heavy.js'));",
    ],
  ])('%s is started from the service', async (_, text) => {
    const { live } = await discovered(node({ 'src/main.ts': main(text), 'src/heavy.ts': 'export {};\n' }));
    expect(live().has('src/heavy.ts')).toBe(true);
  });

  it('a folder that is only served or read is not loaded', async () => {
    const { live } = await discovered(
      express({
        'src/server.ts':
          "import express from 'express';\nimport path from 'node:path';\nconst app = express();\napp.use(express.static(path.join(__dirname, 'public')));\napp.listen(3000);\n",
        'src/public/page.js': 'alert(1);\n',
      }),
    );
    expect(live().files).toEqual(['src/server.ts']);
  });

  it('what only components import belongs to browsers', async () => {
    const { reach } = await discovered(
      node({
        'src/main.ts': main(''),
        'web/App.vue':
          "<script setup lang=\"ts\">\nimport type { T } from './types';\nimport { money } from './money';\n</script>\n",
        'web/money.ts': 'export const money = 1;\n',
        'web/types.ts': 'export type T = 1;\n',
      }),
    );
    expect(['web/money.ts', 'web/types.ts'].map(reach.roleOf)).toEqual(['client', 'unreached']);
  });

  it('a second application beside the live one is dead', async () => {
    const { reach } = await discovered(
      express({
        'index.ts': "import express from 'express';\nimport './routes/old';\nexpress().listen(4000);\n",
        'routes/old.ts': 'export {};\n',
      }),
    );
    expect(['index.ts', 'routes/old.ts'].map(reach.roleOf)).toEqual(['unreached', 'unreached']);
  });
});

describe('symbols', () => {
  it('what is exported and never used is not in use, though its module is live', async () => {
    const found = await discovered(
      node({
        'src/main.ts': main("import { used } from './lib/index.ts';\nused();"),
        'src/lib/index.ts': "export * from './a.ts';\n",
        'src/lib/a.ts':
          'export const used = () => inner();\nfunction inner() {}\nexport function unused() { deeper(); }\nfunction deeper() {}\nexport const limiter = makeLimiter({ max: 1 });\nfunction makeLimiter(options: object) { return options; }\n',
      }),
    );
    const state = ['used', 'inner', 'unused', 'deeper', 'makeLimiter'].map((name) =>
      inUse(found, 'src/lib/a.ts', name),
    );
    expect(state).toEqual([true, true, false, false, true]);
    expect(['used', 'unused', 'limiter'].map((name) => found.live().hasBinding('src/lib/a.ts', name))).toEqual([
      true,
      false,
      false,
    ]);
    expect(found.live().hasBinding('src/lib/index.ts', 'used')).toBe(true);
  });

  it('methods wait for their name; decorated ones and those of a foreign base do not', async () => {
    const found = await discovered(
      node({
        'src/main.ts': main("import { Store } from './store.ts';\nnew Store().read();"),
        'src/store.ts':
          "import { Base } from 'somewhere';\nexport class Store {\n  constructor() { setup(); }\n  read() {}\n  purge() {}\n  @Cron('* * * * *') tick() {}\n}\nfunction setup() { new Heir(); }\nclass Heir extends Base {\n  validate() {}\n}\n",
      }),
    );
    const state = ['setup', 'read', 'purge', 'tick', 'validate'].map((name) => inUse(found, 'src/store.ts', name));
    expect(state).toEqual([true, true, false, true, true]);
  });

  it('functions of an object wait for their name until someone takes it whole', async () => {
    const files = (use: string): Readonly<Record<string, string>> =>
      node({
        'src/main.ts': main(`import { api } from './api.ts';\n${use}`),
        'src/api.ts': 'export const api = {\n  list() {},\n  async drop() {},\n};\n',
      });
    const part = await discovered(files('api.list();'));
    expect(['list', 'drop'].map((name) => inUse(part, 'src/api.ts', name))).toEqual([true, false]);
    for (const use of ['serve(api);', 'api[process.argv[2]]();', 'Object.values(api);']) {
      const whole = await discovered(files(use));
      expect(inUse(whole, 'src/api.ts', 'drop'), use).toBe(true);
    }
  });

  it.each([
    ['import * as a from "./a.ts";\na.one();', [true, false]],
    ['import * as a from "./a.ts";\nuse(a);', [true, true]],
    ['const { one } = await import("./a.ts");\none();', [true, false]],
    ['(await import("./a.ts")).one();', [true, false]],
    ['const a = await import("./a.ts");\na.one();', [true, false]],
    ['const { one } = require("./a.ts");\none();', [true, false]],
    ['const a = require("./a.ts");\na.one();', [true, false]],
  ])('%s', async (text, state) => {
    const found = await discovered(
      node({ 'src/main.ts': main(text), 'src/a.ts': 'export function one() {}\nexport function two() {}\n' }),
    );
    expect(['one', 'two'].map((name) => inUse(found, 'src/a.ts', name))).toEqual(state);
  });

  it('modules of CommonJS', async () => {
    const found = await discovered(
      node({
        'package.json': '{"name":"shop","private":true,"scripts":{"start":"node main.js"}}',
        'main.js': "const { open } = require('./lib');\nrequire('http').createServer(open).listen(1);\n",
        'lib.js': 'function open() {}\nfunction close() {}\nmodule.exports = { open, close };\n',
      }),
    );
    expect(['open', 'close'].map((name) => inUse(found, 'lib.js', name))).toEqual([true, false]);
  });

  it('a framework takes every export of what it loads by place', async () => {
    const found = await discovered(
      next({
        'src/app/api/items/route.ts':
          'export async function GET() { return list(); }\nfunction list() {}\nexport const POST = wrap(async () => save());\nconst wrap = (f: unknown) => f;\nfunction save() {}\nfunction idle() {}\n',
      }),
    );
    expect(['GET', 'list', 'save', 'idle'].map((name) => inUse(found, 'src/app/api/items/route.ts', name))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
