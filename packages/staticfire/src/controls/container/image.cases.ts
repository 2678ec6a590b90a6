import { express, library, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { image } from './image.ts';

const stages = (install: string, start: string): string =>
  `FROM node:22-alpine AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN ${install}\nCOPY . .\nRUN npm run build\nFROM node:22-alpine\nWORKDIR /app\nCOPY --from=build /app/dist ./dist\nUSER node\n${start}\n`;
const lockfile = { 'package-lock.json': '{"lockfileVersion": 3}' };

export default defineCases(image, [
  {
    name: 'built from the lockfile and started directly',
    show: 'good',
    files: express({ ...lockfile, Dockerfile: stages('npm ci', 'CMD ["node", "dist/server.js"]') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the lockfile is not in the build context',
    show: 'bad',
    files: {
      'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['apps/*'] }),
      'package-lock.json': '{}',
      ...Object.fromEntries(
        Object.entries(express({ Dockerfile: stages('npm ci', 'CMD ["node", "dist/server.js"]') })).map(
          ([path, text]) => [`apps/api/${path}`, text],
        ),
      ),
      'compose.yml': 'services:\n  api:\n    build: ./apps/api\n',
    },
    expect: { verdict: 'fail', findings: ['apps/api/Dockerfile:4 lockfile-missing'] },
  },
  {
    name: 'the ignore file leaves the lockfile out',
    files: express({
      ...lockfile,
      '.dockerignore': 'package-lock.json\n',
      Dockerfile: stages('npm ci', 'CMD ["node", "dist/server.js"]'),
    }),
    expect: { verdict: 'fail', findings: ['Dockerfile:4 lockfile-ignored'] },
  },
  {
    name: 'starts a development server through a script',
    files: express(
      { ...lockfile, Dockerfile: stages('npm ci', 'CMD ["npm", "run", "dev"]') },
      { scripts: { dev: 'nodemon src/server.ts', build: 'tsc', start: 'node dist/server.js' } },
    ),
    expect: { verdict: 'fail', findings: ['Dockerfile:11 development-server'] },
  },
  {
    name: 'starts a script that does not exist',
    files: express({ ...lockfile, Dockerfile: stages('npm ci', 'CMD ["npm", "run", "serve:prod"]') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:11 script-missing'] },
  },
  {
    name: 'starts nothing',
    files: express({ Dockerfile: 'FROM node:22\nCOPY dist ./dist\nEXPOSE 3000\n' }),
    expect: { verdict: 'fail', findings: ['Dockerfile:1 starts-nothing'] },
  },
  {
    name: 'copies what does not exist',
    files: express({ ...lockfile, Dockerfile: stages('npm ci', 'COPY ops/run.sh ./\nCMD ["node", "dist/server.js"]') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:11 source-missing'] },
  },
  {
    name: 'the build output is copied from the machine that built it',
    near: true,
    files: express({
      ...lockfile,
      '.gitignore': 'dist\n',
      Dockerfile:
        'FROM node:22\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY dist ./dist\nCMD ["node", "dist/server.js"]\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a development stage and a development compose file beside the production stage',
    near: true,
    files: express({
      ...lockfile,
      Dockerfile: `FROM node:22 AS development\nCMD ["npm", "run", "dev"]\n${stages('npm ci', 'CMD ["node", "dist/server.js"]')}`,
      'docker-compose.yml':
        'services:\n  app:\n    build: { context: ., target: development }\n    volumes: [".:/app"]\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a platform file starts it',
    files: express({ Procfile: 'web: node dist/server.js\n' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a file of a platform among the pictures of an article',
    files: express({ 'public/articles/hosting/railway.json': '{ "deploy": { "startCommand": "npm start" } }' }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'on a serverless platform',
    files: next({ 'vercel.json': '{}' }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'no image anywhere',
    files: express({ 'compose.yml': 'services:\n  db:\n    image: postgres:17\n' }),
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'another service has an image, this one has nothing',
    service: 'mail',
    files: {
      ...library({}, { name: 'root', workspaces: ['apps/*'] }),
      ...Object.fromEntries(
        Object.entries(
          express({ ...lockfile, Dockerfile: stages('npm ci', 'CMD ["node", "dist/server.js"]') }, { name: 'api' }),
        ).map(([path, text]) => [`apps/api/${path}`, text]),
      ),
      ...Object.fromEntries(
        Object.entries(express({}, { name: 'mail' })).map(([path, text]) => [`apps/mail/${path}`, text]),
      ),
    },
    expect: { verdict: 'fail', findings: ['- absent'] },
  },
]);
