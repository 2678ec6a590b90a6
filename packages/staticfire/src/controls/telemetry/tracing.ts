import { reach } from '../../facts/live.ts';
import { service } from '../../facts/services.ts';
import { telemetry, type IdleTelemetry, type Telemetry, type TelemetryStart } from '../../facts/telemetry.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import type { Step } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'Nothing traces requests through this service.',
    remedy: 'Add OpenTelemetry with its automatic instrumentations, and start it with `--import` before the program.',
  },
  'declared-only': {
    text: '{package} is a dependency, but nothing live starts it.',
    remedy: 'Start it before the program is loaded, or remove the dependency.',
  },
  unloaded: {
    text: '{package} is started in a file that nothing live loads.',
    remedy: 'Load it with `--import` in the start command, or first thing in {nearest}.',
  },
  uncalled: {
    text: '{package} is started in a function that nothing live calls.',
    remedy: 'Call it before anything else is loaded.',
  },
  late: {
    text: '{package} is started after {first} is loaded, so it cannot put itself into it: requests are not followed.',
    remedy: 'Move the start into a file of its own and load it with `--import`, or as the first import of the entry.',
  },
  disabled: {
    text: '{package} is started so that it stays off in production.',
    remedy: 'Switch it on for production.',
  },
  unsampled: {
    text: '{package} is initialised without a sample rate: it keeps errors and traces no request.',
    remedy: 'Set tracesSampleRate above zero, or a tracesSampler.',
  },
  bare: {
    text: '{package} is started without instrumentations: no request becomes a span and traceparent is not passed on.',
    remedy: 'Hand it the instrumentations: `instrumentations: [getNodeAutoInstrumentations()]`.',
  },
  undeclared: {
    text: '{package} is loaded here, but no package.json of the service declares it: the start fails where it is not installed.',
    remedy: 'Add {package} to the dependencies.',
  },
} as const;

type M = typeof messages;

export const tracing = defineControl({
  id: 'telemetry/tracing',
  area: 'telemetry',
  scope: 'service',
  title: {
    pass: 'Requests are traced from the first moment',
    fail: 'Requests cannot be followed through the service',
  },
  why: 'A trace shows where a request spent its time and which call failed, across services, because each passes traceparent on. Instrumentations replace parts of a library when it is loaded, so what was loaded before them is never seen.',
  failure:
    'A page takes nine seconds for some customers. Logs of four services have to be laid side by side by time to guess which call waits for which.',
  remedy:
    'Start OpenTelemetry or the agent of your provider before the program: with `--import` in the start command, in instrumentation.ts of Next.js, or as the first import of the entry.',
  done: 'A tracer with instrumentations is started by live code or the start command before the first library that it instruments is loaded.',
  severity: 'minor',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://opentelemetry.io/docs/languages/js/getting-started/nodejs/',
    'https://www.w3.org/TR/trace-context/',
    'https://nextjs.org/docs/app/guides/open-telemetry',
  ],
  needs: { reach, service, telemetry },
  messages,
  evaluate({ reach: reached, service: own, telemetry: found }): Verdict<M> {
    if (own.kind === 'job')
      return { verdict: 'not-applicable', because: 'it is a job that ends: no request passes through it' };
    const starts = found.starts.filter((start) => start.traces);
    const good = starts.find((start) => start.flaw === undefined && start.order === 'early');
    if (good)
      return {
        verdict: 'pass',
        evidence: [{ ...good.at, note: `${good.package} is started before what it instruments` }],
      };
    const unknown = starts.find((start) => start.flaw === undefined && start.order === 'unknown');
    if (unknown) {
      return {
        verdict: 'unknown',
        because: `when ${unknown.package} is started, before or after the libraries that it instruments, could not be told`,
        settle: 'send one request and look for its trace, with a span of the database below that of the request',
        evidence: [{ ...unknown.at, note: 'it is started here' }],
      };
    }
    const [first, ...rest] = violations(found, starts, (file) => reached.nearestLive(file) ?? 'the entry');
    if (first) return { verdict: 'fail', violations: [first, ...rest] };
    const searched = `starts of OpenTelemetry and of tracing agents in ${found.files} live files, the start command and NODE_OPTIONS`;
    return { verdict: 'fail', violations: [{ message: 'absent', data: {}, searched, subject: 'tracing' }] };
  },
});

function violations(
  found: Telemetry,
  starts: readonly TelemetryStart[],
  nearest: (file: string) => string,
): readonly Violation<M>[] {
  if (starts.length > 0) return starts.map(flawed);
  if (found.idle.length > 0) return found.idle.slice(0, 1).map((one) => idle(one, nearest(one.at.file)));
  return found.declared
    .filter(({ kind }) => kind === 'tracing')
    .slice(0, 1)
    .map((one) => ({
      message: 'declared-only' as const,
      data: { package: one.package },
      at: one.at,
      subject: one.package,
      trail: [{ note: `searched: starts of it in ${found.files} live files, the start command and NODE_OPTIONS` }],
    }));
}

function flawed(start: TelemetryStart): Violation<M> {
  const base = { at: start.at, subject: start.package };
  if (start.flaw) return { ...base, message: start.flaw, data: { package: start.package } };
  const { after } = start;
  const trail: readonly Step[] = after ? [{ note: `${after.package} is loaded here, before it`, at: after.at }] : [];
  return {
    ...base,
    message: 'late',
    data: { package: start.package, first: after?.package ?? 'the framework' },
    trail,
  };
}

function idle(one: IdleTelemetry, nearest: string): Violation<M> {
  const base = { at: one.at, subject: one.package, trail: one.trail, data: { package: one.package, nearest } };
  return one.why === 'uncalled'
    ? { ...base, message: 'uncalled', data: { package: one.package } }
    : { ...base, message: 'unloaded' };
}
