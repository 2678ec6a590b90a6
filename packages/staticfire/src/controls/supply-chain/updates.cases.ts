import { express } from '../../testing/bases.ts';
import { defineCases } from '../../testing/cases.ts';
import { updates } from './updates.ts';

const dependabot = (ecosystem: string, more = ''): string =>
  `version: 2\nupdates:\n  - package-ecosystem: ${ecosystem}\n    directory: /\n    schedule:\n      interval: weekly\n${more}`;

export default defineCases(updates, [
  {
    name: 'Dependabot for npm',
    show: 'good',
    files: express({ '.github/dependabot.yml': dependabot('npm') }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Renovate at the root',
    files: express({ 'renovate.json': '{ "extends": ["config:recommended"] }' }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Renovate in package.json',
    near: true,
    files: express({}, { renovate: { extends: ['config:recommended'] } }),
    expect: { verdict: 'pass' },
  },
  {
    name: 'Renovate in JSON5 with comments',
    near: true,
    files: express({ '.github/renovate.json5': '// weekly\n{ extends: ["config:recommended"], }\n' }),
    expect: { verdict: 'pass' },
  },
  { name: 'nothing', show: 'bad', files: express({}), expect: { verdict: 'fail', findings: ['- absent'] } },
  {
    name: 'Dependabot for actions only',
    files: express({ '.github/dependabot.yml': dependabot('github-actions') }),
    expect: { verdict: 'fail', findings: ['.github/dependabot.yml:1 idle'] },
  },
  {
    name: 'in a folder that GitHub does not read',
    files: express({ 'server/.github/dependabot.yml': dependabot('npm') }),
    expect: { verdict: 'fail', findings: ['server/.github/dependabot.yml:1 idle'] },
  },
  {
    name: 'Dependabot with a limit of no pull requests',
    files: express({ '.github/dependabot.yml': dependabot('npm', '    open-pull-requests-limit: 0\n') }),
    expect: { verdict: 'fail', findings: ['.github/dependabot.yml:3 idle'] },
  },
  {
    name: 'Renovate switched off',
    files: express({ 'renovate.json': '{ "enabled": false }' }),
    expect: { verdict: 'fail', findings: ['renovate.json:1 idle'] },
  },
  {
    name: 'no dependencies',
    files: express({}, { dependencies: {}, devDependencies: {} }),
    expect: { verdict: 'not-applicable' },
  },
]);
