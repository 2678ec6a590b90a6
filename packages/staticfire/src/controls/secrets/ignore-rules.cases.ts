import { express, next } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { ignoreRules } from './ignore-rules.ts';

const key = ['q7Rk2', 'Vx9Lm4', 'Tz8Wp3', 'Nc6Yd1', 'Hb5Jf0', 'Gs'].join('');
const ignored = { '.gitignore': 'node_modules\n.env*\n!.env.example\n' };
const whole = 'FROM node:22\nCOPY . .\nCMD ["node", "dist/server.js"]\n';

export default defineCases(
  ignoreRules,
  [
    {
      name: 'ignored at every depth, and in the image',
      show: 'good',
      files: express({ ...ignored, Dockerfile: whole, '.dockerignore': '**/.env*\n' }),
      untracked: [],
      expect: { verdict: 'pass' },
    },
    {
      name: 'git ignores dependencies only',
      show: 'bad',
      files: express({ '.gitignore': 'node_modules\n' }),
      untracked: [],
      expect: { verdict: 'fail', findings: ['.gitignore:1 unignored'] },
    },
    {
      name: 'no .gitignore',
      files: express({}),
      untracked: [],
      expect: { verdict: 'fail', findings: ['- unignored'] },
    },
    {
      name: 'patterns that match nothing',
      files: express({ '.gitignore': '  node_modules\n  .env\n' }),
      untracked: [],
      expect: { verdict: 'fail', findings: ['.gitignore:1 unignored'] },
    },
    {
      name: 'the file that is tracked is not named',
      files: express({ '.gitignore': '.env\n.env*.local\n', '.env.production': `JWT_SECRET=${key}\n` }),
      untracked: [],
      expect: { verdict: 'fail', findings: ['.env.production:1 tracked'] },
    },
    {
      name: 'an env file lies about',
      files: express({ '.gitignore': '.env\n', '.env.staging': 'A=1\n' }),
      untracked: ['.env.staging'],
      expect: { verdict: 'fail', findings: ['.env.staging:1 exposed'] },
    },
    {
      name: 'the image takes the env file in',
      files: express({ ...ignored, Dockerfile: whole, '.dockerignore': 'node_modules\n.git\n' }),
      untracked: [],
      expect: { verdict: 'fail', findings: ['Dockerfile:2 copied'] },
    },
    {
      name: 'the ignore file of the image holds at the top only',
      files: express({
        ...ignored,
        'apps/api/package.json': '{"name": "api"}',
        'apps/api/.env.example': 'A=\n',
        Dockerfile: 'FROM node:22\nCOPY apps/api apps/api\nCMD ["node", "apps/api/dist/server.js"]\n',
        '.dockerignore': '.env\n',
      }),
      untracked: [],
      expect: { verdict: 'fail', findings: ['Dockerfile:2 copied'] },
    },
    {
      name: 'only sources are copied',
      near: true,
      files: express({
        ...ignored,
        Dockerfile:
          'FROM node:22\nCOPY package*.json tsconfig.json ./\nCOPY src ./src\nCMD ["node", "dist/server.js"]\n',
      }),
      untracked: [],
      expect: { verdict: 'pass' },
    },
    {
      name: 'defaults are tracked on purpose, the local file is ignored',
      near: true,
      files: next({ '.gitignore': '.env*.local\n', '.env': 'LOG_LEVEL=info\nNEXT_PUBLIC_URL=http://localhost:3000\n' }),
      untracked: [],
      expect: { verdict: 'pass' },
    },
    {
      name: 'one path is let in on purpose',
      near: true,
      files: express({ '.gitignore': '**/.env\n!/.env\n' }),
      untracked: [],
      expect: { verdict: 'pass' },
    },
    {
      name: 'a framework that reads .env.local',
      files: next({ '.gitignore': '.env\n' }),
      untracked: [],
      expect: { verdict: 'fail', findings: ['.gitignore:1 unignored'] },
    },
  ],
  { alwaysApplies: 'any service can be given an env file' },
);
