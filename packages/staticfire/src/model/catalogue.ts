import type { AnyControl } from './control.ts';

/** What a reader is told about a control: its metadata without its code. */
export type CatalogueEntry = Pick<
  AnyControl,
  | 'id'
  | 'area'
  | 'scope'
  | 'title'
  | 'why'
  | 'failure'
  | 'remedy'
  | 'done'
  | 'severity'
  | 'confidence'
  | 'level'
  | 'stage'
  | 'since'
  | 'references'
  | 'messages'
>;

/** Controls by id. */
export type Catalogue = ReadonlyMap<string, CatalogueEntry>;

export const catalogueOf = (controls: readonly CatalogueEntry[]): Catalogue =>
  new Map(controls.map((control) => [control.id, control]));
