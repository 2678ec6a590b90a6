import { express, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { failOpenGuard } from './fail-open-guard.ts';

const app = (body: string, before = ''): Readonly<Record<string, string>> =>
  express({
    'src/server.ts': `import express from 'express';\n${before}const app = express();\n${body}app.listen(3000);\n`,
  });

export default defineCases(failOpenGuard, [
  {
    name: 'asks for the key only when one is set',
    show: 'bad',
    files: next({
      'src/app/api/jobs/route.ts':
        "const KEY = process.env.JOBS_API_KEY;\nexport async function POST(request: Request) {\n  const given = request.headers.get('authorization')?.replace('Bearer ', '');\n  if (KEY && given !== KEY) {\n    return Response.json({ error: 'unauthorized' }, { status: 401 });\n  }\n  return Response.json(await runJobs());\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/app/api/jobs/route.ts:4 skipped'] },
  },
  {
    name: 'denies when no key is set',
    show: 'good',
    files: next({
      'src/app/api/jobs/route.ts':
        "const KEY = process.env.JOBS_API_KEY;\nexport async function POST(request: Request) {\n  const given = request.headers.get('authorization')?.replace('Bearer ', '');\n  if (!KEY || given !== KEY) {\n    return Response.json({ error: 'unauthorized' }, { status: 401 });\n  }\n  return Response.json(await runJobs());\n}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'two absent values are equal',
    files: app(
      "app.post('/hooks', (req, res) => {\n  if (req.headers['x-hook-token'] !== process.env.HOOK_TOKEN) {\n    return res.status(401).end();\n  }\n  res.json({ ok: true });\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 skipped'] },
  },
  {
    name: 'an absent header of a fetch request is null, which equals no missing variable',
    near: true,
    files: next({
      'src/app/api/hooks/route.ts':
        "export async function POST(request: Request) {\n  if (request.headers.get('x-hook-token') !== process.env.HOOK_TOKEN) return new Response('no', { status: 401 });\n  return Response.json({ ok: true });\n}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the text "Bearer undefined" opens it',
    files: next({
      'src/app/api/cron/route.ts':
        "export async function GET(request: Request) {\n  if (request.headers.get('authorization') !== `Bearer ${process.env.CRON_SECRET}`) {\n    return new Response('no', { status: 401 });\n  }\n  return Response.json(await cleanUp());\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/app/api/cron/route.ts:2 skipped'] },
  },
  {
    name: 'a list of keys that holds the empty text',
    files: app(
      "app.use((req, res, next) => {\n  if (!keys.includes(req.get('x-key') ?? '')) return res.sendStatus(403);\n  next();\n});\n",
      "const keys = (process.env.API_KEYS || '').split(',');\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 skipped'] },
  },
  {
    name: 'the check of a signature is skipped',
    files: app(
      "app.post('/hooks', (req, res) => {\n  const secret = process.env.HOOK_SECRET;\n  if (secret) {\n    const mac = createHmac('sha256', secret).update(req.body).digest('hex');\n    if (mac !== req.get('x-signature')) return res.sendStatus(401);\n  }\n  res.sendStatus(204);\n});\n",
      "import { createHmac } from 'node:crypto';\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 skipped'] },
  },
  {
    name: 'a webhook verified with an empty secret',
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { HooksController } from './hooks.controller';\n@Module({ controllers: [HooksController] })\nexport class AppModule {}\n",
      'src/hooks.controller.ts':
        "import { Controller, Post, Body, Headers } from '@nestjs/common';\nimport { ConfigService } from '@nestjs/config';\nimport Stripe from 'stripe';\n@Controller('hooks')\nexport class HooksController {\n  private readonly secret: string;\n  constructor(private readonly config: ConfigService) {\n    this.secret = this.config.get('STRIPE_WEBHOOK_SECRET', '');\n  }\n  @Post()\n  receive(@Body() body: Buffer, @Headers('stripe-signature') signature: string) {\n    const event = stripe.webhooks.constructEvent(body, signature, this.secret);\n    return { received: event.id };\n  }\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/hooks.controller.ts:12 known-key'] },
  },
  {
    name: 'tokens signed with a literal are accepted',
    files: app(
      'app.use((req, res, next) => {\n  try {\n    req.user = jwt.verify(req.cookies.token, secret());\n    next();\n  } catch {\n    res.status(401).end();\n  }\n});\n',
      "import jwt from 'jsonwebtoken';\nconst secret = () => process.env.JWT_SECRET || 'change-me';\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:7 known-key'] },
  },
  {
    name: 'a module that verifies tokens with a literal',
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { JwtModule } from '@nestjs/jwt';\n@Module({\n  imports: [JwtModule.register({ secret: process.env.JWT_SECRET || 'change-me', signOptions: { expiresIn: '1h' } })],\n})\nexport class AppModule {}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/app.module.ts:4 known-key'] },
  },
  {
    name: 'a strategy that needs its secret',
    near: true,
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { JwtStrategy } from './jwt.strategy';\n@Module({ providers: [JwtStrategy] })\nexport class AppModule {}\n",
      'src/jwt.strategy.ts':
        "import { Injectable } from '@nestjs/common';\nimport { PassportStrategy } from '@nestjs/passport';\nimport { ExtractJwt, Strategy } from 'passport-jwt';\n@Injectable()\nexport class JwtStrategy extends PassportStrategy(Strategy) {\n  constructor() {\n    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: process.env.JWT_SECRET });\n  }\n}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'boot requires the secret that the guard asks for',
    near: true,
    files: app(
      "app.use((req, res, next) => {\n  if (process.env.API_KEY && req.get('x-key') !== process.env.API_KEY) return res.sendStatus(401);\n  next();\n});\n",
      "import { z } from 'zod';\nz.object({ API_KEY: z.string().min(16) }).parse(process.env);\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'an open guard that nothing loads',
    near: true,
    files: {
      ...app(
        "app.use((req, res, next) => {\n  if (req.get('x-key') !== process.env.API_KEY || !process.env.API_KEY) return res.sendStatus(401);\n  next();\n});\n",
      ),
      'src/old.ts':
        "export function old(req, res, next) {\n  if (process.env.OLD_KEY && req.get('x-key') !== process.env.OLD_KEY) return res.sendStatus(401);\n  next();\n}\n",
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'each record keeps a secret, if it has one',
    files: app(
      "app.post('/hooks/:id', async (req, res) => {\n  const hook = await findHook(req.params.id);\n  if (hook.webhookSecret && req.get('x-secret') !== hook.webhookSecret) {\n    return res.sendStatus(401);\n  }\n  res.json(await start(hook));\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 stored'] },
  },
  {
    name: 'each record has a secret',
    near: true,
    files: app(
      "app.post('/hooks/:id', async (req, res) => {\n  const hook = await findHook(req.params.id);\n  if (!hook.webhookSecret || req.get('x-secret') !== hook.webhookSecret) {\n    return res.sendStatus(401);\n  }\n  res.json(await start(hook, process.env.START_TOKEN));\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a route for development that production can reach',
    files: app(
      "app.get('/debug', (req, res) => {\n  if (process.env.NODE_ENV === 'production') {\n    return res.status(403).end();\n  }\n  res.json(dump());\n});\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 development'] },
  },
  {
    name: 'a route for development where the framework sets NODE_ENV',
    near: true,
    files: next({
      'src/app/api/debug/route.ts':
        "export async function GET() {\n  if (process.env.NODE_ENV === 'production') return new Response('no', { status: 403 });\n  return Response.json(dump());\n}\n",
      'src/app/api/secret/route.ts':
        "export async function GET(request: Request) {\n  if (!process.env.READ_KEY || request.headers.get('x-key') !== process.env.READ_KEY) return new Response('no', { status: 403 });\n  return Response.json({});\n}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'an integration that is off without its key',
    near: true,
    files: app(
      "app.post('/mail', async (req, res) => {\n  if (!process.env.MAIL_API_KEY) return res.json({ sent: false });\n  await send(process.env.MAIL_API_KEY, req.body);\n  res.json({ sent: true });\n});\n",
    ),
    expect: { verdict: 'pass' },
  },
  { name: 'no secret is read', files: express({}), expect: { verdict: 'not-applicable' } },
]);
