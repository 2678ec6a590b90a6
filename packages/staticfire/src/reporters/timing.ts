import type { Assessment } from '../model/assessment.ts';

/** Milliseconds by phase, collector and control, the slowest first. */
export function timingLines(timing: Assessment['timing']): string[] {
  return [
    row('total', timing.total),
    `  ${timing.parsed} files parsed, ${timing.cached} from the cache`,
    ...table('phase', timing.phases),
    ...table('collector', timing.collectors),
    ...table('control', timing.controls),
  ];
}

function table(kind: string, times: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(times).toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const slow = rows.filter(([, ms]) => ms >= 1);
  const rest = rows.length - slow.length;
  return [
    ...slow.map(([name, ms]) => row(`${kind} ${name}`, ms)),
    ...(rest > 0 ? [`  ${rest} times of kind ${kind} are under 1 ms`] : []),
  ];
}

const row = (name: string, ms: number): string => `  ${ms.toFixed(0).padStart(6)} ms  ${name}`;
