import { express, nest, node } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { coverage } from './coverage.ts';

const routed = (imports = ''): string =>
  `import express from 'express';\n${imports}const app = express();\napp.get('/items', (_, res) => res.json([]));\napp.listen(3000);\n`;

export default defineCases(
  coverage,
  [
    {
      name: 'everything was read and followed',
      show: 'good',
      files: express({ 'src/server.ts': routed("import './items';\n"), 'src/items.ts': 'export const items = [];\n' }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'a live file that does not parse',
      show: 'bad',
      files: express({ 'src/server.ts': routed("import './items';\n"), 'src/items.ts': 'export const items = [;\n' }),
      expect: { verdict: 'fail', findings: ['src/items.ts unread'] },
    },
    {
      name: 'a dead file that does not parse',
      near: true,
      files: express({ 'src/server.ts': routed(), 'src/draft.ts': 'export const items = [;\n' }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'imports that lead nowhere',
      files: express({
        'src/server.ts': routed(
          "import { a } from './a';\nimport { b } from './b';\nimport { c } from './c';\na(b, c);\n",
        ),
      }),
      expect: { verdict: 'fail', findings: ['src/server.ts:2 unresolved'] },
    },
    {
      name: 'imports of what the build generates',
      near: true,
      files: express({
        'src/server.ts': routed(
          "import { a } from './generated/a';\nimport { b } from './generated/b';\nimport { c } from './generated/client';\na(b, c);\n",
        ),
      }),
      expect: { verdict: 'pass' },
    },
    {
      name: 'paths worked out at run time',
      files: express({
        'src/server.ts': routed("import './a';\nimport './b';\nimport './c';\n"),
        ...Object.fromEntries(
          ['a', 'b', 'c'].map((name) => [
            `src/${name}.ts`,
            'export const load = (path: string) => import(path);\nvoid load(process.argv[2]);\n',
          ]),
        ),
      }),
      expect: { verdict: 'fail', findings: ['src/a.ts computed'] },
    },
    {
      name: 'much of the source is in components',
      files: express({
        'src/server.ts': routed(),
        'src/views/a.vue': '<template></template>\n',
        'src/views/b.vue': '<template></template>\n',
      }),
      expect: { verdict: 'fail', findings: ['src/views/a.vue components'] },
    },
    { name: 'an application without endpoints', near: true, files: nest({}), expect: { verdict: 'pass' } },
    {
      name: 'a framework whose endpoints no one reads',
      files: node(
        {
          'src/main.ts':
            "import { createServer } from '@feathersjs/rest';\nconst server = createServer();\nserver.serve('/items', () => []);\nserver.listen(3000);\n",
        },
        { dependencies: { '@feathersjs/rest': '^1.0.0' } },
      ),
      expect: { verdict: 'fail', findings: ['src/main.ts silent'] },
    },
  ],
  { alwaysApplies: 'every service has live code, so there is always something to have looked at' },
);
