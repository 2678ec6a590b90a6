import type { Purpose, Step } from '../../facts/pipelines.ts';

/** What a published action does, as far as the controls ask. */
export interface ActionWork {
  readonly purposes: readonly Purpose[];
  /** Shell text that it runs. */
  readonly run?: string;
  readonly dir?: string;
  /** Why its failure fails nothing, by its own settings. */
  readonly tolerant?: string;
}

type Read = (given: Readonly<Record<string, string>>) => ActionWork;

const does =
  (...purposes: readonly Purpose[]): Read =>
  () => ({ purposes });
const runs =
  (input: string, before = ''): Read =>
  (given) => ({
    purposes: [],
    ...(given[input] ? { run: `${before}${given[input]}` } : {}),
    ...(given['dir'] ? { dir: given['dir'] } : {}),
  });

const trivy: Read = (given) => {
  const purposes: readonly Purpose[] = (given['scan-type'] ?? 'image') === 'config' ? ['other'] : ['audit'];
  return (given['exit-code'] ?? '0') === '0'
    ? { purposes, tolerant: 'its `exit-code` is 0 unless set, so what it finds fails nothing' }
    : { purposes };
};

const nrwl: Read = (given) => ({
  purposes: [],
  run: `nx run-many --targets=${given['targets'] ?? ''}${given['projects'] && !given['projects'].includes('${{') ? ` --projects=${given['projects']}` : ''}`,
});

/** By the action's name without version. */
const known: Readonly<Record<string, Read>> = {
  'actions/dependency-review-action': (given) =>
    given['warn-only'] === 'true'
      ? { purposes: ['audit'], tolerant: 'it is set to `warn-only`' }
      : { purposes: ['audit'] },
  'aquasecurity/trivy-action': trivy,
  'anchore/scan-action': (given) =>
    given['fail-build'] === 'false'
      ? { purposes: ['audit'], tolerant: '`fail-build` is false' }
      : { purposes: ['audit'] },
  'google/osv-scanner-action/osv-scanner-action': does('audit'),
  'google/osv-scanner-action': does('audit'),
  'oke-py/npm-audit-action': does('audit'),
  'sonatype-nexus-community/auditjs': does('audit'),
  'pypa/gh-action-pip-audit': does('other'),
  'dependency-check/dependency-check_action': does('audit'),
  'socketdev/action': does('audit'),
  'cypress-io/github-action': (given) =>
    given['runtests'] === 'false' || given['runTests'] === 'false'
      ? { purposes: ['install'] }
      : { purposes: ['test', 'install'] },
  'artiomtr/jest-coverage-report-action': does('test'),
  'davelosert/vitest-coverage-report-action': does('other'),
  'wearerequired/lint-action': does('lint'),
  'super-linter/super-linter': does('lint'),
  'github/super-linter': does('lint'),
  'super-linter/super-linter/slim': does('lint'),
  'oxsecurity/megalinter': does('lint'),
  'reviewdog/action-eslint': (given) =>
    given['fail_on_error'] === 'true' || given['fail_level']
      ? { purposes: ['lint'] }
      : { purposes: ['lint'], tolerant: 'reviewdog only comments unless `fail_level` is set' },
  'reviewdog/action-biome': does('lint'),
  'trunk-io/trunk-action': does('lint'),
  'pre-commit/action': does('lint', 'format'),
  'sibiraj-s/action-eslint': does('lint'),
  'mansagroup/nrwl-nx-action': nrwl,
  'mansagroup/nx-action': nrwl,
  'borales/actions-yarn': runs('cmd', 'yarn '),
  'nick-fields/retry': runs('command'),
  'nick-invision/retry': runs('command'),
  'wandalen/wretry.action': runs('command'),
  'bahmutov/npm-install': does('install'),
  'docker/build-push-action': does('build'),
  'docker/bake-action': does('build'),
  'depot/build-push-action': does('build'),
  'pnpm/action-setup': (given) => ({
    purposes: given['run_install'] && given['run_install'] !== 'false' ? ['install'] : ['other'],
  }),
  'amondnet/vercel-action': does('deploy'),
  'superfly/flyctl-actions': does('deploy'),
};

/** What a step that uses an action does; undefined when nothing is known of it. */
export function workOf(step: Step): ActionWork | undefined {
  const name = (step.uses ?? '').split('@')[0]?.toLowerCase() ?? '';
  if (name.startsWith('snyk/actions/')) return { purposes: step.with['command'] === 'monitor' ? ['other'] : ['audit'] };
  if (name.startsWith('docker://') && /trivy|osv-scanner|grype/.test(name)) return { purposes: ['audit'] };
  return Object.hasOwn(known, name) ? known[name]?.(step.with) : undefined;
}

/** Workflows of other repositories whose work is known. */
export const remotePurposes = (uses: string): readonly Purpose[] => {
  if (/^template:.*(Dependency-Scanning|Auto-DevOps)/.test(uses)) return ['audit'];
  if (/google\/osv-scanner-action\/\.github\/workflows\//i.test(uses)) return ['audit'];
  if (
    /slsa|changeset|release|stale|label|deploy|publish|notify|template:|docker|image|codeql|greet|assign|project|backport|conventional|semantic/i.test(
      uses,
    )
  )
    return ['other'];
  return [];
};
