import { express, nest, next, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { endpointAuthentication } from './endpoint-authentication.ts';

const app = (body: string, files: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  express({
    'src/server.ts': `import express from 'express';\nimport jwt from 'jsonwebtoken';\nimport { db } from './db';\nconst app = express();\n${body}\napp.listen(3000);\n`,
    'src/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
    ...files,
  });

const guard = [
  'function requireUser(req, res, next) {',
  "  const token = req.headers.authorization?.split(' ')[1];",
  "  if (!token) return res.status(401).json({ error: 'sign in' });",
  '  try {',
  '    req.user = jwt.verify(token, process.env.JWT_SECRET);',
  '    next();',
  '  } catch {',
  "    res.status(401).json({ error: 'sign in' });",
  '  }',
  '}',
].join('\n');

const route = (body: string, before = ''): Readonly<Record<string, string>> =>
  next({
    'src/lib/auth.ts':
      "import { getServerSession } from 'next-auth';\nexport const session = () => getServerSession({});\nexport async function requireSession() {\n  const found = await session();\n  if (!found) throw new Error('unauthorized');\n  return found;\n}\n",
    'src/lib/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
    'src/app/api/items/route.ts': 'export {};\n',
    'src/app/api/invoices/[id]/route.ts': `import { db } from '@/lib/db';\nimport { session, requireSession } from '@/lib/auth';\n${before}export async function DELETE(request, { params }) {\n${body}\n  await db.invoice.delete({ where: { id: params.id } });\n  return Response.json({ ok: true });\n}\n`,
  });

const controller = (guards: string, decorators: string): Readonly<Record<string, string>> =>
  nest({
    'src/app.module.ts': `import { Module } from '@nestjs/common';\nimport { APP_GUARD } from '@nestjs/core';\nimport { OrdersController } from './orders.controller';\nimport { SignedInGuard } from './signed-in.guard';\n@Module({ controllers: [OrdersController], providers: [${guards}] })\nexport class AppModule {}\n`,
    'src/open.ts':
      "import { SetMetadata } from '@nestjs/common';\nexport const OPEN = 'open';\nexport const Open = () => SetMetadata(OPEN, true);\n",
    'src/signed-in.guard.ts':
      "import { Injectable } from '@nestjs/common';\nimport { Reflector } from '@nestjs/core';\nimport { AuthGuard } from '@nestjs/passport';\nimport { OPEN } from './open';\n@Injectable()\nexport class SignedInGuard extends AuthGuard('jwt') {\n  constructor(private reflector: Reflector) {\n    super();\n  }\n  canActivate(context) {\n    if (this.reflector.getAllAndOverride(OPEN, [context.getHandler(), context.getClass()])) return true;\n    return super.canActivate(context);\n  }\n}\n",
    'src/orders.controller.ts': `import { Controller, Delete, Param } from '@nestjs/common';\nimport { Open } from './open';\nimport { OrdersService } from './orders.service';\n@Controller('orders')\nexport class OrdersController {\n  constructor(private readonly orders: OrdersService) {}\n  ${decorators}@Delete(':id')\n  remove(@Param('id') id: string) {\n    return this.orders.remove(id);\n  }\n}\n`,
    'src/orders.service.ts':
      "import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class OrdersService {\n  remove(id: string) {\n    return db.order.delete({ where: { id } });\n  }\n}\n",
  });

export default defineCases(endpointAuthentication, [
  {
    name: 'one route stands before the guard',
    show: 'bad',
    files: app(
      `${guard}\napp.delete('/users/:id', async (req, res) => {\n  await db.user.delete({ where: { id: req.params.id } });\n  res.json({ ok: true });\n});\napp.use(requireUser);\napp.get('/orders', async (req, res) => res.json(await db.order.findMany()));`,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:15 open'] },
  },
  {
    name: 'the guard stands before every route',
    show: 'good',
    files: app(
      `${guard}\napp.get('/health', (req, res) => res.json({ ok: true }));\napp.use(requireUser);\napp.delete('/users/:id', async (req, res) => {\n  await db.user.delete({ where: { id: req.params.id } });\n  res.json({ ok: true });\n});`,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a session that is read and never tested',
    files: route('  const found = await session();'),
    expect: { verdict: 'fail', findings: ['src/app/api/invoices/[id]/route.ts:3 undecided'] },
  },
  {
    name: 'a session that is tested only when it is there',
    files: route(
      "  const found = await session();\n  if (found && found.user.role === 'guest') return Response.json({}, { status: 403 });",
    ),
    expect: { verdict: 'fail', findings: ['src/app/api/invoices/[id]/route.ts:3 undecided'] },
  },
  {
    name: 'a session that is tested',
    near: true,
    files: route('  const found = await session();\n  if (!found?.user) return Response.json({}, { status: 401 });'),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a helper that throws without a session',
    near: true,
    files: route('  await requireSession();'),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a helper whose failure is caught and forgotten',
    files: route('  try {\n    await requireSession();\n  } catch {\n    console.log(1);\n  }'),
    expect: { verdict: 'fail', findings: ['src/app/api/invoices/[id]/route.ts:3 undecided'] },
  },
  {
    name: 'a token of the code opens the guard',
    files: app(
      `function requireUser(req, res, next) {\n  const token = req.headers.authorization;\n  if (token === 'dev-token-123') return next();\n  try {\n    jwt.verify(token, process.env.JWT_SECRET);\n    next();\n  } catch {\n    res.status(401).end();\n  }\n}\napp.post('/users', requireUser, async (req, res) => res.json(await db.user.create({ data: req.body })));`,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:15 undecided'] },
  },
  {
    name: 'a token whose presence is enough',
    files: app(
      `function requireUser(req, res, next) {\n  if (!req.headers.authorization) return res.status(401).end();\n  next();\n}\napp.post('/users', requireUser, async (req, res) => res.json(await db.user.create({ data: req.body })));`,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:9 open'] },
  },
  {
    name: 'a token that is decoded and not verified',
    files: app(
      `function requireUser(req, res, next) {\n  const user = jwt.decode(req.headers.authorization);\n  if (!user) return res.status(401).end();\n  req.user = user;\n  next();\n}\napp.post('/users', requireUser, async (req, res) => res.json(await db.user.create({ data: req.body })));`,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:11 open'] },
  },
  {
    name: 'an API key that is looked up',
    near: true,
    files: app(
      `async function requireKey(req, res, next) {\n  const key = await db.apiKey.findUnique({ where: { key: req.headers['x-api-key'] } });\n  if (!key) return res.status(401).end();\n  next();\n}\napp.post('/users', requireKey, async (req, res) => res.json(await db.user.create({ data: req.body })));`,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a wrapper that a factory makes',
    near: true,
    files: next({
      'src/lib/with-user.ts':
        "import { auth } from '@clerk/nextjs/server';\nexport const withUser = (role) => (handler) => async (request, context) => {\n  const { userId } = await auth();\n  if (!userId) return new Response('sign in', { status: 401 });\n  return handler(request, { ...context, userId });\n};\n",
      'src/app/api/items/route.ts': 'export {};\n',
      'src/app/api/invoices/route.ts':
        "import { withUser } from '@/lib/with-user';\nimport { db } from '@/lib/db';\nexport const POST = withUser('member')(async (request) => Response.json(await db.invoice.create({ data: await request.json() })));\n",
      'src/lib/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a guard for all routes, and one that is open by a decorator',
    files: controller('{ provide: APP_GUARD, useClass: SignedInGuard }', '@Open() '),
    expect: { verdict: 'fail', findings: ['src/orders.controller.ts:8 open'] },
  },
  {
    name: 'a guard for all routes',
    near: true,
    files: controller('{ provide: APP_GUARD, useClass: SignedInGuard }', ''),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a guard of a package that nobody knows',
    files: app(
      "import { requireAuth } from 'acme-auth';\napp.use(requireAuth());\napp.post('/users', async (req, res) => res.json(await db.user.create({ data: req.body })));",
    ),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'reads that nothing marks as private, and signing in',
    near: true,
    files: app(
      "app.get('/products', async (req, res) => res.json(await db.product.findMany()));\napp.post('/auth/login', async (req, res) => res.json(await db.user.findFirst({ where: { email: req.body.email } })));",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'declared public in staticfire.yaml',
    near: true,
    files: app("app.post('/votes/:id', async (req, res) => res.json(await db.vote.create({ data: req.body })));", {
      'staticfire.yaml': "endpoints:\n  public:\n    - 'POST /votes/*'\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a worker that serves nothing',
    files: node({ 'src/main.ts': "import { Worker } from 'bullmq';\nnew Worker('mail', async () => {});\n" }),
    expect: { verdict: 'not-applicable' },
  },
]);
