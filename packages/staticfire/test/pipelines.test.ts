import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pipelinesCollector } from '../src/collectors/pipelines.ts';
import { projectCollector } from '../src/collectors/project.ts';
import type { Pipelines } from '../src/facts/pipelines.ts';
import type { Project } from '../src/facts/project.ts';
import type { Collected } from '../src/model/fact.ts';
import { openWorkspace } from '../src/workspace/open.ts';

const scratch = mkdtempSync(join(tmpdir(), 'staticfire-pipelines-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let count = 0;

const value = <T>(collected: Collected<T>): T => {
  if (collected.status !== 'known') throw new Error(collected.reason);
  return collected.value;
};

async function read(files: Readonly<Record<string, string>>): Promise<Pipelines> {
  const root = join(scratch, String(count++));
  const all = { 'package.json': JSON.stringify(manifest), 'package-lock.json': '{"packages":{}}', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const workspace = openWorkspace(root);
  const context = {
    workspace,
    signal: new AbortController().signal,
    cacheDir: undefined,
    version: 'test',
    progress: () => {},
  };
  const project: Project = value(await projectCollector.collect({ ...context, facts: {} }));
  return value(await pipelinesCollector.collect({ ...context, facts: { project } }));
}

const manifest = {
  name: 'shop',
  scripts: { test: 'node --test', 'test:all': 'run-s test test:*', 'test:e2e': 'node --test e2e' },
};
const told = (found: Pipelines): readonly string[] =>
  found.checks
    .filter((check) => check.purposes[0] !== 'other')
    .map(
      (check) =>
        `${check.at.line}: ${check.command}${check.neutralised ? ' LOST' : ''}${check.when.push || check.when.pullRequest ? '' : ' IDLE'}`,
    );

describe('pipelines of other platforms', () => {
  it('reads Azure, whose shells go on after a failure', async () => {
    const found = await read({
      'azure-pipelines.yml':
        'trigger: [main]\nsteps:\n  - script: npm ci\n  - script: |\n      npm test\n      echo done\n  - task: Npm@1\n    inputs:\n      command: custom\n      customCommand: test\n',
    });
    expect(told(found)).toEqual(['3: npm ci', '5: node --test LOST', '7: node --test']);
  });

  it('reads Bitbucket', async () => {
    const found = await read({
      'bitbucket-pipelines.yml':
        'image: node:24\npipelines:\n  default:\n    - step:\n        script:\n          - npm ci\n          - npm test\n  custom:\n    nightly:\n      - step:\n          script:\n            - npm run test:e2e\n',
    });
    expect(told(found)).toEqual(['6: npm ci', '7: node --test', '12: node --test e2e IDLE']);
  });

  it('reads the shell lines of a Jenkinsfile', async () => {
    const found = await read({
      Jenkinsfile:
        "pipeline {\n  stages {\n    // sh 'npm run gone'\n    stage('t') { steps { sh 'npm ci'\n sh '''\n npm test || true\n''' } }\n  }\n}\n",
    });
    expect(told(found)).toEqual(['4: npm ci', '6: node --test LOST']);
  });

  it('reads Travis, Woodpecker and Drone', async () => {
    expect(told(await read({ '.travis.yml': 'language: node_js\nnode_js: 24\n' }))).toEqual(['1: node --test']);
    expect(
      told(
        await read({ '.woodpecker/ci.yml': 'steps:\n  test:\n    image: node:24\n    commands:\n      - npm test\n' }),
      ),
    ).toEqual(['5: node --test']);
    expect(
      told(await read({ '.drone.yml': 'kind: pipeline\nsteps:\n  - name: test\n    commands: [npm test]\n' })),
    ).toEqual(['4: node --test']);
  });

  it('follows extends, includes and templates of GitLab', async () => {
    const found = await read({
      '.gitlab-ci.yml':
        'include:\n  - local: /ci/base.yml\n  - template: Jobs/Dependency-Scanning.gitlab-ci.yml\ntest:\n  extends: .base\n  script: [npm test]\nnightly:\n  extends: .base\n  script: [npm run test:e2e]\n  rules:\n    - if: $CI_PIPELINE_SOURCE == "schedule"\n',
      'ci/base.yml': '.base:\n  before_script: [npm ci]\n',
    });
    expect(told(found)).toEqual([
      '6: npm ci',
      '6: node --test',
      '9: npm ci IDLE',
      '9: node --test e2e IDLE',
      '3: template:Jobs/Dependency-Scanning.gitlab-ci.yml LOST',
    ]);
  });
});

describe('scripts', () => {
  it('follows globs and ends on circles', async () => {
    const found = await read({
      '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    steps:\n      - run: npm run test:all\n',
    });
    expect(told(found)).toEqual(['5: node --test', '5: node --test e2e']);
  });

  it('follows Makefiles and shell scripts', async () => {
    const found = await read({
      '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    steps:\n      - run: make check\n      - run: ./ci.sh\n',
      Makefile: 'check: install\n\t-npm test\ninstall:\n\t@npm ci\n',
      'ci.sh': '#!/bin/bash\nnpm test\necho done\n',
    });
    expect(told(found)).toEqual(['5: npm ci', '5: node --test LOST', '6: node --test LOST']);
  });

  it('fills in a matrix', async () => {
    const found = await read({
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        kind: [test, "test:e2e"]\n    steps:\n      - run: npm run ${{ matrix.kind }}\n',
    });
    expect(told(found)).toEqual(['8: node --test', '8: node --test e2e']);
  });

  it('knows a later step that fails for one that may', async () => {
    const found = await read({
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  a:\n    steps:\n      - id: t\n        run: npm test\n        continue-on-error: true\n      - if: steps.t.outcome == \'failure\'\n        run: exit 1\n      - run: npm run test:e2e || echo "failed=1" >> $GITHUB_OUTPUT\n',
    });
    expect(told(found)).toEqual(['6: node --test', '10: node --test e2e']);
  });

  it('says nothing about scripts in a folder that it cannot know', async () => {
    const found = await read({
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  a:\n    steps:\n      - run: cd "$DIR" && npm run lint\n      - run: npm run lint\n        working-directory: ${{ env.WHERE }}\n',
    });
    expect(found.checks.filter((check) => check.obstacle)).toEqual([]);
  });
});

describe('bad input', () => {
  it.each([
    'on: [push\n',
    'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\non: push\njobs: *c\n',
    'on: push\njobs: &j\n  a: *j\n',
    'on: null\njobs: []\n',
    'on: push\njobs:\n  a: 1\n  b:\n    steps: x\n  c:\n    steps:\n      - 1\n      - run: [a]\n      - uses: ./gone\n  d:\n    uses: ./.github/workflows/ci.yml\n',
    '\u0000',
    '',
    'just words',
  ])('%j', async (text) => {
    const found = await read({
      '.github/workflows/ci.yml': text,
      '.gitlab-ci.yml': text,
      '.circleci/config.yml': text,
      'azure-pipelines.yml': text,
      'bitbucket-pipelines.yml': text,
      '.drone.yml': text,
      '.travis.yml': text,
    });
    expect(found.workflows.length + found.idle.length).toBeGreaterThan(0);
  });
});
