import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { pipeline } from './pipeline.ts';

const fields = {
  scripts: {
    lint: 'eslint .',
    typecheck: 'tsc --noEmit',
    test: 'vitest run',
    build: 'tsc',
    start: 'node dist/server.js',
    verify: 'npm run lint && npm run typecheck && npm test && npm run build',
  },
  dependencies: { express: '^5.1.0' },
  devDependencies: { eslint: '^9.30.0', typescript: '^5.9.0', vitest: '^4.0.0' },
};
const lock = {
  'package-lock.json': '{ "lockfileVersion": 3, "packages": { "": {}, "node_modules/eslint": {} } }\n',
  'eslint.config.js': 'export default [];\n',
};
const workflow = (on: string, ...steps: readonly string[]): string =>
  [
    'name: ci',
    `on: ${on}`,
    'jobs:',
    '  verify:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v5',
    '      - run: npm ci',
    ...steps.map((step) => `      - ${step}`),
    '',
  ].join('\n');
const complete = workflow(
  '[push, pull_request]',
  'run: npm run lint',
  'run: npm run typecheck',
  'run: npm test',
  'run: npm run build',
);
const service = (files: Readonly<Record<string, string>>, more: Readonly<Record<string, unknown>> = {}) =>
  express({ ...lock, ...files }, { ...fields, ...more });

