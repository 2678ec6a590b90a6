import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** Live code that lets a caller in who knows a text standing in the program. */
export interface LiteralCredential {
  /** What is compared: the variable's or field's name. */
  readonly name: string;
  readonly kind: 'password' | 'token';
  readonly at: Place;
  /** Where the text stands, when it is a constant elsewhere. */
  readonly constant: Place | undefined;
  readonly services: readonly string[];
}

export interface LiteralCredentials {
  readonly list: readonly LiteralCredential[];
  /** Comparisons looked at in live code. */
  readonly comparisons: number;
}

/** Passwords and tokens that live code compares with a literal. */
export const literalCredentials = defineFact<LiteralCredentials, 'repository'>({
  id: 'literal-credentials',
  title: 'literals that live code accepts as a credential',
  scope: 'repository',
});
