import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A package that live code imports and that the package.json which governs the file does not declare. */
export interface Undeclared {
  readonly name: string;
  readonly at: Place;
  /** Other live files that import it. */
  readonly others: readonly Place[];
  /** The package.json that governs the file. */
  readonly manifest: string;
  /** A package.json further up that declares it and is no root of a workspace with this package. */
  readonly above: Place | undefined;
  /** Where the lockfile has it, brought by something else. */
  readonly lockfile: string | undefined;
}

/** A development dependency that live code imports though the image leaves them out. */
export interface LeftOut {
  readonly name: string;
  readonly at: Place;
  readonly declared: Place;
  /** The command that installs without development dependencies. */
  readonly omitted: Place;
}

export interface PackageImports {
  /** Packages that live files import. */
  readonly packages: number;
  /** Declared only at the root of the workspace. */
  readonly hoisted: readonly { readonly name: string; readonly at: Place }[];
  readonly undeclared: readonly Undeclared[];
  readonly leftOut: readonly LeftOut[];
  readonly files: number;
}

export const packageImports = defineFact<PackageImports, 'service'>({
  id: 'package-imports',
  title: 'the packages that live code imports, and who declares them',
  scope: 'service',
});
