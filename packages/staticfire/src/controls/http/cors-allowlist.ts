import { crossOrigin, type CrossOriginPolicy } from '../../facts/cross-origin.ts';
import { endpoints } from '../../facts/endpoints.ts';
import { service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  reflected: {
    text: 'Every origin may read responses, with the cookies of the visitor: {by} names back whoever asks.',
    remedy: 'Name the origins that may call: an array of exact origins, and nothing for all others.',
    severity: 'critical',
  },
  loose: {
    text: 'Origins are picked by {detail} in {by}, and a host of anyone can be named to fit{with}.',
    remedy: 'Compare whole origins with a list, or anchor the pattern at both ends.',
  },
  'open-default': {
    text: 'Every origin is let in by {by} while {detail} is not set{with}.',
    remedy: 'Refuse other origins, or to start, when {detail} is missing.',
  },
  credentials: {
    text: 'Every origin is let in by {by}, together with credentials: browsers refuse this pair, and the next repair opens it.',
    remedy: 'Name the origins that may send credentials, or leave credentials out.',
  },
  any: {
    text: 'Every origin is let in by {by}, for most of what the service answers.',
    remedy: 'Name the origins that may call, and leave `*` to the routes that are for everyone.',
    severity: 'minor',
  },
} as const;

type Said = Violation<typeof messages>;

export const corsAllowlist = defineControl({
  id: 'http/cors-allowlist',
  area: 'http',
  scope: 'service',
  title: {
    pass: 'Other origins are let in by name or not at all',
    fail: 'Other origins are let in that nobody named',
  },
  why: 'A browser lets a page read what another site answers only when that site allows it. A server that allows every origin, and cookies with it, lets any page read the data of its visitors.',
  failure:
    'A user who is signed in opens a link. The page behind it reads their account, orders and messages from your API, with their session.',
  remedy:
    'Give CORS an explicit list of origins, from configuration without a fallback to `*` or to the origin that asks.',
  done: 'Live code and configuration name each origin that may read responses, or send no CORS header; `*` stands only on single public routes, without credentials.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS',
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/11-Client-side_Testing/07-Testing_Cross_Origin_Resource_Sharing',
  ],
  needs: { crossOrigin, endpoints, service },
  messages,
  evaluate({ crossOrigin: found, endpoints: served, service: own }): Verdict<typeof messages> {
    if (own.kind !== 'http') return { verdict: 'not-applicable', because: 'it answers no HTTP requests' };
    if (own.frameworks.length === 0 && served.list.length === 0 && found.policies.length === 0)
      return { verdict: 'not-applicable', because: 'no HTTP framework and no HTTP server of Node.js is seen in it' };
    const lost = found.policies.find(({ allows }) => allows === 'unknown');
    return failOr<typeof messages>(found.policies.flatMap(violation), () =>
      lost
        ? {
            verdict: 'unknown',
            because: `the origins that ${lost.by} lets in could not be followed`,
            settle: 'send a request with a foreign Origin header and read Access-Control-Allow-Origin of the answer',
            evidence: evidenceOf(found.policies, found.searched),
          }
        : { verdict: 'pass', evidence: evidenceOf(found.policies, found.searched) },
    );
  },
});

function violation(policy: CrossOriginPolicy): readonly Said[] {
  const { by, at, allows, credentials, everywhere } = policy;
  const about = { at, subject: `${by} ${allows}` };
  const detail = policy.detail || (allows === 'loose' ? 'a part of their name' : 'its setting');
  const data = { by, detail, with: credentials ? ', with cookies' : '' };
  const severity = credentials ? 'major' : 'minor';
  if (allows === 'reflected' && credentials) return [{ ...about, message: 'reflected', data }];
  if (allows === 'any' && credentials) return [{ ...about, message: 'credentials', data }];
  if (!credentials && !everywhere) return [];
  if (allows === 'loose') return [{ ...about, message: 'loose', data, severity }];
  if (allows === 'by-default') return [{ ...about, message: 'open-default', data, severity }];
  return allows === 'any' || allows === 'reflected' ? [{ ...about, message: 'any', data }] : [];
}

const said: Readonly<Record<CrossOriginPolicy['allows'], string>> = {
  none: 'lets in no other origin',
  list: 'lets in named origins',
  unknown: 'lets in origins that could not be followed',
  loose: 'picks origins by a part of their name, on single routes without credentials',
  'by-default': 'lets in every origin by default, on single routes without credentials',
  any: 'lets in every origin, on single routes without credentials',
  reflected: 'lets in every origin, on single routes without credentials',
};

function evidenceOf(policies: readonly CrossOriginPolicy[], searched: string): readonly [Evidence, ...Evidence[]] {
  const [first, ...rest] = policies.slice(0, 5).map(({ by, at, allows }) => ({ ...at, note: `${by} ${said[allows]}` }));
  return first ? [first, ...rest] : [{ searched: `${searched}: none` }];
}
