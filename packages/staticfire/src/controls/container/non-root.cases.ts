import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { nonRoot } from './non-root.ts';

const image = (tail: string, from = 'node:22-alpine'): string =>
  `FROM ${from}\nWORKDIR /app\nCOPY dist ./dist\n${tail}\n`;
const start = 'CMD ["node", "dist/server.js"]';

export default defineCases(nonRoot, [
  {
    name: 'USER node',
    show: 'good',
    files: express({ Dockerfile: image(`USER node\n${start}`) }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'no USER',
    show: 'bad',
    files: express({ Dockerfile: image(start) }),
    expect: { verdict: 'fail', findings: ['Dockerfile:1 absent'] },
  },
  {
    name: 'back to root at the end',
    files: express({ Dockerfile: image(`USER node\nUSER root\n${start}`) }),
    expect: { verdict: 'fail', findings: ['Dockerfile:5 root'] },
  },
  {
    name: 'USER 0',
    files: express({ Dockerfile: image(`USER 0:0\n${start}`) }),
    expect: { verdict: 'fail', findings: ['Dockerfile:4 root'] },
  },
  {
    name: 'the user of an earlier stage does not hold in the last one',
    files: express({
      Dockerfile: `FROM node:22 AS build\nUSER node\nRUN npm ci\nFROM node:22\nCOPY --from=build /app/dist ./dist\n${start}\n`,
    }),
    expect: { verdict: 'fail', findings: ['Dockerfile:4 absent'] },
  },
  {
    name: 'the user comes from the stage below',
    near: true,
    files: express({ Dockerfile: `FROM node:22 AS base\nUSER 1000\nFROM base\nCOPY dist ./dist\n${start}\n` }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a base image with its own user',
    near: true,
    files: express({ Dockerfile: image('CMD ["dist/server.js"]', 'gcr.io/distroless/nodejs22-debian12:nonroot') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the start script gives up root',
    near: true,
    files: express({
      Dockerfile: image('COPY entrypoint.sh /\nENTRYPOINT ["/entrypoint.sh"]\nCMD ["node", "dist/server.js"]'),
      'entrypoint.sh': '#!/bin/sh\nchown -R node /data\nexec su-exec node "$@"\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'compose goes back to root',
    files: express({
      Dockerfile: image(`USER node\n${start}`),
      'compose.yml': 'services:\n  shop:\n    build: .\n    user: root\n',
    }),
    expect: { verdict: 'fail', findings: ['compose.yml:2 compose-root'] },
  },
  {
    name: 'compose names a user',
    near: true,
    files: express({
      Dockerfile: image(start),
      'compose.yml': 'services:\n  shop:\n    build: .\n    user: "1000:1000"\n',
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a base image that nobody knows',
    files: express({ Dockerfile: image(start, 'registry.acme.io/base/runtime:4') }),
    expect: { verdict: 'unknown' },
  },
  {
    name: 'a Dockerfile for development only',
    near: true,
    files: express({ 'Dockerfile.dev': image(start) }),
    expect: { verdict: 'not-applicable' },
  },
  { name: 'no image', files: express({}), expect: { verdict: 'not-applicable' } },
]);
