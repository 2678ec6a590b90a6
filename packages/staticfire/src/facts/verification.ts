import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A place where the check of a server's certificate is switched off for production. */
export interface VerificationOff {
  readonly kind:
    /** `rejectUnauthorized: false` and its likes. */
    | 'off'
    /** Off unless a variable is set. */
    | 'unless-set'
    /** For the whole process: NODE_TLS_REJECT_UNAUTHORIZED. */
    | 'process'
    /** In an address: sslmode=no-verify. */
    | 'address';
  readonly at: Place;
  /** What is written there, without values: 'rejectUnauthorized: false'. */
  readonly what: string;
  /** The variable, call or file that names it. */
  readonly subject: string;
}

export const verification = defineFact<readonly VerificationOff[], 'service'>({
  id: 'verification',
  title: 'where certificate checks are switched off',
  scope: 'service',
});
