import { astro } from './astro.ts';
import { awsLambda } from './aws-lambda.ts';
import { bun } from './bun.ts';
import { cloudFunctions } from './cloud-functions.ts';
import { cloudflare } from './cloudflare.ts';
import { elysia } from './elysia.ts';
import { express } from './express.ts';
import { fastify } from './fastify.ts';
import type { Framework } from './framework.ts';
import { hapi } from './hapi.ts';
import { hono } from './hono.ts';
import { koa } from './koa.ts';
import { medusa } from './medusa.ts';
import { nestjs } from './nestjs.ts';
import { netlify } from './netlify.ts';
import { next } from './next.ts';
import { nodeHttp } from './node-http.ts';
import { nuxt } from './nuxt.ts';
import { reactRouter } from './react-router.ts';
import { solidStart } from './solid-start.ts';
import { sveltekit } from './sveltekit.ts';
import { tanstackStart } from './tanstack-start.ts';
import { vercel } from './vercel.ts';

/** Sorted by id. */
export const frameworks: readonly Framework[] = [
  astro,
  awsLambda,
  bun,
  cloudFunctions,
  cloudflare,
  elysia,
  express,
  fastify,
  hapi,
  hono,
  koa,
  medusa,
  nestjs,
  netlify,
  next,
  nodeHttp,
  nuxt,
  reactRouter,
  solidStart,
  sveltekit,
  tanstackStart,
  vercel,
];
