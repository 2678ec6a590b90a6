import type { Spot } from '../code/production.ts';
import type { Endpoint } from '../facts/endpoints.ts';
import type { Intent } from '../facts/exposure.ts';

interface Rule {
  readonly kind: Intent['kind'];
  readonly path: RegExp;
  readonly methods?: RegExp;
  readonly why: string;
}

/** Part of a path, whole: between slashes, dots, dashes. */
const word = (words: string): RegExp => new RegExp(String.raw`(?:^|[/.#_-])(?:${words})(?:$|[/.?_-])`, 'i');

/** What an endpoint is for, by its path. In the order in which they are asked. */
const rules: readonly Rule[] = [
  {
    kind: 'sign-in',
    path: word(
      'sign-?in|sign-?up|sign-?out|log-?in|log-?out|register|registration|signup|forgot-?password|forgotten-?password|reset-?password|password-?reset|request-?password-?reset|verify-?email|email-?verification|verify-?otp|send-?otp|resend-?otp|resend-?verification|otp|magic-?link|refresh|refresh-?token|token|oauth2?|sso|saml|callback|providers|csrf|2fa|mfa|two-?factor|totp|passkeys?|webauthn|nextauth|activate|confirm-?email|accept-?invitation|jwks|authorize|introspect|userinfo|anonymous',
    ),
    why: 'by its path it is a step of signing in',
  },
  {
    kind: 'health',
    path: /(?:^|\/)_?(?:health(?:[-_]?check)?z?|livez?|live(?:ness)?|readyz?|readiness|ping|heartbeat|up|alive|status|startup|version|uptime)(?:\/(?:live(?:ness)?|ready|readiness|startup|db|database|check))?\/?$/i,
    methods: /^(?:GET|HEAD|ALL|OPTIONS|query)$/,
    why: 'by its path it tells whether the service is up',
  },
  { kind: 'webhook', path: word('web-?hooks?|stripe-?events?|ipn'), why: 'by its path another service calls it' },
  { kind: 'schedule', path: word('cron|crons|scheduled|scheduler'), why: 'by its path a scheduler calls it' },
  {
    kind: 'asset',
    path: /(?:^|\/)(?:favicon\.ico|robots\.txt|sitemap[\w.-]*|manifest\.(?:json|webmanifest)|opengraph-image|og|rss|feed(?:\.xml)?|\.well-known|static|assets?|public|images?|icons?|fonts?|locales?|i18n|translations?)(?:\/|$|\.)/i,
    methods: /^(?:GET|HEAD|ALL|query)$/,
    why: 'by its path it serves files that everyone may have',
  },
  {
    kind: 'public',
    path: /(?:^|\/)(?:docs|swagger|openapi(?:\.json)?|api-docs|reference|redoc|scalar|config|settings\/public|public|share|shared|embed|terms|privacy|faqs?|testimonials|newsletter|subscribe|unsubscribe|contact(?:-us)?|feedback|waitlist|landing|blog|posts?\/public)(?:\/|$)|public/i,
    why: 'by its path it is meant for everyone',
  },
];

/** `OPTIONS` and the root page say nothing. */
const plain = (endpoint: Endpoint): boolean =>
  endpoint.method === 'OPTIONS' ||
  (endpoint.surface === 'http' && /^\/?$/.test(endpoint.path) && /^(?:GET|HEAD|ALL)$/.test(endpoint.method));

/** Is an endpoint open to everyone on purpose? A declaration settles it; else its path may tell. */
export function intentOf(endpoint: Endpoint, declared: (endpoint: Endpoint) => boolean): Intent | undefined {
  if (declared(endpoint)) return { kind: 'declared', why: 'staticfire.yaml declares it public' };
  if (plain(endpoint))
    return {
      kind: 'public',
      why: endpoint.method === 'OPTIONS' ? 'browsers ask it before they call' : 'it is the root page',
    };
  const name = endpoint.surface === 'http' ? endpoint.path : nameOf(endpoint.path);
  const rule = rules.find((one) => one.path.test(name) && (one.methods?.test(endpoint.method) ?? true));
  return rule && { kind: rule.kind, why: rule.why };
}

/** The function's own name, its words apart: 'src/fn/auth.ts#signInFn' is 'sign-in-Fn'. */
const nameOf = (path: string): string => path.slice(path.lastIndexOf('#') + 1).replaceAll(/([a-z])([A-Z])/g, '$1-$2');

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'query', 'subscription']);

interface Mark {
  readonly path: RegExp;
  readonly why: string;
}

const marks: readonly Mark[] = [
  {
    path: word('admin|internal|superuser|root|impersonate|moderat\\w+|staff|backoffice'),
    why: 'its path says that it is for administrators',
  },
  {
    path: word(
      'users?|profiles?|accounts?|members?|customers?|contacts?|patients?|employees?|people|persons?|leads?|kyc|identity|address(?:es)?|messages?|notifications?|devices?|locations?|sessions?|history',
    ),
    why: 'its path names personal data',
  },
  {
    path: word(
      'payments?|checkout|orders?|purchases?|invoices?|billing|subscriptions?|refunds?|payouts?|wallets?|transactions?|credits?|transfer|prices?|donations?|withdraw\\w*',
    ),
    why: 'its path names money',
  },
  {
    path: word('files?|uploads?|downloads?|documents?|attachments?|export|import|backups?|storage|presign\\w*|media'),
    why: 'its path names files',
  },
  {
    path: word('keys?|secrets?|tokens?|credentials?|api-?keys?|passwords?|env|settings|config'),
    why: 'its path names secrets or settings',
  },
  {
    path: word('ai|chat|completions?|generate|analy[sz]e|openai|llm|trigger|run|execute|send|email|sms|push'),
    why: 'each call costs money or reaches a person',
  },
];

/** What the calls of a handler tell, as far as they were followed. */
export interface Deeds {
  /** The first call that writes to a store, when there is one. */
  writes(handler: Spot): boolean;
}

/** Why an endpoint must not be left open, one clause each. */
export function sensitivity(endpoint: Endpoint, deeds: Deeds): readonly string[] {
  const name = endpoint.surface === 'http' ? endpoint.path : nameOf(endpoint.path);
  const found: string[] = [];
  if (!reads.has(endpoint.method)) found.push('it changes something');
  if (endpoint.handler && deeds.writes(endpoint.handler)) found.push('it writes to the database');
  if (/:\w|\[\w|\{\w/.test(endpoint.path)) found.push('it takes an id from the caller');
  for (const mark of marks) if (mark.path.test(name)) found.push(mark.why);
  return found;
}
