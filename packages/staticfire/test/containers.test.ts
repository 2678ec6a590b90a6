import { expect, test } from 'vitest';
import { containersCollector } from '../src/collectors/containers.ts';
import { readCompose } from '../src/collectors/containers/compose.ts';
import { readDockerfile } from '../src/collectors/containers/dockerfile.ts';
import { readPlatform } from '../src/collectors/containers/platforms.ts';
import { purposeOf } from '../src/collectors/containers/purpose.ts';
import { readWorkloads } from '../src/collectors/containers/workloads.ts';
import { words } from '../src/collectors/containers/words.ts';
import { effective } from '../src/facts/containers.ts';
import type { Workspace } from '../src/model/workspace.ts';

const parsed = (text: string) => {
  const found = readDockerfile('Dockerfile', text);
  if (!found) throw new Error('no FROM');
  return found;
};

test('stages, build arguments and what the last one inherits', () => {
  const file = parsed(
    'ARG TAG=22-alpine\nFROM node:${TAG} AS base\nWORKDIR /app\nUSER node\nCMD ["node", "a.js"]\nFROM base AS build\nRUN npm ci && \\\n  npm run build\nFROM base\nCOPY --from=build --chown=node:node /app/dist ./dist\nENTRYPOINT ["dumb-init", "--"]\n',
  );
  expect(file.stages.map((s) => [s.name, s.image, s.base])).toEqual([
    ['base', 'node:22-alpine', undefined],
    ['build', 'base', 0],
    [undefined, 'base', 0],
  ]);
  const end = effective(file);
  expect(end).toMatchObject({
    image: 'node:22-alpine',
    workdir: '/app',
    user: { name: 'node', at: { line: 4 } },
    entrypoint: { form: 'exec' },
    cmd: undefined,
  });
  expect(end?.copies).toEqual([
    {
      sources: ['/app/dist'],
      target: './dist',
      from: 'build',
      stage: 2,
      at: { file: 'Dockerfile', line: 10, endLine: 10 },
    },
  ]);
  expect(effective(file, 'base')?.cmd?.words).toEqual(['node', 'a.js']);
  expect(file.language).toBe('node');
});

test('the forms of CMD, broken JSON falling back to a shell', () => {
  const form = (line: string) => parsed(`FROM node:22\n${line}\n`).stages[0]?.cmd;
  expect(form('CMD ["node", "server.js"]')).toMatchObject({
    form: 'exec',
    words: ['node', 'server.js'],
  });
  expect(form('CMD node server.js')).toMatchObject({ form: 'shell', words: ['node', 'server.js'] });
  expect(form("CMD ['node', 'server.js']")).toMatchObject({ form: 'shell' });
  expect(form('CMD [ "sh", \\\n "-c", "a && b" ]')).toMatchObject({
    form: 'exec',
    words: ['sh', '-c', 'a && b'],
  });
});

test('the language of an image', () => {
  const language = (text: string) => parsed(text).language;
  expect(language('FROM python:3.13-slim\nCMD ["uvicorn", "app:app"]')).toBe('other');
  expect(language('FROM node:22 AS build\nRUN npm run build\nFROM nginx:1.27\n')).toBe('web-server');
  expect(language('FROM gcr.io/distroless/nodejs22-debian12\nCMD ["server.js"]')).toBe('node');
  expect(language('FROM debian:12\nRUN apt-get install -y nodejs\nCMD ["node", "x.js"]')).toBe('node');
  expect(language('FROM oven/bun:1\nCMD ["bun", "x.ts"]')).toBe('node');
});

test('compose services', () => {
  const found = readCompose(
    'deploy/docker-compose.yml',
    'x-base: &base\n  init: true\nservices:\n  api:\n    <<: *base\n    build: {context: .., dockerfile: api/Dockerfile, target: run}\n    command: npm run "start it"\n    environment:\n      - A=1\n      - B\n    user: ${UID:-1000}\n',
  );
  expect(found).toMatchObject([
    {
      name: 'api',
      init: true,
      build: { context: '.', dockerfile: 'api/Dockerfile', target: 'run' },
      command: { form: 'exec', words: ['npm', 'run', 'start it'], at: { line: 7 } },
      environment: [
        { name: 'A', line: 9 },
        { name: 'B', line: 10 },
      ],
      user: '1000',
      at: { line: 4 },
    },
  ]);
  expect(typeof readCompose('compose.yml', 'services: [a: {')).toBe('string');
});

