import { scheduleDemands, schedules, type ScheduleDemand } from '../../facts/schedules.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  open: {
    text: '{target}, which {by} calls on schedule, does its work for anyone who calls it.',
    remedy:
      'Compare what the caller sends with a secret that only the scheduler has, and deny when the secret is not set.',
    severity: 'critical',
    confidence: 'likely',
  },
  'fail-open': {
    text: '{target}, which {by} calls on schedule, lets everyone through when {secret} is not set.',
    remedy: 'Deny when {secret} is missing, and require it at boot.',
  },
  secret: {
    text: '{by} sends {sent} to {target}, which compares with {secret}.',
    remedy: 'Let {target} compare with {sent}.',
  },
  place: {
    text: '{by} sends its secret to {target} in {sent}, which reads {read}.',
    remedy: 'Send and read the secret in the same place.',
  },
  unsent: {
    text: '{by} sends no secret to {target}, which asks for {secret}: every run is turned away.',
    remedy: 'Send {secret} along.',
  },
} as const;

type M = typeof messages;

export const scheduleAuthorization = defineControl({
  id: 'jobs/schedule-authorization',
  area: 'jobs',
  scope: 'service',
  title: {
    pass: 'Scheduled endpoints ask for what their scheduler sends',
    fail: 'Scheduled endpoints are open, or turn their scheduler away',
  },
  why: 'An endpoint that a scheduler calls stands on the internet like any other. It has to ask for a secret, and it has to be the one that the scheduler sends: Vercel sends CRON_SECRET as a bearer token and nothing else.',
  failure:
    'A stranger starts the nightly job as often as they like. Or every run is answered with 401, and the work has never been done.',
  remedy: 'Ask for the secret that the scheduler sends, where it sends it, and deny when it is not set.',
  done: 'Each endpoint that a platform calls on schedule denies without a secret, and the scheduler sends that secret in the place where it is read.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://vercel.com/docs/cron-jobs/manage-cron-jobs#securing-cron-jobs',
    'https://cwe.mitre.org/data/definitions/306.html',
    'https://upstash.com/docs/qstash/features/security',
  ],
  needs: { schedules, scheduleDemands },
  messages,
  evaluate({ schedules: found, scheduleDemands: demands }): Verdict<M> {
    const asked = demands.filter((demand) => !isPing(demand));
    return failOr<M>(asked.flatMap(violation), () => otherwise(asked, found.searched));
  },
});

/** Asking whether the service is there needs no secret. */
const isPing = ({ schedule: { target }, secrets }: ScheduleDemand): boolean =>
  secrets.length === 0 &&
  target.kind === 'request' &&
  /^(?:GET|HEAD)$/.test(target.method) &&
  (target.path === '/' || /health|ping|status|warm|alive|ready|version|wake/i.test(target.path));

function violation(demand: ScheduleDemand): readonly Violation<M>[] {
  const { schedule, secrets, open, library, unclear, at } = demand;
  const { by, name } = schedule;
  const target = schedule.target.kind === 'request' ? schedule.target.path : name;
  const trail = [
    { note: `${by} calls ${target} by this schedule`, at: schedule.at },
    { note: secrets.length > 0 ? `${secrets.join(' or ')} decides here` : 'this answers', at },
  ];
  const base = { at: schedule.at, subject: `${by} ${target}`, trail };
  if (open.length > 0) return [{ ...base, message: 'fail-open', data: { by, target, secret: open.join(' and ') } }];
  if (secrets.length === 0)
    return library ||
      unclear !== undefined ||
      (schedule.signs === 'x-appengine-cron' && asksFor(demand, 'x-appengine-cron'))
      ? []
      : [{ ...base, message: 'open', data: { by, target } }];
  return mismatch(demand, base, target);
}

const asksFor = ({ reads }: ScheduleDemand, name: string): boolean => reads.some((one) => one.name === name);

function mismatch(
  { schedule, secrets, reads }: ScheduleDemand,
  base: Pick<Violation<M>, 'subject' | 'trail'> & { readonly at: ScheduleDemand['at'] },
  target: string,
): readonly Violation<M>[] {
  const { by, sends } = schedule;
  const secret = secrets.join(' or ');
  if (!sends) return [];
  if (sends.length === 0) return [{ ...base, message: 'unsent', data: { by, target, secret } }];
  // On Vercel both names are variables of one project; a workflow's secrets have names of their own.
  const sent = sends.map((one) => one.secret).find((name) => name !== '') ?? '';
  if (by === 'Vercel' && !secrets.includes(sent))
    return [{ ...base, message: 'secret', data: { by, target, sent, secret } }];
  const places = reads.filter((read) => /auth|key|secret|token|signature|cron/i.test(read.name));
  const fits =
    places.length === 0 || sends.some((one) => places.some((read) => read.in === one.in && read.name === one.name));
  if (fits) return [];
  const place = (one: { readonly in: string; readonly name: string }): string => `the ${one.in} ${one.name}`;
  return [
    {
      ...base,
      message: 'place',
      data: { by, target, sent: sends.map(place).join(' and '), read: places.map(place).join(' and ') },
    },
  ];
}

function otherwise(demands: readonly ScheduleDemand[], searched: string): Verdict<M> {
  const [first] = demands;
  if (!first)
    return {
      verdict: 'not-applicable',
      because: `No platform calls an endpoint of the service on schedule: searched ${searched}.`,
    };
  const lost = demands.find(
    ({ unclear, library, schedule }) =>
      unclear !== undefined || (library?.kind === 'session' && !schedule.sends?.length),
  );
  if (lost) {
    return {
      verdict: 'unknown',
      because: `What ${lost.schedule.name} asks of its caller could not be told: ${lost.unclear ?? `it asks for a session of ${lost.library?.package ?? ''}`}.`,
      settle: `Call ${lost.schedule.name} without any credential: it must deny. Then look at the last runs of ${lost.schedule.by}.`,
      evidence: [{ ...lost.at, note: 'the endpoint' }],
    };
  }
  return { verdict: 'pass', evidence: [evidenceOf(first), ...demands.slice(1, 6).map(evidenceOf)] };
}

const evidenceOf = ({ schedule, secrets, library, at }: ScheduleDemand): Evidence => ({
  ...at,
  note: `${schedule.name} asks for ${secrets.length > 0 ? secrets.join(' or ') : (library?.package ?? 'the header of its scheduler')}`,
});
