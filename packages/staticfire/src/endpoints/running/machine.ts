import type { Library, Run } from './library.ts';
import type { EndpointSite } from '../framework.ts';
import type { LostEndpoint } from '../../facts/endpoints.ts';
import type { Export } from '../../code/summary.ts';
import type { Spot } from '../../code/production.ts';
import type { Condition } from '../../code/sites.ts';
import type { Arg, Scope, Thing, Value } from './values.ts';

/** The state of one run over a service's code. */
export interface Machine {
  readonly site: EndpointSite;
  readonly run: Run;
  readonly libraries: readonly Library[];
  readonly modules: Map<string, Module>;
  readonly things: Thing[];
  readonly lost: LostEndpoint[];
  /** Files that load a routing library, directly or not. */
  readonly matters: ReadonlySet<string>;
  /** Functions that are being run, outermost first. */
  readonly stack: Frame[];
  /** Tests that could not be decided, around the statement that runs. */
  readonly open: Open[];
  /** How often each function was run without a thing in its hands. */
  readonly runs: Map<string, number>;
  /** Classes of which an instance was made. */
  readonly made: Set<string>;
  /** Instances that were made for constructor parameters. */
  readonly injected: Map<string, Value>;
  /** Above zero while arguments of a registration are worked out: what is handed over is not run. */
  quiet: number;
  /** Expressions that may still be worked out. */
  fuel: number;
}

/** A run of a function. */
export interface Frame extends Spot {
  readonly args: readonly Arg[];
}

/** A test that could not be decided, and which of its ways runs. */
export interface Open extends Spot, Condition {}

export interface Module {
  readonly scope: Scope;
  /** `module.exports` and `exports.x`. */
  whole: Value | undefined;
  readonly named: Map<string, Value>;
  readonly heads: Heads;
  readonly state: { done: boolean };
}

/** What the module imports and exports, by name. */
interface Heads {
  readonly imports: ReadonlyMap<string, { readonly from: string; readonly imported: string }>;
  readonly exports: ReadonlyMap<string, Export>;
  /** Names that come through `export *`, with the file that it leads to; undefined where none has it. */
  readonly stars: Map<string, string | undefined>;
}

export function libraryOf(machine: Machine, name: string, subpath: string): readonly Library[] {
  const full = subpath ? `${name}/${subpath}` : name;
  return machine.libraries.filter(({ packages }) =>
    packages.some((one) => one === name || one === full || (one.endsWith('/') && name.startsWith(one))),
  );
}
