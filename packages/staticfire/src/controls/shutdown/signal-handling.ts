import { calls } from '../../facts/calls.ts';
import { databases, isDatabase, type Databases } from '../../facts/databases.ts';
import { service } from '../../facts/services.ts';
import { shutdown, type Shutdown } from '../../facts/shutdown.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'Nothing handles SIGTERM: the process dies at once with its requests.',
    remedy: 'On SIGTERM stop accepting connections, wait for the requests in flight, close the pools, then exit.',
  },
  dead: {
    text: 'A handler of SIGTERM exists and never runs: {why}.',
    remedy: 'Install it from the file that starts the server.',
  },
  'interrupt-only': {
    text: 'Only {signals} is handled; platforms send SIGTERM.',
    remedy: 'Install the same handler for SIGTERM.',
  },
  'exits-at-once': {
    text: 'On SIGTERM the process exits without closing the server first.',
    remedy: 'Close the server and exit when it has closed, with a time limit.',
  },
  'server-stays': {
    text: 'The handler of SIGTERM never closes the server.',
    remedy: 'Call close on the server that the start-up returns, and exit when it has closed.',
  },
  cuts: {
    text: 'On SIGTERM {how}: requests in flight are cut.',
    remedy: 'Let close finish first; cut what is left only after a time limit.',
  },
  'pools-open': {
    text: 'On SIGTERM the server closes, but {pools} stays open: nothing on the way closes it.',
    remedy: 'Close the pool after the server has closed.',
    severity: 'minor',
  },
} as const;

type Said = Violation<typeof messages>;

export const signalHandling = defineControl({
  id: 'shutdown/signal-handling',
  area: 'shutdown',
  scope: 'service',
  title: {
    pass: 'On SIGTERM the service drains and stops',
    fail: 'On SIGTERM the service does not stop in order',
  },
  why: 'Each deploy, each scaling step and each move to another machine sends SIGTERM and kills what is left some seconds later. What the process does in between decides whether a deploy is noticed.',
  failure:
    'Every deploy cuts requests half way: payments taken without an order written, jobs run twice, connections that the database holds until they time out.',
  remedy:
    'Handle SIGTERM in the file that starts the server: stop accepting, wait for requests in flight, close the pools, exit; with a time limit shorter than the grace period of the platform.',
  done: 'Live code handles SIGTERM, or runs under a server that does; the handler closes the server and the database pools and lets the requests in flight finish.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://nodejs.org/api/process.html#signal-events',
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://expressjs.com/en/advanced/healthcheck-graceful-shutdown.html',
  ],
  needs: { calls, databases, service, shutdown },
  messages,
  evaluate({ calls: walked, databases: stores, service: own, shutdown: found }): Verdict<typeof messages> {
    if (own.serverless)
      return {
        verdict: 'not-applicable',
        because: 'the platform starts and stops its functions, there is no process to signal',
      };
    if (own.kind === 'job') return { verdict: 'not-applicable', because: 'it runs to its end and exits' };
    if (found.provided?.complete)
      return { verdict: 'pass', evidence: [{ ...found.provided.at, note: `${found.provided.by} handles SIGTERM` }] };
    if (handled(found) && found.lost && found.closesServer.length === 0 && found.provided === undefined) {
      return {
        verdict: 'unknown',
        because: 'SIGTERM is handled by a function that reading could not follow',
        settle: 'send SIGTERM under load and look for failed requests',
        evidence: evidenceOf(found),
      };
    }
    const violations = handled(found)
      ? shortcomings(found, stores, own.kind === 'http')
      : [unhandled(found, walked.files)];
    return failOr<typeof messages>(violations, () => ({ verdict: 'pass', evidence: evidenceOf(found) }));
  },
});

const handled = (found: Shutdown): boolean =>
  found.provided !== undefined || found.handlers.some((h) => h.signal === 'SIGTERM');

function unhandled(found: Shutdown, files: number): Said {
  const trail = found.listens ? [{ note: 'the server is started here', at: found.listens }] : [];
  const [handler] = found.handlers;
  if (handler)
    return { message: 'interrupt-only', data: { signals: handler.signal }, at: handler.at, subject: 'SIGTERM', trail };
  const [dead] = found.dead;
  if (dead) return { message: 'dead', data: { why: dead.why }, at: dead.at, subject: 'SIGTERM', trail };
  return {
    message: 'absent',
    data: {},
    searched: `handlers of SIGTERM in ${files} live files`,
    subject: 'SIGTERM',
    trail,
  };
}

function shortcomings(found: Shutdown, stores: Databases, http: boolean): Said[] {
  const at = found.provided?.at ?? found.handlers.find((h) => h.signal === 'SIGTERM')?.at;
  if (!at) return [];
  const closes = found.closesServer.length > 0 || found.provided?.closesServer === true;
  if (http && !closes)
    return [{ message: found.exits.length > 0 ? 'exits-at-once' : 'server-stays', data: {}, at, subject: 'SIGTERM' }];
  const [cut] = found.cuts;
  return [
    ...(cut
      ? [
          {
            message: 'cuts' as const,
            data: { how: cut.how },
            at: cut.at,
            subject: 'SIGTERM',
            trail: [{ note: 'SIGTERM is handled here', at }],
          },
        ]
      : []),
    ...openPools(found, stores, at),
  ];
}

function openPools(found: Shutdown, stores: Databases, at: NonNullable<Said['at']>): Said[] {
  const pool = stores.pools.find((one) => isDatabase(one.layer) && !one.managed);
  if (!pool || found.closesPools.length > 0) return [];
  const [closing] = found.provided ? [] : found.closesServer;
  const trail = [
    { note: 'SIGTERM is handled here', at },
    ...(closing ? [{ note: 'the server closes here', at: closing }] : []),
  ];
  return [{ message: 'pools-open', data: { pools: `the ${pool.what}` }, at: pool.at, subject: pool.name, trail }];
}

function evidenceOf(found: Shutdown): readonly [Evidence, ...Evidence[]] {
  const rest: Evidence[] = [
    ...(found.provided ? [] : found.closesServer.slice(0, 1)).map((at) => ({ ...at, note: 'closes the server' })),
    ...found.closesPools.slice(0, 1).map((at) => ({ ...at, note: 'closes the pool' })),
  ];
  const first = found.handlers.find((h) => h.signal === 'SIGTERM');
  if (first) return [{ ...first.at, note: 'handles SIGTERM' }, ...rest];
  return found.provided
    ? [{ ...found.provided.at, note: `${found.provided.by} handles SIGTERM` }, ...rest]
    : [{ searched: 'handlers of SIGTERM in live code' }, ...rest];
}
