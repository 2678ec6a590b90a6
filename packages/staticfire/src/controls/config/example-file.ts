import { envFiles, type EnvFile } from '../../facts/env-files.ts';
import { setByPlatform } from '../../facts/environment-names.ts';
import { environment, type Environment, type EnvRead } from '../../facts/environment.ts';
import { service, type Service } from '../../facts/services.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'No example file names the {count} variables that the service needs ({names}).',
    remedy: 'Write a .env.example with every variable, a comment on each, and no real value.',
  },
  missing: {
    text: '{name} is read without a default and stands in no example file.',
    remedy: 'Add {name} to {file} with a comment that says what it is for.',
    confidence: 'proven',
  },
  'mostly-missing': {
    text: '{missing} of the {count} variables that the service needs stand in no example file ({names}).',
    remedy: 'Add them to {file}, each with a comment that says what it is for.',
    confidence: 'proven',
  },
} as const;

/** More missing names than this are one finding: a list that nobody reads tells nothing. */
const mostListed = 40;

/** The share of the variables that must stand in the example files. */
const enough = 0.9;

export const exampleFile = defineControl({
  id: 'config/example-file',
  area: 'config',
  scope: 'service',
  title: {
    pass: 'The example file names the variables that the service needs',
    fail: 'Variables that the service needs stand in no example file',
  },
  why: 'Whoever sets up the service, on a laptop or in production, copies the example file. What it leaves out is found by failure.',
  failure:
    'A new environment is set up from the example file and lacks a variable: a feature is silently off, or the first request that needs it fails.',
  remedy: 'Keep every variable that is read without a default in the example file beside the service or at the root.',
  done: 'At least nine in ten of the variables that live code reads without a default stand in a tracked example file.',
  severity: 'minor',
  confidence: 'likely',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: ['https://12factor.net/config', 'https://github.com/motdotla/dotenv#should-i-commit-my-env-file'],
  needs: { environment, envFiles, service },
  messages,
  evaluate: ({ environment: env, envFiles: files, service: own }) => judge(env, files.list, own),
});

function judge(env: Environment, files: readonly EnvFile[], own: Service): Verdict<typeof messages> {
  const needed = [...env.undefaulted].filter(([name]) => !setByPlatform(name) && /^[A-Z]/.test(name));
  if (needed.length === 0)
    return { verdict: 'not-applicable', because: `live code reads no variable without a default (${env.files} files)` };
  const examples = examplesOf(files, own);
  if (examples.length === 0) return { verdict: 'fail', violations: [absent(files, needed)] };
  const named = new Set(examples.flatMap((file) => [...file.variables.map((v) => v.name), ...file.offered]));
  const absentees = needed.filter(([name, read]) => ![name, ...read.alternatives].some((n) => named.has(n)));
  const missing = absentees.filter(
    ([, read], index) => !absentees.slice(0, index).some(([other]) => read.alternatives.includes(other)),
  );
  const share = 1 - missing.length / needed.length;
  const file = examples[0]?.file ?? '.env.example';
  const [first, ...rest] =
    missing.length > mostListed
      ? [mostlyMissing(missing, needed.length, file)]
      : missing.map((entry) => lacking(entry, file));
  if (share >= enough || !first)
    return { verdict: 'pass', evidence: evidenceOf(examples, needed.length, missing.length) };
  return {
    verdict: 'fail',
    violations: [first, ...rest],
    evidence: evidenceOf(examples, needed.length, missing.length),
  };
}

/** Example files in the service's folder or above it: in each folder the fullest, nearest folder first. */
function examplesOf(files: readonly EnvFile[], { root }: Service): readonly EnvFile[] {
  const near = files.filter(
    (f) => f.kind === 'template' && f.tracked && (isWithin(f.dir, root) || isWithin(root, f.dir)),
  );
  const byFolder = new Map<string, EnvFile>();
  for (const file of near) {
    const best = byFolder.get(file.dir);
    if (!best || best.variables.length < file.variables.length) byFolder.set(file.dir, file);
  }
  return [...byFolder.values()].toSorted(
    (a, b) => distance(a.dir, root) - distance(b.dir, root) || (a.file < b.file ? -1 : 1),
  );
}

const isWithin = (dir: string, outer: string): boolean =>
  outer === '.' || outer === '' || dir === outer || dir.startsWith(`${outer}/`);
const depth = (dir: string): number => (dir === '.' || dir === '' ? 0 : dir.split('/').length);
const distance = (dir: string, root: string): number => Math.abs(depth(dir) - depth(root));

function absent(
  files: readonly EnvFile[],
  needed: readonly (readonly [string, EnvRead])[],
): Violation<typeof messages> {
  return {
    message: 'absent',
    searched: `example files for the environment among ${files.length} env files`,
    subject: 'example file',
    data: { count: needed.length, names: someOf(needed) },
  };
}

function someOf(variables: readonly (readonly [string, EnvRead])[]): string {
  const names = variables.map(([name]) => name);
  return `${names.slice(0, 6).join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`;
}

function mostlyMissing(
  missing: readonly (readonly [string, EnvRead])[],
  count: number,
  file: string,
): Violation<typeof messages> {
  return {
    message: 'mostly-missing',
    at: { file, line: 1 },
    subject: file,
    data: { missing: missing.length, count, names: someOf(missing), file },
    trail: missing.map(([name, read]) => ({ note: `${name} is read here`, at: read.at })),
  };
}

const lacking = ([name, read]: readonly [string, EnvRead], file: string): Violation<typeof messages> => ({
  message: 'missing',
  at: read.at,
  subject: name,
  data: { name, file },
});

function evidenceOf(examples: readonly EnvFile[], needed: number, missing: number): [Evidence, ...Evidence[]] {
  const note = `${needed - missing} of ${needed} variables read without a default stand in the example files`;
  const [first, ...rest] = examples.map((file): Evidence => ({ file: file.file, line: 1, note }));
  return first ? [first, ...rest.slice(0, 2)] : [{ searched: 'example files' }];
}
