import { outbound, type OutboundCall } from '../../facts/outbound.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

/** The share of calls that must have a limit. */
const norm = 0.8;

const messages = {
  unlimited: {
    text: '{scope} calls another server with {client} and waits for the answer without a time limit.',
    remedy: 'Pass a limit: `signal: AbortSignal.timeout(ms)` for fetch, `timeout` for the others.',
  },
  'unlimited-client': {
    text: '{name} ({client}) is made without a time limit. Live calls that go through it: {calls}.',
    remedy: 'Give it a time limit where it is made.',
  },
  off: {
    text: '{scope} calls another server with {client} and its time limit is switched off.',
    remedy: 'Set a limit that is longer than the slowest answer that is worth waiting for.',
  },
  unheard: {
    text: '{scope} sets a timeout on a request of Node.js, but nothing ends the request when it fires.',
    remedy: "Destroy the request in a 'timeout' listener, or pass `signal: AbortSignal.timeout(ms)`.",
  },
} as const;

type M = typeof messages;

export const outboundTimeout = defineControl({
  id: 'resilience/outbound-timeout',
  area: 'resilience',
  scope: 'service',
  title: {
    pass: 'Calls to other servers have a time limit',
    fail: 'Calls to other servers can wait for ever',
  },
  why: 'Another server that accepts a connection and never answers holds the request, its memory and often a database connection. fetch of Node.js waits five minutes for headers and again for each part of the body; most other clients have no limit at all.',
  failure:
    'A provider slows down. Requests that need it pile up until memory, sockets or the pool are used up, and pages that never needed the provider stop answering as well.',
  remedy:
    'Give every call a time limit that fits what waits for it, best in one wrapper that all calls go through, and decide what the caller answers when it passes.',
  done: 'At least four of five calls that live server code makes over HTTP end after a finite, documented time.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://developer.mozilla.org/en-US/docs/Web/API/AbortSignal/timeout_static',
    'https://nodejs.org/api/globals.html#fetch',
    'https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/',
  ],
  needs: { outbound },
  messages,
  evaluate({ outbound: found }): Verdict<M> {
    const { calls } = found;
    if (calls.length === 0) {
      return {
        verdict: 'not-applicable',
        because: `none of ${found.files} live files calls another server over HTTP`,
      };
    }
    const limited = calls.filter((call) => call.limit.kind === 'limited');
    const unlimited = calls.filter((call) => call.limit.kind === 'unlimited');
    const short = unlimited.length / calls.length > 1 - norm + Number.EPSILON;
    const [first, ...rest] = short ? violations(unlimited) : [];
    return first
      ? { verdict: 'fail', violations: [first, ...rest], evidence: [counted(calls, limited, unlimited)] }
      : otherwise(calls, limited, unlimited);
  },
});

/** One finding for each client that was made without a limit, and for each function that calls without one. */
function violations(unlimited: readonly OutboundCall[]): readonly Violation<M>[] {
  const groups = new Map<string, OutboundCall[]>();
  for (const call of unlimited) {
    const scope = call.ready ? '' : call.scope;
    const key = call.made ? `${call.made.file}:${call.made.line ?? 0}` : `${call.at.file} ${scope} ${call.client}`;
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return [...groups.values()].flatMap(([first, ...rest]) => (first ? [violation(first, rest)] : []));
}

function violation(first: OutboundCall, rest: readonly OutboundCall[]): Violation<M> {
  const { client, scope, made, limit } = first;
  if (made) {
    const { name, ...at } = made;
    const data = { name, client, calls: rest.length + 1 };
    return {
      message: 'unlimited-client',
      data,
      at,
      subject: `${name} ${client}`,
      trail: steps([first, ...rest], 'calls through it'),
    };
  }
  const base = { at: first.at, subject: `${scope} ${client}`, trail: [...steps(rest, 'and here'), ...callers(first)] };
  if (limit.kind === 'unlimited' && limit.why === 'unheard') return { ...base, message: 'unheard', data: { scope } };
  const off = limit.kind === 'unlimited' && limit.why === 'off';
  return { ...base, message: off ? 'off' : 'unlimited', data: { scope, client } };
}

const steps = (calls: readonly OutboundCall[], note: string): Step[] =>
  calls.slice(0, 5).map((call) => ({ note: `${call.scope} ${note}`, at: call.at }));

const callers = (call: OutboundCall): Step[] =>
  call.callers.slice(0, 3).map((at) => ({ note: 'this caller passes no limit', at }));

function otherwise(
  calls: readonly OutboundCall[],
  limited: readonly OutboundCall[],
  unlimited: readonly OutboundCall[],
): Verdict<M> {
  const lost = calls.filter((call) => call.limit.kind === 'lost');
  if (limited.length === 0 || limited.length / calls.length < norm) {
    return {
      verdict: 'unknown',
      because: `the options of ${lost.length} of ${calls.length} calls to other servers come from where reading cannot follow`,
      settle: 'answer one of these calls with a server that accepts and never replies: the call must end',
      evidence: lost.slice(0, 5).map((call) => ({ ...call.at, note: `${call.client}: options not followed` })),
    };
  }
  const shown = limited.slice(0, 5).map((call): Evidence => ({ ...call.at, note: `${call.client}: ${by(call)}` }));
  const without = unlimited.map((call): Evidence => ({ ...call.at, note: `${call.client}: no limit` }));
  return { verdict: 'pass', evidence: [counted(calls, limited, unlimited), ...shown, ...without] };
}

const counted = (
  calls: readonly OutboundCall[],
  limited: readonly OutboundCall[],
  unlimited: readonly OutboundCall[],
): Evidence => ({
  searched: `${calls.length} calls to other servers in live code: ${limited.length} have a limit, ${unlimited.length} have none`,
});

const by = (call: OutboundCall): string => (call.limit.kind === 'limited' ? call.limit.by : '');
