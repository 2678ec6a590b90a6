import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

interface SignalHandler {
  /** 'SIGTERM', 'SIGINT'. */
  readonly signal: string;
  readonly at: Place;
}

/** What happens to the process when it is asked to stop. */
export interface Shutdown {
  /** Handlers that live code installs. */
  readonly handlers: readonly SignalHandler[];
  /** A framework, its command or a library that handles the signal itself, with the place that brings it in. */
  readonly provided:
    | { readonly by: string; readonly at: Place; readonly closesServer: boolean; readonly complete: boolean }
    | undefined;
  /** What running the handlers leads to. */
  readonly closesServer: readonly Place[];
  readonly closesPools: readonly Place[];
  readonly exits: readonly Place[];
  /** Sockets are cut, or the process ends, while requests are still in flight. */
  readonly cuts: readonly { readonly at: Place; readonly how: string }[];
  /** The functions that handle the signal could not be told. */
  readonly lost: boolean;
  /** Handlers in code that nothing live loads or calls. */
  readonly dead: readonly { readonly at: Place; readonly why: string }[];
  /** Where the server is started. */
  readonly listens: Place | undefined;
}

export const shutdown = defineFact<Shutdown, 'service'>({
  id: 'shutdown',
  title: 'what happens on SIGTERM',
  scope: 'service',
});
