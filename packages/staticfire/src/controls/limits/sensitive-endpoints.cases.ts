import { express, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { sensitiveEndpoints } from './sensitive-endpoints.ts';

const server = (body: string): string =>
  `import express from 'express';\nimport { rateLimit } from 'express-rate-limit';\nconst app = express();\n${body}\napp.listen(3000);\n`;
const others =
  "app.get('/a', (req, res) => res.end());\napp.get('/b', (req, res) => res.end());\napp.get('/c', (req, res) => res.end());";

export default defineCases(sensitiveEndpoints, [
  {
    name: 'signing in has a limit of its own',
    show: 'good',
    files: express({
      'src/server.ts': server(
        `app.post('/login', rateLimit({ windowMs: 60_000, limit: 5 }), (req, res) => res.json({}));\n${others}`,
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'signing in has only the limit of all',
    show: 'bad',
    files: express({
      'src/server.ts': server(
        `app.use(rateLimit({ windowMs: 60_000, limit: 5000 }));\napp.post('/login', (req, res) => res.json({}));\n${others}`,
      ),
    }),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 guessing'] },
  },
  {
    name: 'every call asks a language model',
    files: next({
      'src/app/api/chat/route.ts':
        "import OpenAI from 'openai';\nconst client = new OpenAI();\nexport async function POST() {\n  return Response.json(await client.chat.completions.create({ model: 'small', messages: [] }));\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/app/api/chat/route.ts:3 expensive'] },
  },
  {
    name: 'credentials of Auth.js without a limit',
    files: next({
      'src/app/api/auth/[...nextauth]/route.ts':
        "import NextAuth from 'next-auth';\nimport CredentialsProvider from 'next-auth/providers/credentials';\nconst handler = NextAuth({ providers: [CredentialsProvider({ name: 'password', credentials: {}, async authorize(given) { return find(given); } })] });\nfunction find(given) { return given; }\nexport { handler as GET, handler as POST };\n",
    }),
    expect: { verdict: 'fail', findings: ['src/app/api/auth/[...nextauth]/route.ts:3 guessing'] },
  },
  {
    name: 'the handler of signing in counts attempts',
    near: true,
    files: express({
      'src/attempts.ts':
        "const hits = new Map();\nexport function checkLoginAttempts(key) {\n  const count = (hits.get(key) ?? 0) + 1;\n  hits.set(key, count);\n  if (count > 5) throw new Error('too many');\n}\n",
      'src/server.ts': `import express from 'express';\nimport { checkLoginAttempts } from './attempts';\nconst app = express();\napp.post('/login', (req, res) => {\n  checkLoginAttempts(req.ip);\n  res.json({});\n});\n${others}\napp.listen(3000);\n`,
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'paths that only sound like signing in',
    near: true,
    files: express({
      'src/server.ts': server(
        "app.get('/login', (req, res) => res.send('<form>'));\napp.post('/registers-of-goods', (req, res) => res.json({}));",
      ),
    }),
    expect: { verdict: 'not-applicable' },
  },
]);
