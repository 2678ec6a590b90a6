import { defineFact } from '../model/fact.ts';
import type { Service } from './services.ts';

/** Why a file is part of a service, or not. */
export type Role =
  | 'live'
  /** Reached only through a 'use client' module or a browser entry. */
  | 'client'
  | 'test'
  /** Reached by nothing that is live: dead code, scripts, configuration, generated or vendored code. */
  | 'unreached';

/** What a service really loads. Live means reachable from one of its entries at run time. */
export interface LiveCode {
  /** Sorted. Server code only. */
  readonly files: readonly string[];
  has(file: string): boolean;
  /** The import chain from an entry to this file, both included; empty when it is not live. */
  pathTo(file: string): readonly string[];
  /** Is this function reachable, by reference, from live top-level code or a framework's entry? Errs on the side of live. */
  hasFunction(file: string, fn: number): boolean;
  /** Is this top-level binding or export of a live file referenced by live code? Errs on the side of live. */
  hasBinding(file: string, name: string): boolean;
}

/** The live code of the service being judged. */
export const live = defineFact<LiveCode, 'service'>({
  id: 'live',
  title: 'the live code of the service',
  scope: 'service',
});

/** Live code of all services together, and the role of every other file. */
export interface Reach {
  roleOf(file: string): Role;
  /** Ids of the services in which the file is live. */
  servicesOf(file: string): readonly string[];
  /** The live file nearest to this one (same folder, then parents, then the entry of the nearest service) that could load it. */
  nearestLive(file: string): string | undefined;
  readonly counts: {
    readonly live: number;
    readonly client: number;
    readonly test: number;
    readonly unreached: number;
  };
}

export const reach = defineFact<Reach, 'repository'>({ id: 'reach', title: 'which code is live', scope: 'repository' });

/** The work behind `live` and `reach`, done once for all services. */
export interface Reachability {
  of(service: Service): LiveCode;
  readonly reach: Reach;
}

export const reachability = defineFact<Reachability, 'repository'>({
  id: 'reachability',
  title: 'what each service loads',
  scope: 'repository',
});
