import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { storeOutage } from './store-outage.ts';

const limited = (imports: string, made: string, handler: string): Readonly<Record<string, string>> =>
  express({
    'src/server.ts': `import express from 'express';\n${imports}\n${made}\nconst app = express();\napp.post('/orders', async (req, res) => {\n${handler}\n  res.json({});\n});\napp.listen(3000);\n`,
  });
const flexible =
  "import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';\nimport Redis from 'ioredis';";
const made = 'const limiter = new RateLimiterRedis({ storeClient: new Redis(), points: 5 });';
const upstash = "import { Ratelimit } from '@upstash/ratelimit';";

export default defineCases(storeOutage, [
  {
    name: 'another limiter stands in',
    show: 'good',
    files: limited(
      flexible,
      'const limiter = new RateLimiterRedis({ storeClient: new Redis(), points: 5, insuranceLimiter: new RateLimiterMemory({ points: 5 }) });',
      '  try {\n    await limiter.consume(req.ip);\n  } catch {\n    return res.status(429).end();\n  }',
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a broken store answers 429 to everybody',
    show: 'bad',
    files: limited(
      flexible,
      made,
      '  try {\n    await limiter.consume(req.ip);\n  } catch {\n    return res.status(429).end();\n  }',
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:7 errors'] },
  },
  {
    name: 'nothing catches the error',
    files: limited(
      upstash,
      'const limiter = new Ratelimit({});',
      '  const { success } = await limiter.limit(req.ip);\n  if (!success) return res.status(429).end();',
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:6 errors'] },
  },
  {
    name: 'the error is swallowed',
    files: limited(
      upstash,
      'const limiter = new Ratelimit({});',
      '  let allowed = true;\n  try {\n    allowed = (await limiter.limit(req.ip)).success;\n  } catch {\n    allowed = true;\n  }\n  if (!allowed) return res.status(429).end();',
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:7 open'] },
  },
  {
    name: 'it lets requests through and says so',
    near: true,
    files: limited(
      upstash,
      'const limiter = new Ratelimit({});',
      "  let allowed = true;\n  try {\n    allowed = (await limiter.limit(req.ip)).success;\n  } catch (error) {\n    console.error('limiter', error);\n  }\n  if (!allowed) return res.status(429).end();",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'requests pass by an option',
    near: true,
    files: express({
      'src/server.ts':
        "import express from 'express';\nimport { rateLimit } from 'express-rate-limit';\nimport { RedisStore } from 'rate-limit-redis';\nconst app = express();\napp.use(rateLimit({ limit: 5, store: new RedisStore({}), passOnStoreError: true }));\napp.post('/orders', (req, res) => res.json({}));\napp.listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'it counts in memory',
    near: true,
    files: limited(
      flexible,
      'const limiter = new RateLimiterMemory({ points: 5 });',
      '  await limiter.consume(req.ip);',
    ),
    expect: { verdict: 'not-applicable' },
  },
]);
