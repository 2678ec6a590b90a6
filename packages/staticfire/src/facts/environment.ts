import type { Names, Spot } from '../code/follow-names.ts';
import { defineFact } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';

/** What stands in for a variable that is not set. The text of a literal is never kept: it may be a secret. */
export type Fallback =
  | { readonly kind: 'none' }
  /** Without the variable the code throws. */
  | { readonly kind: 'throws' }
  /** `literal`: a text of its own. `stand-in`: a text that says it is none ('dummy', 'changeme'). `local`: an address on this machine. */
  | { readonly kind: 'literal' | 'stand-in' | 'local' | 'empty' | 'random' | 'other'; readonly at: Place }
  /** Made from values that others can know: a hash of a constant, a template of names. */
  | { readonly kind: 'derived'; readonly at: Place }
  /** Another variable takes its place. */
  | { readonly kind: 'variable'; readonly names: readonly string[]; readonly at: Place };

/** One place where a variable is read. */
export interface EnvRead {
  readonly name: string;
  readonly at: Place;
  /** Index of the function in whose body it stands; 0 is the module body. */
  readonly fn: number;
  /** Name of that function, '' for the module body and anonymous ones. */
  readonly symbol: string;
  /** `test`: only whether it is set, or equals a constant, is asked. */
  readonly use: 'value' | 'test';
  readonly fallback: Fallback;
  /** It stands behind a question whether the variable is set. */
  readonly guarded: boolean;
  /** Production can come here: no condition on NODE_ENV keeps it out. */
  readonly production: boolean;
  /** `direct`: process.env and its aliases. `wrapper`: a function that reads the name it is given. `schema`: a field of a schema. `checked`: a member of what a schema returned. */
  readonly via: 'direct' | 'wrapper' | 'config-service' | 'schema' | 'checked' | 'database-schema';
  /** Other variables that serve in its stead: `A ?? B`. */
  readonly alternatives: readonly string[];
}

/** A place where variables are written for others to read. */
export interface EnvWrite {
  /** Empty when the names could not be followed. */
  readonly names: readonly string[];
  readonly at: Place;
  readonly fn: number;
  readonly symbol: string;
  readonly value: Fallback['kind'];
  readonly production: boolean;
}

/** What happens when a check finds something missing. */
export type Failure = 'throws' | 'exits' | 'warns' | 'returns';

/** A place where the environment is checked. */
export interface EnvCheck {
  /** 'zod', 'envalid', 'a hand-written list' …: as it is said to people. */
  readonly technique: string;
  /** `schema`: the environment as a whole. `list`: several names at once. `single`: a name where it is used. */
  readonly style: 'schema' | 'list' | 'single';
  readonly at: Place;
  readonly fn: number;
  /** What the check is called: its function, else the variable or file that holds it. */
  readonly symbol: string;
  readonly required: readonly string[];
  /** Optional or with a default. */
  readonly optional: readonly string[];
  /** Every field could be read. */
  readonly complete: boolean;
  readonly failure: Failure;
  /** Where missing variables are filled in rather than refused. */
  readonly injects: EnvWrite | undefined;
  /** Production comes here. */
  readonly production: boolean;
}

/** When code of a service runs. */
export type Reached = 'boot' | 'request' | 'never';

export interface ReachedCheck extends EnvCheck {
  readonly reached: Reached;
  /** Its file is not live at all. */
  readonly dead: boolean;
  /** The path that proves `reached`. */
  readonly trail: readonly Step[];
}

/** Everything about the environment in the source of the repository, tests apart. */
export interface EnvironmentCode {
  readonly reads: readonly EnvRead[];
  readonly writes: readonly EnvWrite[];
  readonly checks: readonly EnvCheck[];
  /** Names whose value signs, verifies or encrypts, with the call that does. */
  readonly keys: ReadonlyMap<string, Place>;
  /** What was followed on the way, for whoever goes on from here. */
  readonly names: Names;
  /** Does the function, or one inside it, throw or end the process? */
  refuses(spot: Spot): boolean;
  /** The files that import what a file exports, also through files that pass it on. */
  usersOf(file: string): readonly string[];
}

export const environmentCode = defineFact<EnvironmentCode, 'repository'>({
  id: 'environment-code',
  title: 'reads and checks of environment variables in all code',
  scope: 'repository',
});

/** The environment as one service reads it. */
export interface Environment {
  /** In live code, sorted by place. */
  readonly reads: readonly EnvRead[];
  readonly writes: readonly EnvWrite[];
  /** Live checks, and those that stand in the service's folder or a shared one without being live. */
  readonly checks: readonly ReachedCheck[];
  /** Variables that the service cannot do without, by name, with the place of the first read. */
  readonly needed: ReadonlyMap<string, EnvRead>;
  /** Variables whose value is used with no default that would do, also where the code gets by without them. */
  readonly undefaulted: ReadonlyMap<string, EnvRead>;
  readonly keys: ReadonlyMap<string, Place>;
  /** Literal secrets in the files that deploy the service, and literal database addresses. */
  readonly deployed: readonly DeployedLiteral[];
  /** Files with live server code that were looked through. */
  readonly files: number;
}

/** A secret that stands as a literal in a compose file or a database schema. */
export interface DeployedLiteral {
  readonly name: string;
  readonly at: Place;
  readonly in: 'compose' | 'database-schema';
}

export const environment = defineFact<Environment, 'service'>({
  id: 'environment',
  title: 'the environment variables that the service reads and checks',
  scope: 'service',
});
