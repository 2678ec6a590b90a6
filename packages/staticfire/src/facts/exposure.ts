import { defineFact } from '../model/fact.ts';
import type { Step } from '../model/place.ts';
import type { Endpoint } from './endpoints.ts';

/** What the chain of an endpoint can reach, in the order of the table. */
export const protections = [
  'authentication',
  'authorization',
  'signature',
  'input',
  'limit',
  'csrf',
  'cors',
  'body-limit',
  'audit',
  'errors',
  'request-id',
] as const;

export type Protection = (typeof protections)[number];

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

export interface Exposed {
  readonly endpoint: Endpoint;
  readonly reaches: Readonly<Record<Protection, Reached>>;
  /** Undefined where nothing says that it is meant for everyone. */
  readonly open: Intent | undefined;
  /** What makes it sensitive, one clause each: 'writes to the database', 'takes an id from the caller', 'the path says admin'. */
  readonly sensitive: readonly string[];
}

export interface Exposure {
  /** In the order of the endpoints. */
  readonly list: readonly Exposed[];
}

/** What stands between a stranger and each endpoint of the service. */
export const exposure = defineFact<Exposure, 'service'>({
  id: 'exposure',
  title: 'what protects each endpoint',
  scope: 'service',
});
