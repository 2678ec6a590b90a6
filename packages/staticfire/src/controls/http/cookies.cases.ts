import { express, fastify, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { cookies } from './cookies.ts';

const session = { dependencies: { express: '^5.1.0', 'express-session': '^1.18.0' } };
const withSession = (options: string): ReturnType<typeof express> =>
  express(
    {
      'src/server.ts': `import express from 'express';\nimport session from 'express-session';\nconst app = express();\napp.use(session(${options}));\napp.listen(3000);\n`,
    },
    session,
  );
const signIn = (lines: string): ReturnType<typeof express> =>
  express({
    'src/server.ts': `import express from 'express';\nconst app = express();\nconst production = process.env.NODE_ENV === 'production';\napp.post('/sign-in', (req, res) => {\n${lines}  res.end();\n});\napp.listen(3000);\n`,
  });
const route = (lines: string): ReturnType<typeof next> =>
  next({
    'src/app/api/sign-in/route.ts': `import { cookies } from 'next/headers';\nimport { signToken } from '@/tokens';\nexport async function POST() {\n  const token = await signToken();\n${lines}  return Response.json({});\n}\n`,
    'src/tokens.ts': "export const signToken = async () => 'x';\n",
  });

export default defineCases(cookies, [
  {
    name: 'a session with the defaults of its library',
    show: 'bad',
    files: withSession('{ secret: process.env.SECRET, cookie: { maxAge: 3600000 } }'),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 lacking'] },
  },
  {
    name: 'a session with all three',
    show: 'good',
    files: withSession(
      "{ secret: process.env.SECRET, cookie: { secure: process.env.NODE_ENV === 'production', sameSite: 'lax' } }",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a session without SameSite',
    files: withSession("{ secret: process.env.SECRET, cookie: { secure: 'auto' } }"),
    expect: { verdict: 'fail', findings: ['src/server.ts:4 lacking'] },
  },
  {
    name: 'options that are made secure for production afterwards',
    near: true,
    files: express(
      {
        'src/server.ts':
          "import express from 'express';\nimport session from 'express-session';\nconst app = express();\nconst options = { secret: process.env.SECRET, cookie: { secure: false, sameSite: 'lax' } };\nif (process.env.NODE_ENV === 'production') {\n  app.set('trust proxy', 1);\n  options.cookie.secure = true;\n}\napp.use(session(options));\napp.listen(3000);\n",
      },
      session,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a token in a cookie without options',
    files: signIn("  res.cookie('token', req.body.token);\n"),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 lacking'] },
  },
  {
    name: 'a token in a cookie whose options stand elsewhere',
    near: true,
    files: signIn(
      "  const shared = { httpOnly: true, sameSite: 'strict' };\n  res.cookie('refreshToken', req.body.token, { ...shared, secure: production });\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Secure only when a variable asks for it',
    files: signIn(
      "  res.cookie('sid', req.body.id, { httpOnly: true, sameSite: 'lax', secure: process.env.COOKIE_SECURE === 'true' });\n",
    ),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 asked'] },
  },
  {
    name: 'a theme, a language and a token against forgery that the page must read',
    near: true,
    files: signIn(
      "  res.cookie('theme', 'dark');\n  res.cookie('lang', 'en');\n  res.cookie('XSRF-TOKEN', req.body.csrf);\n",
    ),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a session cookie that is taken away',
    near: true,
    files: signIn("  res.cookie('session', '', { maxAge: 0 });\n"),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'Next.js, a token without HttpOnly',
    files: route(
      "  (await cookies()).set('session', token, { secure: process.env.NODE_ENV === 'production', sameSite: 'lax' });\n",
    ),
    expect: { verdict: 'fail', findings: ['src/app/api/sign-in/route.ts:5 lacking'] },
  },
  {
    name: 'Next.js, a variable for the store and one object',
    near: true,
    files: route(
      "  const store = await cookies();\n  store.set({ name: 'session', value: token, httpOnly: true, secure: true, sameSite: 'lax' });\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a map that is no cookie store',
    near: true,
    files: route("  const tokens = new Map();\n  tokens.set('session', token);\n"),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'next-auth by itself',
    near: true,
    files: next(
      {
        'src/app/api/auth/[...nextauth]/route.ts':
          "import NextAuth from 'next-auth';\nconst handler = NextAuth({ providers: [] });\nexport { handler as GET, handler as POST };\n",
      },
      { dependencies: { next: '^16.0.0', react: '^19.0.0', 'next-auth': '^4.24.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'next-auth with secure cookies switched off',
    files: next(
      {
        'src/app/api/auth/[...nextauth]/route.ts':
          "import NextAuth from 'next-auth';\nconst handler = NextAuth({\n  providers: [],\n  useSecureCookies: false,\n});\nexport { handler as GET, handler as POST };\n",
      },
      { dependencies: { next: '^16.0.0', react: '^19.0.0', 'next-auth': '^4.24.0' } },
    ),
    expect: { verdict: 'fail', findings: ['src/app/api/auth/[...nextauth]/route.ts:4 lacking'] },
  },
  {
    name: 'Fastify, with options that its plugin gives every cookie',
    near: true,
    files: fastify(
      {
        'src/server.ts':
          "import cookie from '@fastify/cookie';\nimport Fastify from 'fastify';\nconst app = Fastify();\nawait app.register(cookie, { parseOptions: { httpOnly: true, secure: true, sameSite: 'lax' } });\napp.post('/sign-in', async (request, reply) => {\n  reply.setCookie('session', request.body.id, { path: '/' });\n  return {};\n});\nawait app.listen({ port: 3000 });\n",
      },
      { dependencies: { fastify: '^5.0.0', '@fastify/cookie': '^11.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a header written as text',
    files: signIn("  res.setHeader('Set-Cookie', `session=${req.body.id}; Path=/; HttpOnly`);\n"),
    expect: { verdict: 'fail', findings: ['src/server.ts:5 lacking'] },
  },
  {
    name: 'options that were not followed',
    files: express({
      'src/server.ts':
        "import express from 'express';\nimport { cookieOptions } from 'settings-of-ours';\nconst app = express();\napp.post('/sign-in', (req, res) => {\n  res.cookie('session', req.body.id, cookieOptions);\n  res.end();\n});\napp.listen(3000);\n",
    }),
    expect: { verdict: 'unknown' },
  },
]);
