import type { Sent } from '../../facts/schedules.ts';
import type { Place } from '../../model/place.ts';

/** A schedule as its source words it, before its target is looked for. */
export interface Found {
  readonly by: string;
  readonly from: 'platform' | 'process';
  readonly times: string;
  readonly at: Place;
  readonly name: string;
  readonly target:
    | { readonly kind: 'request'; readonly method: string; readonly host: string; readonly path: string }
    | { readonly kind: 'program'; readonly command: string; readonly file: string | undefined }
    /** A module whose export is called: a function of a platform. */
    | {
        readonly kind: 'module';
        readonly file: string | undefined;
        readonly written: string;
        readonly exported: string;
      };
  readonly sends?: readonly Sent[] | undefined;
  readonly signs?: string;
  /** The platform would let no stranger call it. */
  readonly internal?: true;
  /** The folder to which the configuration belongs. */
  readonly dir: string;
  /** Why the schedule itself is never read. */
  readonly idle?: string;
}
