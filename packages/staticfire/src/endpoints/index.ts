import { astro } from './astro.ts';
import type { EndpointReader } from './framework.ts';
import { graphql } from './graphql.ts';
import { nestjs } from './nestjs.ts';
import { next } from './next.ts';
import { nodeHttp } from './node-http.ts';
import { nuxt } from './nuxt.ts';
import { reactRouter } from './react-router.ts';
import { routed } from './routed.ts';
import { solidStart } from './solid-start.ts';
import { sveltekit } from './sveltekit.ts';
import { tanstackStart } from './tanstack-start.ts';

/** Sorted by id. */
export const readers: readonly EndpointReader[] = [
  astro,
  graphql,
  nestjs,
  next,
  nodeHttp,
  nuxt,
  reactRouter,
  routed,
  solidStart,
  sveltekit,
  tanstackStart,
];
