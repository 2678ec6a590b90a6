import { databases, type Store } from '../../facts/databases.ts';
import { health, type HealthEndpoint } from '../../facts/health.ts';
import { service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import { called, databaseOf, evidenceOf } from './applies.ts';

const messages = {
  stub: {
    text: '{endpoint} says that the service is ready without asking {database}.',
    remedy: 'Ask {database} and answer 503 when it fails, or take the endpoint away.',
  },
  claim: {
    text: '{endpoint} says that the {what} is well, and never asks it.',
    remedy: 'Ask the {what}, or leave it out of the answer.',
  },
} as const;

type Said = Violation<typeof messages>;

export const stubCheck = defineControl({
  id: 'health/stub-check',
  area: 'health',
  scope: 'service',
  title: {
    pass: 'Health checks look before they answer',
    fail: 'A health check says ok without looking',
  },
  why: 'A check that always says ok is worse than none: dashboards, load balancers and people trust it.',
  failure:
    'The database is gone, customers see errors, and the status page, the probe and the alert all say that everything is well.',
  remedy: 'Let readiness checks ask what they speak of; a liveness check need only answer.',
  done: 'No endpoint named or probed for readiness answers without asking the database that the service uses, and none states the health of something it does not ask.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  needs: { databases, health, service },
  messages,
  evaluate({ databases: stores, health: found, service: own }): Verdict<typeof messages> {
    if (own.kind !== 'http') return { verdict: 'not-applicable', because: 'it answers no HTTP requests' };
    if (found.endpoints.length === 0)
      return { verdict: 'not-applicable', because: `no health endpoint is seen among its ${found.served} endpoints` };
    const database = databaseOf(stores);
    const violations = found.endpoints.flatMap((one) => [...stub(one, database), ...claims(one)]);
    return failOr<typeof messages>(violations, () => ({
      verdict: 'pass',
      evidence: evidenceOf(found, 'health endpoints'),
    }));
  },
});

function stub(one: HealthEndpoint, database: Store | undefined): readonly Said[] {
  if (!database || one.role !== 'readiness' || one.lost || one.asks.length > 0) return [];
  return [
    {
      message: 'stub',
      data: { endpoint: called(one), database: `the database (${database.package})` },
      at: one.at,
      subject: called(one),
      trail: [
        ...one.probes.map(({ by, at }) => ({ note: `it is probed by the ${by}`, at })),
        { note: `the service reaches its database here, by ${database.package}`, at: database.at },
      ],
    },
  ];
}

function claims(one: HealthEndpoint): readonly Said[] {
  if (one.lost) return [];
  const asked = new Set(one.asks.map(({ what }) => what));
  const claim = one.claims.find(({ what }) => !asked.has(what));
  return claim
    ? [
        {
          message: 'claim',
          data: { endpoint: called(one), what: claim.what },
          at: claim.at,
          subject: `${called(one)} ${claim.key}`,
          trail: [{ note: `${called(one)} is served here`, at: one.at }],
        },
      ]
    : [];
}
