import { express, fastify, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { structured } from './structured.ts';

const pino = { dependencies: { express: '^5.1.0', pino: '^10.0.0' } };
const server = (lines: string): string => `import express from 'express';\n${lines}express().listen(3000);\n`;

export default defineCases(structured, [
  {
    name: 'console',
    show: 'bad',
    files: express({ 'src/server.ts': server("console.log('starting');\nconsole.error('no disk');\n") }),
    expect: { verdict: 'fail', findings: ['src/server.ts:2 plain'] },
  },
  {
    name: 'a structured logger, made in another file',
    show: 'good',
    files: express(
      {
        'src/log.ts':
          "import pino from 'pino';\nexport const log = pino();\nexport const child = (name) => log.child({ name });\n",
        'src/server.ts': server(
          "import { child, log } from './log';\nlog.info('starting');\nchild('disk').error({ free: 0 }, 'no disk');\n",
        ),
      },
      pino,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: "a logger of one's own that prints text",
    files: express({
      'src/log.ts':
        "export const log = {\n  info: (...args) => console.log('[INFO]', ...args),\n  error: (...args) => console.error('[ERROR]', ...args),\n};\n",
      'src/server.ts': server("import { log } from './log';\nlog.info('starting');\nlog.error('no disk');\n"),
    }),
    expect: { verdict: 'fail', findings: ['src/log.ts:2 plain'] },
  },
  {
    name: "a logger of one's own that prints records",
    near: true,
    files: express({
      'src/log.ts':
        "function write(level, message, fields) {\n  process.stdout.write(JSON.stringify({ level, message, ...fields }) + '\\n');\n}\nexport const log = {\n  info: (message, fields) => write('info', message, fields),\n};\n",
      'src/server.ts': server("import { log } from './log';\nlog.info('starting');\n"),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a logger that nothing live imports',
    files: express(
      {
        'src/logger.ts': "import pino from 'pino';\nexport const log = pino();\n",
        'src/server.ts': server("console.log('starting');\n"),
      },
      pino,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:2 plain', 'src/logger.ts:1 dead'] },
  },
  {
    name: 'the logger of Fastify',
    files: fastify({
      'src/server.ts':
        "import Fastify from 'fastify';\nconst app = Fastify({ logger: true });\napp.get('/', (request) => {\n  request.log.info('asked');\n  return {};\n});\napp.log.info('starting');\nawait app.listen({ port: 3000 });\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the logger of Nest prints text by default',
    files: nest({
      'src/main.ts':
        "import { Logger } from '@nestjs/common';\nimport { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nconst log = new Logger('main');\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  log.log('starting');\n  await app.listen(3000);\n}\nbootstrap();\n",
    }),
    expect: { verdict: 'fail', findings: ['src/main.ts:7 plain'] },
  },
  {
    name: 'the logger of Nest with pino behind it',
    near: true,
    files: nest(
      {
        'src/main.ts':
          "import { Logger } from '@nestjs/common';\nimport { NestFactory } from '@nestjs/core';\nimport { Logger as PinoLogger } from 'nestjs-pino';\nimport { AppModule } from './app.module';\nconst log = new Logger('main');\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule, { bufferLogs: true });\n  app.useLogger(app.get(PinoLogger));\n  log.log('starting');\n  await app.listen(3000);\n}\nbootstrap();\n",
      },
      { dependencies: { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', 'nestjs-pino': '^4.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  { name: 'pages that log nothing', files: next({}), expect: { verdict: 'not-applicable' } },
  { name: 'no log line at all', files: express({}), expect: { verdict: 'fail', findings: ['- absent'] } },
]);
