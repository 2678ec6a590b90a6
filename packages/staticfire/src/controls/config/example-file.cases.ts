import { express, next, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { exampleFile } from './example-file.ts';

const server = (first: string): string =>
  `${first}\nimport express from 'express';\nconst app = express();\napp.listen(3000);\n`;
const settings =
  'export const settings = {\n  url: process.env.DATABASE_URL,\n  key: process.env.MAIL_KEY,\n  level: process.env.LOG_LEVEL ?? "info",\n};\n';
const one = (files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  express({ 'src/server.ts': server("import './settings';"), 'src/settings.ts': settings, ...files });

export default defineCases(exampleFile, [
  {
    name: 'every variable without a default is named',
    show: 'good',
    files: one({ '.env.example': '# where the data lies\nDATABASE_URL=\n# sends mail\nMAIL_KEY=\n' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'one of two is left out',
    show: 'bad',
    files: one({ '.env.example': '# where the data lies\nDATABASE_URL=\n' }),
    expect: { verdict: 'fail', findings: ['src/settings.ts:3 missing'] },
  },
  { name: 'no example file', files: one({}), expect: { verdict: 'fail', findings: ['- absent'] } },
  {
    name: 'an example file that git ignores does not count',
    files: one({ '.gitignore': '.env*\n', '.env.example': 'DATABASE_URL=\nMAIL_KEY=\n' }),
    untracked: ['.env.example'],
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'nine of ten are enough',
    files: express({
      'src/server.ts': server("import './settings';"),
      'src/settings.ts': `export const all = [${Array.from({ length: 10 }, (_, i) => `process.env.PART_${i}`).join(', ')}];\n`,
      '.env.example': Array.from({ length: 9 }, (_, i) => `PART_${i}=\n`).join(''),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'fields that a schema requires',
    files: express({
      'src/server.ts': server("import './settings';"),
      'src/settings.ts':
        "import { z } from 'zod';\nexport const env = z\n  .object({\n    DATABASE_URL: z.string(),\n    MAIL_KEY: z.string(),\n    REGION: z.string().optional(),\n  })\n  .parse(process.env);\n",
      '.env.example': 'DATABASE_URL=\n',
    }),
    expect: { verdict: 'fail', findings: ['src/settings.ts:5 missing'] },
  },
  {
    name: 'a monorepo: shared variables at the root, its own beside the service',
    files: {
      'package.json': JSON.stringify({ name: 'shop', private: true, workspaces: ['apps/*'] }),
      '.env.example': 'DATABASE_URL=\n',
      'apps/api/.env.example': 'MAIL_KEY=\n',
      'apps/api/package.json': JSON.stringify({ name: 'api', type: 'module', scripts: { start: 'node src/main.ts' } }),
      'apps/api/src/main.ts': `import { createServer } from 'node:http';\n${settings}createServer((_, res) => res.end(settings.level)).listen(3000);\n`,
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'what platforms set, flags and other names of the same thing need no line',
    near: true,
    files: next({
      'src/app/api/items/route.ts':
        "export async function GET() {\n  const secret = process.env.AUTH_SECRET ?? process.env.NEXTAUTH_SECRET;\n  const verbose = process.env.VERBOSE_ANSWERS === 'true';\n  const region = process.env.VERCEL_REGION;\n  return Response.json([secret?.length, verbose, region, process.env.NODE_ENV, process.env.CI]);\n}\n",
      '.env.example': 'AUTH_SECRET=\n',
    }),
    expect: { verdict: 'pass' },
  },
  ...['env-example-sql', 'sample.env', 'dotenv.template', '.env.dist'].map((name) => ({
    name: `the example is called ${name}`,
    near: true as const,
    files: one({ [name]: '# where the data lies\nDATABASE_URL=\n# sends mail\nMAIL_KEY=\n' }),
    expect: { verdict: 'pass' as const },
  })),
  {
    name: 'one of two that serve for each other is said once',
    files: express({
      'src/server.ts': server("import './place';"),
      'src/place.ts': 'export const place = { region: process.env.SHOP_REGION ?? process.env.REGION_NAME };\n',
      '.env.example': 'OTHER=\n',
    }),
    expect: { verdict: 'fail', findings: ['src/place.ts:1 missing'] },
  },
  {
    name: 'variables that may be left unset stand in comments',
    near: true,
    files: one({ '.env.example': 'DATABASE_URL=\n\n# Where mail goes out\n# MAIL_KEY=\n' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'variables that only tests and scripts read',
    near: true,
    files: one({
      '.env.example': 'DATABASE_URL=\nMAIL_KEY=\n',
      'scripts/seed.ts': 'console.log(process.env.SEED_FILE, process.env.SEED_USER);\n',
      'src/settings.test.ts': 'console.log(process.env.TEST_DATABASE_URL);\n',
    }),
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
    name: 'more missing names than anyone reads are one finding',
    files: node({
      '.env.example': 'DATABASE_URL=\n',
      'src/main.ts': `import { createServer } from 'node:http';\ncreateServer((_, res) => res.end('ok')).listen(3000);\nconsole.log(process.env.DATABASE_URL, ${Array.from({ length: 42 }, (_, i) => `process.env.FEED_${i}_KEY`).join(', ')});\n`,
    }),
    expect: { verdict: 'fail', findings: ['.env.example:1 mostly-missing'] },
  },
]);
