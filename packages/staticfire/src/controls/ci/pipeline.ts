import { code } from '../../facts/code.ts';
import { type Check, type IdleWorkflow, onChange, pipelines, type Pipelines } from '../../facts/pipelines.ts';
import { project } from '../../facts/project.ts';
import { services, type Services } from '../../facts/services.ts';
import { defineControl, failOr, type Violation } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';
import { anyInForce, covers, type Required, requiredHere, startedBy, targetsOf, wordFor, works } from './steps.ts';

const messages = {
  absent: {
    text: 'The repository has no pipeline: nothing checks a change before it ships.',
    remedy: 'Add a workflow that runs lint, type check, tests and build on each pull request.',
  },
  'not-in-force': {
    text: 'The pipeline in {file} never runs: {why}.',
    remedy: 'Move it to the place where the platform reads it, or mend it so that the platform can.',
  },
  'step-missing': {
    text: 'No pipeline runs the {step} on each change.',
    remedy: 'Run the {step} in the workflow that runs on pull requests.',
  },
  'step-broken': {
    text: 'The {step} cannot run: {why}.',
    remedy: 'Mend what stops `{command}`, then see it pass once in the pipeline.',
  },
  'step-unreached': {
    text: 'The pipeline never reaches its {steps}: {why}.',
    remedy: 'Mend what stops `{command}`, so that the steps after it run.',
  },
  'step-not-on-change': {
    text: 'The {step} does not run on changes: {why}.',
    remedy: 'Run it on pull requests or pushes.',
  },
  'service-left-out': {
    text: 'The pipeline runs the {step} for other packages, but not for {services}.',
    remedy: 'Run the {step} for {services} too.',
    severity: 'minor',
    confidence: 'likely',
  },
} as const;

type Found = Violation<typeof messages>;

export const pipeline = defineControl({
  id: 'ci/pipeline',
  area: 'ci',
  scope: 'repository',
  title: {
    pass: 'Each change goes through lint, type check, tests and build',
    fail: 'Changes ship without all of lint, type check, tests and build',
  },
  why: 'A pipeline protects only when the platform reads it, starts it on each change, and gets as far as its checks. A workflow in the wrong folder, behind a condition that never holds, or stopped by its first step looks the same in the file tree and protects nothing.',
  failure:
    'A change that does not compile or breaks a test reaches production, because nobody noticed that the checks stopped running months ago.',
  remedy:
    'Keep one workflow that runs on pull requests and on the main branch, with a step each for lint, type check, tests and build, and require it for merging.',
  done: 'A workflow that the platform reads runs lint, type check, tests and build on pushes or pull requests, and each of these steps can run.',
  severity: 'major',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax',
    'https://docs.gitlab.com/ci/yaml/',
    'https://eslint.org/docs/latest/use/configure/migration-guide',
  ],
  needs: { code, pipelines, project, services },
  messages,
  evaluate({ code: model, pipelines: found, project: packages, services: all }) {
    if (packages.manifests.length === 0)
      return { verdict: 'not-applicable', because: 'there is no package.json that could be read' };
    const wanted = requiredHere(packages, model);
    const violations =
      anyInForce(found) || found.idle.length === 0
        ? missing(found, wanted, all, packages.manifests)
        : found.idle.slice(0, 5).map(idle);
    const opaque = found.opaque[0];
    if (
      opaque &&
      violations.length > 0 &&
      violations.every((violation) => violation.message === 'step-missing' || violation.message === 'absent')
    ) {
      return {
        verdict: 'unknown',
        because: `the pipeline calls ${opaque.what}, which could not be followed`,
        settle: 'Read there whether it runs lint, type check, tests and build.',
        evidence: [opaque.at],
      };
    }
    return failOr(violations, () => ({ verdict: 'pass', evidence: proof(found, wanted) }));
  },
});

const idle = (one: IdleWorkflow): Found => ({
  message: 'not-in-force',
  data: { file: one.file, why: one.detail },
  at: { file: one.file, line: one.line },
  subject: one.file,
});

function proof(found: Pipelines, wanted: readonly Required[]): [Evidence, ...Evidence[]] {
  const places = wanted.flatMap((step) => {
    const check = found.checks.find((each) => each.purposes.includes(step) && works(each));
    return check ? [{ ...check.at, note: `${wordFor[step]}: ${check.command.slice(0, 80)}` }] : [];
  });
  return [{ searched: `${found.workflows.length} workflows, ${found.checks.length} commands` }, ...places];
}

type Manifests = Parameters<typeof leftOut>[3];

function missing(found: Pipelines, wanted: readonly Required[], all: Services, manifests: Manifests): readonly Found[] {
  if (found.workflows.length === 0)
    return [{ message: 'absent', data: {}, searched: found.searched, subject: 'pipeline' }];
  const lacking = wanted.filter(
    (step) => !found.checks.some((check) => check.purposes.includes(step) && works(check) && reaches(check, step, all)),
  );
  const broken = lacking.flatMap((step) => brokenStep(step, found));
  const unreached = unreachedSteps(lacking, found, broken);
  const told = new Set([
    ...broken.map((each) => each.subject),
    ...unreached.flatMap((each) => each.subject.split(', ')),
  ]);
  const rest = lacking.filter((step) => !told.has(step)).map((step) => idleStep(step, found));
  const partial = wanted
    .filter((step) => !lacking.includes(step))
    .flatMap((step) => leftOut(step, found, all, manifests));
  return [
    ...broken.map((each) => withFollowers(each, unreached)),
    ...unreached.filter((each) => !startsAt(each, broken)),
    ...rest,
    ...partial,
  ];
}

