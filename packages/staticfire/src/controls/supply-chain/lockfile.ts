import { type ImageInstall, type Lock, locks, type Locks } from '../../facts/locks.ts';
import { type Check, onChange, pipelines } from '../../facts/pipelines.ts';
import { project, type Lockfile, type Project } from '../../facts/project.ts';
import { services } from '../../facts/services.ts';
import { defineControl, failOr, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';
import { covers, related, targetsOf } from '../ci/steps.ts';

const messages = {
  absent: {
    text: 'There is no lockfile for {package}: each install picks the versions of that day.',
    remedy: 'Run the install once, commit the lockfile it writes, and install frozen from then on.',
  },
  ignored: {
    text: 'Git ignores the lockfile of {package}: each machine installs its own versions.',
    remedy: 'Take the lockfile out of .gitignore and commit it.',
  },
  untracked: {
    text: '{lockfile} stands on the disk and git does not track it.',
    remedy: 'Commit it.',
  },
  several: {
    text: 'Lockfiles of several package managers stand in {folder}: {lockfiles}.',
    remedy: 'Keep the one of the manager that the pipeline uses and delete the others.',
  },
  stale: {
    text: '{lockfile} does not know {count} of the dependencies in package.json: {names}.',
    remedy: 'Run the install again and commit the lockfile.',
  },
  'pipeline-not-frozen': {
    text: 'The pipeline installs with `{command}`, which changes versions instead of failing.',
    remedy:
      'Install frozen: npm ci, pnpm install --frozen-lockfile, yarn install --immutable (--frozen-lockfile before version 2), bun ci.',
    severity: 'minor',
  },
  'image-not-frozen': {
    text: 'The image installs with `{command}`, which changes versions instead of failing when package.json and the lockfile disagree.',
    remedy:
      'Install frozen: npm ci, pnpm install --frozen-lockfile, yarn install --immutable (--frozen-lockfile before version 2), bun ci.',
    severity: 'minor',
  },
  'image-unlocked': {
    text: 'The image installs with `{command}` and without a lockfile: what is deployed is not what was tested.',
    remedy: 'Copy the lockfile into the image before the install, and install frozen.',
  },
} as const;

type Found = Violation<typeof messages>;

export const lockfile = defineControl({
  id: 'supply-chain/lockfile',
  area: 'supply-chain',
  scope: 'repository',
  title: {
    pass: 'One lockfile decides which versions are installed',
    fail: 'Nothing decides for sure which versions are installed',
  },
  why: 'Without a tracked lockfile that every install obeys, the versions of hundreds of packages are decided anew on each machine and each deploy. What was tested is not what runs.',
  failure:
    'A deploy without any change of yours breaks, or brings in a release of a dependency that was taken over the night before.',
  remedy: 'Commit one lockfile for each workspace and install from it frozen, in the pipeline and in images.',
  done: 'Each service is locked by one tracked lockfile that knows all its dependencies, and pipeline and images install frozen.',
  severity: 'major',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://docs.npmjs.com/cli/commands/npm-ci',
    'https://pnpm.io/cli/install#--frozen-lockfile',
    'https://cheatsheetseries.owasp.org/cheatsheets/NPM_Security_Cheat_Sheet.html',
  ],
  needs: { locks, pipelines, project, services },
  messages,
  evaluate({ locks: found, pipelines: ci, project: packages, services: all }) {
    if (found.packages.length === 0)
      return { verdict: 'not-applicable', because: 'no package.json declares a dependency' };
    const targets = governed(targetsOf(all), found.packages);
    const violations = [
      ...distinct(targets.flatMap((root) => unlocked(root, found, packages))),
      ...several(packages.lockfiles, targets),
      ...found.locks
        .filter((lock) => lock.missing.length > 0 && lock.dirs.some((dir) => targets.includes(dir)))
        .map(stale),
      ...pipelineInstalls(ci.checks, targets, packages),
      ...oncePerFile(
        found.imageInstalls.filter(
          (install) => !install.frozen && install.contexts.some((dir) => targets.some((root) => related(dir, root))),
        ),
      ).map(image),
    ];
    return failOr(violations, () => ({ verdict: 'pass', evidence: proof(found, targets) }));
  },
});

/** Services with dependencies; where none is, all packages that have some. */
function governed(roots: readonly string[], packages: readonly string[]): readonly string[] {
  const own = roots.map((root) => nearest(root, packages)).filter((dir) => dir !== undefined);
  return own.length > 0 ? [...new Set(own)] : packages.slice(0, 1);
}

const nearest = (root: string, dirs: readonly string[]): string | undefined =>
  [...dirs]
    .filter((dir) => dir === '.' || root === dir || root.startsWith(`${dir}/`))
    .sort((a, b) => b.length - a.length)[0];

const lockOf = (root: string, found: Locks): Lock | undefined =>
  found.locks.find((lock) => lock.dirs.includes(root) && lock.lockfile.dir === root) ??
  found.locks.find((lock) => lock.dirs.includes(root));

