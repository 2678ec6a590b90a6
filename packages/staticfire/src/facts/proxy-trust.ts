import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** What the service believes of the headers in which proxies name the caller. */
export interface TrustSetting {
  /** "set('trust proxy', 1)" without its value: the name of the setting. */
  readonly name: string;
  readonly at: Place;
  /** `bounded`: a number of proxies or a list of them. `all`: anyone who sends the header. `none`: switched off. */
  readonly trust: 'bounded' | 'all' | 'none' | 'unknown';
}

/** The caller's address taken from a header by hand or by a library that does. */
export interface AddressRead {
  readonly what: string;
  readonly scope: string;
  readonly at: Place;
  /** `first`: what the caller wrote. `last`: what the nearest proxy wrote. `whole`: the header as it is. */
  readonly takes: 'first' | 'last' | 'whole';
  /** What depends on it, when that could be told. */
  readonly purpose: 'limit' | 'access' | 'record';
}

export interface ProxyTrust {
  readonly settings: readonly TrustSetting[];
  readonly reads: readonly AddressRead[];
  /** Live files that name the header in a text where no read of it was found: in a list of headers. */
  readonly named: readonly Place[];
  /** Limiters and code that go by the address as the framework tells it. */
  readonly told: readonly { readonly what: string; readonly at: Place; readonly limits: boolean }[];
  /** What says that a proxy stands before the service. */
  readonly proxied: { readonly by: string; readonly at: Place | undefined } | undefined;
  /** The platform writes the header itself, whatever the caller sent. */
  readonly overwritten: string | undefined;
  /** Nothing says where the service runs, and its usual platform writes the header itself. */
  readonly unsettled: boolean;
}

export const proxyTrust = defineFact<ProxyTrust, 'service'>({
  id: 'proxy-trust',
  title: 'how far forwarded addresses are trusted',
  scope: 'service',
});
