import { express, fastify, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { schemaValidation } from './schema-validation.ts';

const server = (body: string): string =>
  `import express from 'express';\nimport { z } from 'zod';\nconst app = express();\napp.use(express.json());\n${body}\napp.listen(3000);\n`;
const order = 'const Order = z.object({ sku: z.string(), count: z.number() });\n';

const main = (pipe: string): string =>
  `import { NestFactory } from '@nestjs/core';\nimport { ValidationPipe } from '@nestjs/common';\nimport { AppModule } from './app.module';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  ${pipe}\n  await app.listen(3000);\n}\nbootstrap();\n`;
const controller = (param: string, head = ''): Readonly<Record<string, string>> => ({
  'src/app.module.ts':
    "import { Module } from '@nestjs/common';\nimport { Orders } from './orders.controller';\n@Module({ controllers: [Orders] })\nexport class AppModule {}\n",
  'src/orders.controller.ts': `import { Body, Controller, Post } from '@nestjs/common';\n${head}@Controller('orders')\nexport class Orders {\n  @Post()\n  create(${param}) {\n    return dto;\n  }\n}\n`,
});
const dto =
  "import { IsString } from 'class-validator';\nexport class CreateOrder {\n  @IsString()\n  sku: string;\n}\n";

export default defineCases(schemaValidation, [
  {
    name: 'the body is parsed with a schema before use',
    show: 'good',
    files: express({
      'src/server.ts': server(
        `${order}app.post('/orders', (req, res) => {\n  const order = Order.parse(req.body);\n  res.json(order);\n});`,
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the body is used as it comes',
    show: 'bad',
    files: express({
      'src/server.ts': server("app.post('/orders', (req, res) => {\n  res.json(req.body.sku);\n});"),
    }),
    expect: {
      verdict: 'fail',
      findings: ['src/server.ts:5 unchecked'],
    },
  },
  {
    name: 'the answer of the check is not looked at',
    files: express({
      'src/server.ts': server(
        `${order}app.post('/orders', (req, res) => {\n  Order.safeParse(req.body);\n  res.json(req.body);\n});`,
      ),
    }),
    expect: {
      verdict: 'fail',
      findings: ['src/server.ts:6 weak'],
    },
  },
  {
    name: 'something else is parsed',
    files: express({
      'src/server.ts': server(
        `${order}app.post('/orders', async (req, res) => {\n  const known = Order.parse(await load());\n  res.json([known, req.body]);\n});\nconst load = () => fetch('http://stock/').then((r) => r.json());`,
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 unchecked'] },
  },
  {
    name: 'the schema accepts anything',
    files: express({
      'src/server.ts': server("app.post('/orders', (req, res) => {\n  res.json(z.any().parse(req.body));\n});"),
    }),
    expect: {
      verdict: 'fail',
      findings: ['src/server.ts:5 weak'],
    },
  },
  {
    name: 'a class of interfaces only: the pipe has nothing to check',
    files: nest({
      'src/main.ts': main('app.useGlobalPipes(new ValidationPipe());'),
      ...controller('@Body() dto: CreateOrder', 'interface CreateOrder { sku: string }\n'),
    }),
    expect: {
      verdict: 'fail',
      findings: ['src/orders.controller.ts:6 weak'],
    },
  },
  {
    name: 'a decorated class, and no pipe',
    files: nest({
      'src/create-order.ts': dto,
      ...controller('@Body() dto: CreateOrder', "import { CreateOrder } from './create-order';\n"),
    }),
    expect: {
      verdict: 'fail',
      findings: ['src/orders.controller.ts:6 weak'],
    },
  },
  {
    name: 'a decorated class and a global pipe',
    near: true,
    files: nest({
      'src/main.ts': main('app.useGlobalPipes(new ValidationPipe({ whitelist: true }));'),
      'src/create-order.ts': dto,
      ...controller('@Body() dto: CreateOrder', "import { CreateOrder } from './create-order';\n"),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a middleware of the repository checks with the schema it is handed',
    near: true,
    files: express({
      'src/validate.ts':
        'export const validate = (schema) => (req, res, next) => {\n  const result = schema.safeParse(req.body);\n  if (!result.success) return res.status(400).end();\n  req.body = result.data;\n  next();\n};\n',
      'src/server.ts': server(
        `import { validate } from './validate';\n${order}app.post('/orders', validate(Order), (req, res) => {\n  res.json(req.body);\n});`,
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a helper reads and checks the body',
    near: true,
    files: next({
      'src/lib/read.ts':
        "export async function readBody(request, schema) {\n  const result = schema.safeParse(await request.json());\n  if (!result.success) throw new Error('400');\n  return result.data;\n}\n",
      'src/app/api/items/route.ts':
        "import { z } from 'zod';\nimport { readBody } from '../../../lib/read';\nconst Item = z.object({ name: z.string() });\nexport async function POST(request: Request) {\n  const item = await readBody(request, Item);\n  return Response.json(item);\n}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'more endpoints than anyone reads one by one',
    files: express({
      'src/server.ts': server(
        Array.from(
          { length: 61 },
          (_, i) => `app.post('/orders/${i + 10}', (req, res) => res.json(req.body.sku));`,
        ).join('\n'),
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 many'] },
  },
  {
    name: 'an endpoint that reads no body',
    near: true,
    files: express({
      'src/server.ts': server(
        `${order}app.post('/orders', (req, res) => {\n  res.json(Order.parse(req.body));\n});\napp.post('/logout', (req, res) => {\n  res.json({ body: 'bye' });\n});`,
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the raw body goes to the library that verifies and parses it',
    near: true,
    files: next({
      'src/app/api/hook/route.ts':
        "import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.STRIPE_KEY);\nexport async function POST(request: Request) {\n  const body = await request.text();\n  const event = stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature'), process.env.STRIPE_SECRET);\n  return Response.json({ type: event.type });\n}\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'endpoints that only read',
    files: fastify({
      'src/server.ts':
        "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/items', async () => []);\nawait app.listen({ port: 3000 });\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
]);
