import { comparisons, type LeakyComparison } from '../../facts/comparisons.ts';
import { guards } from '../../facts/guards.ts';
import { live, type LiveCode } from '../../facts/live.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Step } from '../../model/place.ts';

const messages = {
  leaky: {
    text: '{scope} compares {secret} with what the caller sent by {how}, which ends at the first character that differs.',
    remedy:
      'Compare with crypto.timingSafeEqual: hash both sides with SHA-256 first, so that they have the same length.',
  },
} as const;

type M = typeof messages;

export const comparison = defineControl({
  id: 'secrets/comparison',
  area: 'secrets',
  scope: 'service',
  title: {
    pass: 'Secrets are compared in constant time',
    fail: 'Secrets are compared character by character',
  },
  why: 'A comparison that stops at the first difference takes longer the more of the secret was guessed. With enough requests that difference can be measured, and the secret be found piece by piece.',
  failure:
    'Someone measures thousands of answers of an internal endpoint, finds its key without any entry in a log, and uses it.',
  remedy: 'Compare secrets and signatures with crypto.timingSafeEqual or the verification of the library.',
  done: 'No live code compares what a caller sent with a secret or a computed signature by an operator or method that stops early.',
  severity: 'minor',
  confidence: 'likely',
  level: 'wired',
  stage: 'trial',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/208.html',
    'https://nodejs.org/api/crypto.html#cryptotimingsafeequala-b',
  ],
  needs: { comparisons, guards, live },
  messages,
  evaluate({ comparisons: found, guards: guarding, live: liveCode }): Verdict<M> {
    return failOr<M>(
      found.leaky.map((one) => violation(one, liveCode)),
      () => {
        const [first, ...rest] = found.constant.slice(0, 5).map((one) => ({ ...one.at, note: `${one.by} compares` }));
        if (first) return { verdict: 'pass', evidence: [first, ...rest] };
        const compared = guarding.list.filter((guard) => guard.kind === 'secret');
        if (compared.length === 0)
          return { verdict: 'not-applicable', because: 'no live code compares what a caller sent with a secret' };
        const searched = `${found.functions} live functions that may turn a caller away and are near a secret: none compares one by an operator`;
        return { verdict: 'pass', evidence: [{ searched }] };
      },
    );
  },
});

function violation(one: LeakyComparison, liveCode: LiveCode): Violation<M> {
  const [entry] = liveCode.pathTo(one.at.file);
  const trail: Step[] = entry === undefined ? [] : [{ note: 'live: loaded from here', at: { file: entry } }];
  return {
    message: 'leaky',
    data: { scope: one.scope, secret: one.secret, how: one.how },
    at: one.at,
    subject: `${one.scope} ${one.secret}`,
    trail: [...one.trail, ...trail],
  };
}
