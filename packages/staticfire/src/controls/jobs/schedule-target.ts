import { schedules, type Schedule } from '../../facts/schedules.ts';
import { service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

const messages = {
  missing: {
    text: '{by} is to start {name}, and {why}.',
    remedy: 'Point the schedule at what exists, or bring back what it is to start.',
  },
  method: {
    text: '{by} calls {name} with a method that it does not answer: {why}.',
    remedy: 'Serve the method that the scheduler sends.',
  },
  dead: {
    text: '{name} is set up with {by} and never runs: {why}.',
    remedy: 'Load and call it from the start of the service, or remove it.',
  },
} as const;

type M = typeof messages;

export const scheduleTarget = defineControl({
  id: 'jobs/schedule-target',
  area: 'jobs',
  scope: 'service',
  title: {
    pass: 'Every schedule starts something that exists',
    fail: 'Schedules start nothing',
  },
  why: 'A schedule names what it starts by a path or by being loaded. When that is renamed, moved or no longer imported, the schedule stays, and no error appears anywhere.',
  failure:
    'A clean-up, a reminder or a payment run has not happened for months. The scheduler reports a 404 that nobody reads, or nothing at all.',
  remedy: 'Point every schedule at an endpoint, a program or a function that is live, and watch that it ran.',
  done: 'Each schedule of the repository leads to an endpoint with the method it sends, to a program that exists, or to a function that the service really registers.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://vercel.com/docs/cron-jobs/manage-cron-jobs',
    'https://docs.nestjs.com/techniques/task-scheduling',
    'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule',
  ],
  needs: { schedules, service },
  messages,
  evaluate({ schedules: found }): Verdict<M> {
    return failOr<M>(found.list.flatMap(violation), () => otherwise(found.list, found.searched));
  },
});

function violation(schedule: Schedule): readonly Violation<M>[] {
  const { broken, by, name, at } = schedule;
  if (!broken) return [];
  return [
    {
      message: broken.kind,
      data: { by, name, why: broken.why },
      at,
      subject: `${by} ${name}`,
      trail: [...trailOf(schedule), ...broken.trail],
    },
  ];
}

const trailOf = ({ by, times, at }: Schedule): readonly Step[] => [
  { note: times ? `${by} goes by ${times}` : `${by} goes by the clock`, at },
];

function otherwise(list: readonly Schedule[], searched: string): Verdict<M> {
  const [first] = list;
  if (!first) return { verdict: 'not-applicable', because: `Nothing runs on a schedule: searched ${searched}.` };
  const unclear = list.filter((one) => one.unclear !== undefined);
  const [lost] = unclear;
  if (lost) {
    return {
      verdict: 'unknown',
      because: `Whether ${lost.name} exists could not be told: ${lost.unclear ?? ''}.`,
      settle: `Look at the last runs of ${lost.by}: each must have been answered with success.`,
      evidence: unclear.map((one) => ({ ...one.at, note: `${one.name}: ${one.unclear ?? ''}` })),
    };
  }
  return { verdict: 'pass', evidence: [evidenceOf(first), ...list.slice(1, 6).map(evidenceOf)] };
}

const evidenceOf = ({ by, name, at, target }: Schedule): Evidence => ({
  ...at,
  note:
    target.kind === 'request' && target.endpoint
      ? `${by}: ${target.method} ${target.path} is served in ${target.endpoint.at.file}`
      : `${by}: ${name} exists`,
});
