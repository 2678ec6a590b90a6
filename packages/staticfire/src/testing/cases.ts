import type { AnyControl } from '../model/control.ts';

export interface ControlCase {
  readonly name: string;
  /** Printed on the control's reference page. */
  readonly show?: 'good' | 'bad';
  /** Looks like the flaw and must not fire. */
  readonly near?: true;
  /** Path to text. The whole repository of the case. */
  readonly files: Readonly<Record<string, string>>;
  /** Files on disk that git does not track. Without this key the tree has no git and every file counts as tracked. */
  readonly untracked?: readonly string[];
  /** Audit this folder of the tree instead of its root, as when the project lies below the git root. */
  readonly below?: string;
  /** Which service's verdict is meant, when the case has several. */
  readonly service?: string;
  readonly expect: Expectation;
}

export type Expectation =
  | { readonly verdict: 'pass' | 'not-applicable' | 'unknown' }
  /** Each as `file:line message`, or `- message` for an absence; compared whole, in any order. */
  | { readonly verdict: 'fail'; readonly findings: readonly [string, ...string[]] };

export interface ControlCases {
  readonly control: AnyControl;
  readonly cases: readonly ControlCase[];
  /** Why no case can be not-applicable, where that is so. */
  readonly alwaysApplies?: string;
}

/** Cases are data: one generic suite runs them, and the reference pages print the ones marked `show`. */
export const defineCases = (
  control: AnyControl,
  cases: readonly [ControlCase, ...ControlCase[]],
  options: { readonly alwaysApplies?: string } = {},
): ControlCases => ({ control, cases, ...options });
