import { express, library, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { rateLimit } from './rate-limit.ts';

const server = (body: string): string =>
  `import express from 'express';\nimport { rateLimit } from 'express-rate-limit';\nconst app = express();\n${body}\napp.listen(3000);\n`;
const routes = "app.post('/orders', (req, res) => res.json({}));";

export default defineCases(rateLimit, [
  {
    name: 'a limiter before all routes',
    show: 'good',
    files: express({ 'src/server.ts': server(`app.use(rateLimit({ windowMs: 60_000, limit: 100 }));\n${routes}`) }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no limiter at all',
    show: 'bad',
    files: express({ 'src/server.ts': server(routes) }),
    expect: { verdict: 'fail', findings: ['- none'] },
  },
  {
    name: 'a limiter that nothing imports',
    files: express({
      'src/rate-limit.ts':
        "import { rateLimit } from 'express-rate-limit';\nexport const limiter = rateLimit({ limit: 100 });\n",
      'src/server.ts': server(routes),
    }),
    expect: { verdict: 'fail', findings: ['src/rate-limit.ts:2 dead'] },
  },
  {
    name: 'endpoints that only read',
    files: express({ 'src/server.ts': server("app.get('/orders', (req, res) => res.json([]));") }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'the limiter stands after the routes',
    files: express({ 'src/server.ts': server(`${routes}\napp.use(rateLimit({ windowMs: 60_000, limit: 100 }));`) }),
    expect: { verdict: 'fail', findings: ['- none'] },
  },
  {
    name: 'one route of two is limited',
    files: express({
      'src/server.ts': server(
        `app.post('/login', rateLimit({ windowMs: 60_000, limit: 5 }), (req, res) => res.json({}));\n${routes}`,
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 unlimited'] },
  },
  {
    name: 'its skip option leaves every request out',
    files: express({ 'src/server.ts': server(`app.use(rateLimit({ limit: 100, skip: () => true }));\n${routes}`) }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 idle'] },
  },
  {
    name: 'the answer of the limiter is not looked at',
    files: express({
      'src/server.ts':
        "import express from 'express';\nimport { Ratelimit } from '@upstash/ratelimit';\nconst limiter = new Ratelimit({});\nconst app = express();\napp.post('/orders', async (req, res) => {\n  await limiter.limit(req.ip);\n  res.json({});\n});\napp.listen(3000);\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 idle'] },
  },
  {
    name: 'the handler asks the limiter and refuses',
    near: true,
    files: express({
      'src/server.ts':
        "import express from 'express';\nimport { Ratelimit } from '@upstash/ratelimit';\nconst limiter = new Ratelimit({});\nconst app = express();\napp.post('/orders', async (req, res) => {\n  const { success } = await limiter.limit(req.ip);\n  if (!success) return res.status(429).end();\n  res.json({});\n});\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'code of its own counts in a map',
    near: true,
    files: express({
      'src/rate-limit.ts':
        'const hits = new Map();\nexport function rateLimit(req, res, next) {\n  const count = (hits.get(req.ip) ?? 0) + 1;\n  hits.set(req.ip, count);\n  if (count > 100) return res.status(429).end();\n  next();\n}\n',
      'src/server.ts': `import express from 'express';\nimport { rateLimit } from './rate-limit';\nconst app = express();\napp.use(rateLimit);\n${routes}\napp.listen(3000);\n`,
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a limiter is loaded where no chain leads to',
    near: true,
    files: express({
      'src/edge.ts':
        "import { createServer } from 'node:http';\nimport { rateLimit } from 'express-rate-limit';\nconst limiter = rateLimit({ limit: 5 });\nexport const front = (inner) => createServer((req, res) => limiter(req, res, () => inner(req, res)));\n",
      'src/start.ts': "import { app } from './server';\nimport { front } from './edge';\nfront(app).listen(3000);\n",
      'src/server.ts': `import express from 'express';\nexport const app = express();\n${routes}\n`,
      'package.json': JSON.stringify({
        name: 'shop',
        private: true,
        scripts: { build: 'tsc', start: 'node dist/start.js' },
        dependencies: { express: '^5.1.0' },
      }),
    }),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'the limiter stays out of tests only',
    near: true,
    files: express({
      'src/server.ts': server(
        `const limiter = process.env.NODE_ENV === 'test' ? (req, res, next) => next() : rateLimit({ limit: 100 });\napp.use(limiter);\n${routes}`,
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a guard of NestJS bound for all routes',
    near: true,
    files: nest({
      'src/app.module.ts':
        "import { Controller, Module, Post } from '@nestjs/common';\nimport { APP_GUARD } from '@nestjs/core';\nimport { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';\n@Controller('orders')\nclass Orders {\n  @Post()\n  create() {\n    return {};\n  }\n}\n@Module({ imports: [ThrottlerModule.forRoot([{ ttl: 60000, limit: 100 }])], controllers: [Orders], providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }] })\nexport class AppModule {}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the module of NestJS without its guard',
    files: nest({
      'src/app.module.ts':
        "import { Controller, Module, Post } from '@nestjs/common';\nimport { ThrottlerModule } from '@nestjs/throttler';\n@Controller('orders')\nclass Orders {\n  @Post()\n  create() {\n    return {};\n  }\n}\n@Module({ imports: [ThrottlerModule.forRoot([{ ttl: 60000, limit: 100 }])], controllers: [Orders] })\nexport class AppModule {}\n",
    }),
    expect: { verdict: 'fail', findings: ['- none'] },
  },
  {
    name: 'the limit counts in the memory of one of many instances',
    files: next(
      {
        'vercel.json': '{}',
        'src/lib/rate-limit.ts':
          "const hits = new Map();\nexport function checkRateLimit(key) {\n  const count = (hits.get(key) ?? 0) + 1;\n  hits.set(key, count);\n  if (count > 5) throw new Error('429');\n}\n",
        'src/app/api/items/route.ts':
          "import { checkRateLimit } from '../../../lib/rate-limit';\nexport async function POST(request: Request) {\n  checkRateLimit(request.headers.get('x-real-ip'));\n  return Response.json([]);\n}\n",
      },
      { scripts: { dev: 'next dev', build: 'next build' } },
    ),
    expect: { verdict: 'fail', findings: ['src/lib/rate-limit.ts:2 memory'] },
  },
  {
    name: 'a service without endpoints',
    files: {
      ...library({}),
      ...express({ 'src/server.ts': "import express from 'express';\nexpress().listen(3000);\n" }),
    },
    expect: { verdict: 'not-applicable' },
  },
]);
