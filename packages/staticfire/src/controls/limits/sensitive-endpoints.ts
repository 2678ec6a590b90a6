import { exposure, type Exposed, type Exposure, type Limit } from '../../facts/exposure.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import { asksFirst, coverOf, invitesGuessing, isPublic, nameOf } from './endpoints.ts';

const messages = {
  guessing: {
    text: '{endpoint} has no limit of its own: passwords and codes can be guessed as fast as {pace}.',
    remedy: 'Put a limiter of a few attempts a minute before {endpoint}, keyed by account and by address.',
  },
  expensive: {
    text: '{endpoint} spends {what} on every call and has no limit of its own.',
    remedy: 'Put a limit per user or address before {endpoint} that fits what a call costs.',
    severity: 'minor',
  },
} as const;

type M = typeof messages;

export const sensitiveEndpoints = defineControl({
  id: 'limits/sensitive-endpoints',
  area: 'limits',
  scope: 'service',
  title: {
    pass: 'Signing in, resetting and expensive calls have tighter limits',
    fail: 'Signing in, resetting or expensive calls have no limit of their own',
  },
  why: 'A limit that fits ordinary use allows thousands of passwords an hour, and a six-digit code falls in less. What invites guessing or costs money on every call needs a limit of its own.',
  failure:
    'Passwords leaked elsewhere are tried against every account in one night, or a script runs up the bill of a language model.',
  remedy: 'Give sign-in, sign-up, reset, codes and expensive calls a limit of a few a minute, by account and address.',
  done: 'Each endpoint that takes a password or a code, or spends money on every call, stands under a limit that not all others share.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'trial',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/307.html',
    'https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html',
  ],
  needs: { exposure },
  messages,
  evaluate({ exposure: found }): Verdict<M> {
    const guessable = found.list.filter((one) => invitesGuessing(one) && !asksFirst(one));
    const expensive = found.list.filter((one) => one.expensive !== '' && isPublic(one));
    const asked = guessable.length + expensive.length + found.signIns.length;
    if (asked === 0)
      return {
        verdict: 'not-applicable',
        because: `None of the ${found.list.length} endpoints takes a password or a code, or spends money on every call.`,
      };
    const isOwn = ownIn(found);
    const lacking = (one: { readonly limits: readonly Limit[] }): boolean => !one.limits.some(isOwn);
    const bare = [
      ...guessable.filter(lacking).map(guessed),
      ...found.signIns.filter(lacking).map(({ name, at }): Violation<M> => ({
        message: 'guessing',
        data: { endpoint: name, pace: 'the service answers' },
        subject: name,
        at,
      })),
      ...expensive.filter((one) => !guessable.includes(one) && lacking(one)).map(spent),
    ];
    const unclear = guessable.find(({ reaches }) => reaches.limit.answer === 'unknown');
    if (unclear)
      return {
        verdict: 'unknown',
        because: `Whether ${nameOf(unclear)} is limited could not be told: ${unclear.reaches.limit.why}.`,
        settle: `Call ${nameOf(unclear)} with wrong credentials until it answers 429.`,
      };
    if (found.unplaced && bare.length > 0)
      return {
        verdict: 'unknown',
        because: `Live code makes a limiter in ${found.unplaced.file}, and whether it stands before ${bare.length} sensitive endpoints could not be told.`,
        settle: 'Try to sign in with wrong credentials until it answers 429.',
      };
    return failOr<M>(bare, () => ({
      verdict: 'pass',
      evidence: [
        { searched: `${asked} endpoints that take a password or a code, or spend money on every call` },
        ...guessable
          .slice(0, 4)
          .map((one) => ({ ...one.endpoint.at, note: `${nameOf(one)}: ${one.reaches.limit.what}` })),
      ],
    }));
  },
});

/** A limit that does not stand before most endpoints. Where there are few endpoints all may be sensitive. */
function ownIn({ list }: Exposure): (limit: Limit) => boolean {
  const covers = coverOf(list);
  return (limit) => limit.inHandler || covers(limit) <= Math.max(list.length / 2, list.filter(invitesGuessing).length);
}

function guessed(one: Exposed): Violation<M> {
  const endpoint = nameOf(one);
  const [limit] = one.limits;
  const pace = limit ? `the limit of all endpoints allows (${limit.what})` : 'the service answers';
  return {
    message: 'guessing',
    data: { endpoint, pace },
    subject: endpoint,
    at: one.endpoint.at,
    trail: limit?.trail ?? [],
  };
}

const spent = (one: Exposed): Violation<M> => ({
  message: 'expensive',
  data: { endpoint: nameOf(one), what: one.expensive },
  subject: nameOf(one),
  at: one.endpoint.at,
});