test('platform files', () => {
  const one = (file: string, text: string) => readPlatform({ file, text });
  expect(one('Procfile', 'web: npm start\nworker: node worker.js\n')).toMatchObject([
    { name: 'web', command: { text: 'npm start' } },
    { name: 'worker', at: { line: 2 } },
  ]);
  expect(one('api/fly.toml', '[build]\ndockerfile = "Dockerfile.api"\n[processes]\napp = "node a.js"\n')).toMatchObject(
    [
      {
        name: 'app',
        dockerfile: 'api/Dockerfile.api',
        command: { words: ['node', 'a.js'], at: { line: 4 } },
      },
    ],
  );
  expect(one('railway.json', '{"deploy": {"startCommand": "node x.js"}}')).toMatchObject([
    { command: { text: 'node x.js' } },
  ]);
  expect(
    one(
      'render.yaml',
      'services:\n  - type: web\n    name: api\n    env: node\n    rootDir: api\n    startCommand: yarn start\n',
    ),
  ).toMatchObject([{ dir: 'api', command: { text: 'yarn start', at: { line: 6 } } }]);
  expect(one('vercel.json', '{}')).toMatchObject([{ serverless: true }]);
  expect(() => one('render.yaml', 'a: [')).toThrow(/Flow sequence|flow collection/i);
});

test('kubernetes workloads', () => {
  const text =
    'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      securityContext: {runAsNonRoot: true}\n      containers:\n        - name: api\n          image: x/api:1\n          command: [node, a.js]\n';
  expect(readWorkloads('k8s/a.yaml', text)).toMatchObject([
    {
      kind: 'Deployment',
      name: 'api',
      nonRoot: true,
      command: { words: ['node', 'a.js'] },
      at: { line: 8 },
    },
  ]);
  expect(readWorkloads('k8s/b.yaml', text.replace('x/api:1', '{{ .Values.image }}'))).toMatchObject([
    { template: true },
  ]);
  expect(readWorkloads('k8s/c.yaml', 'kind: Service\n')).toEqual([]);
});

test('what a file is for', () => {
  expect(
    [
      'Dockerfile',
      'docker/Dockerfile.prod',
      'Dockerfile.dev',
      '.devcontainer/Dockerfile',
      'a/Dockerfile.old',
      'docker-compose.test.yml',
      'cypress/docker-compose.yml',
    ].map(purposeOf),
  ).toEqual(['production', 'production', 'development', 'development', 'stale', 'test', 'test']);
});

test('words of a command line', () => {
  expect(words("sh -c \"node 'a b'.js && x\" --y='1 2' a\\ b")).toEqual([
    'sh',
    '-c',
    "node 'a b'.js && x",
    '--y=1 2',
    'a b',
  ]);
});

test('what cannot be read stops nothing else', async () => {
  const files: Record<string, string> = {
    Dockerfile: '\u0000\u0001 not one',
    'a/Dockerfile': 'FROM node:22\nCMD ["node", "x.js"]\n',
    'compose.yml': 'a: *nothing\nservices: [',
    'docker-compose.yml': 'services:\n  a: &a [x]\n  b: *missing\n',
    'render.yaml': '{',
    'vercel.json': '{',
  };
  const paths = Object.keys(files).sort();
  const workspace: Workspace = {
    root: '/x',
    git: undefined,
    files: paths.map((path) => ({ path, size: 1, mtime: 0, tracked: true })),
    above: [],
    ignoredFiles: [],
    unread: [],
    has: (path) => path in files,
    read: (path) => files[path],
    ignored: () => false,
    match: (pattern) => paths.filter((path) => pattern.test(path)),
  };
  const found = await containersCollector.collect({
    workspace,
    facts: {},
    signal: new AbortController().signal,
    cacheDir: undefined,
    version: 'test',
    progress: () => {},
  });
  if (found.status !== 'known') throw new Error(found.reason);
  expect(found.value.broken.map((one) => one.file)).toEqual([
    'compose.yml',
    'docker-compose.yml',
    'render.yaml',
    'Dockerfile',
  ]);
  expect(found.value.dockerfiles.map((one) => one.file)).toEqual(['a/Dockerfile']);
});
