import type { SafeguardKind } from '../../facts/safeguards.ts';
import { ownName, type Reading } from './reading.ts';

const starters = /^(?:setup|init|initiali[sz]e|start|enable|register|configure|install)/i;
const started: readonly (readonly [RegExp, SafeguardKind])[] = [
  [/rate_?limit|limiter|throttl/i, 'rate limiter'],
  [/tracing|telemetry|otel/i, 'tracing'],
  [/metrics|prometheus/i, 'metrics'],
  [/sentry|error_?track|bugsnag|rollbar/i, 'error tracker'],
  [/helmet|security_?headers/i, 'security headers'],
  [/graceful|shutdown/i, 'graceful shutdown'],
];

/** What a function sets up, by its name alone: a hint. */
export function startedBy(r: Reading): SafeguardKind | undefined {
  if (r.unit.form !== 'function' || r.unit.calls.length === 0 || !starters.test(ownName(r))) return undefined;
  return started.find(([name]) => name.test(ownName(r)))?.[1];
}
