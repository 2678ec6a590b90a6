import { express, nest } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { metrics } from './metrics.ts';

const prom = { dependencies: { express: '^5.1.0', 'prom-client': '^15.0.0' } };
const meter =
  "import { Histogram, register } from 'prom-client';\nexport { register };\nconst seconds = new Histogram({ name: 'http_request_duration_seconds', help: 'x', labelNames: ['method', 'status'] });\nexport function measure(req, res, next) {\n  const end = seconds.startTimer();\n  res.on('finish', () => end({ method: req.method, status: res.statusCode }));\n  next();\n}\n";
const server = (lines: string): string =>
  `import express from 'express';\nimport { measure, register } from './meter';\nconst app = express();\napp.use(measure);\n${lines}app.listen(3000);\n`;

export default defineCases(
  metrics,
  [
    { name: 'none', show: 'bad', files: express({}), expect: { verdict: 'fail', findings: ['- absent'] } },
    {
      name: 'a histogram of requests, served to those with the token',
      show: 'good',
      files: express(
        {
          'src/meter.ts': meter,
          'src/auth.ts':
            'export const requireToken = (req, res, next) => (req.get("authorization") === `Bearer ${process.env.METRICS_TOKEN}` ? next() : res.sendStatus(401));\n',
          'src/server.ts': server(
            "app.get('/metrics', requireToken, async (_, res) => {\n  res.end(await register.metrics());\n});\n",
          ).replace('\n', "\nimport { requireToken } from './auth';\n"),
        },
        prom,
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'anyone may read them',
      show: 'bad',
      files: express(
        {
          'src/meter.ts': meter,
          'src/server.ts': server(
            "app.get('/metrics', async (_, res) => {\n  res.end(await register.metrics());\n});\n",
          ),
        },
        prom,
      ),
      expect: { verdict: 'fail', findings: ['src/server.ts:5 public'] },
    },
    {
      name: 'on a port of its own',
      near: true,
      files: express(
        {
          'src/meter.ts': meter,
          'src/metrics-server.ts':
            "import express from 'express';\nimport { register } from './meter';\nconst inner = express();\ninner.get('/metrics', async (_, res) => {\n  res.end(await register.metrics());\n});\ninner.listen(9100);\n",
          'src/server.ts': server('').replace('\n', "\nimport './metrics-server';\n"),
        },
        prom,
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'recorded and never let out',
      files: express({ 'src/meter.ts': meter, 'src/server.ts': server('') }, prom),
      expect: { verdict: 'fail', findings: ['src/meter.ts:3 unexposed'] },
    },
    {
      name: 'only figures of the process',
      files: express(
        {
          'src/server.ts':
            "import express from 'express';\nimport { collectDefaultMetrics, register } from 'prom-client';\ncollectDefaultMetrics();\nconst app = express();\napp.get('/metrics', async (_, res) => {\n  res.end(await register.metrics());\n});\napp.listen(3000);\n",
        },
        prom,
      ),
      expect: { verdict: 'fail', findings: ['src/server.ts:3 defaults-only'] },
    },
    {
      name: 'counted and not timed',
      files: express(
        {
          'src/server.ts':
            "import express from 'express';\nimport { Counter, register } from 'prom-client';\nconst orders = new Counter({ name: 'orders_total', help: 'x' });\nconst app = express();\napp.post('/orders', (_, res) => {\n  orders.inc();\n  res.end();\n});\napp.get('/metrics', async (_, res) => {\n  res.end(await register.metrics());\n});\napp.listen(3000);\n",
        },
        prom,
      ),
      expect: { verdict: 'fail', findings: ['src/server.ts:3 partial'] },
    },
    {
      name: 'declared and never observed',
      files: express(
        {
          'src/server.ts':
            "import express from 'express';\nimport { Histogram, register } from 'prom-client';\nexport const seconds = new Histogram({ name: 'http_request_duration_seconds', help: 'x' });\nconst app = express();\napp.get('/metrics', async (_, res) => {\n  res.end(await register.metrics());\n});\napp.listen(3000);\n",
        },
        prom,
      ),
      expect: { verdict: 'fail', findings: ['src/server.ts:3 unrecorded'] },
    },
    {
      name: 'a dependency that nothing uses',
      files: express({}, prom),
      expect: { verdict: 'fail', findings: ['package.json:11 declared-only'] },
    },
    {
      name: 'an agent',
      near: true,
      files: express(
        { 'src/server.ts': "import 'newrelic';\nimport express from 'express';\nexpress().listen(3000);\n" },
        { dependencies: { express: '^5.1.0', newrelic: '^13.0.0' } },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a sample of traces counts no requests',
      files: express(
        {
          'src/server.ts':
            "import * as Sentry from '@sentry/node';\nSentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 0.1 });\nimport express from 'express';\nexpress().listen(3000);\n",
        },
        { dependencies: { express: '^5.1.0', '@sentry/node': '^10.0.0' } },
      ),
      expect: { verdict: 'fail', findings: ['- absent'] },
    },
    {
      name: 'a library that measures each request',
      near: true,
      files: express(
        {
          'src/server.ts':
            "import express from 'express';\nimport bundle from 'express-prom-bundle';\nconst app = express();\napp.use(bundle({ includeMethod: true }));\napp.listen(3000);\n",
        },
        { dependencies: { express: '^5.1.0', 'express-prom-bundle': '^8.0.0' } },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a reader for metrics in OpenTelemetry',
      near: true,
      files: nest(
        {
          'src/tracing.ts':
            "import { NodeSDK } from '@opentelemetry/sdk-node';\nimport { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';\nimport { PrometheusExporter } from '@opentelemetry/exporter-prometheus';\nnew NodeSDK({ metricReader: new PrometheusExporter(), instrumentations: [getNodeAutoInstrumentations()] }).start();\n",
          'src/main.ts':
            "import './tracing';\nimport { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nNestFactory.create(AppModule).then((app) => app.listen(3000));\n",
        },
        {
          dependencies: {
            '@nestjs/common': '^11.0.0',
            '@nestjs/core': '^11.0.0',
            '@opentelemetry/sdk-node': '^0.200.0',
            '@opentelemetry/auto-instrumentations-node': '^0.60.0',
            '@opentelemetry/exporter-prometheus': '^0.200.0',
          },
        },
      ),
      expect: { verdict: 'pass' },
    },
    {
      name: 'text that the service writes itself',
      near: true,
      files: express({
        'src/server.ts':
          "import express from 'express';\nconst app = express();\nlet sum = 0;\nlet count = 0;\napp.use((_, res, next) => {\n  const start = Date.now();\n  res.on('finish', () => {\n    sum += Date.now() - start;\n    count += 1;\n  });\n  next();\n});\napp.get('/metrics', (req, res) => {\n  if (req.get('x-scrape') !== process.env.SCRAPE_KEY) return res.sendStatus(401);\n  res.type('text/plain').send(`# TYPE http_request_duration_ms summary\\nhttp_request_duration_ms_sum ${sum}\\nhttp_request_duration_ms_count ${count}\\n`);\n});\napp.listen(3000);\n",
      }),
      expect: { verdict: 'pass' },
    },
  ],
  { alwaysApplies: 'every service that stays up serves or works' },
);
