import { defineFact } from '../model/fact.ts';

/** A class of NestJS that a module names. */
export interface NestClass {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

export interface NestModule extends NestClass {
  /** The class's index in its file. */
  readonly cls: number;
  readonly controllers: readonly NestClass[];
  readonly providers: readonly NestClass[];
}

/** The module graph from the module that the service boots. */
export interface NestModules {
  readonly roots: readonly NestModule[];
  /** Sorted by file. */
  readonly reached: readonly NestModule[];
  /** Modules of the service's own package that no reached module imports. Sorted by file. */
  readonly unreached: readonly NestModule[];
  /** Controllers and providers that only unreached modules, or no module, name. */
  readonly dead: readonly (NestClass & {
    readonly kind: 'controller' | 'provider';
    readonly module: string | undefined;
  })[];
  /** An import of some module could not be followed: unreached ones may be reached after all. */
  readonly lost: readonly { readonly file: string; readonly line: number }[];
}

export const nestModules = defineFact<NestModules, 'service'>({
  id: 'nest-modules',
  title: 'the module graph of NestJS',
  scope: 'service',
});
