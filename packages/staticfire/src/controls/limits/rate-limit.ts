import { exposure, type Exposed, type Exposure, type Limit } from '../../facts/exposure.ts';
import { safeguards, type DeadSafeguard, type Safeguards } from '../../facts/safeguards.ts';
import { service, type Service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Place } from '../../model/place.ts';
import { distinctLimits, isPublic, mutates, nameOf } from './endpoints.ts';

const messages = {
  none: {
    text: 'Nothing limits how often anyone may call this service.',
    remedy: 'Register a rate limiter before the routes, with a store that all instances share.',
  },
  dead: {
    text: 'Nothing limits how often anyone may call this service: {symbol} would, and {why}.',
    remedy: 'Register {symbol} before the routes.',
  },
  unlimited: {
    text: '{endpoint} can be called without limit, and no limiter stands before all endpoints.',
    remedy: 'Register a rate limiter before all routes, or put one before {endpoint}.',
  },
  idle: {
    text: '{endpoint} is under a limiter that limits nothing: {why}.',
    remedy: 'Make the limiter decide before {endpoint} does its work.',
  },
  memory: {
    text: 'The limits count in the memory of one instance, and the platform starts as many as it likes.',
    remedy: 'Give the limiter a store that all instances share, such as Redis.',
    severity: 'minor',
    confidence: 'likely',
  },
} as const;

type M = typeof messages;

const most = 25;

export const rateLimit = defineControl({
  id: 'limits/rate-limit',
  area: 'limits',
  scope: 'service',
  title: { pass: 'Public endpoints are under a rate limit', fail: 'Public endpoints have no rate limit' },
  why: 'Whoever may call without an account may call without end: to guess, to fill the database, to spend money on mail and models, or to keep everyone else out.',
  failure:
    'One script fills the connection pool or the bill within minutes, and the service slows down or stops for everybody.',
  remedy:
    'Put a live limiter before all endpoints, keyed by the true address of the client, and answer 429 with Retry-After.',
  done: 'A limiter stands before all endpoints, or before every endpoint that changes something or signs someone in without an account.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'trial',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/770.html',
    'https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/',
  ],
  needs: { exposure, safeguards, service },
  messages,
  evaluate({ exposure: found, service: one, safeguards }): Verdict<M> {
    const { list } = found;
    const dead = deadLimiter(safeguards, one);
    if (list.length === 0) return { verdict: 'not-applicable', because: 'No endpoints were found.' };
    const limits = distinctLimits(list);
    const open = list.filter(isPublic);
    const unclear = list.filter(({ reaches }) => reaches.limit.answer === 'unknown');
    if (limits.length === 0 && unclear.length === 0 && !found.unplaced) return absent(list, dead);
    if (open.length === 0) return withoutPublic(found, limits);
    const bare = open.filter(({ limits: own, reaches }) => own.length === 0 && reaches.limit.answer !== 'unknown');
    if (bare.length > 0 && found.unplaced) return elsewhere(found.unplaced, bare.length);
    return failOr<M>(
      [...bare.slice(0, most).map(violation), ...(bare.length === 0 ? inMemory(limits, one.serverless) : [])],
      () => (unclear.some((each) => open.includes(each)) ? unknown(unclear) : passed(open, limits)),
    );
  },
});

/** A limiter below the folder of the service that nothing runs. */
function deadLimiter({ dead }: Safeguards, { root }: Service): DeadSafeguard | undefined {
  const inside = (file: string): boolean => root === '.' || file.startsWith(`${root}/`);
  return dead
    .flatMap((one) => [one, ...one.others.map((other) => ({ ...one, ...other }))])
    .find(({ kind, at }) => kind === 'rate limiter' && inside(at.file));
}

function absent(list: readonly Exposed[], dead: DeadSafeguard | undefined): Verdict<M> {
  if (!list.some(mutates))
    return { verdict: 'not-applicable', because: `None of the ${list.length} endpoints changes anything.` };
  if (dead)
    return {
      verdict: 'fail',
      violations: [
        {
          message: 'dead',
          data: { symbol: dead.symbol, why: dead.why },
          subject: 'limiter',
          at: dead.at,
          trail: dead.trail,
        },
      ],
    };
  const idle = list.filter(({ reaches }) => reaches.limit.why !== '');
  return failOr<M>(idle.slice(0, most).map(violation), () => ({
    verdict: 'fail',
    violations: [
      {
        message: 'none',
        data: {},
        subject: 'limiter',
        searched: `limiters of packages and counting by hand in the chains and handlers of ${list.length} endpoints`,
      },
    ],
  }));
}

function violation(one: Exposed): Violation<M> {
  const endpoint = nameOf(one);
  const base = { subject: endpoint, at: one.endpoint.at, trail: one.reaches.limit.trail };
  const { why } = one.reaches.limit;
  return why === ''
    ? { ...base, message: 'unlimited', data: { endpoint } }
    : { ...base, message: 'idle', data: { endpoint, why } };
}

function inMemory(limits: readonly Limit[], serverless: boolean): readonly Violation<M>[] {
  const [first] = limits;
  if (!serverless || !first || limits.some(({ store }) => store !== 'memory')) return [];
  return [{ message: 'memory', data: {}, subject: 'memory store', at: first.at, trail: first.trail }];
}

const evidenceOf = (limit: Limit): { readonly file: string; readonly note: string } => ({
  ...limit.at,
  note: limit.what,
});

function passed(open: readonly Exposed[], limits: readonly Limit[]): Verdict<M> {
  return {
    verdict: 'pass',
    evidence: [
      { searched: `${open.length} public endpoints that change something or sign someone in: each is under a limit` },
      ...limits.slice(0, 5).map(evidenceOf),
    ],
  };
}

function withoutPublic({ list }: Exposure, limits: readonly Limit[]): Verdict<M> {
  const [first] = limits;
  const searched = `${list.length} endpoints: none changes anything or signs anyone in without authentication`;
  return { verdict: 'pass', evidence: [{ searched }, ...(first ? [evidenceOf(first)] : [])] };
}

const elsewhere = (at: Place, count: number): Verdict<M> => ({
  verdict: 'unknown',
  because: `Live code makes a limiter in ${at.file}, and whether it stands before ${count} public endpoints could not be told.`,
  settle: 'Call one of them more often than the limit allows: it must answer 429.',
  evidence: [{ ...at, note: 'a limiter is loaded here' }],
});

function unknown(unclear: readonly Exposed[]): Verdict<M> {
  return {
    verdict: 'unknown',
    because: `Whether ${unclear.length} endpoints are limited could not be told: ${unclear[0]?.reaches.limit.why ?? ''}.`,
    settle: 'Call one of them more often than the limit allows: it must answer 429.',
    evidence: unclear.slice(0, 5).map((one) => ({ ...one.endpoint.at, note: nameOf(one) })),
  };
}
