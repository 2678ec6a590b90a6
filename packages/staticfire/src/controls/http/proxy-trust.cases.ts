import { express, fastify, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { proxyTrustControl } from './proxy-trust.ts';

const server = (lines: string, head = ''): string =>
  `import express from 'express';\n${head}const app = express();\n${lines}\napp.listen(3000);\n`;
const limiter = { dependencies: { express: '^5.1.0', 'express-rate-limit': '^8.0.0' } };

export default defineCases(proxyTrustControl, [
  {
    name: 'every sender is believed',
    show: 'bad',
    files: express({ 'src/server.ts': server("app.set('trust proxy', true);") }),
    expect: { verdict: 'fail', findings: ['src/server.ts:3 unbounded'] },
  },
  {
    name: 'one proxy is believed',
    show: 'good',
    files: express({
      'src/server.ts': server("app.set('trust proxy', 1);\napp.get('/', (req, res) => res.end(req.ip));"),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'switched on without a number',
    files: express({ 'src/server.ts': server("app.enable('trust proxy');") }),
    expect: { verdict: 'fail', findings: ['src/server.ts:3 unbounded'] },
  },
  {
    name: 'Fastify believes every sender',
    files: fastify({
      'src/server.ts':
        "import Fastify from 'fastify';\nconst app = Fastify({ trustProxy: true });\nawait app.listen({ port: 3000 });\n",
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:2 unbounded'] },
  },
  {
    name: 'Fastify believes one network',
    near: true,
    files: fastify({
      'src/server.ts':
        "import Fastify from 'fastify';\nconst app = Fastify({ trustProxy: '10.0.0.0/8' });\nawait app.listen({ port: 3000 });\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the first address of the list, by hand',
    files: express({
      'src/server.ts': server(
        "const ipOf = (req) => req.headers['x-forwarded-for']?.split(',')[0] ?? req.socket.remoteAddress;\napp.get('/', (req, res) => res.end(ipOf(req)));",
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:3 forgeable'] },
  },
  {
    name: 'the last address of the list, by hand',
    near: true,
    files: express({
      'src/server.ts': server(
        "const ipOf = (req) => req.headers['x-forwarded-for']?.split(',').at(-1) ?? req.socket.remoteAddress;\napp.get('/', (req, res) => res.end(ipOf(req)));",
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a library that takes the first address',
    files: express(
      {
        'src/server.ts': server(
          'app.use((req, _, next) => {\n  console.log(getClientIp(req));\n  next();\n});',
          "import { getClientIp } from 'request-ip';\n",
        ),
      },
      { dependencies: { express: '^5.1.0', 'request-ip': '^3.0.0' } },
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 forgeable'] },
  },
  {
    name: 'a limiter that only sees the proxy of the platform',
    files: express(
      {
        'fly.toml': 'app = "shop"\n[http_service]\n  internal_port = 3000\n',
        'src/server.ts': server(
          'app.use(rateLimit({ limit: 10 }));',
          "import { rateLimit } from 'express-rate-limit';\n",
        ),
      },
      limiter,
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 untrusted'] },
  },
  {
    name: 'a limiter with a key of its own',
    near: true,
    files: express(
      {
        'fly.toml': 'app = "shop"\n[http_service]\n  internal_port = 3000\n',
        'src/server.ts': server(
          'app.use(rateLimit({ limit: 10, keyGenerator: (req) => req.user.id }));',
          "import { rateLimit } from 'express-rate-limit';\n",
        ),
      },
      limiter,
    ),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a limiter, and nothing says whether a proxy stands before it',
    files: express(
      {
        'src/server.ts': server(
          'app.use(rateLimit({ limit: 10 }));',
          "import { rateLimit } from 'express-rate-limit';\n",
        ),
      },
      limiter,
    ),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'the platform writes the header itself',
    near: true,
    files: next({
      'vercel.json': '{ "framework": "nextjs" }\n',
      'src/app/api/items/route.ts':
        "export async function GET(request: Request) {\n  const ip = request.headers.get('x-forwarded-for')?.split(',')[0];\n  return Response.json({ ip });\n}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the header is passed on to another service',
    near: true,
    files: express({
      'src/server.ts': server(
        "app.get('/', async (req, res) => {\n  await fetch('https://api.example.com', { headers: { 'x-forwarded-for': 'unknown' } });\n  res.end();\n});",
      ),
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'one of a list of headers',
    files: express({
      'src/server.ts': server(
        "const names = ['x-real-ip', 'x-forwarded-for'];\nconst ipOf = (req) => names.map((name) => req.get(name)).find(Boolean);\napp.get('/', (req, res) => res.end(ipOf(req)));",
      ),
    }),
    expect: { verdict: 'unknown' },
  },
  { name: 'nobody asks for the address', files: express({}), expect: { verdict: 'not-applicable' } },
]);
