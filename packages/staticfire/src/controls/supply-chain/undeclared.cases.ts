import { express, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { undeclared } from './undeclared.ts';

const server = (head: string, body = ''): string =>
  `import express from 'express';\n${head}const app = express();\n${body}app.listen(3000);\n`;
const lock = (...names: readonly string[]): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { express: '^5.1.0' } },
      ...Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: '1.0.0' }])),
    },
  });
const member = (files: Readonly<Record<string, string>>, root: Readonly<Record<string, unknown>>) => ({
  'package.json': JSON.stringify({ name: 'shop', private: true, ...root }),
  'apps/api/package.json': JSON.stringify({
    name: 'api',
    private: true,
    scripts: { start: 'node src/main.ts' },
    dependencies: { express: '^5.1.0' },
  }),
  ...files,
});
const image = 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nCMD ["node", "dist/server.js"]\n';

export default defineCases(undeclared, [
  {
    name: 'a package that another one brings',
    show: 'bad',
    files: express({
      'src/server.ts': server(
        "import { parse } from 'qs';\n",
        "app.get('/', (req, res) => res.json(parse(req.url)));\n",
      ),
      'package-lock.json': lock('express', 'qs'),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:2 undeclared'] },
  },
  {
    name: 'every import is declared',
    show: 'good',
    files: express(
      { 'src/server.ts': server("import { parse } from 'qs';\n", 'console.log(parse);\n') },
      { dependencies: { express: '^5.1.0', qs: '^6.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'without a lockfile to ask',
    files: express({ 'src/server.ts': server("import 'reflect-metadata';\n") }),
    expect: { verdict: 'fail', findings: ['src/server.ts:2 undeclared'] },
  },
  {
    name: 'declared above, outside any workspace',
    files: member(
      {
        'apps/api/src/main.ts':
          "import express from 'express';\nimport pino from 'pino';\nexpress().listen(pino().level);\n",
      },
      { dependencies: { pino: '^10.0.0' } },
    ),
    expect: { verdict: 'fail', findings: ['apps/api/src/main.ts:2 above'] },
  },
  {
    name: 'declared at the root of its workspace',
    near: true,
    files: member(
      {
        'apps/api/src/main.ts':
          "import express from 'express';\nimport pino from 'pino';\nexpress().listen(pino().level);\n",
      },
      { workspaces: ['apps/*'], dependencies: { pino: '^10.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a development dependency that the image leaves out',
    files: express(
      { 'src/server.ts': server("import morgan from 'morgan';\n", "app.use(morgan('tiny'));\n"), Dockerfile: image },
      { devDependencies: { morgan: '^1.0.0', typescript: '^5.0.0' } },
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:2 development'] },
  },
  {
    name: 'a development dependency that is built into one file, or where nothing leaves it out',
    near: true,
    files: express(
      { 'src/server.ts': server("import morgan from 'morgan';\n", "app.use(morgan('tiny'));\n"), Dockerfile: image },
      {
        scripts: { build: 'esbuild src/server.ts --bundle --outdir=dist', start: 'node dist/server.js' },
        devDependencies: { morgan: '^1.0.0' },
      },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'types alone, modules of Node.js, virtual modules, aliases and addresses',
    near: true,
    files: express(
      {
        'src/server.ts': server(
          "import type { ParsedQs } from 'qs';\nimport { Handler } from 'aws-lambda';\nimport { Request } from 'superagent';\nimport { readFileSync } from 'node:fs';\nimport path from 'path';\nimport virtual from 'virtual:config';\nimport { env } from '#env';\nimport { db } from '@/db';\nimport { button } from '@lib/button';\nimport { server } from 'shop/server';\nimport std from 'https://example.org/mod.ts';\nimport chalk from 'npm:chalk';\n",
          'const handler: Handler | Request = [readFileSync, path, virtual, env, db, button, server, std, chalk];\n',
        ),
        'src/db.ts': 'export const db = 1;\n',
        'src/lib/button.ts': 'export const button = 1;\n',
        'tsconfig.json': JSON.stringify({
          compilerOptions: { rootDir: 'src', outDir: 'dist', baseUrl: '.', paths: { '@/*': ['./src/*'] } },
        }),
      },
      { imports: { '#env': './src/db.ts' }, devDependencies: { '@types/aws-lambda': '^8.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a module that the lockfile does not know is made up by the build',
    near: true,
    files: express({
      'src/server.ts': server("import { routes } from 'generated-routes';\n", 'console.log(routes);\n'),
      'package-lock.json': lock('express'),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a dead file imports it',
    near: true,
    files: express({ 'src/old.ts': "import { parse } from 'qs';\nconsole.log(parse);\n" }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no packages at all',
    files: node({}),
    expect: { verdict: 'not-applicable' },
  },
]);
