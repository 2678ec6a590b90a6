import { exposure, type Exposed } from '../../facts/exposure.ts';
import { defineControl, failOr, type Severity, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

const messages = {
  open: {
    text: '{endpoint} answers anyone: {why}.',
    remedy:
      'Check who calls before {endpoint} acts, and turn away whom you do not know; or declare it under endpoints.public in staticfire.yaml.',
  },
  undecided: {
    text: '{endpoint} answers anyone: {how}; {why}.',
    remedy: 'Turn the caller away where the check finds nobody, before {endpoint} acts.',
  },
} as const;

type M = typeof messages;

export const endpointAuthentication = defineControl({
  id: 'auth/endpoint-authentication',
  area: 'auth',
  scope: 'service',
  title: {
    pass: 'Every endpoint that is not for everyone asks who calls',
    fail: 'Endpoints that are not for everyone answer anyone',
  },
  why: 'One endpoint without a check among a hundred with one is enough. It is usually the newest, and it looks like its neighbours: nobody notices what is not there. A session that is read but never tested is no check either.',
  failure:
    'Someone calls the endpoint without signing in, by its address in the page source or by trying names. It answers with the data of others, or changes it, and the logs show an ordinary request.',
  remedy:
    'Put the check where a new endpoint cannot miss it: a guard or middleware for all routes, with the few public ones named. Then declare those in staticfire.yaml.',
  done: 'Every endpoint that changes or reveals what is not public turns a caller without credentials away before it acts; the public ones are declared.',
  severity: 'critical',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://owasp.org/Top10/2021/A01_2021-Broken_Access_Control/',
    'https://cwe.mitre.org/data/definitions/306.html',
    'https://owasp.org/API-Security/editions/2023/en/0xa2-broken-authentication/',
  ],
  needs: { exposure },
  messages,
  evaluate({ exposure: { list } }): Verdict<M> {
    if (list.length === 0) return { verdict: 'not-applicable', because: 'The service has no endpoint.' };
    const asked = list.filter((one) => one.open === undefined);
    const guarded = list.some(isKept);
    const open = asked.filter((one) => answersAnyone(one) && weighs(one) !== undefined);
    return failOr<M>(
      open.map((one) => violation(one, guarded)),
      () => otherwise(list, asked),
    );
  },
});

const isKept = ({ reaches }: Exposed): boolean =>
  reaches.authentication.answer === 'yes' || reaches.signature.answer === 'yes';

const answersAnyone = ({ reaches }: Exposed): boolean =>
  reaches.authentication.answer === 'no' && reaches.signature.answer !== 'yes';

const changes = 'it changes something';
const writes = 'it writes to the database';
const takesId = 'it takes an id from the caller';

/** How bad it is to leave it open; undefined for reads of which nothing says that they are not for everyone. */
function weighs({ sensitive }: Exposed): Severity | undefined {
  const acts = sensitive.includes(changes) || sensitive.includes(writes);
  const named = sensitive.some((why) => why !== changes && why !== writes && why !== takesId);
  if (acts && named) return 'critical';
  if (acts || (named && sensitive.includes(takesId))) return 'major';
  return named ? 'minor' : undefined;
}

function violation(one: Exposed, guarded: boolean): Violation<M> {
  const { endpoint, reaches, sensitive } = one;
  const { why, trail } = reaches.authentication;
  const weight = weighs(one) ?? 'minor';
  const base = {
    at: endpoint.at,
    subject: nameOf(one),
    // Where nothing at all is checked, something in front of the service may do it.
    severity: weight === 'critical' && !guarded ? 'major' : weight,
    confidence: guarded ? 'proven' : 'likely',
    trail: [...trail, ...sensitive.map((note): Step => ({ note: `it matters: ${note}` }))],
  } as const;
  const reason = sensitive.slice(0, 2).join(', and ');
  return why === ''
    ? { ...base, message: 'open', data: { endpoint: nameOf(one), why: reason } }
    : { ...base, message: 'undecided', data: { endpoint: nameOf(one), how: why, why: reason } };
}

const nameOf = ({ endpoint }: Exposed): string => `${endpoint.method} ${endpoint.path}`;

function otherwise(list: readonly Exposed[], asked: readonly Exposed[]): Verdict<M> {
  const lost = asked.filter(({ reaches }) => reaches.authentication.answer === 'unknown');
  const [first] = lost;
  if (first)
    return {
      verdict: 'unknown',
      because: `Of ${list.length} endpoints ${lost.length} could not be followed to a check, ${nameOf(first)} among them: ${first.reaches.authentication.why}.`,
      settle: `Call ${nameOf(first)} without credentials: it must answer 401 or 403. \`staticfire endpoints --unknown\` lists them all.`,
      evidence: lost.slice(0, 10).map((one) => ({ ...one.endpoint.at, note: one.reaches.authentication.why })),
    };
  const kept = list.filter(isKept);
  const open = list.filter((one) => !isKept(one));
  const samples = kept.slice(0, 5).map((one): Evidence => ({
    ...one.endpoint.at,
    note: `${nameOf(one)}: ${one.reaches.authentication.what || one.reaches.signature.what}`,
  }));
  const searched: Evidence = {
    searched: `${list.length} endpoints: ${kept.length} turn strangers away, ${open.length} are for everyone by what they are`,
  };
  return { verdict: 'pass', evidence: [searched, ...samples] };
}
