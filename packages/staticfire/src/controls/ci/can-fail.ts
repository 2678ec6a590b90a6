import {
  type Check,
  type IdleWorkflow,
  onChange,
  pipelines,
  type Pipelines,
  type Purpose,
} from '../../facts/pipelines.ts';
import { services, type Services } from '../../facts/services.ts';
import { defineControl, failOr, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';
import { anyInForce, covers, targetsOf } from './steps.ts';

const messages = {
  'nothing-runs': {
    text: 'No step of the pipeline runs at all, so nothing can fail: {why}.',
    remedy: 'Put the workflow in force, then look at its steps again.',
  },
  neutralised: {
    text: 'A failing {step} fails nothing: {how}.',
    remedy: 'Let the failure of `{command}` fail the pipeline.',
  },
  hollow: {
    text: 'The {step} cannot fail: {why}.',
    remedy: 'Put a real command behind it, or remove the step so that nobody counts on it.',
  },
  'lockfile-missing': {
    text: 'The pipeline cannot install: {why}.',
    remedy: 'Track the lockfile, or the job ends here and its checks never run.',
  },
  'switched-off': {
    text: 'The {step} is switched off by a condition that is never true.',
    remedy: 'Remove the condition, or the step.',
  },
  'summary-ignores': {
    text: 'The final job "{job}" passes whatever becomes of {ignored}.',
    remedy: "Let it look at the result of each job it needs, for example with contains(needs.*.result, 'failure').",
  },
} as const;

type Found = Violation<typeof messages>;

const judged: ReadonlySet<Purpose> = new Set(['lint', 'format', 'typecheck', 'test', 'build', 'audit']);
const words: Readonly<Partial<Record<Purpose, string>>> = {
  lint: 'lint',
  format: 'format check',
  typecheck: 'type check',
  test: 'test run',
  build: 'build',
  audit: 'vulnerability scan',
};

export const canFail = defineControl({
  id: 'ci/can-fail',
  area: 'ci',
  scope: 'repository',
  title: {
    pass: 'Each check of the pipeline can fail it',
    fail: 'A check of the pipeline cannot fail it',
  },
  why: 'A check that cannot fail is worse than none: the green mark says that someone looked. `|| true`, `continue-on-error`, a pipe that drops the result and a summary that leaves a job out all keep the mark green.',
  failure: 'Tests fail for weeks and the pipeline stays green. The first to notice are the users.',
  remedy:
    'Remove what swallows the result. Where a check is not ready to block, take it out of the pipeline until it is.',
  done: 'No lint, type check, test, build or scan that runs on changes is neutralised, and each job that reports on others looks at all of them.',
  severity: 'major',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepscontinue-on-error',
    'https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html',
    'https://docs.npmjs.com/cli/commands/npm-ci',
  ],
  needs: { pipelines, services },
  messages,
  evaluate({ pipelines: found, services: all }) {
    if (!anyInForce(found) && found.idle[0])
      return { verdict: 'fail', violations: [nothingRuns(found.idle[0], found.idle)] };
    if (found.workflows.length === 0) return { verdict: 'not-applicable', because: 'the repository has no pipeline' };
    const checks = found.checks.filter((check) => check.purposes.some((purpose) => judged.has(purpose)));
    const live = checks.filter((check) => onChange(check.when));
    const violations = [
      ...live.flatMap((check) => neutralised(check, live)),
      ...hollow(live, all),
      ...lockfile(found),
      ...checks.flatMap(switchedOff),
      ...found.summaries.map(summary),
    ];
    if (violations.length === 0 && live.length === 0)
      return { verdict: 'not-applicable', because: `no workflow of ${found.workflows.length} runs a check on changes` };
    return failOr(distinct(violations), () => ({ verdict: 'pass', evidence: proof(live) }));
  },
});

const nothingRuns = (one: IdleWorkflow, all: readonly IdleWorkflow[]): Found => ({
  message: 'nothing-runs',
  data: { why: `${one.file}: ${one.detail}` },
  at: { file: one.file, line: one.line },
  subject: 'pipeline',
  trail: all
    .slice(0, 6)
    .map((each) => ({ note: `${each.file}: ${each.detail}`, at: { file: each.file, line: each.line } })),
});

