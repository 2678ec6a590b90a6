import { defineFact } from '../model/fact.ts';
import type { Guard } from '../code/polarity/guard.ts';
import type { Place } from '../model/place.ts';

/** Code that lets a caller through or turns them away, and depends on a setting. */
export interface GuardFact {
  /** The function or endpoint that it stands in. */
  readonly scope: string;
  /** The settings that were assumed missing. */
  readonly settings: readonly string[];
  readonly polarity: 'closed' | 'open' | 'unclear';
  /** `secret`: it compares or verifies with one. `stored`: each record keeps its own. `mode`: it asks whether this is production. */
  readonly kind: 'secret' | 'stored' | 'mode';
  /** Anyone can make the key or signature that it accepts when the setting is missing. */
  readonly forged: boolean;
  /** Where the setting is read. */
  readonly read: Place | undefined;
  /** The test that decides. */
  readonly at: Place;
  /** Where the caller gets through without the setting. */
  readonly passes: Place | undefined;
  /** Functions from which it was reached, first by file. */
  readonly reached: readonly { readonly scope: string; readonly at: Place }[];
}

export interface Guards {
  /** Sorted by place. */
  readonly list: readonly GuardFact[];
  /** How many live functions that can turn a caller away were followed. */
  readonly functions: number;
  /** How many secrets live code reads. */
  readonly secrets: number;
}

export const guards = defineFact<Guards, 'service'>({
  id: 'guards',
  title: 'the guards of the service and what they do without their secret',
  scope: 'service',
});

/** The guards in a function, followed when someone first asks. */
export interface GuardCode {
  in(file: string, fn: number): readonly Guard[];
  /** Guards that libraries make of options in this file. */
  declared(file: string): readonly Guard[];
  /** The functions of a file that may turn a caller away and have to do with a secret, as far as can be told without following them. */
  candidates(file: string): readonly number[];
}

export const guardCode = defineFact<GuardCode, 'repository'>({
  id: 'guard-code',
  title: 'the guards in the source',
  scope: 'repository',
});
