import { type CoverageThreshold, coverageThresholds } from '../../facts/coverage.ts';
import { type Check, onChange, pipelines, type Pipelines } from '../../facts/pipelines.ts';
import { project } from '../../facts/project.ts';
import { services } from '../../facts/services.ts';
import { defineControl, type Violation } from '../../model/control.ts';
import { related, targetsOf, works } from '../ci/steps.ts';

const messages = {
  absent: {
    text: 'No coverage threshold is configured, so coverage can fall unnoticed.',
    remedy:
      "Set a threshold a little below today's coverage (Vitest `coverage.thresholds`, Jest `coverageThreshold`, c8 or nyc `--check-coverage`) and run the tests with coverage in the pipeline.",
  },
  'not-in-force': {
    text: '{tool} has a coverage threshold, but no pipeline runs its tests with coverage on changes.',
    remedy: 'Run the tests in the pipeline with --coverage, or switch coverage on in the configuration.',
  },
  unread: {
    text: 'Coverage is measured only in a workflow that the platform does not read.',
    remedy: 'Move the workflow to the root of the repository, and set a threshold that its run holds.',
  },
  neutralised: {
    text: '{tool} has a coverage threshold, but the run that would hold it cannot fail: {how}.',
    remedy: 'Let the run with coverage fail the pipeline.',
  },
} as const;

type Found = Violation<typeof messages>;

export const coverageThreshold = defineControl({
  id: 'tests/coverage-threshold',
  area: 'tests',
  scope: 'repository',
  title: {
    pass: 'The pipeline holds a coverage threshold',
    fail: 'No coverage threshold is held by the pipeline',
  },
  why: 'A threshold does not make tests good. It makes the absence of tests visible on the day when a large piece of code arrives without any.',
  failure:
    'Coverage falls change by change. When a part breaks in production, it turns out that nothing had tested it for a year.',
  remedy: 'Configure a threshold and let the pipeline run the tests with coverage, so that falling below fails it.',
  done: 'A threshold is configured, and a step that runs on changes and can fail runs those tests with coverage.',
  severity: 'minor',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://vitest.dev/config/coverage',
    'https://jestjs.io/docs/configuration#coveragethreshold-object',
    'https://github.com/bcoe/c8#checking-for-full-source-coverage-using---all',
  ],
  needs: { coverageThresholds, pipelines, project, services },
  messages,
  evaluate({ coverageThresholds: all, pipelines: found, project: packages, services: deployed }) {
    if (packages.manifests.length === 0)
      return { verdict: 'not-applicable', because: 'there is no package whose tests could be measured' };
    const roots = targetsOf(deployed);
    const configured = all.filter((threshold) => roots.some((root) => related(threshold.dir, root)));
    const tests = found.checks.filter((check) => check.purposes.includes('test'));
    const asked = tests.find((check) => counts(check) && hasFlag(check));
    if (asked) return { verdict: 'pass', evidence: [{ ...asked.at, note: asked.command }] };
    const held = configured.flatMap((threshold) => proofOf(threshold, tests, found));
    const [first, ...rest] = held;
    if (first) return { verdict: 'pass', evidence: [first, ...rest] };
    return { verdict: 'fail', violations: violations(configured, tests, found) };
  },
});

const counts = (check: Check): boolean => works(check) && !check.neutralised;

/** The command itself names a threshold. */
const hasFlag = (check: Check): boolean =>
  /--coverage\.thresholds|--coverageThreshold|--check-coverage|--coverage-threshold|--test-coverage-(lines|branches|functions)/.test(
    check.command,
  );

const measures = (check: Check, threshold: CoverageThreshold): boolean =>
  threshold.enabled ||
  /--coverage\b|--collectCoverage|(^|\s)(nyc|c8)\s|--experimental-test-coverage|\bcoverage\b/.test(check.command) ||
  check.trail.some((step) => /--coverage\b|(^|[\s`])(nyc|c8)\s/.test(step.note));

const programs: Readonly<Record<CoverageThreshold['tool'], RegExp>> = {
  Vitest: /^vitest$/,
  Jest: /^(jest|react-scripts|nx)$/,
  nyc: /./,
  c8: /./,
  Codecov: /./,
};

function proofOf(threshold: CoverageThreshold, tests: readonly Check[], found: Pipelines) {
  if (threshold.tool === 'Codecov') return uploads(found) ? [{ ...threshold.at, note: 'Codecov holds it' }] : [];
  const check = tests.find((each) => counts(each) && runs(each, threshold));
  return check
    ? [
        { ...threshold.at, note: `${threshold.tool} threshold` },
        { ...check.at, note: check.command },
      ]
    : [];
}

const uploads = (found: Pipelines): boolean =>
  found.workflows.some((workflow) =>
    workflow.jobs.some((job) =>
      job.steps.some(
        (step) =>
          onChange(step.when) &&
          (/codecov\/codecov-action/.test(step.uses ?? '') || /\bcodecov\b/.test(step.run?.text ?? '')),
      ),
    ),
  );

const runs = (check: Check, threshold: CoverageThreshold): boolean =>
  check.dirs.some((dir) => related(dir, threshold.dir)) &&
  (programs[threshold.tool].test(check.words[0] ?? '') ||
    check.words.some((word) => programs[threshold.tool].test(word))) &&
  measures(check, threshold);

function violations(
  configured: readonly CoverageThreshold[],
  tests: readonly Check[],
  found: Pipelines,
): [Found, ...Found[]] {
  const [first, ...rest] = configured.map((threshold) => violation(threshold, tests)).slice(0, 5);
  if (first) return [first, ...rest];
  const [wished, ...more] = unread(found);
  return [
    wished ?? {
      message: 'absent',
      data: {},
      subject: 'coverage threshold',
      searched: 'configuration of Vitest, Jest, nyc, c8 and Codecov, and the test commands of the pipelines',
    },
    ...more,
  ];
}

/** Commands that speak of coverage in misplaced workflows, the first of each file. */
function unread(found: Pipelines): readonly Found[] {
  const wished = found.idleChecks.filter((check) =>
    /coverage|test:cov/i.test(`${check.command} ${check.step} ${check.trail.map((step) => step.note).join(' ')}`),
  );
  const firsts = wished.filter(
    (check, index) => wished.findIndex((other) => other.workflow === check.workflow) === index,
  );
  return firsts.map((check) => ({
    message: 'unread',
    data: {},
    at: check.at,
    subject: check.workflow,
    trail: check.trail,
  }));
}

function violation(threshold: CoverageThreshold, tests: readonly Check[]): Found {
  const lost = tests.find((check) => check.neutralised && onChange(check.when) && runs(check, threshold));
  const base = { at: threshold.at, subject: threshold.at.file };
  if (lost?.neutralised)
    return {
      ...base,
      message: 'neutralised',
      data: { tool: threshold.tool, how: lost.neutralised.how },
      trail: [{ note: lost.command, at: lost.at }],
    };
  const plain = tests.find((check) => check.dirs.some((dir) => related(dir, threshold.dir)));
  return {
    ...base,
    message: 'not-in-force',
    data: { tool: threshold.tool },
    trail: plain ? [{ note: `the pipeline runs \`${plain.command}\``, at: plain.at }] : [],
  };
}
