import { service } from '../../facts/services.ts';
import {
  cookieAttributes,
  sessionCookies,
  type CookieAttribute,
  type SessionCookie,
  type SessionCookies,
} from '../../facts/session-cookies.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  lacking: {
    text: 'The cookie {name} of {by} is sent without {missing} in production.',
    remedy: 'Set {missing} on it.',
  },
  asked: {
    text: 'The cookie {name} of {by} has {missing} only when a variable asks for it, and production does not by itself.',
    remedy: "Let production decide: `secure: process.env.NODE_ENV === 'production'`.",
  },
} as const;

type Said = Violation<typeof messages>;

export const cookies = defineControl({
  id: 'http/cookies',
  area: 'http',
  scope: 'service',
  title: {
    pass: 'Session cookies are Secure, HttpOnly and SameSite',
    fail: 'A session cookie lacks protection',
  },
  why: 'Whoever has the session cookie is the user. Secure keeps it off plain HTTP, HttpOnly keeps it from scripts, and SameSite keeps it out of requests that other sites cause.',
  failure:
    'One injected script, one open Wi-Fi or one link on another site is enough to act as the user, and nothing in the logs looks wrong.',
  remedy:
    "Set `secure: true` in production, `httpOnly: true` and `sameSite: 'lax'` wherever the session cookie is made.",
  done: 'Every cookie that stands for a session or carries a token has Secure, HttpOnly and SameSite in production.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#cookies',
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie',
  ],
  needs: { service, sessionCookies },
  messages,
  evaluate({ service: own, sessionCookies: found }): Verdict<typeof messages> {
    if (own.kind !== 'http') return { verdict: 'not-applicable', because: 'it answers no HTTP requests' };
    if (found.list.length === 0 && found.provided.length === 0)
      return {
        verdict: 'not-applicable',
        because:
          found.others > 0
            ? `none of the cookies that it sets is a session (searched: ${found.searched})`
            : `it sets no cookie (searched: ${found.searched})`,
      };
    const lost = found.list.find(({ attributes }) => cookieAttributes.some((one) => attributes[one] === 'unknown'));
    return failOr<typeof messages>(found.list.flatMap(violation), () =>
      lost
        ? {
            verdict: 'unknown',
            because: `the options of the cookie ${lost.name} could not be followed`,
            settle: 'sign in and read Set-Cookie of the answer',
            evidence: evidenceOf(found),
          }
        : { verdict: 'pass', evidence: evidenceOf(found) },
    );
  },
});

function violation(cookie: SessionCookie): readonly Said[] {
  const { name, by, attributes, decided } = cookie;
  const off = cookieAttributes.filter((one) => attributes[one] === 'off');
  const asked = cookieAttributes.filter((one) => attributes[one] === 'asked');
  const missing = off.length > 0 ? off : asked;
  const [first] = missing;
  if (!first) return [];
  const at = missing.length === 1 ? (decided[first] ?? cookie.at) : cookie.at;
  return [
    {
      message: off.length > 0 ? 'lacking' : 'asked',
      data: { name, by, missing: named(missing) },
      at,
      subject: `${name} ${named(missing)}`,
      // Most browsers treat a cookie without SameSite as if it were Lax.
      severity: missing.every((one) => one === 'SameSite') ? 'minor' : 'major',
      trail: at === cookie.at ? [] : [{ note: 'the cookie is set here', at: cookie.at }],
    },
  ];
}

const named = (list: readonly CookieAttribute[]): string =>
  list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;

function evidenceOf(found: SessionCookies): readonly [Evidence, ...Evidence[]] {
  const [first, ...rest] = [
    ...found.list.map(({ name, by, at }) => ({ ...at, note: `${by} sets ${name} with all three` })),
    ...found.provided.map(({ by, at }) => ({ ...at, note: `${by} sets its cookie with all three` })),
  ].slice(0, 5);
  return first ? [first, ...rest] : [{ searched: found.searched }];
}
