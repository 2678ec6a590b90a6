import { calls } from '../../facts/calls.ts';
import {
  responseHeaders,
  securityHeaders as all,
  type HeaderSource,
  type IdleHeader,
  type ResponseHeaders,
  type SecurityHeader,
} from '../../facts/response-headers.ts';
import { service } from '../../facts/services.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence, Step } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'No response carries a security header: {missing} are missing.',
    remedy:
      "Send them from one place that every response passes: helmet before the routes, or the headers of the framework's configuration.",
    severity: 'major',
  },
  partial: {
    text: 'Responses lack {missing}; {sent} {are} sent.',
    remedy: 'Add {missing} where the others are set.',
  },
  idle: {
    text: 'Responses lack {missing}. {header} is set here, but {why}.',
    remedy: 'Set it in code that every response passes.',
  },
} as const;

type Said = Violation<typeof messages>;

export const securityHeaders = defineControl({
  id: 'http/security-headers',
  area: 'http',
  scope: 'service',
  title: {
    pass: 'Every response carries the security headers',
    fail: 'Responses lack security headers',
  },
  why: 'Browsers switch protections on when a response asks for them: only HTTPS from now on (HSTS), only scripts you named (CSP), no guessing of types, no framing by others, no addresses leaked to other sites.',
  failure:
    'One injected script reads every session, a page of yours is framed to steal clicks, or a first visit over HTTP is intercepted; each would have been stopped by a line of configuration.',
  remedy:
    'Send Strict-Transport-Security, Content-Security-Policy, X-Content-Type-Options, X-Frame-Options (or frame-ancestors) and Referrer-Policy on every response.',
  done: 'All five are sent in production by code or configuration that every response passes, whatever other setting is missing.',
  severity: 'minor',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html',
    'https://helmetjs.github.io/',
    'https://nextjs.org/docs/app/api-reference/config/next-config-js/headers',
  ],
  needs: { calls, responseHeaders, service },
  messages,
  evaluate({ calls: walked, responseHeaders: found, service: own }): Verdict<typeof messages> {
    if (own.kind !== 'http') return { verdict: 'not-applicable', because: 'it answers no HTTP requests' };
    if (own.frameworks.length === 0 && found.sent.length === 0) {
      return { verdict: 'not-applicable', because: 'no HTTP framework and no HTTP server of Node.js is seen in it' };
    }
    const missing = all.filter((header) => !found.sent.some((one) => one.header === header));
    if (missing.length === 0) return { verdict: 'pass', evidence: evidenceOf(found.sent) };
    return {
      verdict: 'fail',
      violations: [violation(found, missing, walked.files)],
      ...(found.sent.length > 0 ? { evidence: evidenceOf(found.sent) } : {}),
    };
  },
});

const shortNames: Readonly<Record<SecurityHeader, string>> = {
  'Content-Security-Policy': 'Content-Security-Policy',
  'Referrer-Policy': 'Referrer-Policy',
  'Strict-Transport-Security': 'Strict-Transport-Security',
  'X-Content-Type-Options': 'X-Content-Type-Options',
  'X-Frame-Options': 'X-Frame-Options',
};

const named = (headers: readonly SecurityHeader[]): string => headers.map((header) => shortNames[header]).join(', ');

function violation(found: ResponseHeaders, missing: readonly SecurityHeader[], files: number): Said {
  const subject = named(missing);
  const trail: Step[] = [
    ...placesOf(found.idle),
    ...found.sent.slice(0, 1).map((one) => ({ note: `${one.by} sends ${one.header}`, at: one.at })),
  ];
  const [idle] = found.idle;
  if (idle)
    return {
      message: 'idle',
      data: { missing: subject, header: idle.header, why: idle.why },
      at: idle.at,
      subject,
      trail,
    };
  const sent = all.filter((header) => found.sent.some((one) => one.header === header));
  const [first] = found.sent;
  if (first)
    return {
      message: 'partial',
      data: { missing: subject, sent: named(sent), are: sent.length === 1 ? 'is' : 'are' },
      at: first.at,
      subject,
      trail,
    };
  return {
    message: 'absent',
    data: { missing: subject },
    searched: `header libraries, header calls in ${files} live files, the framework's and the platform's configuration`,
    subject,
  };
}

/** One step for each header that is set somewhere to no effect. */
function placesOf(idle: readonly IdleHeader[]): Step[] {
  const first = new Map(idle.toReversed().map((one) => [one.header, one]));
  return [...first.values()]
    .toSorted((a, b) => (a.header < b.header ? -1 : 1))
    .map((one) => ({ note: `${one.header}: ${one.why}`, at: one.at }));
}

function evidenceOf(sent: readonly HeaderSource[]): readonly [Evidence, ...Evidence[]] {
  const places = new Map<string, { source: HeaderSource; headers: Set<string> }>();
  for (const source of sent) {
    const key = `${source.at.file}:${source.at.line}`;
    const entry = places.get(key) ?? { source, headers: new Set<string>() };
    entry.headers.add(source.header);
    places.set(key, entry);
  }
  const [first, ...rest] = [...places.values()]
    .slice(0, 5)
    .map(({ source, headers }) => ({ ...source.at, note: `${source.by}: ${[...headers].toSorted().join(', ')}` }));
  return first ? [first, ...rest] : [{ searched: 'headers of responses' }];
}
