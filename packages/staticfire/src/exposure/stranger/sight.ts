import type { Run } from '../../code/polarity/run.ts';
import type { Site, Value } from '../../code/polarity/values.ts';
import type { Address } from './request.ts';
import type { SourceKind } from './sources/source.ts';

/** Something from which the code would know who calls. */
export interface Encounter {
  readonly kind: SourceKind;
  readonly what: string;
  readonly site: Site;
  /** The calls that led to it, outermost first. */
  readonly path: readonly Site[];
}

/** What was seen while a stranger's call was followed. */
export interface Sight {
  readonly address: Address;
  /** What the decorators of a route tell its guards, by key. */
  readonly metadata: ReadonlyMap<string, Value>;
  /** What decorators say when they are applied, by key. */
  readonly spoken: Map<string, Value>;
  /** What links before set on the request, by name. */
  readonly state: Map<string, Value>;
  readonly encounters: Encounter[];
  /** Code that may know the caller and could not be followed. */
  readonly losses: { readonly site: Site; readonly name: string; readonly path: readonly Site[] }[];
  /** Where what they send is compared with a text of the code. */
  readonly literals: Site[];
  /** Where what stands behind was called. */
  passed: Site | undefined;
  /** It asked for the path, the method or the metadata: another endpoint can fare otherwise. */
  particular: boolean;
}

export const newSight = (address: Address, metadata: ReadonlyMap<string, Value>, state: Map<string, Value>): Sight => ({
  address,
  metadata,
  state,
  spoken: new Map(),
  encounters: [],
  losses: [],
  literals: [],
  passed: undefined,
  particular: false,
});

/** Notes that something was met from which the code would know who calls. */
export function meet(sight: Sight, run: Run, kind: SourceKind, what: string): void {
  sight.encounters.push({ kind, what, site: run.site, path: [...run.path] });
}
