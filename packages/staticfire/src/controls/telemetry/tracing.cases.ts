import { express, next, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { tracing } from './tracing.ts';

const otel = {
  dependencies: {
    express: '^5.1.0',
    '@opentelemetry/sdk-node': '^0.200.0',
    '@opentelemetry/auto-instrumentations-node': '^0.60.0',
  },
};
const sdk =
  "import { NodeSDK } from '@opentelemetry/sdk-node';\nimport { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';\nconst sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });\nsdk.start();\n";
const started =
  "import { NodeSDK } from '@opentelemetry/sdk-node';\nimport { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';\nexport function startTracing() {\n  const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations()] });\n  sdk.start();\n}\n";
const app = "import express from 'express';\nexpress().listen(3000);\n";

export default defineCases(
  tracing,
  [
    { name: 'none', show: 'bad', files: express({}), expect: { verdict: 'fail', findings: ['- absent'] } },
    {
      name: 'started by the first import of the entry',
      show: 'good',
      files: express({ 'src/tracing.ts': sdk, 'src/server.ts': `import './tracing';\n${app}` }, otel),
      expect: { verdict: 'pass' },
    },
    {
      name: 'started after the framework is loaded',
      show: 'bad',
      files: express(
        {
          'src/tracing.ts': started,
          'src/server.ts':
            "import express from 'express';\nimport { startTracing } from './tracing';\nstartTracing();\nexpress().listen(3000);\n",
        },
        otel,
      ),
      expect: { verdict: 'fail', findings: ['src/tracing.ts:5 late'] },
    },
    {
      name: 'started between imports that stay in their order',
      near: true,
      files: express(
        {
          'src/tracing.ts': started,
          'src/server.ts': `import { startTracing } from './tracing';\nstartTracing();\n${app}`,
        },
        otel,
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'started between imports that all run before',
      files: express(
        {
          'src/tracing.ts': started,
          'src/server.ts': `import { startTracing } from './tracing';\nstartTracing();\n${app}`,
        },
        { type: 'module', ...otel },
      ),
      expect: { verdict: 'fail', findings: ['src/tracing.ts:5 late'] },
    },
    {
      name: 'loaded by the start command',
      near: true,
      files: node(
        { 'src/tracing.ts': sdk, 'src/main.ts': app },
        { scripts: { start: 'node --import ./src/tracing.ts src/main.ts' }, ...otel },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'an agent that the start command loads',
      near: true,
      files: node(
        { 'src/main.ts': app },
        {
          scripts: { start: 'node -r dd-trace/init src/main.ts' },
          dependencies: { express: '^5.1.0', 'dd-trace': '^5.0.0' },
        },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'an agent that an image loads with NODE_OPTIONS',
      near: true,
      files: express(
        {
          Dockerfile:
            'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nENV NODE_OPTIONS="--import @opentelemetry/auto-instrumentations-node/register"\nCMD ["node", "dist/server.js"]\n',
        },
        otel,
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'in a file that nothing loads',
      files: express({ 'src/tracing.ts': sdk }, otel),
      expect: { verdict: 'fail', findings: ['src/tracing.ts:4 unloaded'] },
    },
    {
      name: 'in a function that nobody calls',
      files: express(
        {
          'src/tracing.ts': `${started}export const name = 'shop';\n`,
          'src/server.ts': `import { name } from './tracing';\nexport const label = name;\n${app}`,
        },
        otel,
      ),
      expect: { verdict: 'fail', findings: ['src/tracing.ts:5 uncalled'] },
    },
    {
      name: 'a dependency that nothing starts',
      files: express({}, otel),
      expect: { verdict: 'fail', findings: ['package.json:11 declared-only'] },
    },
    {
      name: 'without instrumentations',
      files: express(
        {
          'src/tracing.ts':
            "import { NodeSDK } from '@opentelemetry/sdk-node';\nnew NodeSDK({ serviceName: 'shop' }).start();\n",
          'src/server.ts': `import './tracing';\n${app}`,
        },
        otel,
      ),
      expect: { verdict: 'fail', findings: ['src/tracing.ts:2 bare'] },
    },
    {
      name: 'off in production',
      files: express(
        {
          'src/tracing.ts': sdk.replace('sdk.start();', "if (process.env.NODE_ENV !== 'production') sdk.start();"),
          'src/server.ts': `import './tracing';\n${app}`,
        },
        otel,
      ),
      expect: { verdict: 'fail', findings: ['src/tracing.ts:4 disabled'] },
    },
    {
      name: 'a package that no package.json declares',
      files: express({
        'src/tracing.ts': sdk,
        'src/server.ts': `import './tracing';\n${app}`,
      }),
      expect: { verdict: 'fail', findings: ['src/tracing.ts:4 undeclared'] },
    },
    {
      name: 'a tracker without a sample rate',
      files: express(
        {
          'src/server.ts': `import * as Sentry from '@sentry/node';\nSentry.init({ dsn: process.env.SENTRY_DSN });\n${app}`,
        },
        { dependencies: { express: '^5.1.0', '@sentry/node': '^10.0.0' } },
      ),
      expect: { verdict: 'fail', findings: ['src/server.ts:2 unsampled'] },
    },
    {
      name: 'a tracker that samples traces',
      near: true,
      files: express(
        {
          'src/instrument.ts':
            "import * as Sentry from '@sentry/node';\nSentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 0.1 });\n",
          'src/server.ts': `import './instrument';\n${app}`,
        },
        { dependencies: { express: '^5.1.0', '@sentry/node': '^10.0.0' } },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'the instrumentation file of Next.js',
      near: true,
      files: next(
        {
          'src/instrumentation.ts':
            "import { registerOTel } from '@vercel/otel';\nexport function register() {\n  registerOTel({ serviceName: 'shop' });\n}\n",
        },
        { dependencies: { next: '^16.0.0', react: '^19.0.0', '@vercel/otel': '^2.0.0' } },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'an instrumentation file where the framework does not look',
      files: next(
        {
          'instrumentation.ts':
            "import { registerOTel } from '@vercel/otel';\nexport function register() {\n  registerOTel({ serviceName: 'shop' });\n}\n",
        },
        { dependencies: { next: '^16.0.0', react: '^19.0.0', '@vercel/otel': '^2.0.0' } },
      ),
      expect: { verdict: 'fail', findings: ['instrumentation.ts:3 unloaded'] },
    },
  ],
  { alwaysApplies: 'every service that stays up serves or works' },
);
