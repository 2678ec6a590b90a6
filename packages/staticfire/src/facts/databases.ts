import { defineFact } from '../model/fact.ts';
import type { Place } from '../model/place.ts';

/** A library that live code reaches a data store with. */
export interface Store {
  readonly layer: Layer;
  readonly package: string;
  /** The first live place that imports or creates it. */
  readonly at: Place;
}

export type Layer =
  | 'prisma'
  | 'drizzle'
  | 'typeorm'
  | 'mikro-orm'
  | 'sequelize'
  | 'knex'
  | 'kysely'
  | 'sql'
  | 'mongo'
  | 'supabase'
  | 'embedded'
  | 'cache'
  | 'queue';

/** A connection pool that live code creates. */
export interface Pool {
  /** 'pg Pool', 'PrismaClient'. */
  readonly what: string;
  readonly at: Place;
  /** The variable, property or function it is created in: the stable part of its name. */
  readonly name: string;
  readonly layer: Layer;
  /** Options that bound it, such as `max` and `connectionTimeoutMillis`. */
  readonly limits: readonly string[];
  /** Its options could not be followed to their values. */
  readonly lost: boolean;
  /** A framework's module closes it together with the application. */
  readonly managed: boolean;
}

export interface Databases {
  /** Sorted by layer and package. */
  readonly stores: readonly Store[];
  /** Server pools; files and HTTP drivers have none. */
  readonly pools: readonly Pool[];
  /** Tracked text that bounds a pool by its URL: `?connection_limit=`. */
  readonly urlLimits: readonly Place[];
  /** The database is a local file or is reached without a pool, with the place that says so. */
  readonly embedded: readonly { readonly what: string; readonly at: Place }[];
}

export const databases = defineFact<Databases, 'service'>({
  id: 'databases',
  title: 'the data stores of live code',
  scope: 'service',
});

export const isDatabase = (layer: Layer): boolean => layer !== 'cache' && layer !== 'queue';
