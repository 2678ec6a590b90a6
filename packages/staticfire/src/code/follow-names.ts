import type { ExportNames } from './export-names.ts';
import type { CodeModel } from './model.ts';
import type { Expr } from './summary.ts';

/** A spot in the code: names are looked up from here. */
export interface Spot {
  readonly file: string;
  readonly fn: number;
}

/** What a dotted name leads to; `rest` is what remains of it. Unlike an origin this keeps the expression as written. */
export type Found =
  | (Spot & { readonly k: 'expr'; readonly expr: Expr; readonly rest: string })
  | (Spot & { readonly k: 'function'; readonly rest: string })
  | { readonly k: 'class'; readonly file: string; readonly cls: number; readonly rest: string }
  | (Spot & { readonly k: 'param'; readonly index: number; readonly rest: string })
  | { readonly k: 'package'; readonly name: string; readonly rest: string }
  | { readonly k: 'global'; readonly path: string };

/** The linked code with the scopes of each file at hand. */
export interface Names {
  readonly model: CodeModel;
  readonly exporter: ExportNames;
  follow(spot: Spot, path: string): Found | undefined;
  /** The same for an expression: a chain is followed, anything else stands for itself. */
  resolve(spot: Spot, expr: Expr): Found | undefined;
}
