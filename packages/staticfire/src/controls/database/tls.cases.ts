import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { tls } from './tls.ts';

const fields = { dependencies: { express: '^5.1.0', pg: '^8.16.0', ioredis: '^5.0.0' } };
const server =
  "import express from 'express';\nimport { db } from './db';\nconst app = express();\napp.get('/', async (_, res) => res.json(await db.query('select 1')));\napp.listen(3000);\n";
const pool = (ssl: string): string =>
  `import { Pool } from 'pg';\nconst live = process.env.NODE_ENV === 'production';\nexport const db = new Pool({\n  connectionString: process.env.DATABASE_URL,\n  ssl: ${ssl},\n});\n`;

export default defineCases(tls, [
  {
    name: 'verification is off in production',
    show: 'bad',
    files: express(
      { 'src/server.ts': server, 'src/db.ts': pool('live ? { rejectUnauthorized: false } : false') },
      fields,
    ),
    expect: { verdict: 'fail', findings: ['src/db.ts:5 off'] },
  },
  {
    name: 'the certificate authority is given',
    show: 'good',
    files: express({ 'src/server.ts': server, 'src/db.ts': pool('{ ca: process.env.DATABASE_CA }') }, fields),
    expect: { verdict: 'pass' },
  },
  {
    name: 'off in development only',
    near: true,
    files: express(
      { 'src/server.ts': server, 'src/db.ts': pool('live ? true : { rejectUnauthorized: false }') },
      fields,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'off only when the address asks for it by name',
    near: true,
    files: express(
      {
        'src/server.ts': server,
        'src/db.ts':
          "import { Pool } from 'pg';\nfunction ssl(mode: string | null) {\n  switch (mode) {\n    case 'accept_invalid_certs':\n      return { rejectUnauthorized: false };\n    default:\n      return { rejectUnauthorized: true };\n  }\n}\nconst url = new URL(process.env.DATABASE_URL ?? '');\nexport const db = new Pool({ connectionString: url.href, ssl: ssl(url.searchParams.get('ssl')) });\n",
      },
      fields,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'off whatever the mode is: one case falls through to the next',
    files: express(
      {
        'src/server.ts': server,
        'src/db.ts':
          "import { Pool } from 'pg';\nfunction ssl(mode: string | null) {\n  switch (mode) {\n    case 'require':\n    case 'insecure':\n      return { rejectUnauthorized: false };\n    default:\n      return true;\n  }\n}\nconst url = new URL(process.env.DATABASE_URL ?? '');\nexport const db = new Pool({ connectionString: url.href, ssl: ssl(url.searchParams.get('ssl')) });\n",
      },
      fields,
    ),
    expect: { verdict: 'fail', findings: ['src/db.ts:6 off'] },
  },
  {
    name: 'off in the usual modes of an address',
    files: express(
      {
        'src/server.ts': server,
        'src/db.ts':
          "import { Pool } from 'pg';\nfunction ssl(mode: string | null) {\n  if (!mode) return false;\n  if (mode === 'require' || mode === 'allow') {\n    return { rejectUnauthorized: false };\n  }\n  return { rejectUnauthorized: true };\n}\nconst url = new URL(process.env.DATABASE_URL ?? '');\nexport const db = new Pool({ connectionString: url.href, ssl: ssl(url.searchParams.get('sslmode')) });\n",
      },
      fields,
    ),
    expect: { verdict: 'fail', findings: ['src/db.ts:5 off'] },
  },
  {
    name: 'off for an HTTP agent, which is another matter',
    near: true,
    files: express(
      {
        'src/server.ts': server,
        'src/db.ts': `${pool('true')}import https from 'node:https';\nexport const agent = new https.Agent({ rejectUnauthorized: false });\n`,
      },
      fields,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'off while a variable is unset',
    files: express(
      { 'src/server.ts': server, 'src/db.ts': pool("{ rejectUnauthorized: process.env.DATABASE_VERIFY === 'true' }") },
      fields,
    ),
    expect: { verdict: 'fail', findings: ['src/db.ts:5 unless-set'] },
  },
  {
    name: 'off for the whole process, in the image',
    files: express(
      {
        'src/server.ts': server,
        'src/db.ts': pool('true'),
        Dockerfile: 'FROM node:24-slim\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\nCMD ["node", "dist/server.js"]\n',
      },
      fields,
    ),
    expect: { verdict: 'fail', findings: ['Dockerfile:2 process'] },
  },
  {
    name: 'an address in the tracked settings of production',
    files: express(
      {
        'src/server.ts': server,
        'src/db.ts': pool('undefined'),
        '.env.production': 'DATABASE_URL=postgres://app@db.example.com:5432/shop?sslmode=no-verify\n',
      },
      fields,
    ),
    expect: { verdict: 'fail', findings: ['.env.production:1 address'] },
  },
  {
    name: 'no data store',
    files: express({}),
    expect: { verdict: 'not-applicable' },
  },
]);
