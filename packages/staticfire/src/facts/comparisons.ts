import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';

/** A comparison of what a caller sent with a secret, that ends at the first byte that differs. */
export interface LeakyComparison {
  /** '===', 'localeCompare()', 'includes()'. */
  readonly how: string;
  /** The setting, or 'a computed signature'. */
  readonly secret: string;
  readonly scope: string;
  readonly at: Place;
  readonly trail: readonly Step[];
}

export interface Comparisons {
  /** Sorted by place. */
  readonly leaky: readonly LeakyComparison[];
  /** Comparisons of secrets that take the same time whatever is sent, in live code. */
  readonly constant: readonly { readonly by: string; readonly at: Place }[];
  /** How many live functions that may turn a caller away were looked through. */
  readonly functions: number;
}

export const comparisons = defineFact<Comparisons, 'service'>({
  id: 'comparisons',
  title: 'how secrets are compared',
  scope: 'service',
});