export default defineCases(pipeline, [
  {
    name: 'a workflow runs all four on pull requests',
    show: 'good',
    files: service({ '.github/workflows/ci.yml': complete }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'one script runs all four',
    files: service({ '.github/workflows/ci.yaml': workflow('pull_request', 'run: npm run verify') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Depot runs all four',
    files: service({ '.depot/workflows/ci.yaml': complete }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the build is that of the manual',
    files: service(
      {
        '.github/workflows/ci.yml': workflow(
          '[push, pull_request]',
          'run: npm run lint',
          'run: npm test',
          'run: npx tsc --noEmit',
          'run: npm run docs:build',
        ),
      },
      { scripts: { ...fields.scripts, 'docs:build': 'vitepress build docs' } },
    ),
    expect: { verdict: 'fail', findings: ['- step-missing'] },
  },
  {
    name: 'GitLab runs all four',
    files: service({
      '.gitlab-ci.yml':
        'image: node:24\nverify:\n  script:\n    - npm ci\n    - npm run lint\n    - npm run typecheck\n    - npm test\n    - npm run build\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'CircleCI runs all four through a workflow',
    files: service({
      '.circleci/config.yml':
        'version: 2.1\njobs:\n  verify:\n    docker:\n      - image: cimg/node:24.1\n    steps:\n      - checkout\n      - run: npm ci\n      - run:\n          name: all\n          command: npm run verify\nworkflows:\n  main:\n    jobs:\n      - verify\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a reusable workflow and a composite action are followed',
    near: true,
    files: service({
      '.github/workflows/ci.yml':
        'on: [push]\njobs:\n  all:\n    uses: ./.github/workflows/checks.yml\n    with:\n      task: verify\n',
      '.github/workflows/checks.yml':
        'on:\n  workflow_call:\n    inputs:\n      task:\n        type: string\njobs:\n  run:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./.github/actions/setup\n      - run: npm run ${{ inputs.task }}\n',
      '.github/actions/setup/action.yml': 'runs:\n  using: composite\n  steps:\n    - run: npm ci\n      shell: bash\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'pnpm starts a task runner of the packages, whose filter is no filter of pnpm',
    near: true,
    files: {
      ...Object.fromEntries(Object.entries(service({})).map(([path, text]) => [`apps/shop/${path}`, text])),
      'package.json':
        '{ "name": "all", "private": true, "packageManager": "pnpm@10.0.0", "scripts": { "lint": "eslint ." }, "devDependencies": { "turbo": "^2.0.0", "eslint": "^9.30.0" } }\n',
      'pnpm-workspace.yaml': "packages:\n  - 'apps/*'\n",
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'eslint.config.js': 'export default [];\n',
      'turbo.json': '{ "tasks": { "build": {}, "test": {}, "typecheck": {}, "//#lint": {} } }\n',
      '.github/workflows/ci.yml': workflow(
        '[push]',
        'run: pnpm turbo lint',
        'run: pnpm turbo run test ${{ matrix.filter }}',
        'run: pnpm turbo build typecheck --filter=shop',
      ).replace('npm ci', 'pnpm install --frozen-lockfile'),
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a build by tsc checks types too',
    near: true,
    files: service({
      '.github/workflows/ci.yml': workflow('[push]', 'run: npm run lint', 'run: npm test', 'run: npm run build'),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no pipeline at all',
    show: 'bad',
    files: service({}),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'the workflow stands below the root of the repository',
    show: 'bad',
    files: { ...service({}), 'README.md': 'shop\n', 'apps/shop/.github/workflows/ci.yml': complete },
    expect: { verdict: 'fail', findings: ['apps/shop/.github/workflows/ci.yml:1 not-in-force'] },
  },
  {
    name: 'the audited folder lies below the git root and so does its workflow',
    below: 'shop',
    files: Object.fromEntries(
      Object.entries(service({ '.github/workflows/ci.yml': complete })).map(([path, text]) => [`shop/${path}`, text]),
    ),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:1 not-in-force'] },
  },
  {
    name: 'the audited folder lies below the git root and the workflow stands there',
    near: true,
    below: 'shop',
    files: {
      ...Object.fromEntries(Object.entries(service({})).map(([path, text]) => [`shop/${path}`, text])),
      '.github/workflows/ci.yml':
        'on: [push]\ndefaults:\n  run:\n    working-directory: shop\njobs:\n  all:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n      - run: npm ci\n      - run: npm run verify\n',
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'every line of the workflow is a comment',
    files: service({ '.github/workflows/ci.yml': complete.replaceAll(/^(?=.)/gm, '# ') }),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:1 not-in-force'] },
  },
  {
    name: 'the workflow is not valid YAML',
    files: service({ '.github/workflows/ci.yml': 'on: [push\njobs:\n  a: b: c\n' }),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:2 not-in-force'] },
  },
  {
    name: 'no lint and no tests in the workflow',
    files: service({ '.github/workflows/ci.yml': workflow('[push]', 'run: npm run typecheck', 'run: npm run build') }),
    expect: { verdict: 'fail', findings: ['- step-missing', '- step-missing'] },
  },
  {
    name: 'the lint script does not exist and the steps after it are never reached',
    files: service({ '.github/workflows/ci.yml': complete }, { scripts: { ...fields.scripts, lint: undefined } }),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:9 step-broken'] },
  },
  {
    name: 'ESLint 9 with both kinds of configuration',
    near: true,
    files: service({ '.github/workflows/ci.yml': complete, '.eslintrc.json': '{}' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'ESLint 9 and nothing but .eslintrc.json',
    files: express(
      { 'package-lock.json': lock['package-lock.json'], '.eslintrc.json': '{}', '.github/workflows/ci.yml': complete },
      fields,
    ),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:9 step-broken'] },
  },
  {
    name: 'the install needs a lockfile that is not there',
    files: express({ 'eslint.config.js': 'export default [];\n', '.github/workflows/ci.yml': complete }, fields),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:8 step-unreached'] },
  },
  {
    name: 'the tests only run at night',
    files: service({
      '.github/workflows/ci.yml': workflow('[push]', 'run: npm run lint', 'run: npm run build'),
      '.github/workflows/nightly.yml': workflow('{ schedule: [{ cron: "0 3 * * *" }] }', 'run: npm test'),
    }),
    expect: { verdict: 'fail', findings: ['.github/workflows/nightly.yml:9 step-not-on-change'] },
  },
  {
    name: 'a condition that never holds keeps the tests out',
    files: service({
      '.github/workflows/ci.yml': workflow(
        '[push]',
        'run: npm run lint',
        'run: npm run build',
        "run: npm test\n        if: github.event_name == 'release'",
      ),
    }),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:11 step-not-on-change'] },
  },
  {
    name: 'a service of the workspace whose tests nobody runs',
    files: {
      'package.json': JSON.stringify({
        name: 'root',
        private: true,
        workspaces: ['apps/*'],
        devDependencies: fields.devDependencies,
        scripts: { lint: 'eslint .', build: 'tsc -b' },
      }),
      ...lock,
      'apps/a/package.json': JSON.stringify({ name: 'a', scripts: { start: 'node src/main.ts', test: 'vitest run' } }),
      'apps/a/src/main.ts': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
      'apps/b/package.json': JSON.stringify({ name: 'b', scripts: { start: 'node src/main.ts', test: 'vitest run' } }),
      'apps/b/src/main.ts': "import { createServer } from 'node:http';\ncreateServer().listen(3001);\n",
      '.github/workflows/ci.yml': workflow('[push]', 'run: npm run lint', 'run: npm run build', 'run: npm test -w a'),
    },
    expect: { verdict: 'fail', findings: ['- service-left-out'] },
  },
  {
    name: 'the tests stand in a package of their own',
    near: true,
    files: {
      'package.json': JSON.stringify({
        name: 'root',
        private: true,
        workspaces: ['apps/*', 'packages/*'],
        devDependencies: fields.devDependencies,
        scripts: { lint: 'eslint .' },
      }),
      ...lock,
      'apps/a/package.json': JSON.stringify({ name: 'a', scripts: { start: 'node src/main.js' } }),
      'apps/a/src/main.js': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
      'packages/e2e/package.json': JSON.stringify({ name: 'e2e', scripts: { test: 'vitest run' } }),
      '.github/workflows/ci.yml': workflow('[push]', 'run: npm run lint', 'run: npm test -w e2e'),
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a filter by paths leaves a service out',
    files: {
      'package.json': JSON.stringify({
        name: 'root',
        private: true,
        workspaces: ['apps/*'],
        devDependencies: fields.devDependencies,
        scripts: { lint: 'eslint .', test: 'vitest run' },
      }),
      ...lock,
      'apps/a/package.json': JSON.stringify({ name: 'a', scripts: { start: 'node src/main.js', test: 'vitest run' } }),
      'apps/a/src/main.js': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
      '.github/workflows/ci.yml': workflow('{ push: { paths: ["apps/b/**"] } }', 'run: npm run lint', 'run: npm test'),
    },
    expect: { verdict: 'fail', findings: ['- step-missing', '- step-missing'] },
  },
  {
    name: 'a workflow of another repository may hold the checks',
    files: service({
      '.github/workflows/ci.yml': 'on: [push]\njobs:\n  all:\n    uses: acme/shared/.github/workflows/node.yml@v2\n',
    }),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'no package.json',
    files: { 'main.py': 'print(1)\n' },
    expect: { verdict: 'not-applicable' },
  },
]);
