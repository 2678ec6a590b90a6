import { environment, type Environment } from '../../facts/environment.ts';
import { guards, type GuardFact } from '../../facts/guards.ts';
import { images, type Images } from '../../facts/images.ts';
import { live, type LiveCode } from '../../facts/live.ts';
import { service, type Service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

const messages = {
  skipped: {
    text: '{scope} lets every caller through when {setting} is not set.',
    remedy: 'Deny when {setting} is missing: check that it is set before comparing with it, and require it at boot.',
  },
  'known-key': {
    text: '{scope} accepts what anyone can sign when {setting} is not set: an empty or literal key takes its place.',
    remedy: 'Remove the default of {setting} and end the process at boot when it is missing.',
  },
  stored: {
    text: '{scope} asks for no secret when none is stored in {setting}.',
    remedy: 'Give every record a {setting} when it is made, and deny when it is missing.',
    severity: 'major',
    confidence: 'likely',
  },
  development: {
    text: '{scope} is closed only where NODE_ENV is production, and nothing that starts the service sets it.',
    remedy: 'Open it only when NODE_ENV is development, or set NODE_ENV=production where the service is started.',
    severity: 'major',
    confidence: 'likely',
  },
} as const;

type M = typeof messages;

export const failOpenGuard = defineControl({
  id: 'auth/fail-open-guard',
  area: 'auth',
  scope: 'service',
  title: {
    pass: 'No guard opens when its own secret is missing',
    fail: 'Guards let everyone in when their secret is missing',
  },
  why: 'A guard that compares with a secret has to decide what to do without one. Many decide by accident to let everyone in: `if (KEY && key !== KEY)` asks nothing when KEY is unset, and two absent values are equal.',
  failure:
    'A variable is forgotten in one environment, or renamed. Nothing fails and nothing is logged, and the protected endpoint answers anyone on the internet.',
  remedy:
    'Make a guard deny when its secret is missing, and require the secret at boot so that this never has to happen.',
  done: 'For every guard in live code: with its secret unset, no request gets through, or the process does not start.',
  severity: 'critical',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/636.html',
    'https://cwe.mitre.org/data/definitions/1188.html',
    'https://owasp.org/Top10/2025/A10_2025-Mishandling_of_Exceptional_Conditions/',
  ],
  needs: { guards, environment, images, live, service },
  messages,
  evaluate(facts): Verdict<M> {
    const required = requiredAtBoot(facts.environment);
    const production = setsProduction(facts.service, facts.images);
    const harmless = (guard: GuardFact): boolean =>
      guard.kind === 'mode' ? production : guard.settings.some((name) => required.has(name));
    const open = facts.guards.list.filter((guard) => guard.polarity === 'open' && !harmless(guard));
    return failOr<M>(
      open.map((guard) => violation(guard, facts.live)),
      () => otherwise(facts.guards.list, facts.guards.functions, facts.guards.secrets, required),
    );
  },
});

/** Names without which the process does not come up. */
function requiredAtBoot(found: Environment): ReadonlySet<string> {
  const closed = found.checks.filter(
    (check) =>
      check.reached === 'boot' &&
      (check.failure === 'throws' || check.failure === 'exits') &&
      check.production &&
      !check.injects,
  );
  return new Set(closed.flatMap((check) => check.required));
}

/** Frameworks and platforms that set NODE_ENV to production by themselves. */
const setBy =
  /^(?:next|nuxt|remix|react-router|sveltekit|astro|tanstack-start|solid-start|vercel|netlify|heroku|render|app-engine)$/;

function setsProduction(one: Service, shipped: Images): boolean {
  if ([...one.frameworks, ...one.platforms].some((name) => setBy.test(name))) return true;
  if (/NODE_ENV=['"]?prod/.test(one.start?.command ?? '')) return true;
  return shipped.list.some(
    (image) =>
      image.end.chain.some((stage) => stage.env['NODE_ENV'] === 'production') ||
      image.compose.some((c) => c.environment.some((e) => e.name === 'NODE_ENV')),
  );
}

function violation(guard: GuardFact, liveCode: LiveCode): Violation<M> {
  const setting = guard.settings.join(' and ');
  const base = { at: guard.at, subject: `${guard.scope} ${setting}`, trail: trail(guard, liveCode) };
  if (guard.kind === 'mode') return { ...base, message: 'development', data: { scope: guard.scope } };
  if (guard.kind === 'stored') return { ...base, message: 'stored', data: { scope: guard.scope, setting } };
  return { ...base, message: guard.forged ? 'known-key' : 'skipped', data: { scope: guard.scope, setting } };
}

function trail(guard: GuardFact, liveCode: LiveCode): readonly Step[] {
  const setting = guard.settings.join(' and ');
  const [first, ...more] = guard.reached;
  const path = liveCode.pathTo(guard.at.file);
  return [
    ...(guard.read ? [{ note: `${setting} is read here`, at: guard.read }] : []),
    {
      note:
        guard.kind === 'mode'
          ? 'this test asks only whether NODE_ENV is production'
          : `this test decides with ${setting}`,
      at: guard.at,
    },
    ...(guard.passes ? [{ note: `with ${setting} unset the caller comes to here`, at: guard.passes }] : []),
    ...(first && first.at.file !== guard.at.file
      ? [{ note: `${first.scope} asks it${more.length > 0 ? `, and ${more.length} more` : ''}`, at: first.at }]
      : []),
    ...(path[0] === undefined
      ? []
      : [
          {
            note:
              path.length > 1
                ? `live: loaded by way of ${path.length - 1} import${path.length > 2 ? 's' : ''} from here`
                : 'live: the service loads this file',
            at: { file: path[0] },
          },
        ]),
  ];
}

function otherwise(
  list: readonly GuardFact[],
  functions: number,
  secrets: number,
  required: ReadonlySet<string>,
): Verdict<M> {
  const unclear = list.filter(
    (guard) => guard.polarity === 'unclear' && !guard.settings.some((name) => required.has(name)),
  );
  const [lost] = unclear;
  if (lost) {
    return {
      verdict: 'unknown',
      because: `What ${lost.scope} does without ${lost.settings.join(' and ')} depends on code that could not be followed.`,
      settle: `Start the service without ${lost.settings.join(' and ')} and call it: it must deny, or not start.`,
      evidence: unclear.map((guard) => ({
        ...guard.at,
        note: `${guard.settings.join(' and ')}: could not be followed`,
      })),
    };
  }
  const closed = list
    .filter((guard) => guard.kind === 'secret')
    .slice(0, 5)
    .map((guard): Evidence => ({ ...guard.at, note: closedNote(guard, required) }));
  const [first, ...rest] = closed;
  if (first) return { verdict: 'pass', evidence: [first, ...rest] };
  if (secrets === 0)
    return {
      verdict: 'not-applicable',
      because: 'Live code reads no secret from its environment, so no guard can depend on one.',
    };
  return {
    verdict: 'pass',
    evidence: [
      {
        searched: `${functions} live functions that can turn a caller away, near the ${secrets} secrets that live code reads: none compares or verifies with one`,
      },
    ],
  };
}

const closedNote = (guard: GuardFact, required: ReadonlySet<string>): string => {
  const setting = guard.settings.join(' and ');
  return guard.settings.some((name) => required.has(name))
    ? `${setting} is required at boot`
    : `denies when ${setting} is missing`;
};
