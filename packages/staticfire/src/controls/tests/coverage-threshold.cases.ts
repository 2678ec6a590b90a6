import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { coverageThreshold } from './coverage-threshold.ts';

const fields = {
  scripts: { test: 'vitest run', build: 'tsc', start: 'node dist/server.js' },
  devDependencies: { typescript: '^5.9.0', vitest: '^4.0.0', jest: '^30.0.0', c8: '^10.0.0' },
};
const config =
  "import { defineConfig } from 'vitest/config';\nexport default defineConfig({\n  test: {\n    coverage: {\n      thresholds: { lines: 80 },\n    },\n  },\n});\n";
const ci = (run: string, path = '.github/workflows/ci.yml') => ({
  [path]: `on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${run}\n`,
});

export default defineCases(coverageThreshold, [
  {
    name: 'Vitest with thresholds, run with coverage',
    show: 'good',
    files: express({ 'vitest.config.ts': config, ...ci('npx vitest run --coverage') }, fields),
    expect: { verdict: 'pass' },
  },
  {
    name: 'coverage is on in the configuration',
    near: true,
    files: express(
      { 'vitest.config.ts': config.replace('thresholds', 'enabled: true, thresholds'), ...ci('npm test') },
      fields,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Jest in package.json',
    near: true,
    files: express(ci('npx jest --coverage'), { ...fields, jest: { coverageThreshold: { global: { lines: 70 } } } }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'c8 with the threshold in the command',
    near: true,
    files: express(ci('npx c8 --check-coverage --lines 80 node --test'), fields),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no threshold',
    show: 'bad',
    files: express(ci('npx vitest run --coverage'), fields),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'the pipeline runs without coverage',
    files: express({ 'vitest.config.ts': config, ...ci('npm test') }, fields),
    expect: { verdict: 'fail', findings: ['vitest.config.ts:5 not-in-force'] },
  },
  {
    name: 'the run with coverage cannot fail',
    files: express({ 'vitest.config.ts': config, ...ci('npx vitest run --coverage || true') }, fields),
    expect: { verdict: 'fail', findings: ['vitest.config.ts:5 neutralised'] },
  },
  {
    name: 'measured in a workflow that nobody reads',
    files: express(ci('npx vitest run --coverage', 'server/.github/workflows/ci.yml'), fields),
    expect: { verdict: 'fail', findings: ['server/.github/workflows/ci.yml:6 unread'] },
  },
  { name: 'no package', files: { 'main.py': 'print(1)\n' }, expect: { verdict: 'not-applicable' } },
]);
