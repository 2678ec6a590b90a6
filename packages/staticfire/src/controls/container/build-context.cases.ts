import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { buildContext } from './build-context.ts';

const whole = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/server.js"]\n';
const below = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(express(files)).map(([path, text]) => [`apps/api/${path}`, text]));
const root = { 'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['apps/*'] }) };

export default defineCases(buildContext, [
  {
    name: 'history, dependencies and env files are left out',
    show: 'good',
    files: express({ Dockerfile: whole, '.dockerignore': '.git\nnode_modules\n.env*\n!.env.example\n' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the image works on in its own folder, seen from the root: it is built there',
    near: true,
    files: {
      ...root,
      ...below({
        Dockerfile: whole.replace('CMD', 'WORKDIR /app/apps/api\nCMD'),
        'fly.toml': "app = 'shop'\n[build]\n  dockerfile = './Dockerfile'\n",
        '.dockerignore': 'dist\n',
      }),
      '.dockerignore': '.git\n**/node_modules\n**/.env*\n',
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'no .dockerignore',
    show: 'bad',
    files: express({ Dockerfile: whole }),
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
  {
    name: 'env files are missing in it',
    files: express({ Dockerfile: whole, '.dockerignore': '.git\nnode_modules\n' }),
    expect: { verdict: 'fail', findings: ['.dockerignore:1 partial'] },
  },
  {
    name: 'taken back in by a later line',
    files: express({ Dockerfile: whole, '.dockerignore': '.git\nnode_modules\n.env*\n!.env\n' }),
    expect: { verdict: 'fail', findings: ['.dockerignore:1 partial'] },
  },
  {
    name: 'a pattern for the top does not reach the folder of the service',
    files: {
      ...root,
      ...below({ '.env.example': 'PORT=\n' }),
      Dockerfile: 'FROM node:22\nCOPY apps/api apps/api\nCMD ["node", "apps/api/dist/server.js"]\n',
      '.dockerignore': '.git\nnode_modules\n.env\n',
    },
    expect: { verdict: 'fail', findings: ['.dockerignore:1 partial'] },
  },
  {
    name: 'an ignore file beside the Dockerfile',
    near: true,
    files: express({
      'docker/Dockerfile': whole,
      'docker/Dockerfile.dockerignore': '**\n!src\n!package*.json\n',
      'compose.yml': 'services:\n  shop:\n    build: { context: ., dockerfile: docker/Dockerfile }\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the context is a folder without a history of its own',
    near: true,
    files: {
      ...root,
      ...below({ Dockerfile: whole, '.dockerignore': 'node_modules\n**/.env*\n' }),
      'compose.yml': 'services:\n  api:\n    build: apps/api\n',
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'nothing comes from the repository',
    near: true,
    files: express({
      Dockerfile:
        'FROM acme/shop-build AS built\nFROM node:22\nCOPY --from=built /app /app\nCMD ["node", "/app/server.js"]\n',
    }),
    expect: { verdict: 'not-applicable' },
  },
  { name: 'no image', files: express({}), expect: { verdict: 'not-applicable' } },
]);
