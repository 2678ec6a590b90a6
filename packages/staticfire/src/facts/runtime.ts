import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** Something that names a version of Node.js. */
export interface NodeSource {
  /** `image` and `platform` run production; `pipeline` tests; the others guide developers and tools. */
  readonly kind: 'image' | 'platform' | 'pipeline' | 'version-file' | 'volta' | 'engines';
  /** As written. */
  readonly text: string;
  /** Major versions that it lets in, of those known; all of them for a floating tag. */
  readonly majors: readonly number[];
  /** 'latest', 'lts/*', or an image without a version. */
  readonly floating: boolean;
  readonly at: Place;
  /** Folder it governs. */
  readonly dir: string;
}

/** A version given where nothing reads it. */
export interface IgnoredPin {
  readonly text: string;
  readonly action: string;
  readonly at: Place;
}

export interface NodeRuntime {
  readonly sources: readonly NodeSource[];
  readonly ignored: readonly IgnoredPin[];
  /** The repository runs on Bun or Deno by all signs. */
  readonly other: string | undefined;
}

export const nodeRuntime = defineFact<NodeRuntime, 'repository'>({
  id: 'node-runtime',
  title: 'which Node.js runs, and who says so',
  scope: 'repository',
});
