import { service } from '../../facts/services.ts';
import { telemetry, type Meters, type Telemetry } from '../../facts/telemetry.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'Nothing counts and times requests.',
    remedy: 'Record a histogram of request durations with method, route and status, and let your monitoring read it.',
  },
  'declared-only': {
    text: '{package} is a dependency, but no live code records a metric of requests with it.',
    remedy: 'Record the duration of each request with it and expose the result, or remove the dependency.',
  },
  'defaults-only': {
    text: 'Only figures of the process (memory, event loop) are collected: no rate, no errors, no duration of requests.',
    remedy: 'Add a histogram of request durations with method, route and status, and observe it in a middleware.',
  },
  unrecorded: {
    text: 'The histogram {name} is declared, but no live code records a duration in it.',
    remedy: 'Observe it in a middleware that is registered before the routes.',
  },
  partial: {
    text: '{name} and {others} more are recorded, but no duration of requests: slowness stays invisible.',
    remedy: 'Add a histogram of request durations with method, route and status.',
  },
  unexposed: {
    text: '{name} is recorded, but nothing lets it out of the process.',
    remedy: 'Serve the registry to your monitoring, or push it.',
  },
  public: {
    text: '{endpoint} shows the metrics of the service to anyone who asks.',
    remedy: 'Serve metrics on a port that only the cluster reaches, or ask for a token.',
    severity: 'note',
    confidence: 'likely',
  },
} as const;

type M = typeof messages;

export const metrics = defineControl({
  id: 'telemetry/metrics',
  area: 'telemetry',
  scope: 'service',
  title: {
    pass: 'Rate, errors and duration of requests are measured',
    fail: 'Requests are not measured, or anyone can read the figures',
  },
  why: 'How many requests come, how many fail and how long they take are the three figures from which outages are seen before customers write. They must cover every request: a tracker that keeps a sample of traces does not count them.',
  failure:
    'The share of failing checkouts rises from 0.1 to 8 percent after a release. No alert can fire, because nothing counts requests and failures.',
  remedy:
    'Record a histogram of request durations labelled with method, route and status in a middleware, or run the agent of your provider, and alert on it.',
  done: 'Live code or an agent records rate, errors and duration of all requests, and only your monitoring can read them.',
  severity: 'minor',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://sre.google/sre-book/monitoring-distributed-systems/',
    'https://prometheus.io/docs/practices/instrumentation/',
    'https://opentelemetry.io/docs/specs/semconv/http/http-metrics/',
  ],
  needs: { service, telemetry },
  messages,
  evaluate({ service: own, telemetry: found }): Verdict<M> {
    if (own.kind === 'job')
      return { verdict: 'not-applicable', because: 'it is a job that ends: it has no requests to measure' };
    const agent = found.starts.find((start) => start.measures && start.flaw === undefined && start.order !== 'late');
    if (agent)
      return { verdict: 'pass', evidence: [{ ...agent.at, note: `${agent.package} counts and times requests` }] };
    const { meters } = found;
    const recorded = [...meters.bundles.map((one) => ({ name: one.package, at: one.at })), ...meters.durations];
    const [first] = recorded;
    if (!first) return missing(found);
    if (meters.bundles.length === 0 && meters.exposed.length === 0)
      return fail({ message: 'unexposed', data: { name: first.name }, at: first.at, subject: first.name });
    const { open } = meters;
    if (open)
      return fail({ message: 'public', data: { endpoint: open.endpoint }, at: open.at, subject: open.endpoint });
    return { verdict: 'pass', evidence: [{ ...first.at, note: `${first.name} is recorded` }, ...shown(meters)] };
  },
});

const fail = (violation: Violation<M>): Verdict<M> => ({ verdict: 'fail', violations: [violation] });

const shown = (meters: Meters): readonly Evidence[] =>
  meters.exposed.slice(0, 3).map(({ by, at }) => ({ ...at, note: `let out: ${by}` }));

function missing(found: Telemetry): Verdict<M> {
  const { meters } = found;
  const [unrecorded] = meters.unrecorded;
  if (unrecorded)
    return fail({
      message: 'unrecorded',
      data: { name: unrecorded.name },
      at: unrecorded.at,
      subject: unrecorded.name,
    });
  const [other, ...others] = meters.others;
  if (other)
    return fail({
      message: 'partial',
      data: { name: other.name, others: others.length },
      at: other.at,
      subject: other.name,
    });
  if (meters.defaults)
    return fail({ message: 'defaults-only', data: {}, at: meters.defaults, subject: 'default metrics' });
  const searched = `metrics of requests and monitoring agents in ${found.files} live files and the start command`;
  const declared = found.declared.find(({ kind }) => kind === 'metrics');
  if (declared)
    return fail({
      message: 'declared-only',
      data: { package: declared.package },
      at: declared.at,
      subject: declared.package,
      trail: [{ note: `searched: ${searched}` }],
    });
  return fail({ message: 'absent', data: {}, searched, subject: 'metrics' });
}
