import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';
import type { Lockfile, Manager } from './project.ts';

/** A dependency that package.json declares and the lockfile does not know. */
export interface Unlocked {
  readonly name: string;
  readonly at: Place;
}

export interface Lock {
  readonly lockfile: Lockfile;
  /** Folders of the packages that it locks. */
  readonly dirs: readonly string[];
  readonly missing: readonly Unlocked[];
  /** Dependencies compared; 0 where the format is not read. */
  readonly compared: number;
}

/** An install in an image that is built from this repository. */
export interface ImageInstall {
  readonly manager: Manager;
  readonly frozen: boolean;
  readonly command: string;
  readonly at: Place;
  /** Build contexts of the image. */
  readonly contexts: readonly string[];
  /** A lockfile of the manager stands in the context and is copied. */
  readonly lockfile: boolean;
}

export interface Locks {
  readonly locks: readonly Lock[];
  readonly imageInstalls: readonly ImageInstall[];
  /** Folders whose package.json declares dependencies. */
  readonly packages: readonly string[];
  /** Lockfiles by folder that git ignores though none is there: nobody can track one. */
  readonly ignoredIn: readonly { readonly dir: string; readonly at?: Place }[];
}

export const locks = defineFact<Locks, 'repository'>({
  id: 'locks',
  title: 'lockfiles and what they lock',
  scope: 'repository',
});
