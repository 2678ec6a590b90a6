import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** One call of live code to another server. */
export interface OutboundCall {
  /** 'fetch', 'axios', 'Amazon S3'. */
  readonly client: string;
  readonly at: Place;
  /** The function that it stands in; the file's name for a module body. */
  readonly scope: string;
  /** Where the client that it goes through is made, when it has options of its own. */
  readonly made: (Place & { readonly name: string }) | undefined;
  /** It goes through a client that its package hands out ready made. */
  readonly ready: boolean;
  readonly limit:
    /** `by`: what limits it, as one clause. */
    | { readonly kind: 'limited'; readonly by: string }
    | { readonly kind: 'unlimited'; readonly why: 'none' | 'off' | 'unheard' }
    | { readonly kind: 'lost' };
  /** Live callers that pass no limit to the function it stands in. */
  readonly callers: readonly Place[];
}

/** Calls over HTTP that live server code makes. Mail, databases, caches and brokers have time limits of their own kind. */
export interface Outbound {
  /** Sorted by place. */
  readonly calls: readonly OutboundCall[];
  readonly files: number;
}

export const outbound = defineFact<Outbound, 'service'>({
  id: 'outbound',
  title: 'the calls to other servers and their time limits',
  scope: 'service',
});
