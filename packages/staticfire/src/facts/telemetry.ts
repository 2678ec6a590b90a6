import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';

/** An agent or kit that watches the code of the service, started by live code or the start command. */
export interface TelemetryStart {
  readonly package: string;
  readonly at: Place;
  /** It follows requests, and passes their trace on. */
  readonly traces: boolean;
  /** It counts and times requests by itself and sends the figures somewhere. */
  readonly measures: boolean;
  /** Relative to the first package that it would instrument. */
  readonly order: 'early' | 'late' | 'unknown';
  /** For a late start: what was loaded before it. */
  readonly after: { readonly package: string; readonly at: Place } | undefined;
  /** Why it follows no request all the same: off in production, no sampling, nothing to instrument with, a package that is not installed. */
  readonly flaw: 'disabled' | 'unsampled' | 'bare' | 'undeclared' | undefined;
}

/** A start in code that nothing live runs. */
export interface IdleTelemetry {
  readonly package: string;
  readonly at: Place;
  readonly why: 'unloaded' | 'uncalled';
  readonly trail: readonly Step[];
}

/** Figures that the code of the service records itself. */
export interface Meters {
  /** Libraries that record rate, errors and duration of every request by themselves. */
  readonly bundles: readonly { readonly package: string; readonly at: Place }[];
  /** Durations of requests that live code records. */
  readonly durations: readonly { readonly name: string; readonly at: Place }[];
  /** Histograms and summaries that are declared and never recorded. */
  readonly unrecorded: readonly { readonly name: string; readonly at: Place }[];
  /** Counters and gauges that live code records, and durations of other things than requests. */
  readonly others: readonly { readonly name: string; readonly at: Place }[];
  /** Where the figures leave the process: an endpoint, a push, an exporter. */
  readonly exposed: readonly { readonly by: string; readonly at: Place }[];
  /** The endpoint that shows them to anyone who asks. */
  readonly open: { readonly endpoint: string; readonly at: Place } | undefined;
  /** Only figures of the process itself: memory, event loop. */
  readonly defaults: Place | undefined;
}

export interface Telemetry {
  readonly starts: readonly TelemetryStart[];
  readonly idle: readonly IdleTelemetry[];
  readonly meters: Meters;
  /** Packages of either kind that the service declares. */
  readonly declared: readonly { readonly package: string; readonly at: Place; readonly kind: 'tracing' | 'metrics' }[];
  readonly files: number;
}

export const telemetry = defineFact<Telemetry, 'service'>({
  id: 'telemetry',
  title: 'tracing and metrics of the service',
  scope: 'service',
});
