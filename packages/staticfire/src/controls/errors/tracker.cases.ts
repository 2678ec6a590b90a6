import { express, nest, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { tracker } from './tracker.ts';

const sentry = { dependencies: { express: '^5.1.0', '@sentry/node': '^10.0.0' } };
const init = "import * as Sentry from '@sentry/node';\nSentry.init({ dsn: process.env.SENTRY_DSN });\n";
const server = (lines: string): string => `${lines}import express from 'express';\nexpress().listen(3000);\n`;

export default defineCases(
  tracker,
  [
    { name: 'none', show: 'bad', files: express({}), expect: { verdict: 'fail', findings: ['- absent'] } },
    {
      name: 'initialised before everything else',
      show: 'good',
      files: express({ 'src/instrument.ts': init, 'src/server.ts': server("import './instrument';\n") }, sentry),
      expect: { verdict: 'pass' },
    },
    {
      name: 'in a file that nothing imports',
      files: express({ 'src/instrument.ts': init }, sentry),
      expect: { verdict: 'fail', findings: ['src/instrument.ts:2 unloaded'] },
    },
    {
      name: 'a dependency that nothing uses',
      files: express({}, sentry),
      expect: { verdict: 'fail', findings: ['package.json:11 declared-only'] },
    },
    {
      name: 'errors of requests are handed over by the hook of the framework',
      near: true,
      files: next(
        {
          'src/instrumentation.ts':
            "import { createOnRequestError } from '@axiomhq/nextjs';\nimport { logger } from './logger';\nexport const onRequestError = createOnRequestError(logger);\n",
          'src/logger.ts': 'export const logger = { error() {} };\n',
        },
        { dependencies: { next: '^16.0.0', react: '^19.0.0', '@axiomhq/nextjs': '^0.1.0' } },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'only another service depends on one',
      service: 'shop',
      files: {
        ...Object.fromEntries(Object.entries(express({})).map(([path, text]) => [`apps/shop/${path}`, text])),
        ...Object.fromEntries(
          Object.entries(express({}, { name: 'desk', ...sentry })).map(([path, text]) => [`apps/desk/${path}`, text]),
        ),
        'package.json': '{ "name": "all", "private": true, "workspaces": ["apps/*"] }\n',
      },
      expect: { verdict: 'fail', findings: ['- absent'] },
    },
    {
      name: 'commented out',
      files: express({
        'src/monitoring.ts':
          'export function report(error) {\n  // Sentry.init({ dsn: process.env.SENTRY_DSN });\n  console.error(error);\n}\n',
      }),
      expect: { verdict: 'fail', findings: ['src/monitoring.ts:2 commented'] },
    },
    {
      name: 'in a function that nobody calls',
      files: express(
        {
          'src/instrument.ts':
            "import * as Sentry from '@sentry/node';\nexport const name = 'shop';\nexport function start() {\n  Sentry.init({ dsn: process.env.SENTRY_DSN });\n}\n",
          'src/server.ts': server("import { name } from './instrument';\nexport const label = name;\n"),
        },
        sentry,
      ),
      expect: { verdict: 'fail', findings: ['src/instrument.ts:4 uncalled'] },
    },
    {
      name: 'started inside a function that the entry calls, when it has an address',
      near: true,
      files: express(
        {
          'src/instrument.ts':
            "import * as Sentry from '@sentry/node';\nexport function start() {\n  if (!process.env.SENTRY_DSN) return;\n  Sentry.init({ dsn: process.env.SENTRY_DSN });\n}\n",
          'src/server.ts': server("import { start } from './instrument';\nstart();\n"),
        },
        sentry,
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'on in development only',
      files: express(
        {
          'src/server.ts': server(
            "import * as Sentry from '@sentry/node';\nSentry.init({ dsn: process.env.SENTRY_DSN, enabled: process.env.NODE_ENV === 'development' });\n",
          ),
        },
        sentry,
      ),
      expect: { verdict: 'fail', findings: ['src/server.ts:2 disabled'] },
    },
    {
      name: 'loaded by the instrumentation file of Next.js',
      near: true,
      files: next(
        {
          'src/instrumentation.ts':
            "export async function register() {\n  if (process.env.NEXT_RUNTIME === 'nodejs') await import('../sentry.server.config');\n}\n",
          'sentry.server.config.ts':
            "import * as Sentry from '@sentry/nextjs';\nSentry.init({ dsn: process.env.SENTRY_DSN });\n",
        },
        { dependencies: { next: '^16.0.0', react: '^19.0.0', '@sentry/nextjs': '^10.0.0' } },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a filter for all exceptions that reports none',
      files: nest(
        {
          'src/main.ts':
            "import * as Sentry from '@sentry/node';\nSentry.init({ dsn: process.env.SENTRY_DSN });\nimport { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nimport { AnyFilter } from './any.filter';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  app.useGlobalFilters(new AnyFilter());\n  await app.listen(3000);\n}\nbootstrap();\n",
          'src/any.filter.ts':
            "import { Catch } from '@nestjs/common';\n@Catch()\nexport class AnyFilter {\n  catch(error, host) {\n    host.switchToHttp().getResponse().status(500).json({ error: 'internal' });\n  }\n}\n",
        },
        { dependencies: { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', '@sentry/node': '^10.0.0' } },
      ),
      expect: { verdict: 'fail', findings: ['src/any.filter.ts:3 bypassed'] },
    },
  ],
  { alwaysApplies: 'every service can throw' },
);
