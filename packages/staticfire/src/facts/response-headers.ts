import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** The headers that tell a browser what a response may do. `X-Frame-Options` stands for frame protection, also by CSP. */
export const securityHeaders = [
  'Content-Security-Policy',
  'Referrer-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
] as const;
export type SecurityHeader = (typeof securityHeaders)[number];

export interface HeaderSource {
  readonly header: SecurityHeader;
  /** 'helmet', 'headers() of the configuration'. */
  readonly by: string;
  readonly at: Place;
}

/** A header that some code or configuration sets and that responses do not carry. */
export interface IdleHeader extends HeaderSource {
  /** One clause: 'nothing live imports this file'. */
  readonly why: string;
}

export interface ResponseHeaders {
  /** On all responses of the service, in production, whatever else is set. */
  readonly sent: readonly HeaderSource[];
  readonly idle: readonly IdleHeader[];
}

export const responseHeaders = defineFact<ResponseHeaders, 'service'>({
  id: 'response-headers',
  title: 'the security headers of responses',
  scope: 'service',
});
