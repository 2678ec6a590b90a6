import { express, nest, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { placeholderDefaults } from './placeholder-defaults.ts';

const server = (first: string): string =>
  `${first}\nimport express from 'express';\nconst app = express();\napp.listen(3000);\n`;
const one = (text: string): Readonly<Record<string, string>> =>
  express({ 'src/server.ts': server("import './settings';"), 'src/settings.ts': text });
const main = (text: string): Readonly<Record<string, string>> =>
  node({
    'src/main.ts': `import { createServer } from 'node:http';\n${text}\ncreateServer((_, res) => res.end('ok')).listen(3000);\n`,
  });

export default defineCases(placeholderDefaults, [
  {
    name: 'a signing secret without a fallback',
    show: 'good',
    files: one('export const secret = process.env.JWT_SECRET;\n'),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a signing secret that falls back to a text',
    show: 'bad',
    files: one("export const secret = process.env.JWT_SECRET || 'keep-this-quiet';\n"),
    expect: { verdict: 'fail', findings: ['src/settings.ts:1 literal'] },
  },
  {
    name: 'a password with a default in a destructuring',
    files: one(
      "const { DB_PASSWORD = 'hunter2', DB_PORT = '5432' } = process.env;\nexport const db = { password: DB_PASSWORD, port: DB_PORT };\n",
    ),
    expect: { verdict: 'fail', findings: ['src/settings.ts:1 literal'] },
  },
  {
    name: 'a default given to a reader of variables',
    files: one(
      "const read = (name: string, fallback?: string) => process.env[name] ?? fallback;\nexport const region = read('REGION', 'eu');\nexport const secret = read('SESSION_SECRET', 'cat keyboard');\n",
    ),
    expect: { verdict: 'fail', findings: ['src/settings.ts:3 literal'] },
  },
  {
    name: 'a schema with a default for a secret',
    files: one(
      "import { z } from 'zod';\nexport const env = z\n  .object({\n    COOKIE_SECRET: z.string().default('sweet-cookie'),\n    LOG_LEVEL: z.string().default('info'),\n  })\n  .parse(process.env);\n",
    ),
    expect: { verdict: 'fail', findings: ['src/settings.ts:4 literal'] },
  },
  {
    name: 'the default stands in a constant of another file',
    files: express({
      'src/server.ts': server("import './settings';"),
      'src/constants.ts': "export const fallbackKey = 'b7d1f0';\n",
      'src/settings.ts':
        "import { fallbackKey } from './constants';\nexport const key = process.env.ENCRYPTION_KEY ?? fallbackKey;\n",
    }),
    expect: { verdict: 'fail', findings: ['src/settings.ts:2 literal'] },
  },
  {
    name: 'a database address with a user and a password',
    files: one("export const url = process.env.DATABASE_URL ?? 'postgres://app:app@localhost:5432/app';\n"),
    expect: { verdict: 'fail', findings: ['src/settings.ts:1 literal'] },
  },
  {
    name: 'a secret hashed from a constant',
    files: one(
      "import { createHash } from 'node:crypto';\nexport const key = process.env.SIGNING_SECRET ?? createHash('sha256').update('shop-service').digest('hex');\n",
    ),
    expect: { verdict: 'fail', findings: ['src/settings.ts:2 derived'] },
  },
  {
    name: 'a missing secret is written into the environment',
    files: main("if (!process.env.AUTH_SECRET) {\n  process.env.AUTH_SECRET = 'not-so-secret';\n}"),
    expect: { verdict: 'fail', findings: ['src/main.ts:3 written'] },
  },
  {
    name: 'an early return of a text where the secret is missing',
    files: one(
      "export function secret(): string {\n  const value = process.env.JWT_SECRET;\n  if (!value) return 'development-only';\n  return value;\n}\nsecret();\n",
    ),
    expect: { verdict: 'fail', findings: ['src/settings.ts:3 literal'] },
  },
  {
    name: 'ConfigService with a default',
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { ConfigService } from '@nestjs/config';\n@Module({})\nexport class AppModule {\n  constructor(private readonly config: ConfigService) {\n    console.log(this.config.get('LOG_LEVEL', 'info'), this.config.get<string>('JWT_SECRET', 'nest-egg').length);\n  }\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/app.module.ts:6 literal'] },
  },
  {
    name: 'an empty text as the key of a signature',
    files: one(
      "import { createHmac } from 'node:crypto';\nconst key = process.env.WEBHOOK_SECRET ?? '';\nexport const sign = (body: string) => createHmac('sha256', key).update(body).digest('hex');\nsign('hello');\n",
    ),
    expect: { verdict: 'fail', findings: ['src/settings.ts:2 empty'] },
  },
  {
    name: 'a dummy for the key of a third party',
    files: one("export const mail = { apiKey: process.env.MAIL_API_KEY || 'dummy-key' };\n"),
    expect: { verdict: 'fail', findings: ['src/settings.ts:1 stand-in'] },
  },
  {
    name: 'the refresh secret falls back to the access secret',
    files: one(
      'export const access = process.env.JWT_SECRET;\nexport const refresh = process.env.JWT_REFRESH_SECRET ?? process.env.JWT_SECRET;\n',
    ),
    expect: { verdict: 'fail', findings: ['src/settings.ts:2 shared'] },
  },
  {
    name: 'a compose file that starts the service with a literal secret',
    files: express({
      'src/server.ts': server("import './settings';"),
      'src/settings.ts': 'export const secret = process.env.JWT_SECRET;\n',
      'docker-compose.yml':
        'services:\n  shop:\n    build: .\n    environment:\n      NODE_ENV: production\n      JWT_SECRET: rather-literal\n',
      Dockerfile: 'FROM node:22\nCOPY . .\nCMD ["node", "dist/server.js"]\n',
    }),
    expect: { verdict: 'fail', findings: ['docker-compose.yml:6 deployed'] },
  },
  {
    name: 'the compose file takes the secret from outside',
    near: true,
    files: express({
      'src/server.ts': server("import './settings';"),
      'src/settings.ts': 'export const secret = process.env.JWT_SECRET;\n',
      'docker-compose.yml': 'services:\n  shop:\n    build: .\n    environment:\n      JWT_SECRET: ${JWT_SECRET}\n',
      Dockerfile: 'FROM node:22\nCOPY . .\nCMD ["node", "dist/server.js"]\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a literal address in the Prisma schema',
    files: express({
      'src/server.ts': server(
        "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();",
      ),
      'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url      = "file:./app.db"\n}\n',
    }),
    expect: { verdict: 'fail', findings: ['prisma/schema.prisma:3 address'] },
  },
  {
    name: 'a fallback that only development gets',
    near: true,
    files: one(
      "const dev = process.env.NODE_ENV !== 'production';\nexport function secret(): string {\n  if (process.env.JWT_SECRET) return process.env.JWT_SECRET;\n  if (dev) return 'local';\n  throw new Error('JWT_SECRET');\n}\nexport const salt = process.env.NODE_ENV === 'production' ? process.env.HASH_SALT : (process.env.HASH_SALT ?? 'local');\nsecret();\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a fallback behind a check at boot',
    near: true,
    files: main(
      "if (!process.env.SESSION_SECRET) throw new Error('SESSION_SECRET');\nexport const secret = process.env.SESSION_SECRET || 'never-used';",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'defaults of what is no secret',
    near: true,
    files: one(
      "export const settings = {\n  expires: process.env.JWT_EXPIRES_IN || '15m',\n  header: process.env.API_KEY_HEADER ?? 'x-api-key',\n  cookie: process.env.SESSION_COOKIE_NAME || 'sid',\n  redis: process.env.REDIS_URL ?? 'redis://localhost:6379',\n  mongo: process.env.MONGO_URL ?? 'mongodb://localhost:27017/app',\n  model: process.env.OPENAI_MODEL || 'gpt',\n  key: process.env.OPENAI_API_KEY,\n  stripePublishable: process.env.STRIPE_PUBLISHABLE_KEY || 'pk_test',\n};\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a random secret for this run alone',
    near: true,
    files: one(
      "import { randomBytes } from 'node:crypto';\nexport const secret = process.env.SESSION_SECRET ?? randomBytes(32).toString('hex');\n",
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'two names of one secret',
    near: true,
    files: one(
      'export const secret = process.env.AUTH_SECRET ?? process.env.NEXTAUTH_SECRET;\nexport const other = process.env.NEXTAUTH_SECRET;\n',
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a fallback in code that nothing loads',
    near: true,
    files: express({
      'src/server.ts': server("import './settings';"),
      'src/settings.ts': 'export const secret = process.env.JWT_SECRET;\n',
      'src/old.ts': "export const secret = process.env.JWT_SECRET || 'from-the-old-days';\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no secret in the environment',
    files: main("export const level = process.env.LOG_LEVEL ?? 'info';"),
    expect: { verdict: 'not-applicable' },
  },
]);
