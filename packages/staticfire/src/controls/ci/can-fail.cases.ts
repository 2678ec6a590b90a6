import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { canFail } from './can-fail.ts';

const fields = {
  scripts: { lint: 'eslint .', test: 'vitest run', build: 'tsc', start: 'node dist/server.js' },
  devDependencies: { eslint: '^9.30.0', typescript: '^5.9.0', vitest: '^4.0.0' },
};
const lock = {
  'package-lock.json': '{ "lockfileVersion": 3, "packages": { "": {} } }\n',
  'eslint.config.js': 'export default [];\n',
};
const workflow = (...steps: readonly string[]): string =>
  [
    'on: [push, pull_request]',
    'jobs:',
    '  verify:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v5',
    ...steps.map((step) => `      - ${step}`),
    '',
  ].join('\n');
const service = (text: string, more: Readonly<Record<string, unknown>> = {}) =>
  express({ ...lock, '.github/workflows/ci.yml': text }, { ...fields, ...more });

export default defineCases(canFail, [
  {
    name: 'plain steps',
    show: 'good',
    files: service(workflow('run: npm ci', 'run: npm run lint', 'run: npm test')),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the tests end in || true',
    show: 'bad',
    files: service(workflow('run: npm ci', 'run: npm test || true')),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:8 neutralised'] },
  },
  {
    name: 'continue-on-error on lint, and a script that swallows the result of the tests',
    files: service(workflow('run: npm run lint\n        continue-on-error: true', 'run: npm test'), {
      scripts: { ...fields.scripts, test: 'vitest run; exit 0' },
    }),
    expect: {
      verdict: 'fail',
      findings: ['.github/workflows/ci.yml:7 neutralised', '.github/workflows/ci.yml:9 neutralised'],
    },
  },
  {
    name: 'a pipe drops the result',
    files: service(workflow('run: npm test | tee log.txt')),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:7 neutralised'] },
  },
  {
    name: 'the same pipe in a shell with pipefail',
    near: true,
    files: service(workflow('run: npm test | tee log.txt\n        shell: bash')),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a list with && before further lines',
    files: service(workflow('run: |\n          npm run lint && npm test\n          echo done')),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:8 neutralised'] },
  },
  {
    name: '|| with an exit code, and || true where it does no harm',
    near: true,
    files: service(
      workflow('run: rm -r cache || true', 'run: npm test || { echo failed; exit 1; }', 'run: npm outdated || true'),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'set +e with the status kept',
    near: true,
    files: service(
      workflow(
        'run: |\n          set +e\n          npm test\n          status=$?\n          set -e\n          exit $status',
      ),
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a job of GitLab that is allowed to fail',
    files: express(
      { ...lock, '.gitlab-ci.yml': 'test:\n  script:\n    - npm ci\n    - npm test\n  allow_failure: true\n' },
      fields,
    ),
    expect: { verdict: 'fail', findings: ['.gitlab-ci.yml:3 neutralised'] },
  },
  {
    name: 'a test script that only prints',
    files: service(workflow('run: npm test'), { scripts: { ...fields.scripts, test: 'echo "no tests yet"' } }),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:7 hollow'] },
  },
  {
    name: 'a frozen install without a lockfile',
    files: express({ '.github/workflows/ci.yml': workflow('run: npm ci', 'run: npm test') }, fields),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:7 lockfile-missing'] },
  },
  {
    name: 'a frozen install in a workspace whose lockfile stands at the root',
    near: true,
    files: {
      'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['apps/*'] }),
      'package-lock.json': lock['package-lock.json'],
      'apps/a/package.json': JSON.stringify({ name: 'a', scripts: { start: 'node main.ts', test: 'node --test' } }),
      'apps/a/main.ts': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
      '.github/workflows/ci.yml': workflow(
        'run: npm ci\n        working-directory: apps/a',
        'run: npm test\n        working-directory: apps/a',
      ),
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a test step with if: false',
    files: service(workflow('run: npm run lint', 'run: npm test\n        if: false')),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:8 switched-off'] },
  },
  {
    name: 'the final job looks at the build and not at the tests',
    files: service(
      'on: [push]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm run build\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n  status:\n    needs: [build, test]\n    if: always()\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          echo "tests ${{ needs.test.result }}"\n          if [ "${{ needs.build.result }}" != "success" ]; then exit 1; fi\n',
    ),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:11 summary-ignores'] },
  },
  {
    name: 'the final job looks at all results',
    near: true,
    files: service(
      "on: [push]\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm run build\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n  status:\n    needs: [build, test]\n    if: always()\n    runs-on: ubuntu-latest\n    steps:\n      - run: exit 1\n        if: contains(needs.*.result, 'failure')\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a scan of what has been released, which is no check of a change',
    near: true,
    files: {
      ...service(workflow('run: npm run lint', 'run: npm test')),
      '.github/workflows/scan.yml':
        "on:\n  workflow_run:\n    workflows: ['Publish image']\n    types: [completed]\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aquasecurity/trivy-action@0.33.0\n        with:\n          image-ref: shop\n          format: sarif\n",
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a script that two jobs run loses the failure of its checks',
    files: {
      ...service(
        'on: [push]\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n      - run: bash check.sh\n  two:\n    runs-on: ubuntu-latest\n    steps:\n      - run: bash check.sh\n',
      ),
      'check.sh': 'npx vitest run\necho done\n',
    },
    expect: { verdict: 'fail', findings: ['check.sh:1 neutralised'] },
  },
  {
    name: 'a script that makes code compiles a helper, and the whole is checked elsewhere',
    near: true,
    files: {
      ...service(workflow('run: npm run lint', 'run: bash generate.sh', 'run: npx tsc --noEmit', 'run: npm test')),
      'generate.sh': '#!/bin/sh\nnpx tsc -p tsconfig.tables.json\nnode lib/tables.js\n',
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'every line of the only workflow is a comment',
    files: service('# on: [push]\n# jobs:\n#   a: {}\n'),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:1 nothing-runs'] },
  },
  { name: 'no pipeline', files: express({}, fields), expect: { verdict: 'not-applicable' } },
]);
