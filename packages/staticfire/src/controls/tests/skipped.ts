import { testFiles, type IdleTest, type TestFile } from '../../facts/test-files.ts';
import { defineControl } from '../../model/control.ts';
import type { Step } from '../../model/place.ts';

/** More idle tests than this share of all, and more than this number, are not few. */
const share = 0.05;
const number = 2;

export const skipped = defineControl({
  id: 'tests/skipped',
  area: 'tests',
  scope: 'repository',
  title: {
    pass: 'Few tests are skipped',
    fail: 'Tests are skipped, empty or hide the others',
  },
  why: 'A skipped test is a known gap that looks like a test. A focused one (`.only`) is worse: the runner leaves out all others of the file and still reports success.',
  failure: 'The test that would have caught the bug exists, and has been skipped for a year.',
  remedy: 'Mend or delete skipped tests, fill empty ones, and let the linter forbid `.only`.',
  done: 'No test is focused, and skipped, empty and planned tests are at most two or at most 5 % of all.',
  severity: 'minor',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://vitest.dev/api/test.html',
    'https://github.com/jest-community/eslint-plugin-jest/blob/main/docs/rules/no-focused-tests.md',
  ],
  needs: { testFiles },
  messages: {
    focused: {
      text: '"{title}" is focused: every other test of {scope} is left out.',
      remedy: 'Remove `.only`.',
      severity: 'major',
    },
    alone: {
      text: '{count} tests are focused in files where they stand alone: the next test added there will never run.',
      remedy: 'Remove `.only`, and let the linter forbid it.',
    },
    idle: {
      text: '{idle} of {total} tests do not run; {here} of them in this file: {what}.',
      remedy: 'Mend them, or delete them and what they were about.',
    },
  },
  evaluate({ testFiles: files }) {
    if (files.length === 0) return { verdict: 'not-applicable', because: 'the repository has no tests' };
    const total = sum(files.map((file) => file.tests));
    const idle = files
      .map((file) => ({ file, idle: file.idle.filter((one) => one.kind !== 'focused') }))
      .filter((one) => one.idle.length > 0);
    const resting = sum(idle.map((one) => sum(one.idle.map((test) => test.tests))));
    const focused = files.flatMap((file) =>
      file.idle.filter((one) => one.kind === 'focused').map((one) => ({ file, one })),
    );
    const harmful = focused.filter(({ file }) => leavesOut(file));
    const alone = focused.filter(({ file }) => !leavesOut(file));
    const many = resting > number && resting / total > share;
    const listed = many
      ? idle.toSorted((a, b) => b.idle.length - a.idle.length || (a.file.file < b.file.file ? -1 : 1)).slice(0, 10)
      : [];
    const [first, ...rest] = [
      ...harmful.map(({ file, one }) => ofFocused(file, one)),
      ...standingAlone(alone.map(({ one }) => one)),
      ...listed.map((one) => inFile(one.file, one.idle, resting, total)),
    ];
    if (first) return { verdict: 'fail', violations: [first, ...rest] };
    const places = idle
      .slice(0, 5)
      .flatMap((one) => one.idle.slice(0, 1).map((test) => ({ ...test.at, note: `${test.kind}: ${test.title}` })));
    return {
      verdict: 'pass',
      evidence: [
        { searched: `${total} tests in ${files.length} files: ${resting} skipped, empty or planned, none focused` },
        ...places,
      ],
    };
  },
});

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);

/** Most runners focus within a file; these focus the whole run. */
const wholeRun: ReadonlySet<string> = new Set(['playwright', 'mocha', 'japa', 'ava']);

const leavesOut = (file: TestFile): boolean =>
  wholeRun.has(file.runner) ||
  file.tests > sum(file.idle.filter((one) => one.kind === 'focused').map((one) => one.tests));

function ofFocused(file: TestFile, one: IdleTest) {
  const scope = wholeRun.has(file.runner) ? 'the run' : 'its file';
  return { message: 'focused' as const, data: { title: one.title, scope }, at: one.at, subject: one.title };
}

function standingAlone(focused: readonly IdleTest[]) {
  const [first] = focused;
  if (!first) return [];
  const trail: Step[] = focused.slice(0, 5).map((one) => ({ note: one.title, at: one.at }));
  return [
    { message: 'alone' as const, data: { count: focused.length }, at: first.at, subject: 'focused tests', trail },
  ];
}

function inFile(file: TestFile, idle: readonly IdleTest[], resting: number, total: number) {
  const [first] = idle;
  const kinds = [...new Set(idle.map((one) => one.kind))].join(', ');
  const trail: Step[] = idle.slice(0, 5).map((one) => ({ note: `${one.kind}: ${one.title}`, at: one.at }));
  const here = sum(idle.map((one) => one.tests));
  return {
    message: 'idle' as const,
    data: { idle: resting, total, here, what: kinds },
    at: first?.at ?? { file: file.file },
    subject: first?.title ?? file.file,
    trail,
  };
}
