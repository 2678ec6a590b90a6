import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A place where the text of an unforeseen error goes to the caller in production. */
export interface ErrorLeak {
  /** `stack`: where in the code. `message`: what a library or database said. */
  readonly what: 'stack' | 'message';
  readonly at: Place;
  /** The function that it stands in. */
  readonly symbol: string;
  /** It stands where all errors end. */
  readonly central: boolean;
}

/** Where errors end that no handler caught. */
export interface ErrorEnd {
  /** 'errorHandler', 'setErrorHandler()', 'NestJS itself'. */
  readonly by: string;
  readonly at: Place;
  /** Why it does not run, or does not see the errors of the routes; undefined when it is in force. */
  readonly why: string | undefined;
  /** The framework answers by itself. */
  readonly builtIn: boolean;
  /** For built-in ones: what it tells of an unforeseen error in production. */
  readonly tells: 'nothing' | 'message';
}

export interface ErrorAnswers {
  /** The framework that answers most of the calls, '' when none is seen. */
  readonly framework: string;
  readonly ends: readonly ErrorEnd[];
  readonly leaks: readonly ErrorLeak[];
  /** Endpoints with a handler that could be read. */
  readonly handlers: number;
  /** Of these, those that catch errors and answer them by themselves, with the first places. */
  readonly own: { readonly count: number; readonly places: readonly Place[] };
  /** Handlers whose rejected promise goes nowhere: Express before 5. */
  readonly unforwarded: readonly { readonly path: string; readonly at: Place }[];
  /** Functions that answer errors, in code that nothing live uses. */
  readonly dead: readonly { readonly symbol: string; readonly at: Place }[];
}

export const errorAnswers = defineFact<ErrorAnswers, 'service'>({
  id: 'error-answers',
  title: 'what callers are told of errors',
  scope: 'service',
});
