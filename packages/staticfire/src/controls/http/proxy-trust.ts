import { proxyTrust, type AddressRead, type ProxyTrust } from '../../facts/proxy-trust.ts';
import { service } from '../../facts/services.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence, Place } from '../../model/place.ts';

const messages = {
  unbounded: {
    text: '{name} believes whatever address the caller writes into X-Forwarded-For.',
    remedy: 'Set it to the number of proxies before the service, or to their addresses.',
  },
  forgeable: {
    text: "{scope} takes the caller's address from the front of {what}, where the caller can write what they like.",
    remedy:
      'Ask the framework for the address with its trust setting bounded, or count from the end of the list as many entries as there are proxies.',
  },
  untrusted: {
    text: '{what} goes by the address of the connection, which is that of the proxy ({proxy}): all callers count as one.',
    remedy: "Set 'trust proxy' to the number of proxies before the service.",
  },
} as const;

type M = typeof messages;

export const proxyTrustControl = defineControl({
  id: 'http/proxy-trust',
  area: 'http',
  scope: 'service',
  title: {
    pass: 'Forwarded addresses are trusted as far as the proxies go',
    fail: 'Callers can choose their own address, or all share one',
  },
  why: 'Behind a proxy the address of the caller stands in X-Forwarded-For. Each proxy adds an entry at the end; what stands before came from outside. A service that takes the first entry, or trusts every sender, lets callers choose the address by which it limits, blocks and records them.',
  failure:
    'Someone sends a new made-up address with each attempt: the limiter of the sign-in never fires, and the audit log names strangers. Or the limiter sees only the proxy, and one visitor locks out all.',
  remedy:
    'Bound the trust setting of the framework to the proxies that really stand before the service, and take the address from the framework.',
  done: 'Live code takes the address from the framework with a bounded trust setting, from the end of the list, or runs where the platform writes the header itself.',
  severity: 'minor',
  confidence: 'likely',
  level: 'wired',
  stage: 'trial',
  since: '0.1.0',
  references: [
    'https://expressjs.com/en/guide/behind-proxies.html',
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#security_and_privacy_concerns',
    'https://cwe.mitre.org/data/definitions/348.html',
  ],
  needs: { proxyTrust, service },
  messages,
  evaluate({ proxyTrust: found }): Verdict<M> {
    const { settings, reads, told, named } = found;
    if (settings.length + reads.length + told.length + named.length === 0)
      return { verdict: 'not-applicable', because: 'no live code asks for the address of the caller' };
    if (found.overwritten !== undefined) return overwritten(found, found.overwritten);
    const first = reads.filter((read) => read.takes !== 'last');
    if (found.unsettled && first.length > 0 && settings.length === 0) return unsettled(first);
    return failOr<M>([...unbounded(found), ...first.map(forgeable), ...untrusted(found)], () => otherwise(found));
  },
});

function overwritten({ settings, reads, told }: ProxyTrust, platform: string): Verdict<M> {
  const at = [...settings, ...reads, ...told]
    .slice(0, 3)
    .map((one): Evidence => ({ ...one.at, note: 'asks for the address' }));
  return {
    verdict: 'pass',
    evidence: [{ searched: `platform files: it runs on ${platform}, which writes X-Forwarded-For itself` }, ...at],
  };
}

const unsettled = (reads: readonly AddressRead[]): Verdict<M> => ({
  verdict: 'unknown',
  because:
    'the address comes from X-Forwarded-For, and nothing in the repository says whether the platform writes it or passes on what the caller sent',
  settle: 'send a request with an X-Forwarded-For of your own and look at the address that the service sees',
  evidence: reads.slice(0, 3).map((read) => ({ ...read.at, note: `${read.scope} takes the address here` })),
});

const listed = (named: readonly Place[]): Verdict<M> => ({
  verdict: 'unknown',
  because:
    'live code names X-Forwarded-For among the headers that it looks through, and which part of it is taken cannot be told',
  settle: 'send a request with an X-Forwarded-For of your own and look at the address that the service sees',
  evidence: named.slice(0, 3).map((at) => ({ ...at, note: 'the header is named here' })),
});

const unbounded = ({ settings }: ProxyTrust): readonly Violation<M>[] =>
  settings
    .filter(({ trust }) => trust === 'all')
    .map(({ name, at }) => ({ message: 'unbounded', data: { name }, at, subject: name }));

const forgeable = (read: AddressRead): Violation<M> => ({
  message: 'forgeable',
  data: { scope: read.scope, what: read.what },
  at: read.at,
  subject: read.scope,
  severity: read.purpose === 'record' ? 'minor' : 'major',
});

function untrusted({ settings, told, proxied, reads }: ProxyTrust): readonly Violation<M>[] {
  if (!proxied || reads.length > 0 || settings.some(({ trust }) => trust !== 'none')) return [];
  return told
    .filter(({ limits }) => limits)
    .slice(0, 1)
    .map(({ what, at }) => ({
      message: 'untrusted',
      data: { what, proxy: proxied.by },
      at,
      subject: what,
      trail: proxied.at ? [{ note: 'the proxy stands here', at: proxied.at }] : [],
    }));
}

function otherwise({ settings, reads, told, proxied, named }: ProxyTrust): Verdict<M> {
  const lost = settings.find(({ trust }) => trust === 'unknown');
  if (lost) {
    return {
      verdict: 'unknown',
      because: `the value of ${lost.name} comes from where reading cannot follow`,
      settle: 'send a request with an X-Forwarded-For of your own and look at the address that the service sees',
      evidence: [{ ...lost.at, note: 'it is set here' }],
    };
  }
  if (named.length > 0) return listed(named);
  const bounded = settings
    .filter(({ trust }) => trust === 'bounded')
    .map((one) => ({ ...one.at, note: `${one.name} is bounded` }));
  const last = reads.map((read) => ({ ...read.at, note: 'takes the entry of the nearest proxy' }));
  const [first, ...rest] = [...bounded, ...last];
  if (first) return { verdict: 'pass', evidence: [first, ...rest] };
  const direct = told.slice(0, 3).map((one) => ({ ...one.at, note: `${one.what}: the address of the connection` }));
  if (proxied === undefined)
    return {
      verdict: 'unknown',
      because:
        'the service goes by the address of the connection, and nothing in the repository says whether a proxy stands before it',
      settle: "look at the addresses in its log: when all are the proxy's, set 'trust proxy' to the number of proxies",
      evidence: direct,
    };
  return {
    verdict: 'pass',
    evidence: [
      { searched: 'trust settings and reads of X-Forwarded-For in live code: none believes the caller' },
      ...direct,
    ],
  };
}
