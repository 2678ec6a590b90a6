import type { CodeModel } from '../../code/model.ts';
import type { Expr } from '../../code/summary.ts';
import type { LiveCalls, SitesByFile } from '../../facts/calls.ts';
import type { Place, Step } from '../../model/place.ts';
import type { Locals } from './locals.ts';

type CallExpr = Extract<Expr, { k: 'call' }>;

/** Where an expression stands, and with which arguments its function runs when that is known. */
export interface Frame {
  readonly file: string;
  readonly fn: number;
  readonly bound?: {
    readonly file: string;
    readonly fn: number;
    readonly call: CallExpr;
    readonly from: Frame;
  };
}

/** What a value is made of: fixed things alone, something of a request, or what cannot be followed. */
export type Flow =
  /** `checked`: a schema has let it through. */
  | { readonly k: 'fixed'; readonly checked?: true }
  | {
      readonly k: 'input' | 'lost';
      /** From the source on. */
      readonly steps: readonly Step[];
      /** Where it was first joined to a text, and the part that was. */
      readonly joined?: { readonly at: Place; readonly part: string };
    };

export const fixed: Flow = { k: 'fixed' };

export interface Following {
  readonly model: CodeModel;
  readonly calls: LiveCalls;
  readonly sites: SitesByFile;
  /** Counts down; at zero everything is lost. */
  budget: number;
  /** Parameters whose callers are being asked, against cycles. */
  readonly asking: Set<string>;
  readonly known: Map<string, Flow>;
  localsOf(file: string, fn: number): Locals;
}

/** Input weighs more than what is lost, what is lost more than what is fixed. */
export function worst(flows: Iterable<Flow>): Flow {
  const all = [...flows];
  const found = all.find((flow) => flow.k === 'input') ?? all.find((flow) => flow.k === 'lost');
  return found ?? (all.length === 1 ? (all[0] ?? fixed) : fixed);
}

export const lostAt = (note: string, at: Place): Flow => ({ k: 'lost', steps: [{ note, at }] });

export function along(flow: Flow, step: Step): Flow {
  if (flow.k === 'fixed') return flow;
  const last = flow.steps.at(-1);
  const same = last?.at?.file === step.at?.file && last?.at?.line === step.at?.line;
  return same || flow.steps.length > 8 ? flow : { ...flow, steps: [...flow.steps, step] };
}
