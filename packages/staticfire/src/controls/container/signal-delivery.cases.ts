import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { signalDelivery } from './signal-delivery.ts';

const image = (...tail: readonly string[]): string => `FROM node:22-alpine\nCOPY dist ./dist\n${tail.join('\n')}\n`;
const script =
  'COPY docker/entrypoint.sh /usr/local/bin/entrypoint.sh\nENTRYPOINT ["entrypoint.sh"]\nCMD ["node", "dist/server.js"]';

export default defineCases(signalDelivery, [
  {
    name: 'exec form',
    show: 'good',
    files: express({ Dockerfile: image('CMD ["node", "dist/server.js"]') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'npm stands in between',
    show: 'bad',
    files: express({ Dockerfile: image('CMD ["npm", "start"]') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:3 manager'] },
  },
  {
    name: 'shell form',
    files: express({ Dockerfile: image('CMD node dist/server.js') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:3 shell'] },
  },
  {
    name: 'a shell with two commands',
    files: express({ Dockerfile: image('CMD ["sh", "-c", "npx migrate && node dist/server.js"]') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:3 shell'] },
  },
  {
    name: 'a start script without exec',
    files: express({ Dockerfile: image(script), 'docker/entrypoint.sh': '#!/bin/sh\nset -e\nnode migrate.js\n"$@"\n' }),
    expect: { verdict: 'fail', findings: ['docker/entrypoint.sh:4 script'] },
  },
  {
    name: 'tini alone does not reach behind npm',
    files: express({ Dockerfile: image('ENTRYPOINT ["tini", "--"]', 'CMD ["pnpm", "start"]') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:4 manager'] },
  },
  {
    name: 'the script hands over to npm',
    files: express({
      Dockerfile: image(script.replace('"node", "dist/server.js"', '"yarn", "start"')),
      'docker/entrypoint.sh': '#!/bin/sh\nexec "$@"\n',
    }),
    expect: { verdict: 'fail', findings: ['docker/entrypoint.sh:2 manager'] },
  },
  {
    name: 'an init and node',
    near: true,
    files: express({
      Dockerfile: image('ENTRYPOINT ["dumb-init", "--"]', 'CMD ["node", "--enable-source-maps", "dist/server.js"]'),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'an init that signals the whole group',
    near: true,
    files: express({ Dockerfile: image('ENTRYPOINT ["dumb-init", "--"]', 'CMD ["npm", "start"]') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a start script with exec',
    near: true,
    files: express({
      Dockerfile: image(script),
      'docker/entrypoint.sh': '#!/bin/sh\nif [ -n "$MIGRATE" ]; then\n  node migrate.js\nfi\nexec "$@"\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'exec in shell form',
    near: true,
    files: express({ Dockerfile: image('CMD node migrate.js && exec node dist/server.js') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'npm in a stage that only builds',
    near: true,
    files: express({
      Dockerfile: `FROM node:22 AS test\nCMD ["npm", "test"]\n${image('CMD ["node", "dist/server.js"]')}`,
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the script is made elsewhere',
    files: express({ Dockerfile: image('ENTRYPOINT ["/opt/launch.sh"]') }),
    expect: { verdict: 'unknown' },
  },
  { name: 'no image', files: express({ Procfile: 'web: npm start\n' }), expect: { verdict: 'not-applicable' } },
  {
    name: 'npm starts a script of the root that starts the package',
    service: 'shop',
    files: {
      'package.json': JSON.stringify({
        name: 'all',
        private: true,
        workspaces: ['apps/*'],
        scripts: { start: 'cd apps/shop && npm start' },
      }),
      'apps/shop/package.json': JSON.stringify({
        name: 'shop',
        private: true,
        scripts: { start: 'node src/server.js' },
        dependencies: { express: '^5.1.0' },
      }),
      'apps/shop/src/server.js': "require('express')().listen(3000);\n",
      'apps/mail/package.json': JSON.stringify({
        name: 'mail',
        private: true,
        scripts: { start: 'node src/server.js' },
        dependencies: { express: '^5.1.0' },
      }),
      'apps/mail/src/server.js': "require('express')().listen(3001);\n",
      Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nENTRYPOINT ["npm", "run"]\nCMD ["start"]\n',
    },
    expect: { verdict: 'fail', findings: ['Dockerfile:6 manager'] },
  },
]);
