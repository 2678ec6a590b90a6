import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/**
 * Which origins a policy lets in. `list`: those that are named or that a test picks. `loose`: a test picks them by a part of
 * their name, so that others can make one that fits. `any`: all, by `*`. `reflected`: all, each told its own name.
 * `by-default`: all, unless a variable says otherwise.
 */
export type Allowance = 'none' | 'list' | 'unknown' | 'loose' | 'by-default' | 'any' | 'reflected';

/** One place that lets other origins read responses. */
export interface CrossOriginPolicy {
  /** 'cors', 'enableCors()', 'headers() of the configuration', 'code of the service'. */
  readonly by: string;
  readonly at: Place;
  readonly allows: Allowance;
  /** Responses may be read together with the visitor's cookies. */
  readonly credentials: boolean;
  /** It covers most of what the service answers, not single routes. */
  readonly everywhere: boolean;
  /** For `loose` the test, for `by-default` the variable: as written. */
  readonly detail: string;
}

export interface CrossOrigin {
  /** In live code and configuration, sorted by place. */
  readonly policies: readonly CrossOriginPolicy[];
  /** What was looked through. */
  readonly searched: string;
}

export const crossOrigin = defineFact<CrossOrigin, 'service'>({
  id: 'cross-origin',
  title: 'the origins that may read responses',
  scope: 'service',
});
