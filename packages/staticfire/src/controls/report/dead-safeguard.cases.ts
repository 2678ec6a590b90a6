import { express, library, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { deadSafeguard } from './dead-safeguard.ts';

const limited = { dependencies: { express: '^5.1.0', 'express-rate-limit': '^8.0.0' } };
const limiter =
  "import rateLimit from 'express-rate-limit';\nexport const loginLimiter = rateLimit({ windowMs: 60000, limit: 10 });\n";
const server = (imports: string, body = ''): string =>
  `import express from 'express';\n${imports}const app = express();\n${body}app.get('/', (_, res) => res.send('ok'));\napp.listen(3000);\n`;
const jobs =
  "import { Injectable, Module } from '@nestjs/common';\nimport { Cron } from '@nestjs/schedule';\n@Injectable()\nexport class Purge {\n  constructor(private readonly prisma: Prisma) {}\n  @Cron('0 3 * * *')\n  async deleteExpiredSessions() {\n    await this.prisma.session.deleteMany({ where: { expiresAt: { lt: new Date() } } });\n  }\n}\n";

export default defineCases(deadSafeguard, [
  {
    name: 'nothing imports the limiter',
    show: 'bad',
    files: express({ 'src/limits/login.ts': limiter }, limited),
    expect: { verdict: 'fail', findings: ['src/limits/login.ts:2 unloaded'] },
  },
  {
    name: 'the limiter is in front of the route',
    show: 'good',
    files: express(
      {
        'src/limits/login.ts': limiter,
        'src/server.ts': server("import { loginLimiter } from './limits/login';\n", 'app.use(loginLimiter);\n'),
      },
      limited,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the file is loaded, the limiter is not used',
    files: express(
      {
        'src/limits/login.ts': `${limiter}export const window = 60000;\n`,
        'src/server.ts': server("import { window } from './limits/login';\n", 'app.set("window", window);\n'),
      },
      limited,
    ),
    expect: { verdict: 'fail', findings: ['src/limits/login.ts:2 uncalled'] },
  },
  {
    name: 'only dead code and tests lead to the validator',
    files: express({
      'src/config/check.ts':
        "export function checkEnv() {\n  const missing = ['DATABASE_URL', 'JWT_SECRET'].filter((name) => !process.env[name]);\n  if (missing.length > 0) throw new Error(missing.join());\n}\n",
      'src/boot.ts': "import { checkEnv } from './config/check';\ncheckEnv();\nexport { checkEnv };\n",
      'src/config/check.test.ts':
        "import { checkEnv } from './check';\ntest('throws', () => expect(checkEnv).toThrow());\n",
    }),
    expect: { verdict: 'fail', findings: ['src/config/check.ts:1 unloaded'] },
  },
  {
    name: 'retries that nothing uses',
    files: express({
      'src/lib/resilience.ts':
        'export async function retry<T>(work: () => Promise<T>, times = 3): Promise<T> {\n  for (let attempt = 1; ; attempt += 1) {\n    try {\n      return await work();\n    } catch (error) {\n      if (attempt >= times) throw error;\n      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));\n    }\n  }\n}\n',
    }),
    expect: { verdict: 'fail', findings: ['src/lib/resilience.ts:1 unloaded'] },
  },
  {
    name: 'a guard for administrators that no route uses',
    files: express({
      'src/guards.ts':
        "export function requireLogin(req, res, next) {\n  if (!req.user) return res.status(401).json({ error: 'login' });\n  next();\n}\nexport function requireAdmin(req, res, next) {\n  if (req.user?.role !== 'admin') return res.status(403).json({ error: 'admin' });\n  next();\n}\n",
      'src/server.ts': server("import { requireLogin } from './guards';\n", 'app.use(requireLogin);\n'),
    }),
    expect: { verdict: 'fail', findings: ['src/guards.ts:5 uncalled'] },
  },
  {
    name: 'middleware below the routes',
    files: express({
      'src/app.ts':
        "import express from 'express';\nexport function build() {\n  const app = express();\n  app.get('/items', (_, res) => res.json([]));\n  app.use((_, res) => res.status(404).end());\n  return app;\n}\n",
      'src/context.ts':
        "import { randomUUID } from 'node:crypto';\nexport function requestId(req, res, next) {\n  req.id = req.headers['x-request-id'] ?? randomUUID();\n  next();\n}\n",
      'src/server.ts':
        "import { build } from './app';\nimport { requestId } from './context';\nconst app = build();\napp.use(requestId);\napp.listen(3000);\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 late'] },
  },
  {
    name: 'the last middleware answers errors and what is not found',
    near: true,
    files: express({
      'src/errors.ts':
        "export function errorHandler(err, _req, res, _next) {\n  res.status(500).json({ error: 'failed' });\n}\nexport function notFound(_req, _res, next) {\n  next(new Error('not found'));\n}\n",
      'src/server.ts':
        "import express from 'express';\nimport { errorHandler, notFound } from './errors';\nconst app = express();\napp.get('/', (_, res) => res.send('ok'));\napp.use(notFound);\napp.use(errorHandler);\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a Next.js middleware beside the wrong folder',
    files: next({
      'middleware.ts':
        "import { NextResponse } from 'next/server';\nexport function middleware() {\n  const response = NextResponse.next();\n  response.headers.set('X-Frame-Options', 'DENY');\n  response.headers.set('Strict-Transport-Security', 'max-age=31536000');\n  return response;\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['middleware.ts:2 misplaced'] },
  },
  {
    name: 'a module with jobs that no module imports',
    files: nest(
      {
        'src/jobs/jobs.module.ts':
          "import { Module } from '@nestjs/common';\nimport { Purge } from './purge';\n@Module({ providers: [Purge] })\nexport class JobsModule {}\n",
        'src/jobs/purge.ts': jobs,
      },
      {},
    ),
    expect: { verdict: 'fail', findings: ['src/jobs/jobs.module.ts:4 abandoned'] },
  },
  {
    name: 'a second application that nothing starts',
    files: express({
      'old-server/index.ts':
        "import express from 'express';\nimport helmet from 'helmet';\nimport { requireLogin } from './login';\nconst app = express();\napp.use(helmet());\napp.use(requireLogin);\napp.listen(4000);\n",
      'old-server/login.ts':
        'export function requireLogin(req, res, next) {\n  if (!req.user) return res.status(401).end();\n  next();\n}\n',
    }),
    expect: { verdict: 'fail', findings: ['old-server/index.ts:1 abandoned'] },
  },
  {
    name: 'a clean-up that is run by hand',
    near: true,
    files: express({
      'scripts/purge.ts': "import { purgeExpired } from '../src/lib/purge';\nawait purgeExpired();\n",
      'src/lib/purge.ts':
        "import { db } from './db';\nexport async function purgeExpired() {\n  await db.session.deleteMany({ where: { expiresAt: { lt: new Date() } } });\n}\n",
      'src/server.ts': server("import { requireLogin } from './guards';\n", 'app.use(requireLogin);\n'),
      'src/guards.ts':
        'export function requireLogin(req, res, next) {\n  if (!req.user) return res.status(401).end();\n  next();\n}\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the browser has instrumentation of its own, which may stand beside src',
    near: true,
    files: next(
      {
        'instrumentation-client.ts':
          "import * as Sentry from '@sentry/nextjs';\nSentry.init({ dsn: process.env.NEXT_PUBLIC_SENTRY_DSN });\n",
        'src/instrumentation.ts':
          "import * as Sentry from '@sentry/nextjs';\nexport function register() {\n  Sentry.init({ dsn: process.env.SENTRY_DSN });\n}\n",
      },
      { dependencies: { next: '^16.0.0', react: '^19.0.0', '@sentry/nextjs': '^10.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'what generates a text passes the refusal of its provider on and limits nobody',
    near: true,
    files: express({
      'src/texts.ts':
        "import { complete } from './provider';\nexport class TooManyRequestsError extends Error {}\nexport const label = 'texts';\nexport async function generateText(prompt) {\n  try {\n    return await complete(prompt);\n  } catch {\n    throw new TooManyRequestsError('later');\n  }\n}\n",
      'src/provider.ts': 'export const complete = async (prompt) => prompt;\n',
      'src/limits.ts': limiter,
      'src/server.ts': server(
        "import { loginLimiter } from './limits';\nimport { label } from './texts';\n",
        'app.use(loginLimiter);\napp.locals.label = label;\n',
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'helpers of tests and error classes',
    near: true,
    files: express({
      'test/helpers/auth.ts':
        'export function requireAuth(req, res, next) {\n  if (!req.user) return res.status(401).end();\n  next();\n}\n',
      'src/errors.ts':
        "export class RateLimitError extends Error {\n  constructor() {\n    super('too many');\n    this.status = 429;\n  }\n}\n",
      'src/limits.ts': limiter,
      'src/server.ts': server("import { loginLimiter } from './limits';\n", 'app.use(loginLimiter);\n'),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a start that runs as its file is loaded, under a name for the development server',
    near: true,
    files: express(
      {
        'src/server.ts':
          "import express from 'express';\nimport helmet from 'helmet';\nasync function start() {\n  const app = express();\n  app.use(helmet());\n  app.listen(3000);\n  return app;\n}\nexport const devServerApp = start();\n",
      },
      { dependencies: { express: '^5.1.0', helmet: '^8.1.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'code that is generated and not in the repository may use it',
    near: true,
    files: express(
      {
        'src/limits/login.ts': `${limiter}export const label = 'login';\n`,
        'src/server.ts': server(
          "import { label } from './limits/login';\nimport { routes } from './generated/routes';\n",
          'app.use(routes);\napp.locals.label = label;\n',
        ),
      },
      limited,
    ),
    expect: { verdict: 'pass' },
  },
  { name: 'no safeguard at all', files: express({}), expect: { verdict: 'not-applicable' } },
  {
    name: 'no service',
    files: library({ 'src/retry.ts': 'export async function retry(work) {\n  return work();\n}\n' }),
    expect: { verdict: 'not-applicable' },
  },
]);
