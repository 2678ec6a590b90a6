import { express, nest, next, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { bootValidation } from './boot-validation.ts';

const server = (first: string, rest = ''): string =>
  `${first}\nimport express from 'express';\nconst app = express();\n${rest}app.listen(3000);\n`;
const reading =
  "import pg from 'pg';\nexport const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\nexport const key = process.env.JWT_SECRET;\n";
const zodEnv =
  "import { z } from 'zod';\nconst schema = z.object({\n  DATABASE_URL: z.string().url(),\n  JWT_SECRET: z.string().min(32),\n  LOG_LEVEL: z.string().default('info'),\n});\n";
const zod = { dependencies: { express: '^5.1.0', zod: '^4.0.0' } };

export default defineCases(bootValidation, [
  {
    name: 'a zod schema parsed by the first import of the entry',
    show: 'good',
    files: express(
      {
        'src/server.ts': server("import { env } from './env';\nimport './db';"),
        'src/env.ts': `${zodEnv}export const env = schema.parse(process.env);\n`,
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no check at all',
    show: 'bad',
    files: express({ 'src/server.ts': server("import './db';"), 'src/db.ts': reading }),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'a schema in a module that nothing imports',
    files: express(
      {
        'src/server.ts': server("import './db';"),
        'src/env.ts': `${zodEnv}export const env = schema.parse(process.env);\n`,
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'fail', findings: ['src/env.ts:7 dead'] },
  },
  {
    name: 'a check behind a bootstrap module that nothing imports',
    files: express({
      'src/server.ts': server("import './db';"),
      'src/boot.ts': "import { checkEnv } from './check';\ncheckEnv();\n",
      'src/check.ts':
        "const names = ['DATABASE_URL', 'JWT_SECRET', 'MAIL_KEY'];\nexport function checkEnv() {\n  const missing = names.filter((name) => !process.env[name]);\n  if (missing.length > 0) throw new Error(missing.join());\n}\n",
      'src/db.ts': reading,
    }),
    expect: { verdict: 'fail', findings: ['src/check.ts:3 dead'] },
  },
  {
    name: 'a function that checks, imported and never called',
    files: express(
      {
        'src/server.ts': server("import { levels } from './env';\nimport './db';", 'console.log(levels);\n'),
        'src/env.ts': `${zodEnv}export const levels = ['info'];\nexport function checkEnv() {\n  return schema.parse(process.env);\n}\n`,
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'fail', findings: ['src/env.ts:9 uncalled'] },
  },
  {
    name: 'safeParse that ends the process',
    files: express(
      {
        'src/server.ts': server("import './env';\nimport './db';"),
        'src/env.ts': `${zodEnv}const parsed = schema.safeParse(process.env);\nif (!parsed.success) {\n  console.error(parsed.error);\n  process.exit(1);\n}\n`,
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'safeParse that only warns',
    files: express(
      {
        'src/server.ts': server("import './env';\nimport './db';"),
        'src/env.ts': `${zodEnv}const parsed = schema.safeParse(process.env);\nif (!parsed.success) console.warn(parsed.error);\n`,
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'fail', findings: ['src/env.ts:7 lenient'] },
  },
  {
    name: 'a parse whose error is caught and logged',
    files: express(
      {
        'src/server.ts': server("import { load } from './env';\nimport './db';", 'load();\n'),
        'src/env.ts': `${zodEnv}export function load() {\n  try {\n    return schema.parse(process.env);\n  } catch (error) {\n    console.error(error);\n    return process.env;\n  }\n}\n`,
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'fail', findings: ['src/env.ts:9 lenient'] },
  },
  {
    name: 'missing variables are filled in',
    files: express({
      'src/server.ts': server("import { prepare } from './env';\nimport './db';", 'prepare();\n'),
      'src/env.ts':
        "const names = ['DATABASE_URL', 'JWT_SECRET', 'MAIL_KEY'];\nexport function prepare() {\n  for (const name of names) {\n    if (!process.env[name]) {\n      process.env[name] = `temporary-${name}`;\n    }\n  }\n  const missing = names.filter((name) => !process.env[name]);\n  if (missing.length > 0) throw new Error('incomplete');\n}\n",
      'src/db.ts': reading,
    }),
    expect: { verdict: 'fail', findings: ['src/env.ts:5 injected'] },
  },
  {
    name: 'a schema in which everything is optional',
    files: express(
      {
        'src/server.ts': server("import './env';\nimport './db';"),
        'src/env.ts':
          "import { z } from 'zod';\nconst schema = z.object({ DATABASE_URL: z.string().optional(), JWT_SECRET: z.string().optional() });\nexport const env = schema.parse(process.env);\n",
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'fail', findings: ['src/env.ts:3 optional'] },
  },
  {
    name: 'Next.js: a schema that only a route imports',
    files: next({
      'src/lib/env.ts': `${zodEnv}export const env = schema.parse(process.env);\n`,
      'src/app/api/items/route.ts':
        "import { env } from '@/lib/env';\nexport async function GET() {\n  return Response.json([env.LOG_LEVEL, process.env.JWT_SECRET]);\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/lib/env.ts:7 lazy'] },
  },
  {
    name: 'Next.js: the same schema loaded by instrumentation',
    files: next({
      'src/instrumentation.ts': "export async function register() {\n  await import('./lib/env');\n}\n",
      'src/lib/env.ts': `${zodEnv}export const env = schema.parse(process.env);\n`,
      'src/app/api/items/route.ts':
        'export async function GET() {\n  return Response.json([process.env.JWT_SECRET]);\n}\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Next.js: t3-env imported by the configuration, with its usual switch for builds',
    files: next(
      {
        'next.config.mjs': "import './src/env.mjs';\nexport default {};\n",
        'src/env.mjs':
          "import { createEnv } from '@t3-oss/env-nextjs';\nimport { z } from 'zod';\nexport const env = createEnv({\n  server: { DATABASE_URL: z.string().url(), AUTH_SECRET: z.string().min(1) },\n  runtimeEnv: { DATABASE_URL: process.env.DATABASE_URL, AUTH_SECRET: process.env.AUTH_SECRET },\n  skipValidation: !!process.env.SKIP_ENV_VALIDATION,\n});\n",
      },
      { dependencies: { next: '^16.0.0', react: '^19.0.0', '@t3-oss/env-nextjs': '^0.13.0', zod: '^4.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'NestJS: Joi through the ConfigModule',
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { ConfigModule } from '@nestjs/config';\nimport * as Joi from 'joi';\nconst schema = Joi.object({ DATABASE_URL: Joi.string().required(), JWT_SECRET: Joi.string().min(32).required(), PORT: Joi.number().default(3000) });\n@Module({ imports: [ConfigModule.forRoot({ isGlobal: true, validationSchema: schema })] })\nexport class AppModule {}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'NestJS: a class of variables behind validate',
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { ConfigModule } from '@nestjs/config';\nimport { check } from './check';\n@Module({ imports: [ConfigModule.forRoot({ validate: check })] })\nexport class AppModule {}\n",
      'src/check.ts':
        "import { plainToInstance } from 'class-transformer';\nimport { IsNotEmpty, IsOptional, IsString, validateSync } from 'class-validator';\nclass Variables {\n  @IsString() @IsNotEmpty() DATABASE_URL: string;\n  @IsString() JWT_SECRET: string;\n  @IsOptional() @IsString() MAIL_FROM?: string;\n}\nexport function check(config: Record<string, unknown>) {\n  const variables = plainToInstance(Variables, config);\n  const errors = validateSync(variables);\n  if (errors.length > 0) throw new Error(errors.toString());\n  return variables;\n}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'NestJS: Joi in which nothing is required',
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { ConfigModule, ConfigService } from '@nestjs/config';\nimport Joi from 'joi';\n@Module({ imports: [ConfigModule.forRoot({ validationSchema: Joi.object({ DATABASE_URL: Joi.string(), JWT_SECRET: Joi.string() }) })] })\nexport class AppModule {\n  constructor(private readonly config: ConfigService) {\n    console.log(this.config.get('JWT_SECRET').length);\n  }\n}\n",
    }),
    expect: { verdict: 'fail', findings: ['src/app.module.ts:4 optional'] },
  },
  {
    name: 'envalid in bootstrap()',
    files: express({
      'src/server.ts':
        "import express from 'express';\nimport { cleanEnv, str, url } from 'envalid';\nfunction bootstrap() {\n  const env = cleanEnv(process.env, { DATABASE_URL: url(), JWT_SECRET: str(), REGION: str({ default: 'eu' }) });\n  const app = express();\n  app.listen(3000, () => console.log(env.REGION));\n}\nbootstrap();\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a list of names that ends the process',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nconst required = ['DATABASE_URL', 'SESSION_SECRET'];\nfor (const name of required) {\n  if (!process.env[name]) {\n    console.error(`${name} is missing`);\n    process.exit(1);\n  }\n}\ncreateServer((_, res) => res.end(process.env.SESSION_SECRET)).listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a reader that throws, used for each variable at boot',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport { config } from './config.ts';\ncreateServer((_, res) => res.end(config.secret)).listen(3000);\n",
      'src/config.ts':
        "function must(name: string): string {\n  const value = process.env[name];\n  if (!value) throw new Error(name);\n  return value;\n}\nexport const config = { database: must('DATABASE_URL'), secret: must('SESSION_SECRET') };\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the reader is only called when a request comes',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport { must } from './config.ts';\ncreateServer((_, res) => res.end(must('SESSION_SECRET') + must('DATABASE_URL'))).listen(3000);\n",
      'src/config.ts':
        'export function must(name: string): string {\n  const value = process.env[name];\n  if (!value) throw new Error(name);\n  return value;\n}\n',
    }),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'one variable of many is checked',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nif (!process.env.SESSION_SECRET) throw new Error('SESSION_SECRET');\nconst all = [process.env.DATABASE_URL, process.env.MAIL_KEY, process.env.QUEUE_URL, process.env.SESSION_SECRET];\ncreateServer((_, res) => res.end(all.join())).listen(3000);\n",
    }),
    expect: { verdict: 'fail', findings: ['src/main.ts:2 partial'] },
  },
  {
    name: 'a check that production skips',
    files: express(
      {
        'src/server.ts': server("import './env';\nimport './db';"),
        'src/env.ts': `${zodEnv}if (process.env.NODE_ENV !== 'production') {\n  schema.parse(process.env);\n}\n`,
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'fail', findings: ['src/env.ts:8 skipped'] },
  },
  {
    name: 'tests skip the check, production does not',
    near: true,
    files: express(
      {
        'src/server.ts': server("import './env';\nimport './db';"),
        'src/env.ts': `${zodEnv}if (process.env.NODE_ENV !== 'test') {\n  schema.parse(process.env);\n}\n`,
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a request body parsed by a schema is no check of the environment',
    near: true,
    files: express(
      {
        'src/server.ts': server(
          "import { z } from 'zod';\nimport './db';",
          "const body = z.object({ name: z.string() });\napp.post('/', (req, res) => res.json(body.parse(req.body)));\n",
        ),
        'src/db.ts': reading,
      },
      zod,
    ),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'Joi in CommonJS, its error thrown',
    files: express(
      {
        'src/server.js':
          "const express = require('express');\nconst config = require('./config');\nconst app = express();\napp.listen(config.port);\n",
        'src/config.js':
          "const Joi = require('joi');\nconst schema = Joi.object()\n  .keys({ PORT: Joi.number().default(3000), MONGO_URL: Joi.string().required(), JWT_SECRET: Joi.string().required() })\n  .unknown();\nconst { value: vars, error } = schema.prefs({ errors: { label: 'key' } }).validate(process.env);\nif (error) {\n  throw new Error(error.message);\n}\nmodule.exports = { port: vars.PORT, mongo: vars.MONGO_URL, secret: vars.JWT_SECRET };\n",
        'src/server.ts': '',
      },
      { scripts: { start: 'node src/server.js' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'NestJS: each part of the configuration checks its own variables',
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { ConfigModule } from '@nestjs/config';\nimport database from './database.config';\n@Module({ imports: [ConfigModule.forRoot({ load: [database] })] })\nexport class AppModule {}\n",
      'src/database.config.ts':
        "import { registerAs } from '@nestjs/config';\nimport { IsString } from 'class-validator';\nimport check from './check';\nclass DatabaseVariables {\n  @IsString() DATABASE_URL: string;\n}\nexport default registerAs('database', () => {\n  check(process.env, DatabaseVariables);\n  return { url: process.env.DATABASE_URL };\n});\n",
      'src/check.ts':
        "import { plainToClass } from 'class-transformer';\nimport { validateSync } from 'class-validator';\nfunction check(config: Record<string, unknown>, variables: any) {\n  const made = plainToClass(variables, config, { enableImplicitConversion: true });\n  const errors = validateSync(made, { skipMissingProperties: false });\n  if (errors.length > 0) throw new Error(errors.toString());\n  return made;\n}\nexport default check;\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'NestJS: getOrThrow in a factory',
    files: nest({
      'src/app.module.ts':
        "import { Module } from '@nestjs/common';\nimport { ConfigModule, ConfigService } from '@nestjs/config';\nimport { JwtModule } from '@nestjs/jwt';\n@Module({\n  imports: [\n    ConfigModule.forRoot(),\n    JwtModule.registerAsync({ inject: [ConfigService], useFactory: (config: ConfigService) => ({ secret: config.getOrThrow('JWT_SECRET') }) }),\n  ],\n  providers: [{ provide: 'DATABASE', inject: [ConfigService], useFactory: (config: ConfigService) => config.getOrThrow('DATABASE_URL') }],\n})\nexport class AppModule {}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'env-var',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport env from 'env-var';\nconst database = env.get('DATABASE_URL').required().asUrlString();\nconst secret = env.get('SESSION_SECRET').required().asString();\ncreateServer((_, res) => res.end(database + secret)).listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'convict, told to validate',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport convict from 'convict';\nconst config = convict({\n  database: { url: { format: String, default: null, env: 'DATABASE_URL' } },\n  secret: { format: String, default: null, env: 'SESSION_SECRET' },\n});\nconfig.validate({ allowed: 'strict' });\ncreateServer((_, res) => res.end(config.get('secret'))).listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a fallback that throws',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nconst fail = (name: string): never => {\n  throw new Error(name);\n};\nconst database = process.env.DATABASE_URL ?? fail('DATABASE_URL');\nconst secret = process.env.SESSION_SECRET || fail('SESSION_SECRET');\ncreateServer((_, res) => res.end(database + secret)).listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a function that is given the environment and hands back what is wrong, and a caller that ends the process',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport { faults } from './faults.ts';\nconst found = faults(process.env);\nif (found.length > 0) {\n  console.error(found);\n  process.exit(1);\n}\ncreateServer((_, res) => res.end(process.env.SESSION_SECRET)).listen(3000);\n",
      'src/faults.ts':
        "export function faults(env: NodeJS.ProcessEnv): string[] {\n  const found: string[] = [];\n  for (const name of ['DATABASE_URL', 'SESSION_SECRET', 'MAIL_KEY']) {\n    if (!env[name]) found.push(name);\n  }\n  return found;\n}\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'TypeBox, and what it says thrown',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport { Type } from '@sinclair/typebox';\nimport { Value } from '@sinclair/typebox/value';\nconst Schema = Type.Object({ DATABASE_URL: Type.String(), SESSION_SECRET: Type.String(), REGION: Type.Optional(Type.String()) });\nconst env = Value.Parse(Schema, process.env);\ncreateServer((_, res) => res.end(env.SESSION_SECRET)).listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'valibot',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport * as v from 'valibot';\nconst env = v.parse(v.object({ DATABASE_URL: v.string(), REGION: v.optional(v.string(), 'eu') }), process.env);\ncreateServer((_, res) => res.end(env.DATABASE_URL)).listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'ArkType, its errors thrown',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\nimport { type } from 'arktype';\nconst Env = type({ DATABASE_URL: 'string', SESSION_SECRET: 'string >= 32', 'REGION?': 'string' });\nconst env = Env(process.env);\nif (env instanceof type.errors) throw new Error(env.summary);\ncreateServer((_, res) => res.end(env.SESSION_SECRET)).listen(3000);\n",
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'members gathered by hand before they are parsed',
    files: express(
      {
        'src/server.ts': server("import { env } from './env';"),
        'src/env.ts':
          "import { z } from 'zod';\nexport const env = z\n  .object({ url: z.string(), secret: z.string() })\n  .parse({ url: process.env.DATABASE_URL, secret: process.env.JWT_SECRET });\n",
      },
      zod,
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'every variable has a default',
    files: node({
      'src/main.ts':
        "import { createServer } from 'node:http';\ncreateServer((_, res) => res.end('ok')).listen(Number(process.env.PORT ?? 3000), process.env.LISTEN_ADDRESS || '0.0.0.0');\n",
    }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'dotenv-safe, required and called in one expression',
    near: true,
    files: node(
      {
        '.env.example': 'API_TOKEN=\n',
        'src/main.js':
          "require('dotenv-safe').config({ example: '.env.example' });\nconst { createServer } = require('node:http');\nconst token = process.env.API_TOKEN;\ncreateServer((_, res) => res.end(token)).listen(3000);\n",
      },
      { type: 'commonjs', scripts: { start: 'node src/main.js' }, dependencies: { 'dotenv-safe': '^9.0.0' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a function that does without what it cannot read in its argument',
    near: true,
    files: {
      'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node src/main.js' } }),
      'src/quota.js':
        'module.exports = function quota(text) {\n  const parts = /^(\\d+) per (\\d+)$/.exec(text);\n  if (!parts) {\n    return () => true;\n  }\n  return (used) => used < Number(parts[1]);\n};\n',
      'src/main.js':
        "const { createServer } = require('node:http');\nconst allows = require('./quota')(process.env.QUOTA);\ncreateServer((_, res) => res.end(String(allows(1)))).listen(3000);\n",
    },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'a class of settings that throws on what is missing, asked while Nest starts',
    near: true,
    files: nest(
      {
        'src/app.module.ts':
          "import { Module } from '@nestjs/common';\nimport { ConfigModule } from '@nestjs/config';\nimport { JwtModule } from '@nestjs/jwt';\nimport { Settings } from './settings';\n@Module({\n  imports: [\n    ConfigModule.forRoot(),\n    JwtModule.registerAsync({ inject: [Settings], useFactory: (settings: Settings) => ({ secret: settings.tokens.secret }) }),\n  ],\n  providers: [Settings],\n})\nexport class AppModule {}\n",
        'src/settings.ts':
          "import { Injectable } from '@nestjs/common';\nimport { ConfigService } from '@nestjs/config';\n@Injectable()\nexport class Settings {\n  constructor(private readonly config: ConfigService) {}\n  private text(key: string): string {\n    const value = this.config.get<string>(key);\n    if (value === undefined) throw new Error(`${key} is not set`);\n    return value;\n  }\n  get tokens() {\n    return { secret: this.text('JWT_SECRET'), issuer: this.text('JWT_ISSUER') };\n  }\n}\n",
      },
      {
        dependencies: {
          '@nestjs/common': '^11.0.0',
          '@nestjs/core': '^11.0.0',
          '@nestjs/config': '^4.0.0',
          '@nestjs/jwt': '^11.0.0',
        },
      },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'only known stand-ins are refused',
    files: express({
      'src/server.ts': server("import './known';\nimport './db';"),
      'src/known.ts':
        "const known = { DATABASE_URL: 'changeme', JWT_SECRET: 'secret' };\nconst used = Object.entries(known).filter(([name, text]) => process.env[name] === text);\nif (used.length > 0) throw new Error('change them');\n",
      'src/db.ts': reading,
    }),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'a function of a package that asserts each variable at boot',
    near: true,
    files: express({
      'src/server.ts': server("import './settings';"),
      'src/settings.ts':
        "import { assertEnv, getEnv } from '@shop/essentials';\nclass Settings {\n  readonly url = assertEnv('DATABASE_URL');\n  readonly cert = process.env.TLS_CERT;\n  readonly secure = Boolean(this.cert);\n  readonly mail = getEnv('MAIL_URL');\n}\nexport const settings = new Settings();\n",
    }),
    expect: { verdict: 'pass' },
  },
]);
