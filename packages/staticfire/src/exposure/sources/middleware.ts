import type { Protection } from '../../model/protection.ts';

/** Middleware and plugins of packages, by what they do. */
interface KnownMiddleware {
  readonly protection: Protection;
  readonly packages: RegExp;
  /** The names that count, where a package has several. */
  readonly names?: RegExp;
}

export const knownMiddleware: readonly KnownMiddleware[] = [
  {
    protection: 'csrf',
    packages:
      /^(?:csurf|csrf-csrf|tiny-csrf|csrf-sync|csrf|lusca|koa-csrf|@fastify\/csrf-protection|fastify-csrf|@edge-csrf\/.*|@tanstack\/react-start-csrf|next-csrf|alt-csrf|csrf-shield)$/,
  },
  { protection: 'csrf', packages: /^hono$/, names: /csrf/i },
  {
    protection: 'cors',
    packages:
      /^(?:cors|@fastify\/cors|fastify-cors|@koa\/cors|koa2-cors|koa-cors|@elysiajs\/cors|nextjs-cors|@middy\/http-cors|h3-cors)$/,
  },
  { protection: 'cors', packages: /^hono$/, names: /cors/i },
  {
    protection: 'body-limit',
    packages:
      /^(?:body-parser|koa-body|koa-bodyparser|@koa\/bodyparser|raw-body|express-fileupload|multer|formidable)$/,
  },
  { protection: 'body-limit', packages: /^express$/, names: /json|urlencoded|text|raw/ },
  { protection: 'body-limit', packages: /^hono$/, names: /bodyLimit/ },
  {
    protection: 'request-id',
    packages:
      /^(?:express-request-id|cls-rtracer|pino-http|nestjs-pino|nestjs-cls|koa-requestid|koa-req-id|fastify-request-id|express-http-context|@mgcrea\/fastify-request-id|express-correlation-id|correlation-id|hono-pino|@hono\/.*request-id)$/,
  },
  { protection: 'request-id', packages: /^hono$/, names: /requestId/ },
];
