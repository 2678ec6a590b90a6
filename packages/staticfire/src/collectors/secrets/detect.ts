import type { Secret, SecretHome } from '../../facts/secrets.ts';
import {
  isPlaceholder,
  looksLikePassword,
  looksRandom,
  namesPassword,
  namesSecret,
  isPublicKey,
  isPublicName,
  redacted,
} from './judge.ts';
import { isRealKey, vendorMark, vendors } from './vendors.ts';

/** A secret found in a text, by its offset. */
export interface Hit extends Omit<Secret, 'at' | 'home'> {
  readonly index: number;
}

const keyword =
  'secret|passw(?:or)?d|passwd|passphrase|passcode|token|api[-_]?key|private[-_]?key|access[-_]?key|auth[-_]?key|encryption[-_]?key|signing[-_]?key|master[-_]?key|service[-_]?key|credential|pwd';
const credentialUrl =
  /\b(postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse|smtps?|https?|ftp):\/\/([^\s:/@"'`<>]*):([^\s/@"'`<>]{3,})@([^\s/:?"'`<>)\]]+)/g;
const urlMark = /:\/\/[^\s:/@"'`]*:[^\s/@"'`]{3,}@/;
const anyMark = new RegExp(`${vendorMark.source}|eyJ[\\w-]{10,}\\.eyJ`);

/** The text's path and what kind of file it is. */
export interface Reading {
  readonly path: string;
  readonly home: SecretHome;
}

/** Worth a closer look by vendor marks? */
export const isCandidate = (text: string): boolean => urlMark.test(text) || anyMark.test(text);

/** Keys with a vendor's mark, URLs with a password, private keys and signed tokens. */
export function markedSecrets(text: string, home: SecretHome): readonly Hit[] {
  return [...vendorKeys(text), ...urls(text), ...privateKeys(text), ...jwts(text, home)];
}

function vendorKeys(text: string): readonly Hit[] {
  return vendors.flatMap(({ what, pattern, weight }) =>
    [...text.matchAll(pattern)]
      .filter(
        (match) => isRealKey(match[1] ?? '') && !/^(?:\.{2,}|…|\*{2,})/.test(text.slice(match.index + match[0].length)),
      )
      .map((match) => ({
        kind: 'vendor-key' as const,
        what,
        name: nameBefore(text, match.index),
        form: redacted(match[0], 4),
        weight,
        index: match.index,
      })),
  );
}

function urls(text: string): readonly Hit[] {
  return [...text.matchAll(credentialUrl)].flatMap((match) => {
    const [, scheme = '', user = '', password = '', host = ''] = match;
    if (isPlaceholder(decoded(password)) || isLocal(host) || password === user) return [];
    const web = /^https?$|^ftp$/.test(scheme);
    if (web && !looksRandom(password)) return [];
    const lan = /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host);
    const weight = lan ? 'real-looking' : 'live';
    const what = web ? 'URL with a password' : `${scheme} URL with a password`;
    return [
      {
        kind: 'database-url' as const,
        what,
        name: hostName(host),
        form: `${scheme}://…`,
        weight,
        index: match.index,
      } satisfies Hit,
    ];
  });
}

const decoded = (text: string): string =>
  text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
const hostName = (host: string): string => host.split('.').slice(-2).join('.');

/** A host that only the developer's machine or its containers know, or that stands for another. */
const isLocal = (host: string): boolean =>
  !host.includes('.') ||
  /^(?:localhost|127\.|0\.0\.0\.0|\[|host\.docker)|\.(?:local|localhost|internal|test|example|invalid|svc|lan)$|(?:^|[.-])example[.-]|example\.\w+$|[{}$<>*]|your|\.{2,}|xxx|^(?:host|user|name|domain|my)\.|my-?(?:host|domain|server|site)|domain\.(?:com|tld)|placeholder|^(?:ep|db)-xxx/i.test(
    host,
  );

function privateKeys(text: string): readonly Hit[] {
  return [
    ...text.matchAll(
      /-----BEGIN ((?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?)-----((?:\\n|\\r|[\s"'`+,|>])*)([A-Za-z0-9+/=\s\\]{64,})/g,
    ),
  ]
    .filter(
      (match) =>
        isRealKey((match[3] ?? '').replaceAll(/\\n|\s/g, '').slice(0, 60)) || match[3]?.startsWith('MI') === true,
    )
    .map((match) => ({
      kind: 'private-key' as const,
      what: 'private key',
      name: nameBefore(text, match.index),
      form: '-----BEGIN…',
      weight: 'live' as const,
      index: match.index,
    }));
}

function jwts(text: string, home: SecretHome): readonly Hit[] {
  return [...text.matchAll(/\beyJ[\w-]{10,}\.(eyJ[\w-]{10,})\.([\w-]{20,})/g)].flatMap((match) => {
    const payload = claims(match[1] ?? '');
    if (!payload || isSample(payload)) return [];
    const service = payload['role'] === 'service_role';
    const lasting =
      typeof payload['exp'] !== 'number' ||
      typeof payload['iat'] !== 'number' ||
      payload['exp'] - payload['iat'] > 180 * 86_400;
    const weight = service ? 'live' : lasting && home !== 'document' ? 'real-looking' : 'doubtful';
    return [
      {
        kind: 'jwt' as const,
        what: service ? 'service role token' : 'signed token (JWT)',
        name: nameBefore(text, match.index),
        form: 'eyJ…',
        weight,
        index: match.index,
      } satisfies Hit,
    ];
  });
}

function claims(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

const isSample = (payload: Readonly<Record<string, unknown>>): boolean =>
  payload['sub'] === '1234567890' ||
  payload['name'] === 'John Doe' ||
  payload['role'] === 'anon' ||
  payload['iss'] === 'supabase-demo' ||
  /example|test|demo/i.test(String(payload['iss'] ?? '') + String(payload['email'] ?? ''));

/** The name that a value at this offset is assigned to, on its line. */
function nameBefore(text: string, index: number): string {
  const line = text.slice(text.lastIndexOf('\n', index) + 1, index);
  return /([A-Za-z_][\w.-]*)["'`*\])]*\s*(?:[:=]|=>|\|\||\?\?)+\s*["'`*(\s]*$/.exec(line)?.[1] ?? '';
}

const assigned = new RegExp(
  `(?:${keyword})(s?)["'\`*\\])]{0,4}[ \\t]*(?:[:=]{1,3}|=>|\\|\\||\\?\\?)[ \\t]*\\**[ \\t]*(?:[\\w.[\\]'"$]{1,60}[ \\t]*(?:\\|\\||\\?\\?)[ \\t]*)?(["'\`]?)([^\\s"'\`,]{6,200})`,
  'gi',
);
const piped = /\becho\s+(?:-n\s+)?["']?([^\s"'|]{6,200})["']?\s*\|[^\n]*?\b([A-Z][A-Z0-9_]{3,})\b/g;
const bearer = /["'`]Bearer ([\w.~+/-]{20,}=*)["'`]/g;

/** Values assigned to names that hold secrets. `quoted`: only quoted ones count, as in program text. */
export function namedSecrets(text: string, reading: Reading): readonly Hit[] {
  const { home } = reading;
  if (home === 'workflow') return [];
  const bare = home !== 'source' && home !== 'script';
  const hits: Hit[] = [];
  for (const match of text.matchAll(assigned)) {
    const [, , quote = '', raw = ''] = match;
    if (quote === '' && !bare && !isShellLike(text, match.index)) continue;
    const value = quote === '' ? raw.replace(/[;)\]|*.]+$/, '') : raw;
    if (quote !== '' && text[match.index + match[0].length] !== quote) continue;
    if (isPlaceholder(raw)) continue;
    const hit = judged(nameAt(text, match.index, match[0]), value, match.index + match[0].length - raw.length, reading);
    if (hit) hits.push(hit);
  }
  for (const match of text.matchAll(piped)) {
    const hit = judged(match[2] ?? '', match[1] ?? '', match.index, reading);
    if (hit) hits.push(hit);
  }
  for (const match of text.matchAll(bearer)) {
    if (looksRandom(match[1] ?? ''))
      hits.push({
        kind: 'token',
        what: 'bearer token',
        name: 'Authorization',
        form: 'Bear…',
        weight: 'real-looking',
        index: match.index,
      });
  }
  return hits;
}

/** Shell and .env style lines assign without quotes: `NAME=value` at the line's start. */
function isShellLike(text: string, index: number): boolean {
  const line = text.slice(
    text.lastIndexOf('\n', index) + 1,
    text.indexOf('\n', index) === -1 ? text.length : text.indexOf('\n', index),
  );
  return /^\s*(?:export\s+|set\s+|ENV\s+|\$env:)?[A-Z][A-Z0-9_]*=\S/.test(line);
}

function judged(name: string, value: string, index: number, reading: Reading): Hit | undefined {
  if (!namesSecret(name) || isPublicName(name) || isPublicKey(value) || isPlaceholder(value) || isCode(value))
    return undefined;
  const password = namesPassword(name);
  const random = looksRandom(value);
  if (!random && !(password && looksLikePassword(value))) return undefined;
  return {
    kind: password ? 'password' : 'token',
    what: password ? 'password' : 'secret',
    name,
    form: '…',
    weight: weightOf(name, random, reading),
    index,
  };
}

const trial = /(?:^|\/)(?:tests?|debug|check|demo|try|sample|example|mock|fake|dummy|seed)[-_.][^/]*$/i;

/** Documents show samples of tokens, product manuals of all else; people's passwords in documents and trials are mostly made up. */
function weightOf(name: string, random: boolean, { home, path }: Reading): Secret['weight'] {
  if (home === 'document' && (!random || /tokens?$/i.test(name) || path.endsWith('.mdx'))) return 'doubtful';
  return !random && trial.test(path) ? 'doubtful' : 'real-looking';
}

/** References, calls, paths, selectors and types that stand where a value could. */
const isCode = (value: string): boolean => hashed.test(value) || (reference.test(value) && !looksRandom(value));

const hashed = /^(?:sha\d+-|\$2[aby]\$|\$argon|pbkdf2)/;
const reference =
  /^[a-z_$][\w$]*(?:\.[\w$]+)+$|^[\w$.]+\(|^\/|^\.\.?\/|^[@#]|^https?:|^data:|^\w+:\/\/[^:@]+$|=>|^[A-Z][A-Z0-9_]+$|^[a-z]+(?:-[a-z]+)+$|^[a-z]+(?:_[a-z]+)+$/i;

/** The whole identifier around a keyword. */
function nameAt(text: string, index: number, match: string): string {
  const before = /[\w.-]*$/.exec(text.slice(Math.max(0, index - 60), index))?.[0] ?? '';
  const word = /^[\w-]+/.exec(match)?.[0] ?? '';
  return (before + word).replace(/^.*\./, '').replace(/^[-_]+/, '');
}
