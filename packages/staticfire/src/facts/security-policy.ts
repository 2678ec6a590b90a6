import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A document that says how to report a vulnerability. */
export interface PolicyDocument {
  readonly file: string;
  readonly kind: 'policy' | 'security.txt' | 'section';
  /** Where a way to report stands: an address, a form, the platform's private advisories. */
  readonly contact: Place | undefined;
  /** Still the platform's template, or empty. */
  readonly unfilled: boolean;
}

export interface SecurityPolicy {
  /** Policies first, then security.txt, then sections of other documents. */
  readonly documents: readonly PolicyDocument[];
  /** Files with such a name at a place where nobody looks. */
  readonly elsewhere: readonly string[];
  /** The places looked at. */
  readonly searched: readonly string[];
}

export const securityPolicy = defineFact<SecurityPolicy, 'repository'>({
  id: 'security-policy',
  title: 'how vulnerabilities are reported',
  scope: 'repository',
});
