import pc from 'picocolors';
import type { Assessment } from '../model/assessment.ts';
import type { RenderOptions } from '../model/reporter.ts';

/** What every part of the terminal report needs. */
export interface Page {
  readonly assessment: Assessment;
  readonly options: RenderOptions;
  readonly paint: ReturnType<typeof pc.createColors>;
  /** Columns to use. */
  readonly width: number;
}

const widest = 100;
const narrowest = 24;

export const pageOf = (assessment: Assessment, options: RenderOptions): Page => ({
  assessment,
  options,
  width: Math.max(narrowest, Math.min(widest, options.width)),
  paint: pc.createColors(options.color),
});
