import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';
import type { Protection } from '../model/protection.ts';
import type { Endpoint } from './endpoints.ts';

/** Does the chain reach it, and does it decide? */
export interface Reached {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** What it is, in a few words: 'session of next-auth', 'bearer token, by jose', 'zod: CreateOrder on body', '100 a minute by address, in memory'. Empty for a plain no. */
  readonly what: string;
  /** For no: why what was found does not count ('the session is read and never tested'). For unknown: where the path was lost. Empty otherwise. */
  readonly why: string;
  /** From the link of the chain to the source of truth, in the order of calls; for unknown to where the path was lost. */
  readonly trail: readonly Step[];
}

/** Why an endpoint may be open to anyone. */
export interface Intent {
  /** `declared`: in staticfire.yaml. `sign-in`, `health`, `asset`, `webhook`, `public`: by what it is. */
  readonly kind: 'declared' | 'sign-in' | 'health' | 'asset' | 'webhook' | 'schedule' | 'public';
  /** One clause. */
  readonly why: string;
}

/** A limit on how often someone may call. */
export interface Limit {
  /** '5 in 60 s, in memory, by express-rate-limit'. */
  readonly what: string;
  /** The library, or 'code of its own'. */
  readonly by: string;
  /** Where it is made, or where its own code stands: limits with one place are one limit. */
  readonly at: Place;
  readonly store: 'memory' | 'shared' | 'database' | 'unknown';
  /** What becomes of requests while the shared store does not answer. */
  readonly outage: Outage;
  /** The handler itself asks for it. */
  readonly inHandler: boolean;
  readonly trail: readonly Step[];
}

export interface Outage {
  /** `errors`: every request fails. `open`: every request passes and nothing says so. `chosen`: the code says what happens. */
  readonly kind: 'errors' | 'open' | 'chosen' | 'unclear' | 'none';
  /** One clause. */
  readonly why: string;
  readonly at: Place | undefined;
}

export interface Exposed {
  readonly endpoint: Endpoint;
  readonly reaches: Readonly<Record<Protection, Reached>>;
  /** Where it reads a body, or the arguments of its caller; undefined where it takes none, or the library that handles it does. */
  readonly takes: Place | undefined;
  /** The limits that it is under, in the order of its chain. */
  readonly limits: readonly Limit[];
  /** What it spends on every call: 'a model of OpenAI'. Empty when nothing is known. */
  readonly expensive: string;
  /** Undefined where nothing says that it is meant for everyone. */
  readonly open: Intent | undefined;
  /** What makes it sensitive, one clause each: 'writes to the database', 'takes an id from the caller', 'the path says admin'. */
  readonly sensitive: readonly string[];
}

/** A way in that a library serves with a function of the repository: credentials of Auth.js. */
export interface SignIn {
  readonly name: string;
  readonly at: Place;
  readonly limits: readonly Limit[];
}

export interface Exposure {
  /** In the order of the endpoints. */
  readonly list: readonly Exposed[];
  readonly signIns: readonly SignIn[];
  /** Live code that makes a limiter which stands in no chain that was read. */
  readonly unplaced: Place | undefined;
}

/** What stands between a stranger and each endpoint of the service. */
export const exposure = defineFact<Exposure, 'service'>({
  id: 'exposure',
  title: 'what protects each endpoint',
  scope: 'service',
});
