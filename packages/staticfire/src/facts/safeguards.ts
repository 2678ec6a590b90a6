import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';

/** What a safeguard protects, or protects against. */
export type SafeguardKind =
  | 'environment validator'
  | 'rate limiter'
  | 'security headers'
  | 'authentication'
  | 'authorization'
  | 'signature check'
  | 'CSRF check'
  | 'error tracker'
  | 'error handler'
  | 'logger'
  | 'metrics'
  | 'tracing'
  | 'health check'
  | 'graceful shutdown'
  | 'retry'
  | 'time limit'
  | 'circuit breaker'
  | 'usage limit'
  | 'cleanup job'
  | 'erasure'
  | 'audit log'
  | 'redaction'
  | 'input schema'
  | 'request context'
  | 'scheduled job'
  | 'pipeline'
  | 'framework file';

/** One safeguard of the repository, recognised by what it does. */
export interface Safeguard {
  readonly kind: SafeguardKind;
  /** The function, class or binding; the file's name for a module body. */
  readonly symbol: string;
  /** What shows that it is one: 'answers 429'. */
  readonly does: string;
  readonly at: Place;
}

/** A safeguard that protects nothing. */
export interface DeadSafeguard extends Safeguard {
  /** One clause: 'nothing imports src/limiter.ts'. */
  readonly why: string;
  readonly how:
    | 'unloaded'
    | 'uncalled'
    | 'late'
    | 'misplaced'
    /** The whole application, package or folder around it is loaded by nothing. */
    | 'abandoned';
  readonly trail: readonly Step[];
  /** The live file that should load or call it. */
  readonly loader: string | undefined;
  /** A live safeguard of the same kind in the same service. */
  readonly replacedBy: Place | undefined;
  /** Other safeguards that share its fate and are told with it. */
  readonly others: readonly Safeguard[];
}

export interface Safeguards {
  /** Sorted by place. */
  readonly dead: readonly DeadSafeguard[];
  readonly live: readonly Safeguard[];
  /** What was looked through. */
  readonly searched: string;
}

export const safeguards = defineFact<Safeguards, 'repository'>({
  id: 'safeguards',
  title: 'the safeguards of the repository, live and dead',
  scope: 'repository',
});
