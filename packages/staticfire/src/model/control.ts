import type { Fact, FactValue, Scope } from './fact.ts';
import type { Evidence, Place, Step } from './place.ts';
import type { Area } from './area.ts';

export type Severity = 'critical' | 'major' | 'minor' | 'note';
export type Confidence = 'proven' | 'likely' | 'hint';
export type Stage = 'trial' | 'stable' | 'retired';
/** From the weakest to the strongest proof. */
export type ProofLevel = 'attested' | 'declared' | 'wired' | 'exercised' | 'observed';

/** Names inside braces: Slots<'{file} has no {thing}'> is 'file' | 'thing'. */
type Slots<S extends string> = S extends `${string}{${infer K}}${infer R}` ? K | Slots<R> : never;

interface MessageSpec {
  /** One sentence that is true of the user's code, with {slots}. */
  readonly text: string;
  /** What to do, in the imperative, with {slots}. */
  readonly remedy: string;
  /** When this message weighs differently from its control. */
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

export type Needs = Readonly<Record<string, Fact<unknown>>>;
export type Messages = Readonly<Record<string, MessageSpec>>;
export type FactsOf<N extends Needs> = { readonly [K in keyof N]: FactValue<N[K]> };
type Data<M extends MessageSpec> = { readonly [K in Slots<M['text'] | M['remedy']>]: string | number };

/** A violation has a place, or says what was searched: an absence has no line to point at. */
type Where = { readonly at: Place } | { readonly searched: string; readonly at?: undefined };

export type Violation<M extends Messages> = {
  [K in keyof M & string]: Where & {
    readonly message: K;
    readonly data: Data<M[K]>;
    /** What the finding is about (a symbol, a variable, a header, a step): the stable part of its fingerprint. */
    readonly subject: string;
    readonly severity?: Severity;
    readonly confidence?: Confidence;
    /** The path that proves it. */
    readonly trail?: readonly Step[];
  };
}[keyof M & string];

export type Verdict<M extends Messages> =
  | { readonly verdict: 'pass'; readonly evidence: readonly [Evidence, ...Evidence[]]; readonly reason?: string }
  | {
      readonly verdict: 'fail';
      readonly violations: readonly [Violation<M>, ...Violation<M>[]];
      readonly evidence?: readonly Evidence[];
    }
  | { readonly verdict: 'not-applicable'; readonly because: string }
  | {
      readonly verdict: 'unknown';
      readonly because: string;
      readonly settle: string;
      readonly evidence?: readonly Evidence[];
    };

export interface Control<Id extends string, N extends Needs, M extends Messages> {
  /** `area/name`: nouns, no verbs, no `no-`/`has-`. Never changes its meaning. */
  readonly id: Id;
  readonly area: Area;
  /** `service`: evaluated once for each service. */
  readonly scope: Scope;
  readonly title: { readonly pass: string; readonly fail: string };
  /** Why it matters, for someone who has not met the problem. */
  readonly why: string;
  /** How it fails in production: what a user or an operator sees. */
  readonly failure: string;
  /** The general remedy; a message carries the particular one. */
  readonly remedy: string;
  /** What counts as done, checkable. */
  readonly done: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** The highest proof level that reading alone can give. */
  readonly level: ProofLevel;
  readonly stage: Stage;
  readonly since: string;
  readonly references: readonly [string, ...string[]];
  readonly needs: N;
  readonly messages: M;
  evaluate(facts: FactsOf<N>): Verdict<M>;
}

/** Erased form used by registries and the engine. */
// oxlint-disable-next-line typescript/no-explicit-any -- the one seam where a control's own types are forgotten
export type AnyControl = Control<string, any, any>;

export function defineControl<const Id extends string, const N extends Needs, const M extends Messages>(
  control: Control<Id, N, M>,
): Control<Id, N, M> {
  return control;
}

/** Turns a possibly empty list of violations into a verdict: fail when there are any, else what `otherwise` says. */
export function failOr<M extends Messages>(
  violations: readonly Violation<M>[],
  otherwise: () => Verdict<M>,
): Verdict<M> {
  const [first, ...rest] = violations;
  return first ? { verdict: 'fail', violations: [first, ...rest] } : otherwise();
}