function proof(live: readonly Check[]): [Evidence, ...Evidence[]] {
  const seen = new Set<string>();
  const places = live
    .filter((check) => !seen.has(`${check.at.file}:${check.at.line}`) && seen.add(`${check.at.file}:${check.at.line}`))
    .slice(0, 6);
  return [
    { searched: `${live.length} checks that run on changes` },
    ...places.map((check) => ({ ...check.at, note: check.command.slice(0, 80) })),
  ];
}

const wordOf = (check: Check): string => check.purposes.flatMap((purpose) => words[purpose] ?? [])[0] ?? 'check';

/** A failure that is lost, unless the same command also runs where it counts. */
function neutralised(check: Check, live: readonly Check[]): readonly Found[] {
  if (
    !check.neutralised ||
    live.some(
      (other) => !other.neutralised && other.command === check.command && other.dirs.join() === check.dirs.join(),
    )
  )
    return [];
  if (generates(check) && live.some((other) => !other.neutralised && other.purposes[0] === check.purposes[0]))
    return [];
  const command = check.command.replace(/@[0-9a-f]{40}$/, '');
  const data = { step: wordOf(check), how: check.neutralised.how, command };
  const trail =
    check.neutralised.at.file === check.at.file
      ? check.trail
      : [...check.trail, { note: check.neutralised.how, at: check.neutralised.at }];
  const { file } = check.neutralised.at;
  // A script that several jobs run is one finding, where the script stands.
  const shared = isScript.test(file) && file !== check.at.file;
  return [
    shared
      ? { message: 'neutralised', data, at: check.neutralised.at, subject: command, trail }
      : { message: 'neutralised', data, at: check.at, subject: `${check.job} ${check.step}`, trail },
  ];
}

const isScript = /\.(?:sh|bash|zsh)$/;

/** A step that makes code is no check of its own: what it makes is checked where the rest is. */
const generates = ({ neutralised: lost, trail }: Check): boolean =>
  /(?:^|[/._-])(?:generate|codegen|gen)[\w-]*\.(?:sh|bash)$/.test(lost?.at.file ?? '') ||
  trail.some((step) => /^"(?:[\w-]+:)?(?:generate|codegen|gen)(?::[\w-]+)?" runs/.test(step.note));

/** Only what stands alone for a service: a library without tests of its own is no gap. */
function hollow(live: readonly Check[], all: Services): readonly Found[] {
  return live.flatMap((check) => {
    const { hollow: why } = check;
    if (!why) return [];
    const [purpose] = check.purposes;
    const alone = targetsOf(all).some(
      (root) =>
        check.dirs.some((dir) => dir === root || dir === '.') &&
        !live.some((other) => !other.hollow && purpose && other.purposes.includes(purpose) && covers(other, root)),
    );
    return alone
      ? [
          {
            message: 'hollow' as const,
            data: { step: wordOf(check), why },
            at: check.at,
            subject: `${check.job} ${check.step}`,
            trail: check.trail,
          },
        ]
      : [];
  });
}

function lockfile(found: Pipelines): readonly Found[] {
  const seen = new Set<string>();
  return found.checks.flatMap((check) => {
    const { obstacle } = check;
    if (obstacle?.kind !== 'missing-lockfile' || !onChange(check.when) || seen.has(obstacle.text)) return [];
    seen.add(obstacle.text);
    return [
      {
        message: 'lockfile-missing' as const,
        data: { why: obstacle.text },
        at: check.at,
        subject: check.words.slice(0, 2).join(' '),
        trail: obstacle.at ? [{ note: obstacle.text, at: obstacle.at }] : [],
      },
    ];
  });
}

/** `if: false`: anything subtler may be meant for other events. */
const switchedOff = (check: Check): readonly Found[] =>
  /`if: (\$\{\{\s*)?false\b/.test(check.when.reason ?? '')
    ? [
        {
          message: 'switched-off',
          data: { step: wordOf(check) },
          at: check.at,
          subject: `${check.job} ${check.step}`,
          trail: check.trail,
        },
      ]
    : [];

const summary = (one: Pipelines['summaries'][number]): Found => ({
  message: 'summary-ignores',
  data: { job: one.job, ignored: one.ignores.join(', ') },
  at: one.at,
  subject: one.job,
});

/** Several commands of one line are one finding. */
function distinct(violations: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return violations.filter((violation) => {
    const key = `${violation.message} ${violation.at?.file}:${violation.at?.line} ${violation.subject}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
