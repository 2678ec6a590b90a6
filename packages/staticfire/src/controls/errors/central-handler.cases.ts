import { express, fastify, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { centralHandler } from './central-handler.ts';

const route = "app.get('/orders', async (req, res) => {\n  res.json(await list(req.query));\n});\n";
const server = (lines: string, fields: Readonly<Record<string, unknown>> = {}): ReturnType<typeof express> =>
  express(
    {
      'src/orders.ts': 'export const list = async (query) => [query];\n',
      'src/server.ts': `import express from 'express';\nimport { list } from './orders';\nconst app = express();\n${lines}app.listen(3000);\n`,
    },
    fields,
  );
const generic =
  "app.use((error, req, res, next) => {\n  console.error(error);\n  res.status(500).json({ message: 'Something went wrong' });\n});\n";
const handlers = (body: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [
      `src/app/api/${name}/route.ts`,
      `import { save } from '@/save';\nexport async function POST(request) {\n${body}}\n`,
    ]),
  );
const saving = { 'src/save.ts': 'export const save = async (request) => request.json();\n' };

export default defineCases(centralHandler, [
  {
    name: 'no handler of errors',
    show: 'bad',
    files: server(route),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'a handler of errors that nothing imports',
    files: next({
      ...saving,
      ...handlers(
        "  try {\n    return Response.json(await save(request));\n  } catch (error) {\n    return Response.json({ error: 'failed' }, { status: 500 });\n  }\n",
      ),
      'src/lib/error-handler.ts':
        "export function errorHandler(error: Error) {\n  return Response.json({ error: 'failed' }, { status: 500 });\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/lib/error-handler.ts:1 dead'] },
  },
  {
    name: 'one handler behind the routes',
    show: 'good',
    files: server(`${route}${generic}`),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the handler before the routes',
    files: server(`${generic}${route}`),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 late'] },
  },
  {
    name: 'a handler that only notes the error',
    files: server(`${route}app.use((error, req, res, next) => {\n  console.error(error);\n  next(error);\n});\n`),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'the message of any error',
    files: server(
      `${route}app.use((err, req, res, next) => {\n  res.status(err.status || 500).json({ message: err.message });\n});\n`,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:8 message-sent'] },
  },
  {
    name: 'the stack of any error',
    files: server(
      `${route}app.use((err, req, res, next) => {\n  res.status(500).json({ message: 'failed', stack: err.stack });\n});\n`,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:8 stack-sent'] },
  },
  {
    name: 'the stack in development only',
    near: true,
    files: server(
      `${route}app.use((err, req, res, next) => {\n  const body = { message: 'failed', ...(process.env.NODE_ENV === 'development' && { stack: err.stack }) };\n  res.status(500).json(body);\n});\n`,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'messages of errors of its own classes',
    near: true,
    files: server(
      `class AppError extends Error {\n  status = 409;\n}\n${route}app.use((err, req, res, next) => {\n  if (err instanceof AppError) return res.status(err.status).json({ message: err.message });\n  const conflict = err.message.includes('overlap');\n  res.status(conflict ? 409 : 500).json({ message: conflict ? err.message : 'Something went wrong' });\n});\n`,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a list of handlers that a function makes',
    near: true,
    files: express({
      'src/errors.ts':
        "const missing = (req, res) => res.status(404).send('Not found');\nconst answer = (err, req, res, next) => res.status(500).send('Something went wrong');\nexport default () => [missing, answer];\n",
      'src/server.ts':
        "import express from 'express';\nimport errors from './errors';\nconst app = express();\napp.get('/', (req, res) => res.json([]));\napp.use(errors());\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a route that answers the message itself',
    files: server(
      `app.get('/orders', async (req, res) => {\n  try {\n    res.json(await list(req.query));\n  } catch (error) {\n    res.status(500).json({ error: error instanceof Error ? error.message : 'failed' });\n  }\n});\n${generic}`,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:8 message-sent'] },
  },
  {
    name: 'a route that blames the caller with the message',
    near: true,
    files: server(
      `app.get('/orders', async (req, res) => {\n  try {\n    res.json(await list(req.query));\n  } catch (error) {\n    res.status(400).json({ error: error.message });\n  }\n});\n${generic}`,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'async handlers that Express 4 does not hear of',
    files: server(`${route}${generic}`, { dependencies: { express: '^4.21.0' } }),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 unforwarded'] },
  },
  {
    name: 'async handlers of Express 4 in a wrapper',
    near: true,
    files: express(
      {
        'src/server.ts':
          "import express from 'express';\nconst app = express();\nconst wrap = (handler) => (req, res, next) => handler(req, res, next).catch(next);\napp.get('/orders', wrap(async (req, res) => {\n  res.json(await Promise.resolve([]));\n}));\napp.use((error, req, res, next) => {\n  res.status(500).json({ message: 'Something went wrong' });\n});\napp.listen(3000);\n",
      },
      { dependencies: { express: '^4.21.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Fastify by itself',
    files: fastify({
      'src/server.ts':
        "import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/', async () => []);\nawait app.listen({ port: 3000 });\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts default-message'] },
  },
  {
    name: 'Fastify with a handler',
    near: true,
    files: fastify({
      'src/server.ts':
        "import Fastify from 'fastify';\nconst app = Fastify();\napp.setErrorHandler((error, request, reply) => {\n  request.log.error(error);\n  reply.status(500).send({ message: 'Something went wrong' });\n});\napp.get('/', async () => []);\nawait app.listen({ port: 3000 });\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'NestJS by itself',
    near: true,
    files: nest({
      'src/app.module.ts':
        "import { Controller, Get, Module } from '@nestjs/common';\n@Controller('orders')\nclass Orders {\n  @Get()\n  list() {\n    return [];\n  }\n}\n@Module({ controllers: [Orders] })\nexport class AppModule {}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'NestJS with a filter that sends the stack',
    files: nest({
      'src/app.module.ts':
        "import { Controller, Get, Module } from '@nestjs/common';\n@Controller('orders')\nclass Orders {\n  @Get()\n  list() {\n    return [];\n  }\n}\n@Module({ controllers: [Orders] })\nexport class AppModule {}\n",
      'src/filter.ts':
        "import { Catch } from '@nestjs/common';\n@Catch()\nexport class AllErrors {\n  catch(exception, host) {\n    const response = host.switchToHttp().getResponse();\n    response.status(500).json({ stack: exception.stack });\n  }\n}\n",
      'src/main.ts':
        "import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nimport { AllErrors } from './filter';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  app.useGlobalFilters(new AllErrors());\n  await app.listen(3000);\n}\nbootstrap();\n",
    }),
    expect: { verdict: 'fail', findings: ['src/filter.ts:6 stack-sent'] },
  },
  {
    name: 'Next.js, handlers that let errors go',
    near: true,
    files: next({ ...saving, ...handlers('  return Response.json(await save(request));\n') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Next.js, each handler in its own words',
    files: next({
      ...saving,
      ...handlers(
        "  try {\n    return Response.json(await save(request));\n  } catch {\n    return Response.json({ error: 'failed' }, { status: 500 });\n  }\n".replace(
          'catch {',
          'catch (error) {',
        ),
      ),
    }),
    expect: { verdict: 'fail', findings: ['- scattered'] },
  },
  {
    name: 'Next.js, one function answers for all',
    near: true,
    files: next({
      ...saving,
      'src/errors.ts':
        "export function answer(error) {\n  console.error(error);\n  return Response.json({ error: 'failed' }, { status: 500 });\n}\n",
      ...Object.fromEntries(
        Object.entries(
          handlers(
            '  try {\n    return Response.json(await save(request));\n  } catch (error) {\n    return answer(error);\n  }\n',
          ),
        ).map(([file, text]) => [file, `import { answer } from '@/errors';\n${text}`]),
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Next.js, an error written out whole',
    files: next(
      {
        'src/app/api/orders/route.ts':
          "import { serializeError } from 'serialize-error';\nimport { failed } from '@/answers';\nexport async function POST(request) {\n  try {\n    return Response.json(await request.json());\n  } catch (e) {\n    const error = serializeError(e);\n    return failed({ error });\n  }\n}\n",
        'src/answers.ts': 'export const failed = (error) => Response.json({ error }, { status: 500 });\n',
      },
      { dependencies: { next: '^16.0.0', react: '^19.0.0', 'serialize-error': '^12.0.0' } },
    ),
    expect: { verdict: 'fail', findings: ['src/app/api/orders/route.ts:8 stack-sent'] },
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
