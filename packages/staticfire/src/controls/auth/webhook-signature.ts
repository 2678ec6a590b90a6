import { exposure, type Exposed } from '../../facts/exposure.ts';
import { guards, type GuardFact } from '../../facts/guards.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  unsigned: {
    text: '{endpoint} acts on what anyone sends: nothing checks who sent it.',
    remedy: "Verify the sender's signature over the raw body before {endpoint} acts, and refuse what does not match.",
  },
  optional: {
    text: '{endpoint} checks the signature only when {setting} is set.',
    remedy: 'Refuse every request when {setting} is missing, and require it at boot.',
  },
} as const;

type M = typeof messages;

export const webhookSignature = defineControl({
  id: 'auth/webhook-signature',
  area: 'auth',
  scope: 'service',
  title: {
    pass: 'Every webhook knows its sender',
    fail: 'Webhooks act on what anyone sends',
  },
  why: 'The address of a webhook is no secret: it stands in dashboards, logs and documentation. Only the signature tells a payment that happened from one that somebody made up.',
  failure:
    'Someone posts a made-up event. Orders are marked as paid, accounts are upgraded or mail is suppressed, and the sender whose name it bears knows nothing of it.',
  remedy:
    'Verify the signature with the library of the sender, or with an HMAC over the raw body compared in constant time. Deny when the secret is not set.',
  done: 'Each webhook endpoint refuses a request without a valid signature, also when its secret is not set.',
  severity: 'critical',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/345.html',
    'https://docs.stripe.com/webhooks/signature',
    'https://www.standardwebhooks.com/',
  ],
  needs: { exposure, guards },
  messages,
  evaluate(facts): Verdict<M> {
    const webhooks = facts.exposure.list.filter(isWebhook);
    if (webhooks.length === 0)
      return { verdict: 'not-applicable', because: 'None of the endpoints is called by another service as a webhook.' };
    const violations = webhooks.flatMap((one): Violation<M>[] => {
      const open = openGuard(one, facts.guards.list);
      if (open) return [optional(one, open)];
      return isUnsigned(one) ? [unsigned(one)] : [];
    });
    return failOr<M>(violations, () => otherwise(webhooks));
  },
});

/** Receives events: reading them back or managing them is another thing. */
const isWebhook = ({ endpoint, open }: Exposed): boolean =>
  open?.kind === 'webhook' &&
  /^(?:POST|PUT|ALL|action|function)$/.test(endpoint.method) &&
  !/:\w*id\b.*\/(?:test|logs|retry)/i.test(endpoint.path);

const isUnsigned = ({ reaches }: Exposed): boolean =>
  reaches.signature.answer === 'no' && reaches.authentication.answer === 'no';

const nameOf = ({ endpoint }: Exposed): string => `${endpoint.method} ${endpoint.path}`;

/** The guard on its way that lets everyone through without its secret. */
function openGuard(one: Exposed, list: readonly GuardFact[]): GuardFact | undefined {
  const { endpoint } = one;
  const files = new Set(
    [...one.reaches.signature.trail, ...one.reaches.authentication.trail].flatMap(({ at }) => at?.file ?? []),
  );
  return list.find(
    (guard) =>
      guard.polarity === 'open' &&
      guard.kind !== 'mode' &&
      (guard.at.file === endpoint.at.file || files.has(guard.at.file)) &&
      within(guard, endpoint.at.file, endpoint.at.line ?? 0),
  );
}

/** In the handler's own file a guard counts from the handler's line on, or where the handler asks it. */
const within = (guard: GuardFact, file: string, line: number): boolean =>
  guard.at.file !== file ||
  (guard.at.line ?? 0) >= line ||
  guard.reached.some(({ at }) => at.file === file && (at.line ?? 0) >= line - 1);

const base = (one: Exposed) => ({ at: one.endpoint.at, subject: nameOf(one) });

const unsigned = (one: Exposed): Violation<M> => ({
  ...base(one),
  message: 'unsigned',
  data: { endpoint: nameOf(one) },
  trail: one.reaches.authentication.trail,
});

const optional = (one: Exposed, guard: GuardFact): Violation<M> => ({
  ...base(one),
  message: 'optional',
  data: { endpoint: nameOf(one), setting: guard.settings.join(' and ') },
  trail: [
    { note: `${guard.scope} decides with ${guard.settings.join(' and ')}`, at: guard.at },
    ...(guard.passes ? [{ note: 'without it the request comes to here', at: guard.passes }] : []),
  ],
});

function otherwise(webhooks: readonly Exposed[]): Verdict<M> {
  const lost = webhooks.find(
    ({ reaches }) =>
      reaches.signature.answer === 'unknown' ||
      (reaches.authentication.answer === 'unknown' && reaches.signature.answer !== 'yes'),
  );
  if (lost)
    return {
      verdict: 'unknown',
      because: `Whether ${nameOf(lost)} knows its sender could not be followed: ${lost.reaches.signature.why || lost.reaches.authentication.why}.`,
      settle: `Post an event without a signature to ${nameOf(lost)}: it must be refused.`,
      evidence: [{ ...lost.endpoint.at, note: lost.reaches.signature.why }],
    };
  const [first, ...rest] = webhooks.map((one): Evidence => ({
    ...one.endpoint.at,
    note: `${nameOf(one)}: ${one.reaches.signature.what || one.reaches.authentication.what}`,
  }));
  return first
    ? { verdict: 'pass', evidence: [first, ...rest] }
    : { verdict: 'not-applicable', because: 'There is no webhook.' };
}
