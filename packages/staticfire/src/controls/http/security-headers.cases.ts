import { express, fastify, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { securityHeaders } from './security-headers.ts';

const helmet = { dependencies: { express: '^5.1.0', helmet: '^8.1.0' } };
const server = (lines: string): string =>
  `import express from 'express';\nimport helmet from 'helmet';\nconst app = express();\n${lines}app.listen(3000);\n`;
const route = "app.get('/', (_, res) => res.json([]));\n";
const rule = (headers: string): string =>
  `const nextConfig = {\n  async headers() {\n    return [{ source: '/(.*)', headers: [${headers}] }];\n  },\n};\nexport default nextConfig;\n`;
const each = (names: readonly string[]): string => names.map((key) => `{ key: '${key}', value: 'x' }`).join(', ');

export default defineCases(securityHeaders, [
  { name: 'none', show: 'bad', files: express({}), expect: { verdict: 'fail', findings: ['- absent'] } },
  {
    name: 'an application that its file hands to Bun',
    files: {
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start: 'bun run src/index.ts' },
        dependencies: { hono: '^4.0.0' },
      }),
      'src/index.ts':
        "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/', (c) => c.text('ok'));\nexport default app;\n",
    },
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'helmet before the routes',
    show: 'good',
    files: express({ 'src/server.ts': server(`app.use(helmet());\n${route}`) }, helmet),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the pages of another site get them from their platform',
    files: express({
      'netlify.toml':
        '[[headers]]\n  for = "/*"\n  [headers.values]\n    X-Frame-Options = "DENY"\n    X-Content-Type-Options = "nosniff"\n',
    }),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'helmet after the routes',
    files: express({ 'src/server.ts': server(`${route}app.use(helmet());\n`) }, helmet),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 idle'] },
  },
  {
    name: 'the policy switched off, except where it is not',
    near: true,
    files: express(
      {
        'src/server.ts': server(
          `const production = process.env.NODE_ENV === 'production';\napp.use(helmet({ contentSecurityPolicy: production ? undefined : false }));\n${route}`,
        ),
      },
      helmet,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the policy switched off',
    files: express({ 'src/server.ts': server(`app.use(helmet({ contentSecurityPolicy: false }));\n${route}`) }, helmet),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 idle'] },
  },
  {
    name: 'options built by a function, off in tests only',
    near: true,
    files: express(
      {
        'src/options.ts':
          'export function options(isTest) {\n  if (isTest) return { contentSecurityPolicy: false };\n  return { contentSecurityPolicy: { directives: { defaultSrc: ["\'self\'"] } } };\n}\n',
        'src/server.ts': server(`app.use(helmet(options(process.env.NODE_ENV === 'test')));\n${route}`).replace(
          'import helmet',
          "import { options } from './options';\nimport helmet",
        ),
      },
      helmet,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: "a middleware of one's own, from a table",
    near: true,
    files: express({
      'src/headers.ts':
        "const table = {\n  'Strict-Transport-Security': 'max-age=63072000',\n  'Content-Security-Policy': \"default-src 'none'; frame-ancestors 'none'\",\n  'X-Content-Type-Options': 'nosniff',\n  'Referrer-Policy': 'no-referrer',\n};\nexport function harden(req, res, next) {\n  for (const [name, value] of Object.entries(table)) res.setHeader(name, value);\n  next();\n}\n",
      'src/server.ts':
        "import express from 'express';\nimport { harden } from './headers';\nconst app = express();\napp.use(harden);\napp.get('/', (_, res) => res.json([]));\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'one route sets them for itself',
    files: express({
      'src/server.ts':
        "import express from 'express';\nconst app = express();\napp.get('/', (_, res) => {\n  res.setHeader('X-Frame-Options', 'DENY');\n  res.json([]);\n});\napp.listen(3000);\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 idle'] },
  },
  {
    name: 'some of them in the configuration of Next.js',
    files: next({ 'next.config.mjs': rule(each(['X-Frame-Options', 'X-Content-Type-Options', 'Referrer-Policy'])) }),
    expect: { verdict: 'fail', findings: ['next.config.mjs:3 partial'] },
  },
  {
    name: 'the rest in a middleware file that Next.js does not load',
    files: next({
      'next.config.mjs': rule(
        each(['X-Frame-Options', 'X-Content-Type-Options', 'Referrer-Policy', 'Content-Security-Policy']),
      ),
      'middleware.ts':
        "import { NextResponse } from 'next/server';\nexport function middleware() {\n  const response = NextResponse.next();\n  response.headers.set('Strict-Transport-Security', 'max-age=63072000');\n  return response;\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['middleware.ts:4 idle'] },
  },
  {
    name: 'HSTS only when a variable asks for it',
    files: next({
      'next.config.mjs': `const list = [${each(['X-Frame-Options', 'X-Content-Type-Options', 'Referrer-Policy', 'Content-Security-Policy'])}];\nif (process.env.FORCE_HTTPS) list.push({ key: 'Strict-Transport-Security', value: 'max-age=1' });\nexport default { headers: async () => [{ source: '/:path*', headers: list }] };\n`,
    }),
    expect: { verdict: 'fail', findings: ['next.config.mjs:2 idle'] },
  },
  {
    name: 'Fastify with its plugin',
    files: fastify(
      {
        'src/server.ts':
          "import helmet from '@fastify/helmet';\nimport Fastify from 'fastify';\nconst app = Fastify();\nawait app.register(helmet, { global: true });\napp.get('/', async () => []);\nawait app.listen({ port: 3000 });\n",
      },
      { dependencies: { fastify: '^5.0.0', '@fastify/helmet': '^13.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a file that hands on the plugin, loaded from its folder',
    near: true,
    files: fastify(
      {
        'src/server.ts':
          "import { join } from 'node:path';\nimport autoload from '@fastify/autoload';\nimport Fastify from 'fastify';\nconst app = Fastify();\nawait app.register(autoload, { dir: join(import.meta.dirname, 'plugins') });\napp.get('/', async () => []);\nawait app.listen({ port: 3000 });\n",
        'src/plugins/headers.ts':
          "import helmet from '@fastify/helmet';\nexport const autoConfig = { frameguard: { action: 'deny' } };\nexport default helmet;\n",
      },
      { dependencies: { fastify: '^5.0.0', '@fastify/autoload': '^6.0.0', '@fastify/helmet': '^13.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the plugin handed on with its policy switched off',
    files: fastify(
      {
        'src/server.ts':
          "import { join } from 'node:path';\nimport autoload from '@fastify/autoload';\nimport Fastify from 'fastify';\nconst app = Fastify();\nawait app.register(autoload, { dir: join(import.meta.dirname, 'plugins') });\napp.get('/', async () => []);\nawait app.listen({ port: 3000 });\n",
        'src/plugins/headers.ts':
          "import helmet from '@fastify/helmet';\nimport fp from 'fastify-plugin';\nexport const autoConfig = { contentSecurityPolicy: false };\nexport default fp(helmet, { name: 'headers' });\n",
      },
      { dependencies: { fastify: '^5.0.0', '@fastify/autoload': '^6.0.0', '@fastify/helmet': '^13.0.0' } },
    ),
    expect: { verdict: 'fail', findings: ['src/plugins/headers.ts:3 idle'] },
  },
  {
    name: 'Fastify with its plugin, required in place',
    near: true,
    files: {
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start: 'node src/server.js' },
        dependencies: { fastify: '^5.0.0', '@fastify/helmet': '^13.0.0' },
      }),
      'src/server.js':
        "const app = require('fastify')();\napp.register(require('@fastify/helmet'));\napp.get('/', async () => []);\napp.listen({ port: 3000 });\n",
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'Koa with helmet from before it sent a policy',
    files: {
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start: 'node src/server.js' },
        dependencies: { koa: '^2.6.0', 'koa-helmet': '^4.2.0' },
      }),
      'src/server.js':
        "const Koa = require('koa');\nconst helmet = require('koa-helmet');\nconst app = new Koa();\napp.use(helmet());\napp.use((ctx) => {\n  ctx.body = [];\n});\napp.listen(3000);\n",
    },
    expect: { verdict: 'fail', findings: ['src/server.js:4 partial'] },
  },
  {
    name: 'a worker',
    files: {
      'package.json': JSON.stringify({
        name: 'mailer',
        private: true,
        type: 'module',
        scripts: { start: 'node src/worker.ts' },
        dependencies: { bullmq: '^5.0.0' },
      }),
      'src/worker.ts': "import { Worker } from 'bullmq';\nnew Worker('mail', async () => {});\n",
    },
    expect: { verdict: 'not-applicable' },
  },
]);
