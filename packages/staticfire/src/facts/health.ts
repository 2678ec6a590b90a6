import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';

/** What a probe asks an endpoint for, by its path or by the probe that names it. */
export type HealthRole = 'liveness' | 'readiness' | 'general';

/** A dependency that the handler of an endpoint asks. */
export interface Asked {
  readonly what: 'database' | 'cache' | 'queue';
  readonly at: Place;
  /** From the handler to the call. */
  readonly trail: readonly Step[];
}

/** A statement about a dependency that is the same whatever happens: `database: 'connected'`. */
export interface HealthClaim {
  readonly key: string;
  readonly what: Asked['what'];
  readonly at: Place;
}

export interface HealthEndpoint {
  readonly method: string;
  readonly path: string;
  readonly at: Place;
  readonly role: HealthRole;
  /** What probes it: 'readinessProbe of deploy/app.yaml'. */
  readonly probes: readonly { readonly by: string; readonly at: Place }[];
  readonly asks: readonly Asked[];
  /** Does the answer become an error when what it asks fails? */
  readonly fails: boolean;
  readonly claims: readonly HealthClaim[];
  /** Calls of the handler that may ask more, and could not be followed. */
  readonly lost: boolean;
}

export interface Health {
  /** Sorted by path. */
  readonly endpoints: readonly HealthEndpoint[];
  /** Endpoints of any kind that the service has. */
  readonly served: number;
  /** Health checks in code that nothing live serves. */
  readonly dead: readonly Place[];
}

export const health = defineFact<Health, 'service'>({
  id: 'health',
  title: 'the health endpoints of the service',
  scope: 'service',
});
