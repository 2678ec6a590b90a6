import type { Io } from './io.ts';
import { showsProgress, styleOf } from './terminal.ts';

export interface Progress {
  report(event: { phase: string; done?: number; total?: number }): void;
  clear(): void;
}

const silent: Progress = { report: () => {}, clear: () => {} };
const patience = 1000;
const pace = 100;
const clearLine = '\r\u001b[2K';

/** One updating line on stderr, from the second second on. */
export function progressOn(io: Io): Progress {
  if (!showsProgress(io)) return silent;
  const { width } = styleOf(io, io.stderr);
  const start = io.now();
  let drawn: number | undefined;
  const clear = (): void => {
    if (drawn !== undefined) void io.stderr.write(clearLine);
    drawn = undefined;
  };
  const report: Progress['report'] = (event) => {
    const now = io.now();
    if (now - start < patience || (drawn !== undefined && now - drawn < pace)) return;
    drawn = now;
    void io.stderr.write(clearLine + lineOf(event).slice(0, width - 1));
  };
  return { report, clear };
}

function lineOf({ phase, done, total }: { phase: string; done?: number; total?: number }): string {
  const of = total === undefined ? '' : ` of ${total}`;
  return done === undefined ? `${phase} ...` : `${phase}: ${done}${of}`;
}
