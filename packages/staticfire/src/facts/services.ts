import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

export type FrameworkId =
  | 'express'
  | 'fastify'
  | 'koa'
  | 'hono'
  | 'nestjs'
  | 'next'
  | 'tanstack-start'
  | 'node-http'
  | (string & {});

export interface Entry {
  readonly file: string;
  /** `process`: started as a program. `route`, `middleware`, `instrumentation`, `config`: loaded by the framework by its place. `job`: started by a scheduler or queue. */
  readonly kind: 'process' | 'route' | 'middleware' | 'instrumentation' | 'config' | 'job';
  /** Why it is loaded, as one clause: 'the start script runs dist/index.js, built from it'. */
  readonly why: string;
  readonly at?: Place;
}

export interface Start {
  /** The command line as written. */
  readonly command: string;
  readonly at?: Place;
  readonly from: 'script' | 'dockerfile' | 'compose' | 'procfile' | 'platform' | 'inferred';
}

/** A deployable unit of the repository. */
export interface Service {
  /** Unique and stable: the package's name without scope, else the folder's. */
  readonly id: string;
  readonly name: string;
  /** Folder, '.' for the root. */
  readonly root: string;
  readonly kind: 'http' | 'worker' | 'job';
  readonly frameworks: readonly FrameworkId[];
  readonly entries: readonly [Entry, ...Entry[]];
  readonly start: Start | undefined;
  /** The package.json that governs it. */
  readonly manifest: string | undefined;
  /** Deployed to a platform that starts it without a container of ours: 'vercel', 'netlify', … Empty when none is declared. */
  readonly platforms: readonly string[];
  /** The process is not ours to start or stop: serverless only. */
  readonly serverless: boolean;
}

/** A file whose name says that a framework loads it, at a place where the framework does not look. */
export interface Misplaced {
  readonly file: string;
  readonly framework: FrameworkId;
  /** The service that would load it. */
  readonly service: string;
  /** What the file is called: 'middleware', 'proxy', 'instrumentation'. */
  readonly role: string;
  /** The paths, most usual first, from which the framework would load it. */
  readonly expected: readonly [string, ...string[]];
  /** The file that the framework loads in its stead, when there is one. */
  readonly loaded?: string;
  /** One clause: 'the app directory is src/app, so Next.js looks only in src'. */
  readonly why: string;
}

export interface Services {
  readonly list: readonly Service[];
  /** Files that browsers load first: scripts of an index.html, client entries of frameworks. Sorted. */
  readonly browser: readonly string[];
  /** Files that the framework does not load because of where they lie, sorted by path. */
  readonly misplaced: readonly Misplaced[];
  /** What was found that is not a service, and why: 'packages/ui: a library', said in coverage. */
  readonly notes: readonly string[];
}

/** All services of the repository. */
export const services = defineFact<Services, 'repository'>({
  id: 'services',
  title: 'the services of the repository',
  scope: 'repository',
});

/** The service being judged. */
export const service = defineFact<Service, 'service'>({ id: 'service', title: 'the service', scope: 'service' });