function unlocked(root: string, found: Locks, packages: Project): readonly Found[] {
  if (lockOf(root, found)) return [];
  const name = root === '.' ? 'the root package' : root;
  const onDisk = packages.lockfiles.find((each) => !each.tracked && nearest(root, [each.dir]));
  const ignored = found.ignoredIn.find((each) => each.dir === root);
  if (ignored)
    return [
      {
        message: 'ignored',
        data: { package: name },
        subject: root,
        ...(ignored.at ? { at: ignored.at } : { searched: 'lockfiles of npm, pnpm, yarn and bun' }),
      },
    ];
  if (onDisk)
    return [
      {
        message: 'untracked',
        data: { lockfile: onDisk.file },
        at: { file: onDisk.file, line: 1 },
        subject: onDisk.file,
      },
    ];
  return [
    {
      message: 'absent',
      data: { package: name },
      searched: 'lockfiles of npm, pnpm, yarn and bun in the folder and the workspaces above it',
      subject: root,
    },
  ];
}

function distinct(violations: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return violations.filter((violation) => {
    const key = violation.at
      ? `${violation.message} ${violation.at.file}:${violation.at.line}`
      : `${violation.message} ${violation.subject}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

function several(lockfiles: readonly Lockfile[], targets: readonly string[]): readonly Found[] {
  const folders = [
    ...new Set(
      lockfiles
        .filter((each) => each.tracked && targets.some((root) => nearest(root, [each.dir])))
        .map((each) => each.dir),
    ),
  ];
  return folders.flatMap((dir) => {
    const own = lockfiles.filter((each) => each.dir === dir && each.tracked);
    if (new Set(own.map((each) => each.manager)).size < 2) return [];
    const data = { folder: dir === '.' ? 'the root' : dir, lockfiles: own.map((each) => each.file).join(', ') };
    return [{ message: 'several' as const, data, at: { file: own[0]?.file ?? dir, line: 1 }, subject: dir }];
  });
}

function stale(lock: Lock): Found {
  const names = [...new Set(lock.missing.map((each) => each.name))];
  const data = {
    lockfile: lock.lockfile.file,
    count: names.length,
    names: `${names.slice(0, 6).join(', ')}${names.length > 6 ? ' and others' : ''}`,
  };
  const trail = lock.missing.slice(0, 6).map((each) => ({ note: `${each.name} is declared here`, at: each.at }));
  return { message: 'stale', data, at: { file: lock.lockfile.file, line: 1 }, subject: lock.lockfile.file, trail };
}

/** pnpm and yarn from version 2 on install frozen in a pipeline by themselves. */
function pipelineInstalls(checks: readonly Check[], targets: readonly string[], packages: Project): readonly Found[] {
  const seen = new Set<string>();
  return checks.flatMap((check) => {
    const [program = ''] = check.words;
    const place = `${check.at.file}:${check.at.line}`;
    const loose =
      check.purposes.includes('install') &&
      onChange(check.when) &&
      !check.obstacle &&
      isLoose(check.words, packages) &&
      targets.some((root) => covers(check, root));
    if (!loose || seen.has(place)) return [];
    seen.add(place);
    return [
      {
        message: 'pipeline-not-frozen' as const,
        data: { command: check.command },
        at: check.at,
        subject: `${check.job} ${program}`,
        trail: check.trail,
      },
    ];
  });
}

function isLoose(words: readonly string[], packages: Project): boolean {
  const [program, verb = ''] = words;
  if (program === 'npm')
    return ['install', 'i'].includes(verb) && !words.some((word) => /^--(package-lock-only|dry-run)/.test(word));
  if (program === 'bun') return verb !== 'ci' && !words.includes('--frozen-lockfile');
  const frozen = words.some((word) => /^--(immutable|frozen-lockfile|pure-lockfile)/.test(word));
  if (program === 'yarn')
    return !frozen && packages.manifests.some((manifest) => manifest.packageManager?.startsWith('yarn@1.'));
  return program === 'pnpm' && words.includes('--no-frozen-lockfile');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const oncePerFile = (installs: readonly ImageInstall[]): readonly ImageInstall[] =>
  installs.filter((install, index) => installs.findIndex((other) => other.at.file === install.at.file) === index);

const image = (install: ImageInstall): Found => ({
  message: install.lockfile ? 'image-not-frozen' : 'image-unlocked',
  data: { command: install.command },
  at: install.at,
  subject: `${install.at.file} ${install.manager}`,
});

function proof(found: Locks, targets: readonly string[]): [Evidence, ...Evidence[]] {
  const own = [...new Set(targets.flatMap((root) => lockOf(root, found) ?? []))];
  const compared = own.reduce((sum, lock) => sum + lock.compared, 0);
  return [
    { searched: `${compared} declared dependencies in ${counted(own.length, 'lockfile')}` },
    ...own.map((lock) => ({
      file: lock.lockfile.file,
      line: 1,
      note: `locks ${counted(lock.dirs.length, 'package')}`,
    })),
  ];
}