/** Tests may stand in a package of their own; everything else works where the service's code is. */
const reaches = (check: Check, step: Required, all: Services): boolean =>
  targetsOf(all).some((root) => (step === 'test' ? startedBy(check, root) : covers(check, root)));

/** A step that stands in the pipeline and ends in an error before it does its work. */
function brokenStep(step: Required, found: Pipelines): readonly Found[] {
  const check = found.checks.find((each) => each.purposes.includes(step) && onChange(each.when) && each.obstacle);
  if (!check?.obstacle) return [];
  return [
    {
      message: 'step-broken',
      data: { step: wordFor[step], why: check.obstacle.text, command: check.command },
      at: check.at,
      subject: step,
      trail: trailOf(check),
    },
  ];
}

const trailOf = (check: Check): readonly Step[] => [
  ...check.trail,
  ...(check.obstacle?.at ? [{ note: check.obstacle.text, at: check.obstacle.at }] : []),
];

/** Steps that come after a command that cannot succeed, one finding for each such command. */
function unreachedSteps(lacking: readonly Required[], found: Pipelines, broken: readonly Found[]): readonly Found[] {
  const stopped = lacking
    .filter((step) => !broken.some((each) => each.subject === step))
    .flatMap((step) => {
      const check = found.checks.find((each) => each.purposes.includes(step) && onChange(each.when) && each.blockedBy);
      return check?.blockedBy ? [{ step, stop: check.blockedBy }] : [];
    });
  const places = [...new Set(stopped.map(({ stop }) => `${stop.at.file}:${stop.at.line ?? 0}`))];
  return places.flatMap((place) => {
    const group = stopped.filter(({ stop }) => `${stop.at.file}:${stop.at.line ?? 0}` === place);
    const stop = group[0]?.stop;
    if (!stop) return [];
    const data = {
      steps: group.map(({ step }) => wordFor[step]).join(', '),
      why: stop.obstacle.text,
      command: stop.command,
    };
    const trail = stop.obstacle.at ? [{ note: stop.obstacle.text, at: stop.obstacle.at }] : [];
    return [
      {
        message: 'step-unreached' as const,
        data,
        at: stop.at,
        subject: group.map(({ step }) => step).join(', '),
        trail,
      },
    ];
  });
}

const startsAt = (unreached: Found, broken: readonly Found[]): boolean =>
  broken.some((each) => each.at?.file === unreached.at?.file && each.at?.line === unreached.at?.line);

function withFollowers(broken: Found, unreached: readonly Found[]): Found {
  const after = unreached.find((each) => startsAt(each, [broken]));
  return after?.message === 'step-unreached'
    ? { ...broken, trail: [...(broken.trail ?? []), { note: `never reached after it: ${after.data.steps}` }] }
    : broken;
}

/** A step that only other events start, or none at all. */
function idleStep(step: Required, found: Pipelines): Found {
  const check = found.checks.find((each) => each.purposes.includes(step) && !onChange(each.when));
  if (check)
    return {
      message: 'step-not-on-change',
      data: { step: wordFor[step], why: check.when.reason ?? 'nothing starts it then' },
      at: check.at,
      subject: step,
      trail: check.trail,
    };
  const hollow = found.checks.find((each) => each.purposes.includes(step) && each.hollow);
  if (hollow)
    return {
      message: 'step-broken',
      data: { step: wordFor[step], why: hollow.hollow ?? '', command: hollow.command },
      at: hollow.at,
      subject: step,
      trail: hollow.trail,
    };
  const trail = found.idle
    .slice(0, 3)
    .map((one) => ({ note: `${one.file} is not in force: ${one.detail}`, at: { file: one.file, line: one.line } }));
  return {
    message: 'step-missing',
    data: { step: wordFor[step] },
    searched: `${found.checks.length} commands of ${found.workflows.length} workflows`,
    subject: step,
    trail,
  };
}

/** Services whose package has a script for the step that the pipeline does not run. */
function leftOut(
  step: Required,
  found: Pipelines,
  all: Services,
  manifests: readonly { readonly dir: string; readonly scripts: Readonly<Record<string, string>> }[],
): readonly Found[] {
  const checks = found.checks.filter((check) => check.purposes.includes(step) && works(check));
  const pattern = { lint: /^lint/, typecheck: /^(type-?check|check-types)/, test: /^test$/, build: /^build$/ }[step];
  const has = (root: string): boolean =>
    Object.keys(manifests.find((manifest) => manifest.dir === root)?.scripts ?? {}).some((name) => pattern.test(name));
  const left = targetsOf(all).filter(
    (root) => root !== '.' && has(root) && !checks.some((check) => covers(check, root)),
  );
  if (left.length === 0) return [];
  return [
    {
      message: 'service-left-out',
      data: { step: wordFor[step], services: left.join(', ') },
      searched: `${checks.length} commands for it`,
      subject: `${step} ${left.join(' ')}`,
    },
  ];
}
