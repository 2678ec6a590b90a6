import { astro } from './astro.ts';
import { awsLambda } from './aws-lambda.ts';
import { cloudFunctions } from './cloud-functions.ts';
import { cloudflare } from './cloudflare.ts';
import { connect } from './connect.ts';
import type { EndpointReader } from './framework.ts';
import { graphql } from './graphql.ts';
import { nestjs } from './nestjs.ts';
import { netlify } from './netlify.ts';
import { next } from './next.ts';
import { nodeHttp } from './node-http.ts';
import { nuxt } from './nuxt.ts';
import { reactRouter } from './react-router.ts';
import { routed } from './routed.ts';
import { solidStart } from './solid-start.ts';
import { sveltekit } from './sveltekit.ts';
import { tanstackStart } from './tanstack-start.ts';
import { vercel } from './vercel.ts';

/** Sorted by id. */
export const readers: readonly EndpointReader[] = [
  astro,
  awsLambda,
  cloudFunctions,
  cloudflare,
  connect,
  graphql,
  nestjs,
  netlify,
  next,
  nodeHttp,
  nuxt,
  reactRouter,
  routed,
  solidStart,
  sveltekit,
  tanstackStart,
  vercel,
];
