import type { Call } from './calls.ts';
import type { Expr } from '../summary.ts';
import type { Callee } from './inline.ts';
import type { Run } from './run.ts';
import type { Atom, Frame, Value } from './values.ts';

/** What is assumed of everything that code cannot tell of itself: who calls, what libraries answer. */
export interface World {
  /** Evaluations that one run may take. */
  readonly budget: number;
  /** Values outside of functions, by the expression that makes them: they are the same for every run. */
  readonly outside: Map<Expr, Value>;
  /** What a call of a function of the repository comes to where it need not be followed again, or at all. */
  spared(run: Run, callee: Callee, args: readonly Value[], caller: Frame): Value | undefined;
  /** Follows a function, and may keep what came of it. */
  followed(run: Run, callee: Callee, args: readonly Value[], caller: Frame, follow: () => Value): Value;
  /** A call that lets the caller through to what stands behind; undefined when it is none. */
  next(run: Run, frame: Frame, call: Call): Value | undefined;
  /** What a call that does not turn the caller away comes to; undefined where the world has nothing to say. */
  answer(run: Run, frame: Frame, call: Call): Value | undefined;
  /** A call that nothing else could follow. */
  lost(run: Run, frame: Frame, call: Call): Value | undefined;
  /** A method of something that throws: `promise.catch(…)`. */
  caught(run: Run, call: Call): Value | undefined;
  /** A function that is too deep to be followed. */
  cut(run: Run): Value;
  /** A member of something; undefined where the world has nothing to say. */
  member(run: Run, atom: Atom, name: string): Value | undefined;
  /** A member of something that the caller sends was set. */
  assigned(run: Run, frame: Frame, path: string, value: Value): void;
  /** A template with a tag. */
  tagged(run: Run, frame: Frame, template: Extract<Expr, { k: 'template' }>, holes: readonly Value[]): Value;
  /** Two values are compared. */
  compared(run: Run, left: Value, right: Value): void;
  /** A test was decided by this value. */
  tested(run: Run, value: Value): void;
}
