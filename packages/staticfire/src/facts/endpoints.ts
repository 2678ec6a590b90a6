import type { Spot } from '../code/production.ts';
import type { Condition } from '../code/sites.ts';
import type { Expr } from '../code/summary.ts';
import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { FrameworkId } from './services.ts';

/** `http`: a method and a path. `rpc`: a procedure, server function, server action or message. `graphql`: a field of Query, Mutation or Subscription. */
export type Surface = 'http' | 'rpc' | 'graphql';

/**
 * What a link is to its framework. `wrapper`: a function around the handler. `validator`: a schema, or what checks the request
 * against one. `policy`: a row of a table that names paths. `settings`: an option of the application or the route.
 */
export type LinkRole =
  | 'middleware'
  | 'hook'
  | 'guard'
  | 'pipe'
  | 'interceptor'
  | 'filter'
  | 'wrapper'
  | 'validator'
  | 'policy'
  | 'settings';

/** Something that runs before the handler: a middleware, a guard, a wrapper, a hook. */
export interface ChainLink {
  /** Where its expression stands. */
  readonly file: string;
  readonly fn: number;
  readonly expr: Expr;
  /** The function of the repository that it comes to, when that could be told. */
  readonly runs?: Spot;
  /** It is registered only where this test holds, or does not, and the code does not tell which. Missing: it is always there. */
  readonly when?: Spot & Condition;
  /** Missing: a middleware. */
  readonly role?: LinkRole;
  /** Only when part of the request is looked at: 'body', 'query', 'params', 'headers', 'cookies'. For validators. */
  readonly on?: string;
}

export interface Endpoint {
  readonly surface: Surface;
  /** 'GET', 'ALL' where any method is served; 'query', 'mutation', 'subscription', 'action', 'function', 'message' on the other surfaces. */
  readonly method: string;
  /** Parts that could not be read stand in braces: '/{env.PREFIX}/users'. For rpc and graphql the procedure's name. */
  readonly path: string;
  readonly at: Place;
  readonly handler: Spot | undefined;
  /** The expression that the framework is handed, with its wrappers: `withAuth(handler)`. Missing where it is the handler itself. */
  readonly serves?: Spot & { readonly expr: Expr };
  readonly framework: FrameworkId;
  /** In the order in which they run. */
  readonly chain: readonly ChainLink[];
}

/** Something about endpoints that could not be read. */
export interface LostEndpoint {
  readonly at: Place;
  readonly framework: FrameworkId;
  /** `path`: the endpoint is counted, its path is not known. `number`: how many endpoints stand here is not known. */
  readonly what: 'path' | 'method' | 'number';
  readonly why: string;
}

export interface Endpoints {
  /** Sorted by surface, path and method. */
  readonly list: readonly Endpoint[];
  readonly lost: readonly LostEndpoint[];
  /** Frameworks of the service whose endpoints no reader knows. */
  readonly unread: readonly FrameworkId[];
}

/** Every endpoint that the service's live code serves. */
export const endpoints = defineFact<Endpoints, 'service'>({
  id: 'endpoints',
  title: 'the endpoints of the service',
  scope: 'service',
});
