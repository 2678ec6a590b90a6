import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { skipped } from './skipped.ts';

const fields = { devDependencies: { typescript: '^5.9.0', vitest: '^4.0.0' } };
const test = (body: string): Record<string, string> => ({
  'test/a.test.ts': `import { describe, expect, it, test } from 'vitest';\n${body}`,
});
const runs = "it('adds', () => {\n  expect(1 + 1).toBe(2);\n});\n";

export default defineCases(skipped, [
  { name: 'all of them run', show: 'good', files: express(test(runs), fields), expect: { verdict: 'pass' } },
  {
    name: 'a focused test',
    show: 'bad',
    files: express(test(`${runs}it.only('subtracts', () => {\n  expect(2 - 1).toBe(1);\n});\n`), fields),
    expect: { verdict: 'fail', findings: ['test/a.test.ts:5 focused'] },
  },
  {
    name: 'a focused test that stands alone',
    files: express(test("it.only('adds', () => {\n  expect(1 + 1).toBe(2);\n});\n"), fields),
    expect: { verdict: 'fail', findings: ['test/a.test.ts:2 alone'] },
  },
  {
    name: 'a skipped suite stands for its tests',
    files: express(
      test(
        `${runs}describe.skip('orders', () => {\n  it('a', () => expect(1).toBe(1));\n  it('b', () => expect(1).toBe(1));\n  it('c', () => expect(1).toBe(1));\n});\n`,
      ),
      fields,
    ),
    expect: { verdict: 'fail', findings: ['test/a.test.ts:5 idle'] },
  },
  {
    name: 'skipped where a dependency is missing',
    near: true,
    files: express(
      test(
        "const db = process.env.TEST_DATABASE_URL;\ndescribe.skipIf(!db)('orders', () => {\n  it('a', () => expect(1).toBe(1));\n});\ntest.skip(!db, 'no database');\n",
      ),
      fields,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'empty and planned tests',
    files: express(test("it('a', () => {});\nit.todo('b');\nxit('c', () => {\n  expect(1).toBe(2);\n});\n"), fields),
    expect: { verdict: 'fail', findings: ['test/a.test.ts:2 idle'] },
  },
  { name: 'no tests', files: express({}), expect: { verdict: 'not-applicable' } },
]);
