import type { Dockerfile, Stage } from '../../facts/containers.ts';
import type { Manager } from '../../facts/project.ts';

const named: Readonly<Record<Manager, RegExp>> = {
  npm: /(?:^|\/)(?:package\*|package-lock\*?|npm-shrinkwrap|\*)(?:\.json)?\*?$/,
  pnpm: /(?:^|\/)(?:pnpm-\*|pnpm-lock\*?|pnpm\*|\*)(?:\.yaml)?\*?$/,
  yarn: /(?:^|\/)(?:yarn\.lock\*?|yarn\*|\*\.lock|\*)$/,
  bun: /(?:^|\/)(?:bun\.lockb?\*?|bun\*|\*\.lockb?|\*)$/,
};

/** Whole folders. */
const folder = /^(?:\.?\/?|\$\{?\w+\}?\/?)$|\/$|^[\w./-]*\/?\.$/;

/** Does an install at this line of a stage find the manager's lockfile, copied or mounted before it? */
export function findsLockfile(
  dockerfile: Dockerfile,
  stage: Stage,
  run: Stage['runs'][number],
  manager: Manager,
): boolean {
  if (/--mount=\S*type=bind/.test(run.text)) return true;
  const before = (line: number | undefined): boolean => (line ?? 0) < (run.at.line ?? 0);
  for (let at: Stage | undefined = stage; at; at = at.base === undefined ? undefined : dockerfile.stages[at.base]) {
    const brings = at.copies.some(
      (copy) =>
        before(copy.at.line) &&
        (copy.from !== undefined || copy.sources.some((source) => folder.test(source) || named[manager].test(source))),
    );
    if (brings) return true;
  }
  return false;
}
