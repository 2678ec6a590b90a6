import { express, fastify, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { corsAllowlist } from './cors-allowlist.ts';

const depends = { dependencies: { express: '^5.1.0', cors: '^2.8.5' } };
/** An Express service with this middleware before one route. */
const using = (middleware: string, before = ''): ReturnType<typeof express> =>
  express(
    {
      'src/server.ts': `import express from 'express';\nimport cors from 'cors';\n${before}const app = express();\napp.use(${middleware});\napp.get('/orders', (_, res) => res.json([]));\napp.post('/orders', (_, res) => res.json([]));\napp.listen(3000);\n`,
    },
    depends,
  );
const byHand = (lines: string): ReturnType<typeof express> =>
  express({
    'src/server.ts': `import express from 'express';\nconst app = express();\nconst allowed = ['https://shop.example'];\napp.use((req, res, next) => {\n  const origin = req.headers.origin;\n${lines}  next();\n});\napp.get('/orders', (_, res) => res.json([]));\napp.listen(3000);\n`,
  });

export default defineCases(corsAllowlist, [
  {
    name: 'any origin, told its own name, with credentials',
    show: 'bad',
    files: using('cors({ origin: true, credentials: true })'),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 reflected'] },
  },
  {
    name: 'a list of origins from a variable',
    show: 'good',
    files: using("cors({ origin: process.env.ORIGINS?.split(',') ?? [], credentials: true })"),
    expect: { verdict: 'pass' },
  },
  { name: 'no CORS at all', files: express({}), expect: { verdict: 'pass' } },
  {
    name: 'the default of the package, for everything',
    files: using('cors()'),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 any'] },
  },
  {
    name: 'the default of the package on one public route',
    near: true,
    files: express(
      {
        'src/server.ts':
          "import express from 'express';\nimport cors from 'cors';\nconst app = express();\napp.get('/embed', cors(), (_, res) => res.json([]));\napp.get('/orders', (_, res) => res.json([]));\napp.post('/orders', (_, res) => res.json([]));\napp.listen(3000);\n",
      },
      depends,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'every origin in development only',
    near: true,
    files: using(
      "cors({ origin: process.env.NODE_ENV === 'production' ? ['https://shop.example'] : true, credentials: true })",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a variable without a fallback: nobody is let in while it is not set',
    near: true,
    files: using('cors({ origin: process.env.ORIGIN, credentials: true })'),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a variable that falls back to every origin',
    files: using("cors({ origin: process.env.ORIGIN || '*', credentials: true })"),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 open-default'] },
  },
  {
    name: 'a schema that falls back to every origin',
    files: express(
      {
        'src/env.ts':
          "import { z } from 'zod';\nexport const env = z.object({ ORIGIN: z.string().default('*') }).parse(process.env);\n",
        'src/server.ts':
          "import express from 'express';\nimport cors from 'cors';\nimport { env } from './env';\nconst app = express();\napp.use(cors({ origin: env.ORIGIN }));\napp.get('/orders', (_, res) => res.json([]));\napp.listen(3000);\n",
      },
      { dependencies: { express: '^5.1.0', cors: '^2.8.5', zod: '^4.0.0' } },
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 open-default'] },
  },
  {
    name: 'a schema that refuses its own default in production',
    near: true,
    files: express(
      {
        'src/env.ts':
          "import { z } from 'zod';\nexport const env = z.object({ ORIGIN: z.string().default('*').refine((value) => process.env.NODE_ENV !== 'production' || value !== '*') }).parse(process.env);\n",
        'src/server.ts':
          "import express from 'express';\nimport cors from 'cors';\nimport { env } from './env';\nconst app = express();\napp.use(cors({ origin: env.ORIGIN === '*' ? '*' : env.ORIGIN.split(','), credentials: true }));\napp.get('/orders', (_, res) => res.json([]));\napp.listen(3000);\n",
      },
      { dependencies: { express: '^5.1.0', cors: '^2.8.5', zod: '^4.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a callback that only warns',
    files: using(
      'cors({ origin: check, credentials: true })',
      "const list = ['https://shop.example'];\nconst check = (origin, callback) => {\n  if (!list.includes(origin)) console.warn(origin);\n  callback(null, true);\n};\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:9 reflected'] },
  },
  {
    name: 'a callback that refuses',
    near: true,
    files: using(
      'cors({ origin: check, credentials: true })',
      "const list = ['https://shop.example'];\nconst check = (origin, callback) => {\n  if (!origin || list.indexOf(origin) !== -1) callback(null, true);\n  else callback(new Error('not allowed'));\n};\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a callback that looks for a part of the name',
    files: using(
      'cors({ origin: check, credentials: true })',
      "const check = (origin, callback) => callback(null, origin.endsWith('shop.example'));\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 loose'] },
  },
  {
    name: 'a callback that looks for a subdomain',
    near: true,
    files: using(
      'cors({ origin: check, credentials: true })',
      "const check = (origin, callback) => callback(null, origin?.endsWith('.shop.example'));\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a pattern without an end',
    files: using('cors({ origin: [/^https:\\/\\/shop\\.example/], credentials: true })'),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 loose'] },
  },
  {
    name: 'a pattern for subdomains',
    near: true,
    files: using('cors({ origin: /^https:\\/\\/[a-z]+\\.shop\\.example$/, credentials: true })'),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the header set by hand from the request, with credentials',
    files: byHand(
      "  res.setHeader('Access-Control-Allow-Origin', origin || '*');\n  res.setHeader('Access-Control-Allow-Credentials', 'true');\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 reflected'] },
  },
  {
    name: 'the header set by hand after a look at the list',
    near: true,
    files: byHand(
      "  if (origin && allowed.includes(origin)) {\n    res.setHeader('Access-Control-Allow-Origin', origin);\n    res.setHeader('Access-Control-Allow-Credentials', 'true');\n  }\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the header set by hand for whatever holds a word',
    files: byHand(
      "  const fits = origin && (allowed.includes(origin) || origin.includes('localhost'));\n  if (fits) {\n    res.setHeader('Access-Control-Allow-Origin', origin);\n    res.setHeader('Access-Control-Allow-Credentials', 'true');\n  }\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:8 loose'] },
  },
  {
    name: 'a middleware on an application that serves nothing',
    near: true,
    files: express({
      'src/server.ts':
        "import express from 'express';\nconst open = (req, res, next) => {\n  res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\n  res.setHeader('Access-Control-Allow-Credentials', 'true');\n  next();\n};\nconst first = express();\nfirst.use(open);\nconst harden = (req, res, next) => next();\nconst app = express();\napp.use(harden);\napp.get('/orders', (_, res) => res.json([]));\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a request to another service that names the header',
    near: true,
    files: express({
      'src/server.ts':
        "import express from 'express';\nconst app = express();\napp.use(async (req, res, next) => {\n  await fetch('https://mail.example', { headers: { 'Access-Control-Allow-Origin': '*' } });\n  next();\n});\napp.get('/', (_, res) => res.json([]));\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'NestJS with the option that lets in everyone',
    files: nest({
      'src/main.ts':
        "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule, { cors: true });\n  await app.listen(3000);\n}\nbootstrap();\n",
    }),
    expect: { verdict: 'fail', findings: ['src/main.ts:4 any'] },
  },
  {
    name: 'Fastify with the default of its plugin',
    files: fastify(
      {
        'src/server.ts':
          "import cors from '@fastify/cors';\nimport Fastify from 'fastify';\nconst app = Fastify();\nawait app.register(cors, { credentials: true });\napp.get('/', async () => []);\nawait app.listen({ port: 3000 });\n",
      },
      { dependencies: { fastify: '^5.0.0', '@fastify/cors': '^11.0.0' } },
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 credentials'] },
  },
  {
    name: 'Hono, whose middleware names whoever asks when credentials are on',
    files: {
      'package.json': JSON.stringify({
        name: 'shop',
        scripts: { start: 'bun run src/index.ts' },
        dependencies: { hono: '^4.0.0' },
      }),
      'src/index.ts':
        "import { Hono } from 'hono';\nimport { cors } from 'hono/cors';\nconst app = new Hono();\napp.use('*', cors({ credentials: true, origin: (origin) => origin }));\napp.get('/', (c) => c.text('ok'));\nexport default app;\n",
    },
    expect: { verdict: 'fail', findings: ['src/index.ts:4 reflected'] },
  },
  {
    name: 'Next.js, every route of the interface',
    files: next({
      'next.config.mjs':
        "export default {\n  async headers() {\n    return [{ source: '/api/:path*', headers: [{ key: 'Access-Control-Allow-Origin', value: '*' }] }];\n  },\n};\n",
    }),
    expect: { verdict: 'fail', findings: ['next.config.mjs:3 any'] },
  },
  {
    name: 'Next.js, fonts only',
    near: true,
    files: next({
      'next.config.mjs':
        "export default {\n  async headers() {\n    return [{ source: '/fonts/:path*', headers: [{ key: 'Access-Control-Allow-Origin', value: '*' }] }];\n  },\n};\n",
    }),
    expect: { verdict: 'pass' },
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
