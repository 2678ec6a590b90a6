import type { EndpointSite, Found } from '../framework.ts';
import type { Open } from './machine.ts';
import type { ModuleValue } from './values.ts';
import type { Arg, PackageValue, Site, Thing, Value } from './values.ts';

/** What a library may ask of the run. */
export interface Run {
  readonly site: EndpointSite;
  /** Calls a function of the repository with these values. */
  call(fn: Value, args: readonly Value[]): Value;
  member(of: Value, name: string): Value;
  /** What a module exports at run time. */
  entries(of: ModuleValue): readonly Value[];
  make(library: string, kind: string, at: Site, data: object): Thing;
  readonly things: readonly Thing[];
  /** Tests that could not be decided, around what runs now. */
  readonly open: readonly Open[];
  /** The arguments of the functions that run now, function by function, innermost first. */
  readonly handed: readonly (readonly Arg[])[];
  /** The value of an expression that stands in a file, its function's own variables apart. */
  valueAt(file: string, expr: Arg['expr']): Value;
  /** Notes that something about endpoints could not be read. */
  lose(at: Site, framework: string, what: 'path' | 'method' | 'number', why: string): void;
}

/** How a routing library behaves when the code that uses it runs. */
export interface Library {
  readonly id: string;
  /** A name that ends in `/` stands for its whole scope. */
  readonly packages: readonly string[];
  /** Names of what it exports that make things; default and namespace imports always may. */
  readonly makers: RegExp;
  /** A call or construction of one of its exports. Undefined when it makes nothing that matters. */
  make(run: Run, of: PackageValue, args: readonly Arg[], at: Site): Value | undefined;
  /** Does it load files of this service by their place, whatever they import? */
  byPlace?(site: EndpointSite): boolean;
  /** A method called on a thing of its own. */
  call(run: Run, thing: Thing, name: string, args: readonly Arg[], at: Site): Value | undefined;
  /** Types of parameters that are handed a thing, and how to make one for a function that nothing known calls. */
  readonly given?: { readonly types: RegExp; make(run: Run, at: Site): Thing };
  /** A thing of its own is awaited. */
  awaited?(thing: Thing): void;
  /** A member read off a thing of its own. */
  member?(run: Run, thing: Thing, name: string): Value | undefined;
  /** What the things come to when everything has run. */
  endpoints(run: Run, things: readonly Thing[]): Found;
}
