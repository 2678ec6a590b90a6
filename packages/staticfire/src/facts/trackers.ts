import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';

export interface Tracker {
  readonly package: string;
  readonly at: Place;
}

/** What stands in the way of a tracker. */
export interface IdleTracker extends Tracker {
  readonly why: 'unloaded' | 'uncalled' | 'disabled' | 'commented';
  readonly trail: readonly Step[];
}

export interface Trackers {
  /** Initialised by live code, or loaded where loading is enough. */
  readonly live: readonly Tracker[];
  readonly idle: readonly IdleTracker[];
  /** A live handler answers every error itself and reports none, and nothing else hands errors over. */
  readonly bypass: { readonly at: Place; readonly name: string } | undefined;
  /** Packages of trackers that the service's package.json declares, or the one at the root. */
  readonly declared: readonly Tracker[];
}

export const trackers = defineFact<Trackers, 'service'>({ id: 'trackers', title: 'error trackers', scope: 'service' });
