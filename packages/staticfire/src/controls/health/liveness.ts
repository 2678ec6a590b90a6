import { health, type HealthEndpoint } from '../../facts/health.ts';
import { service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import { called, evidenceOf, needsNone } from './applies.ts';

const messages = {
  absent: {
    text: 'No endpoint says whether the process is alive.',
    remedy:
      'Add one that answers 200 without asking anything, such as GET /health/live, and let the platform probe it.',
  },
  dead: {
    text: 'A health check stands here, but nothing that the service loads serves it.',
    remedy: 'Register it with the application that is started.',
  },
  dependent: {
    text: '{endpoint} is asked whether the process is alive, and fails when the {what} does.',
    remedy: 'Let it answer without asking anything, and ask the {what} in the readiness check.',
  },
} as const;

type Said = Violation<typeof messages>;

export const liveness = defineControl({
  id: 'health/liveness',
  area: 'health',
  scope: 'service',
  title: {
    pass: 'An endpoint says whether the process is alive',
    fail: 'Nothing says reliably whether the process is alive',
  },
  why: 'A process can hang and still hold its port. The platform restarts it only when something asks and gets no answer; and an answer that depends on the database restarts healthy processes when the database is slow.',
  failure:
    'One instance stops answering and keeps getting its share of requests; or the database has a bad minute, and the platform restarts every instance at once.',
  remedy: 'Serve a liveness endpoint that asks nothing, apart from the readiness endpoint that asks the dependencies.',
  done: 'A live endpoint such as /health or /livez answers without touching a dependency.',
  severity: 'minor',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
    'https://microservices.io/patterns/observability/health-check-api.html',
  ],
  needs: { health, service },
  messages,
  evaluate({ health: found, service: own }): Verdict<typeof messages> {
    const because = needsNone(own, found);
    if (because !== undefined) return { verdict: 'not-applicable', because };
    const searched = `health paths and probes among ${found.served} endpoints, and health libraries`;
    if (found.endpoints.length === 0) return { verdict: 'fail', violations: [absent(found.dead, searched)] };
    return failOr<typeof messages>(dependent(found.endpoints), () => ({
      verdict: 'pass',
      evidence: evidenceOf(found, searched),
    }));
  },
});

function absent(dead: readonly NonNullable<Said['at']>[], searched: string): Said {
  const [at] = dead;
  return at
    ? { message: 'dead', data: {}, at, subject: 'liveness', trail: [{ note: `searched: ${searched}` }] }
    : { message: 'absent', data: {}, searched, subject: 'liveness' };
}

/** Endpoints that are meant for liveness and ask a dependency, while no other is fit for it. */
function dependent(list: readonly HealthEndpoint[]): readonly Said[] {
  const fit = list.some(({ role, asks }) => role !== 'readiness' && asks.length === 0);
  const meant = list.filter(
    ({ role, probes, asks }) =>
      asks.length > 0 && (role === 'liveness' || probes.some(({ by }) => by.startsWith('livenessProbe'))),
  );
  return meant
    .filter((one) => one.fails && (one.probes.length > 0 || !fit))
    .map((one) => {
      const [first] = one.asks;
      const data = { endpoint: called(one), what: first?.what ?? 'database' };
      const probes = one.probes.map(({ by, at }) => ({ note: `it is probed by the ${by}`, at }));
      return {
        message: 'dependent',
        data,
        at: one.at,
        subject: called(one),
        trail: [...probes, ...(first?.trail ?? [])],
      };
    });
}
