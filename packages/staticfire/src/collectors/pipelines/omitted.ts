import type { Check, Job, Obstacle } from '../../facts/pipelines.ts';
import type { Packages } from './packages.ts';
import { packagesOf } from './programs.ts';

/** Marks programs of devDependencies in a job whose only install leaves those out. */
export function withoutOmitted<T extends Check>(job: Job, checks: readonly T[], packages: Packages): readonly T[] {
  const installs = checks.filter((check) => check.purposes.includes('install') && check.words.length > 1);
  const omitting = installs.filter((check) => omits(check, job));
  if (installs.length === 0 || omitting.length < installs.length) return checks;
  const reason = reasonOf(omitting[0], job);
  return checks.map((check) =>
    !check.obstacle && onlyInDevelopment(check, packages) ? { ...check, obstacle: obstacle(check, reason) } : check,
  );
}

const envOf = (check: Check, job: Job): Readonly<Record<string, string>> =>
  job.steps.find((step) => step.name === check.step)?.env ?? {};

function omits(check: Check, job: Job): boolean {
  if (check.words.some((word) => /^(--include=dev|--prod=false|--production=false|--dev)$/.test(word))) return false;
  return envOf(check, job)['NODE_ENV'] === 'production'
    ? ['npm', 'pnpm'].includes(check.words[0] ?? '')
    : check.words.some((word) => /^(--omit=dev|--production|--prod|-P)$/.test(word));
}

const reasonOf = (install: Check | undefined, job: Job): string =>
  install && envOf(install, job)['NODE_ENV'] === 'production'
    ? `\`${install.command}\` runs with NODE_ENV=production`
    : `\`${install?.command ?? 'the install'}\` leaves them out`;

/** Declared only under devDependencies, everywhere it is declared above the folder. */
function onlyInDevelopment(check: Check, packages: Packages): boolean {
  const bringing = packagesOf(check.words[0] ?? '');
  const [dir] = check.dirs;
  if (bringing.length === 0 || dir === undefined || /\b(npx|bunx|dlx)\b/.test(check.command)) return false;
  const declared = packages
    .upwards(dir)
    .filter((manifest) =>
      bringing.some(
        (name) => manifest.devDependencies[name] ?? manifest.dependencies[name] ?? manifest.optionalDependencies[name],
      ),
    );
  return (
    declared.length > 0 &&
    declared.every(
      (manifest) => !bringing.some((name) => manifest.dependencies[name] ?? manifest.optionalDependencies[name]),
    )
  );
}

const obstacle = (check: Check, reason: string): Obstacle => ({
  kind: 'omitted-dependencies',
  text: `${check.words[0]} is one of the devDependencies, and ${reason}, which does not install them`,
});
