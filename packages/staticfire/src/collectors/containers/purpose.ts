import type { Purpose } from '../../facts/containers.ts';

const folders: readonly (readonly [RegExp, Purpose])[] = [
  [/^(?:\.?devcontainers?|dev|development|local|\.gitpod|gitpod|devops-local|playgrounds?)$/, 'development'],
  [
    /^(?:tests?|__tests__|e2e|cypress|testing|fixtures?|__fixtures__|integration-tests?|test-utils|mocks?|benchmarks?|bench|load-tests?)$/,
    'test',
  ],
  [/^(?:examples?|samples?|templates?|demos?|starters?|boilerplates?|www|docs?|documentation)$/, 'example'],
  [/^(?:legacy|old|deprecated|archived?|backup|disabled|unused|attic)$/, 'stale'],
];

const names: readonly (readonly [RegExp, Purpose])[] = [
  [/(?:^|[._-])(?:old|bak|backup|orig|disabled|unused|deprecated|legacy)(?:$|[._-])|~$/, 'stale'],
  [
    /(?:^|[._-])(?:dev|develop|development|local|override|debug|watch|hot|devcontainer|gitpod)(?:$|[._-])/,
    'development',
  ],
  [/(?:^|[._-])(?:tests?|testing|e2e|ci|cypress|playwright|integration|lint)(?:$|[._-])/, 'test'],
  [/(?:^|[._-])(?:example|sample|template|demo)(?:$|[._-])/, 'example'],
];

/** What a Dockerfile or compose file is for, by its path. Production where nothing says otherwise. */
export function purposeOf(path: string): Purpose {
  const parts = path.toLowerCase().split('/');
  const name = parts.pop() ?? '';
  return names.find(([pattern]) => pattern.test(name))?.[1] ?? folderPurpose(parts) ?? 'production';
}

function folderPurpose(parts: readonly string[]): Purpose | undefined {
  for (const part of parts) for (const [pattern, purpose] of folders) if (pattern.test(part)) return purpose;
  return undefined;
}
