import { type Check, onChange, type Pipelines, type Purpose } from '../../facts/pipelines.ts';
import type { Project } from '../../facts/project.ts';
import type { Services } from '../../facts/services.ts';
import type { CodeModel } from '../../code/model.ts';

/** What each change must go through. */
const required = ['lint', 'typecheck', 'test', 'build'] as const satisfies readonly Purpose[];
export type Required = (typeof required)[number];

export const wordFor: Readonly<Record<Required, string>> = {
  lint: 'linter',
  typecheck: 'type check',
  test: 'tests',
  build: 'build',
};

/** Type checks are asked of TypeScript only, and a build where something is built. */
export function requiredHere(project: Project, code: CodeModel): readonly Required[] {
  const typed = code.files.some((file) => /\.[cm]?tsx?$/.test(file));
  const built = project.manifests.some((manifest) =>
    Object.keys(manifest.scripts).some((name) => /(^|:)(build|compile|bundle)(:|$|-)/.test(name)),
  );
  return required.filter((purpose) => (purpose === 'typecheck' ? typed : purpose === 'build' ? built : true));
}

/** Does one folder lie in the other? '.' holds everything. */
export const related = (a: string, b: string): boolean =>
  a === '.' ||
  b === '.' ||
  a === b ||
  a.startsWith(`${b}/`) ||
  b.startsWith(`${a}/`) ||
  a === '..' ||
  a.startsWith('../');

export const covers = (check: Check, root: string): boolean =>
  startedBy(check, root) && check.dirs.some((dir) => related(dir, root));

/** Does a change in this folder start it? A filter by paths may leave the folder out. */
export function startedBy(check: Check, root: string): boolean {
  const fixed = (check.when.paths ?? [])
    .filter((path) => !path.startsWith('!'))
    .map((path) =>
      path
        .replace(/^\//, '')
        .replace(/[*?[{].*$/, '')
        .replace(/\/$/, ''),
    );
  return root === '.' || !check.when.paths || fixed.some((path) => path === '' || related(path, root));
}

/** Folders whose code must be checked: those of the services, the root without any. */
export const targetsOf = (services: Services): readonly string[] =>
  services.list.length > 0 ? [...new Set(services.list.map((service) => service.root))] : ['.'];

/** Runs on each change, reaches its work, and has something behind it. */
export const works = (check: Check): boolean =>
  onChange(check.when) && !check.obstacle && !check.blockedBy && !check.hollow;

/** Any check that a workflow in force runs on changes. */
export const anyInForce = (pipelines: Pipelines): boolean =>
  pipelines.checks.some(
    (check) => onChange(check.when) && check.purposes.some((purpose) => required.some((each) => each === purpose)),
  );
