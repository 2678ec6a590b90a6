import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { hardCoded } from './hard-coded.ts';

/** Put together here so that no scanner takes a case for a leak. */
const key = ['q7Rk2', 'Vx9Lm4', 'Tz8Wp3', 'Nc6Yd1', 'Hb5Jf0', 'Gs'].join('');
const hex = ['9f86d081', '884c7d65', '9a2feaa0', 'c55ad015', 'a3bf4f1b'].join('');
const app = (body: string): string =>
  `import express from 'express';\nconst app = express();\n${body}\napp.listen(3000);\n`;
const gate = (test: string, before = ''): string =>
  app(
    `${before}app.post('/gate', (req, res) => {\n  const { password } = req.body;\n  if (${test}) res.cookie('in', '1');\n  res.end();\n});`,
  );
const bypass = (test: string): string =>
  app(
    `app.use((req, res, next) => {\n  const token = req.headers.authorization?.slice(7);\n  if (${test}) return next();\n  res.status(401).end();\n});`,
  );

export default defineCases(
  hardCoded,
  [
    {
      name: 'credentials come from the environment',
      show: 'good',
      files: express({ 'src/server.ts': app('export const key = process.env.API_KEY;') }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a database URL with its password in a script',
      show: 'bad',
      files: express({
        'scripts/copy.sh': `#!/bin/sh\npsql "postgresql://owner:${key}@db.acme-shop.io/shop" -f a.sql\n`,
      }),
      expect: { verdict: 'fail', findings: ['scripts/copy.sh:2 url'] },
    },
    {
      name: 'a webhook secret in a document',
      files: express({ 'docs/deploy.md': `# Deploy\n\n- Webhook secret: \`whsec${'_'}${key}\`\n` }),
      expect: { verdict: 'fail', findings: ['docs/deploy.md:3 key'] },
    },
    {
      name: 'a value that tests need, in a pipeline',
      near: true,
      files: express({
        '.travis.yml': `language: node_js\nenv:\n  global:\n    - NODE_ENV=test\n    - JWT_SECRET=${key}\nscript: npm test\n`,
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a password handed to a platform',
      files: express({ 'deploy.sh': `echo "${hex}" | vercel env add ERP_PASSWORD production\n` }),
      expect: { verdict: 'fail', findings: ['deploy.sh:1 named'] },
    },
    {
      name: 'a key in source',
      files: express({ 'src/mail.ts': `export const options = {\n  apiKey: '${key}',\n};\n` }),
      expect: { verdict: 'fail', findings: ['src/mail.ts:2 named'] },
    },
    {
      name: 'a password as a fallback',
      files: express({
        'src/db.ts': "export const db = {\n  password: process.env.DB_PASSWORD || 'Herbst!Regen77',\n};\n",
      }),
      expect: { verdict: 'fail', findings: ['src/db.ts:2 named'] },
    },
    {
      name: 'a private key',
      files: express({
        'config/server.pem': `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEow${key}${key}${key}\n-----END RSA PRIVATE KEY-----\n`,
      }),
      expect: { verdict: 'fail', findings: ['config/server.pem:1 key'] },
    },
    {
      name: 'the password of a key store beside it',
      files: express({
        'android/app/build.gradle': "release {\n  storeFile file('shop.jks')\n  storePassword 'herbstregen77'\n}\n",
        'android/app/shop.jks': 'x',
      }),
      expect: { verdict: 'fail', findings: ['android/app/build.gradle:3 key'] },
    },
    {
      name: 'a gate whose password stands in the program',
      files: express({ 'src/server.ts': gate('password === GATE', "const GATE = 'Sesam';\n") }),
      expect: { verdict: 'fail', findings: ['src/server.ts:6 accepted'] },
    },
    {
      name: 'a token that always lets in',
      files: express({ 'src/server.ts': bypass("token === 'dev-admin-token'") }),
      expect: { verdict: 'fail', findings: ['src/server.ts:5 accepted'] },
    },
    {
      name: 'a token that lets in during development only',
      near: true,
      files: express({
        'src/server.ts': bypass("process.env.NODE_ENV === 'development' && token === 'dev-admin-token'"),
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'comparisons with words that are no credential',
      near: true,
      files: express({
        'src/server.ts': gate("password === '' || req.body.grant_type === 'password' || typeof password === 'string'"),
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'what may be done with a field called password',
      near: true,
      files: express({
        'src/server.ts': gate(
          "password && (settings.password === Access.Write || fields.password === 'Editable')",
          "enum Access {\n  None = 'Nothing',\n  Write = 'Write',\n}\ndeclare const settings: { password: Access };\ndeclare const fields: { password: string };\n",
        ),
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: "a key of what runs on the developer's machine",
      near: true,
      files: express({ 'dev/cluster/vault.toml': `[encryption]\nmaster_key = "${key}"\n` }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a key of an environment that is deployed for development',
      files: express({ 'environments/dev/vault.toml': `[encryption]\nmaster_key = "${key}"\n` }),
      expect: { verdict: 'fail', findings: ['environments/dev/vault.toml:2 named'] },
    },
    {
      name: 'a key that only tests use',
      near: true,
      files: express({
        'src/bank/mock.ts': `export const signing = \`-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEow${key}${key}${key}\n-----END RSA PRIVATE KEY-----\`;\n`,
        'src/bank/index.test.ts':
          "import { test } from 'node:test';\nimport { signing } from './mock';\ntest('signs', () => signing);\n",
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'samples and placeholders',
      near: true,
      files: express({
        'README.md':
          '```\nDATABASE_URL=postgres://user:password@db.example.com/shop\nJWT_SECRET=replace-me-with-a-long-random-string\nSTRIPE_KEY=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx\n```\n',
        'static/openapi.yaml': 'example: https://hooks.slack.com/services/T00/B00/xxx\n',
        'docs/api.md': `\`\`\`json\n{ "token": "${key}" }\n\`\`\`\n`,
        'compose.yml':
          'services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: postgres\n  app:\n    image: shop\n    environment:\n      DATABASE_URL: postgres://shop:shop@db:5432/shop\n',
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'values of tests and of the pipeline',
      near: true,
      files: express({
        'test/auth.test.ts': `const apiKey = '${key}';\nexport default apiKey;\n`,
        '.github/workflows/ci.yml': `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    env:\n      JWT_SECRET: ${hex}\n      DATABASE_URL: postgresql://postgres:postgres@localhost:5432/test\n    steps:\n      - run: npm test\n`,
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'public by design',
      near: true,
      files: express({
        'src/sentry.ts': `export const dsn = 'https://${hex.slice(0, 32)}@o1.ingest.sentry.io/2';\n`,
        'src/pay.ts': `export const publishableKey = 'pk_live_${key}';\n`,
        'src/sri.ts': `export const integrityToken = 'sha384-${key}${key}';\n`,
      }),
      expect: { verdict: 'pass' },
    },
  ],
  { alwaysApplies: 'any repository can hold a credential' },
);
