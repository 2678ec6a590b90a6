import type { Assessment } from './assessment.ts';
import type { Catalogue } from './catalogue.ts';

export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Box characters and arrows may be used. */
  readonly unicode: boolean;
  /** Every finding in full, what passed, and timing. */
  readonly details: boolean;
  readonly catalogue: Catalogue;
}

/** A view of the assessment. Pure: the same assessment and options give the same text. */
export interface Reporter {
  readonly id: string;
  readonly mediaType: string;
  render(assessment: Assessment, options: RenderOptions): string;
}

export const defineReporter = (reporter: Reporter): Reporter => reporter;
