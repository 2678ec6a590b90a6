import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

export interface LogFile {
  readonly file: string;
  readonly structured: number;
  readonly plain: number;
  /** Line of its first plain call. */
  readonly firstPlain: number | undefined;
}

/** Who live code writes its log lines with. */
export interface LogCalls {
  /** Most plain calls first, then by path. */
  readonly files: readonly LogFile[];
  readonly structured: number;
  readonly plain: number;
  /** Calls on a logger that could not be followed to what it is. */
  readonly lost: number;
  /** Structured loggers that live code creates or imports. */
  readonly loggers: readonly { readonly package: string; readonly at: Place }[];
  /** Structured loggers made in files that nothing live loads. */
  readonly dead: readonly { readonly package: string; readonly at: Place }[];
}

export const logCalls = defineFact<LogCalls, 'service'>({
  id: 'log-calls',
  title: 'the log calls of live code',
  scope: 'service',
});
