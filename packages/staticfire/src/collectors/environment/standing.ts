import type { Expr } from '../../code/summary.ts';
import type { Guard } from './production.ts';

/** How an expression stands in its file. */
export interface At {
  readonly fn: number;
  readonly guards: readonly Guard[];
  readonly operands: readonly Expr[];
  readonly use: 'value' | 'test' | 'bound';
  readonly caught: boolean;
}

/** A part that is used as a value, with nothing to stand in for it. */
export const plainly = (at: At): At =>
  at.use === 'value' && at.operands.length === 0 ? at : { ...at, operands: [], use: 'value' };
