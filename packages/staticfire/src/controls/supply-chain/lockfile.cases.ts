import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { lockfile } from './lockfile.ts';

const declared = { dependencies: { express: '^5.1.0' }, devDependencies: { typescript: '^5.9.0' } };
const npmLock = (dependencies: Readonly<Record<string, string>>): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies }, 'node_modules/express': {} } });
const lock = npmLock({ express: '^5.1.0', typescript: '^5.9.0' });
const pnpmLock =
  "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      express:\n        specifier: ^5.1.0\n        version: 5.1.0\n    devDependencies:\n      typescript:\n        specifier: ^5.9.0\n        version: 5.9.2\n\npackages:\n\n  express@5.1.0:\n    resolution: {}\n";
const ci = (install: string): string =>
  `on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${install}\n      - run: npm run build\n`;

export default defineCases(lockfile, [
  {
    name: 'npm, with a frozen install in pipeline and image',
    show: 'good',
    files: express(
      {
        'package-lock.json': lock,
        '.github/workflows/ci.yml': ci('npm ci'),
        Dockerfile:
          'FROM node:24\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "dist/server.js"]\n',
      },
      declared,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'pnpm freezes in a pipeline by itself',
    near: true,
    files: express({ 'pnpm-lock.yaml': pnpmLock, '.github/workflows/ci.yml': ci('pnpm install') }, declared),
    expect: { verdict: 'pass' },
  },
  {
    name: 'yarn',
    files: express(
      {
        'yarn.lock':
          '# yarn lockfile v1\n\n\nexpress@^5.1.0:\n  version "5.1.0"\n\ntypescript@^5.9.0:\n  version "5.9.2"\n',
      },
      declared,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a member of a workspace is locked by its root',
    near: true,
    files: {
      'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['apps/*'] }),
      'package-lock.json': JSON.stringify({
        lockfileVersion: 3,
        packages: { '': {}, 'apps/a': { dependencies: { express: '^5.1.0' } } },
      }),
      'apps/a/package.json': JSON.stringify({
        name: 'a',
        dependencies: { express: '^5.1.0' },
        scripts: { start: 'node main.ts' },
      }),
      'apps/a/main.ts': "import express from 'express';\nexpress().listen(3000);\n",
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'no lockfile',
    show: 'bad',
    files: express({}, declared),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'git ignores it',
    files: express({ '.gitignore': 'node_modules\npackage-lock.json\n', 'package-lock.json': lock }, declared),
    untracked: ['package-lock.json'],
    expect: { verdict: 'fail', findings: ['.gitignore:2 ignored'] },
  },
  {
    name: 'nobody committed it',
    files: express({ 'package-lock.json': lock }, declared),
    untracked: ['package-lock.json'],
    expect: { verdict: 'fail', findings: ['package-lock.json:1 untracked'] },
  },
  {
    name: 'two package managers',
    files: express({ 'package-lock.json': lock, 'pnpm-lock.yaml': pnpmLock }, declared),
    expect: { verdict: 'fail', findings: ['package-lock.json:1 several'] },
  },
  {
    name: 'a dependency was added by hand',
    files: express({ 'package-lock.json': npmLock({ typescript: '^5.9.0' }) }, declared),
    expect: { verdict: 'fail', findings: ['package-lock.json:1 stale'] },
  },
  {
    name: 'the pipeline installs with npm install',
    files: express({ 'package-lock.json': lock, '.github/workflows/ci.yml': ci('npm install') }, declared),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:6 pipeline-not-frozen'] },
  },
  {
    name: 'the image installs from package.json alone',
    files: express(
      {
        'package-lock.json': lock,
        Dockerfile: 'FROM node:24\nCOPY package.json ./\nRUN npm install\nCOPY . .\nCMD ["node", "dist/server.js"]\n',
      },
      declared,
    ),
    expect: { verdict: 'fail', findings: ['Dockerfile:3 image-unlocked'] },
  },
  {
    name: 'the image obeys the lockfile it copies and writes none',
    near: true,
    files: express(
      {
        'yarn.lock':
          '# yarn lockfile v1\n\nexpress@^5.1.0:\n  version "5.1.0"\n\ntypescript@^5.9.0:\n  version "5.9.3"\n',
        Dockerfile:
          'FROM node:24\nCOPY package.json yarn.lock ./\nRUN yarn install --pure-lockfile\nCOPY . .\nCMD ["node", "dist/server.js"]\n',
      },
      {},
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the image installs with npm install',
    files: express(
      {
        'package-lock.json': lock,
        Dockerfile: 'FROM node:24\nCOPY . .\nRUN npm install --omit=dev\nCMD ["node", "dist/server.js"]\n',
      },
      declared,
    ),
    expect: { verdict: 'fail', findings: ['Dockerfile:3 image-not-frozen'] },
  },
  {
    name: 'pnpm in an image that says it is a pipeline',
    near: true,
    files: express(
      {
        'pnpm-lock.yaml':
          "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      express:\n        specifier: ^5.1.0\n        version: 5.1.0\n",
        Dockerfile:
          'FROM node:24 AS build\nENV CI=true\nCOPY . .\nFROM build\nRUN pnpm i\nCMD ["node", "dist/server.js"]\n',
      },
      { dependencies: { express: '^5.1.0' }, devDependencies: {} },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a tool installed for the image alone',
    near: true,
    files: express(
      {
        'package-lock.json': lock,
        Dockerfile:
          'FROM node:24\nRUN npm install -g pm2@6\nCOPY . .\nRUN npm ci\nCMD ["pm2-runtime", "dist/server.js"]\n',
      },
      declared,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'nothing to install',
    files: express(
      { 'src/server.ts': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n" },
      { dependencies: {}, devDependencies: {} },
    ),
    expect: { verdict: 'not-applicable' },
  },
]);
