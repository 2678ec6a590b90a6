import { databases, type Store } from '../../facts/databases.ts';
import { health, type Health, type HealthEndpoint } from '../../facts/health.ts';
import { service } from '../../facts/services.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import { called, databaseOf, evidenceOf, needsNone } from './applies.ts';

const messages = {
  absent: {
    text: 'No endpoint says whether the service can work: it has no health endpoint, and depends on {database}.',
    remedy: 'Add one that asks {database}, such as GET /health/ready, and answers 503 when it fails.',
  },
  blind: {
    text: '{endpoint} never asks {database}, and no other health endpoint does.',
    remedy: 'Ask {database} in a readiness check, with a short time limit, and answer 503 when it fails.',
  },
  'always-ok': {
    text: '{endpoint} asks the database, and answers with success when that fails.',
    remedy: 'Answer 503 when the question fails.',
  },
} as const;

type Said = Violation<typeof messages>;

export const readiness = defineControl({
  id: 'health/readiness',
  area: 'health',
  scope: 'service',
  title: {
    pass: 'An endpoint says whether the service can work',
    fail: 'Nothing says whether the service can work',
  },
  why: 'A load balancer sends requests to every instance that says it is ready. Only a check that asks what the service depends on can say so truly.',
  failure:
    'An instance without its database keeps getting requests and answers all of them with an error, while every check is green.',
  remedy:
    'Serve a readiness endpoint that asks each critical dependency with a time limit, and answers 503 when one fails.',
  done: 'A live endpoint asks the database that the service uses, and its answer is an error when that fails.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'https://docs.nestjs.com/recipes/terminus',
  ],
  needs: { databases, health, service },
  messages,
  evaluate({ databases: stores, health: found, service: own }): Verdict<typeof messages> {
    const because = needsNone(own, found);
    if (because !== undefined) return { verdict: 'not-applicable', because };
    const database = databaseOf(stores);
    if (!database) return { verdict: 'not-applicable', because: 'it uses no database that could be away' };
    const asking = found.endpoints.filter(({ asks }) => asks.some(({ what }) => what === 'database'));
    const sound = asking.filter(({ fails }) => fails);
    if (sound.length > 0)
      return { verdict: 'pass', evidence: evidenceOf({ ...found, endpoints: sound }, 'health endpoints') };
    const lost = found.endpoints.find((one) => one.lost && one.asks.length === 0);
    if (asking.length === 0 && lost)
      return {
        verdict: 'unknown',
        because: `what ${called(lost)} asks could not be followed`,
        settle: 'stop the database and ask the endpoint',
        evidence: evidenceOf(found, 'health endpoints'),
      };
    return { verdict: 'fail', violations: [violation(found, asking, database)] };
  },
});

function violation(found: Health, asking: readonly HealthEndpoint[], store: Store): Said {
  const database = `the database (${store.package})`;
  const uses = { note: `the service reaches its database here, by ${store.package}`, at: store.at };
  const [loud] = asking;
  if (loud) {
    const trail = loud.asks[0]?.trail ?? [];
    return { message: 'always-ok', data: { endpoint: called(loud) }, at: loud.at, subject: called(loud), trail };
  }
  const blind = found.endpoints.find(({ role }) => role === 'readiness') ?? found.endpoints[0];
  if (blind)
    return {
      message: 'blind',
      data: { endpoint: called(blind), database },
      at: blind.at,
      subject: called(blind),
      trail: [uses],
    };
  const dead = found.dead.map((at) => ({ note: 'a health check stands here, which nothing live serves', at }));
  return {
    message: 'absent',
    data: { database },
    searched: `health paths and probes among ${found.served} endpoints, and health libraries`,
    subject: 'readiness',
    trail: [...dead, uses],
  };
}
