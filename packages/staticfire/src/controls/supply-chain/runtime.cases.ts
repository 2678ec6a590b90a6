import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { runtime } from './runtime.ts';

const ci = (version: string, action = 'actions/setup-node@v5'): string =>
  `on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${action}\n        with:\n          node-version: ${version}\n      - run: npm run build\n`;
const image = (tag: string): string => `FROM node:${tag}\nCOPY . .\nCMD ["node", "dist/server.js"]\n`;

export default defineCases(runtime, [
  {
    name: 'image, pipeline and engines agree',
    show: 'good',
    files: express(
      { Dockerfile: image('24-alpine'), '.github/workflows/ci.yml': ci('24'), '.nvmrc': 'v24.3.0\n' },
      { engines: { node: '>=22' } },
    ),
    expect: { verdict: 'pass' },
  },
  {
    name: 'an open range whose lowest version is supported',
    near: true,
    files: express({}, { engines: { node: '>=22' } }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a matrix that includes the version of the image',
    near: true,
    files: express({
      Dockerfile: image('22'),
      '.github/workflows/ci.yml': ci('${{ matrix.node }}').replace(
        '    steps:',
        '    strategy:\n      matrix:\n        node: [20, 22, 24]\n    steps:',
      ),
    }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a matrix of Travis from the first versions to a supported one',
    near: true,
    files: express({ '.travis.yml': 'language: node_js\nnode_js:\n  - 0.10\n  - 8\n  - 24\nscript: npm test\n' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'a version of Travis that reads like a number',
    files: express({ '.travis.yml': 'language: node_js\nnode_js: 0.10\nscript: npm test\n' }),
    expect: { verdict: 'fail', findings: ['.travis.yml:2 end-of-life'] },
  },
  {
    name: 'a version file with a code name',
    near: true,
    files: express({ '.nvmrc': 'lts/krypton\n' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'nothing says a version',
    show: 'bad',
    files: express({}),
    expect: { verdict: 'fail', findings: ['- unpinned'] },
  },
  {
    name: 'image and pipeline past their end of life',
    files: express({ Dockerfile: image('20.11-alpine'), '.github/workflows/ci.yml': ci('20') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:1 end-of-life', '.github/workflows/ci.yml:6 end-of-life'] },
  },
  {
    name: 'only engines, open towards old versions',
    files: express({}, { engines: { node: '>=18.0.0' } }),
    expect: { verdict: 'fail', findings: ['package.json:16 open-to-end-of-life'] },
  },
  {
    name: 'the pipeline tests another version than the image runs',
    files: express({ Dockerfile: image('24'), '.github/workflows/ci.yml': ci('22') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:1 conflict'] },
  },
  {
    name: 'the newest, whatever it is',
    files: express({ Dockerfile: image('alpine') }),
    expect: { verdict: 'fail', findings: ['Dockerfile:1 floating'] },
  },
  {
    name: 'an image that is pinned by its digest and names no version',
    near: true,
    files: express({ Dockerfile: image('24').replace(':24', `@sha256:${'ab12'.repeat(16)}`), '.nvmrc': '24\n' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'the version is given to the wrong action',
    files: express({ Dockerfile: image('24'), '.github/workflows/ci.yml': ci('24', 'actions/checkout@v5') }),
    expect: { verdict: 'fail', findings: ['.github/workflows/ci.yml:6 pin-ignored'] },
  },
  {
    name: 'a service on Bun',
    files: express({ Dockerfile: 'FROM oven/bun:1.3\nCOPY . .\nCMD ["bun", "src/server.ts"]\n' }),
    expect: { verdict: 'not-applicable' },
  },
]);
