import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

type SecretKind =
  | 'vendor-key'
  | 'database-url'
  | 'private-key'
  | 'jwt'
  | 'password'
  | 'token'
  | 'keystore-password'
  | 'account-password';

/** Where a secret stands. */
export type SecretHome = 'source' | 'script' | 'document' | 'workflow' | 'config' | 'database-script';

/** A credential in a tracked file. Its value is never kept: only where it stands and what it begins with. */
export interface Secret {
  readonly kind: SecretKind;
  /** What it is, as one noun phrase: 'Stripe webhook secret', 'database URL with password'. */
  readonly what: string;
  /** The variable, field or host it belongs to; '' when there is none. */
  readonly name: string;
  readonly home: SecretHome;
  readonly at: Place;
  /** At most four characters of a public prefix and an ellipsis. */
  readonly form: string;
  /** A key of a live mode or a production host; otherwise how much it looks like a real one. */
  readonly weight: 'live' | 'real-looking' | 'doubtful';
}

export interface Secrets {
  /** Sorted by place. */
  readonly list: readonly Secret[];
  readonly filesRead: number;
  readonly candidates: number;
  /** Why tracked text files were not read, with counts. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** Credentials that stand in tracked files, env files apart. */
export const secrets = defineFact<Secrets, 'repository'>({
  id: 'secrets',
  title: 'credentials in tracked files',
  scope: 'repository',
});
