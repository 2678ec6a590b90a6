import type { Purpose } from '../../facts/pipelines.ts';
import type { Manifest } from '../../facts/project.ts';
import { type Fields, isFields, type Packages } from './packages.ts';
import { contains, joined } from './paths.ts';
import { purposeOfName } from './programs.ts';
import type { Request } from './requests.ts';

const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

const json = (packages: Packages, path: string): Fields => packages.json(path) ?? {};

type Runner = (Request & { kind: 'tasks' })['runner'];

/** The task and those of the same package that it depends on. */
export function namedTasks(packages: Packages, root: Manifest, runner: Runner, name: string): readonly string[] {
  const done: string[] = [];
  const visit = (task: string): void => {
    if (done.includes(task)) return;
    done.push(task);
    for (const need of dependencies(packages, root, runner, task)) if (/^[\w:.-]+$/.test(need)) visit(need);
  };
  visit(name);
  return [name, ...done.filter((task) => task !== name)];
}

function dependencies(packages: Packages, root: Manifest, runner: Runner, task: string): readonly string[] {
  if (runner === 'turbo') {
    const config = turboConfig(packages, root);
    return strings(fields(fields(config['tasks'] ?? config['pipeline'])[task])['dependsOn']);
  }
  return runner === 'nx'
    ? strings(fields(fields(json(packages, joined(root.dir, 'nx.json'))['targetDefaults'])[task])['dependsOn'])
    : [];
}

const turboConfig = (packages: Packages, root: Manifest): Fields => {
  const config = json(packages, joined(root.dir, 'turbo.json'));
  return Object.keys(config).length > 0 ? config : json(packages, joined(root.dir, 'turbo.jsonc'));
};

export interface Definition {
  readonly dirs: readonly string[];
  readonly purposes: readonly Purpose[];
}

/** Does the runner start the script of the root as well? Turbo does so for tasks that it names `//#task`. */
export function startsRoot(packages: Packages, root: Manifest, runner: Runner, task: string): boolean {
  if (runner !== 'turbo') return runner === 'nx';
  const config = turboConfig(packages, root);
  return isFields(fields(config['tasks'] ?? config['pipeline'])[`//#${task}`]);
}

/** Where a task is defined besides package.json scripts: Nx's project files and plugins. */
export function definitionOf(
  packages: Packages,
  root: Manifest,
  request: Request & { kind: 'tasks' },
  task: string,
  members: readonly Manifest[],
): readonly Definition[] {
  if (request.runner !== 'nx') return [];
  const own = projectTargets(packages, root, request.filters, task);
  const fromPlugins = pluginTargets(packages, root, task.split(':')[0] ?? task, members);
  const purposes = fromPlugins.flatMap((each) => each.purposes);
  if (own.length === 0) return fromPlugins;
  return own.map((each) =>
    each.purposes.length > 0 ? each : { ...each, purposes: purposes.length > 0 ? purposes : promised(task) },
  );
}

function projectTargets(
  packages: Packages,
  root: Manifest,
  filters: readonly string[],
  task: string,
): readonly Definition[] {
  const files = packages.workspace.match(/(^|\/)project\.json$/).filter((file) => contains(root.dir, file));
  const definitions = files.flatMap((file) => {
    const project = json(packages, file);
    const target = fields(project['targets'])[task.split(':')[0] ?? task] ?? fields(project['targets'])[task];
    const dir = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
    return isFields(target) && named(project, dir, filters)
      ? [{ dirs: [dir], purposes: executorPurposes(target, task) }]
      : [];
  });
  return merged(definitions);
}

function named(project: Fields, dir: string, filters: readonly string[]): boolean {
  const name = typeof project['name'] === 'string' ? project['name'] : (dir.split('/').at(-1) ?? '');
  const wanted = filters.filter((filter) => !filter.startsWith('!'));
  return (
    !filters.includes(`!${name}`) &&
    (wanted.length === 0 || wanted.includes(name) || wanted.some((filter) => /[*$:]/.test(filter)))
  );
}

function executorPurposes(target: Fields, task: string): readonly Purpose[] {
  const executor = typeof target['executor'] === 'string' ? target['executor'] : '';
  const [, kind = ''] = executor.split(':');
  if (executor === '' && target['command'] === undefined) return [];
  if (/eslint|linter|:lint$/.test(executor)) return ['lint'];
  if (/jest|vitest|playwright|cypress|:test$|e2e/.test(executor)) return ['test'];
  if (
    kind === 'tsc' ||
    /^@(angular-devkit|angular|nx\/angular|nrwl\/angular)[/:]/.test(executor) ||
    (kind === 'webpack' && executor.startsWith('@n')) ||
    executor === '@nx/next:build'
  )
    return ['build', 'typecheck'];
  return promised(task);
}

function promised(task: string): readonly Purpose[] {
  const purpose = purposeOfName(task);
  return purpose ? [purpose] : [];
}

const merged = (definitions: readonly Definition[]): readonly Definition[] =>
  [...new Set(definitions.map((each) => each.purposes.join()))].map((key) => {
    const same = definitions.filter((each) => each.purposes.join() === key);
    return { dirs: same.flatMap((each) => each.dirs), purposes: same[0]?.purposes ?? [] };
  });

/** Something besides the files read here may define targets: a plugin that is not known, or an older workspace file. */
export function mayDefineMore(packages: Packages, root: Manifest): boolean {
  const plugins = json(packages, joined(root.dir, 'nx.json'))['plugins'];
  const names = (Array.isArray(plugins) ? plugins : []).map((plugin: unknown) =>
    String(typeof plugin === 'string' ? plugin : fields(plugin)['plugin']),
  );
  const older = ['workspace.json', 'angular.json'].some((name) => packages.workspace.has(joined(root.dir, name)));
  const own = packages.project.manifests.some((manifest) => isFields(fields(manifest.raw['nx'])['targets']));
  return older || own || names.some((name) => !inferred.some(([pattern]) => pattern.test(name)));
}

const inferred: readonly (readonly [RegExp, string, readonly string[], readonly Purpose[]])[] = [
  [/^@nx\/eslint\/plugin$/, 'targetName', ['lint'], ['lint']],
  [/^@nx\/jest\/plugin$/, 'targetName', ['test'], ['test']],
  [/^@nx\/vite(\/plugin)?$/, 'testTargetName', ['test'], ['test']],
  [/^@nx\/vitest(\/plugin)?$/, 'testTargetName', ['test'], ['test']],
  [/^@nx\/vite(\/plugin)?$/, 'buildTargetName', ['build'], ['build']],
  [/^@nx\/webpack\/plugin$/, 'buildTargetName', ['build'], ['build', 'typecheck']],
  [/^@nx\/next\/plugin$/, 'buildTargetName', ['build'], ['build', 'typecheck']],
  [/^@nx\/js\/typescript$/, 'typecheck', ['typecheck'], ['typecheck']],
  [/^@nx\/js\/typescript$/, 'build', ['build'], ['build', 'typecheck']],
  [/^@nx\/playwright\/plugin$/, 'targetName', ['e2e'], ['test']],
  [/^@nx\/cypress\/plugin$/, 'targetName', ['e2e'], ['test']],
];

/** Targets that Nx plugins infer from configuration files; trusted to find their projects. */
function pluginTargets(
  packages: Packages,
  root: Manifest,
  task: string,
  members: readonly Manifest[],
): readonly Definition[] {
  const plugins = json(packages, joined(root.dir, 'nx.json'))['plugins'];
  if (!Array.isArray(plugins)) return [];
  return plugins.flatMap((plugin: unknown) => {
    const name = typeof plugin === 'string' ? plugin : fields(plugin)['plugin'];
    const options = fields(fields(plugin)['options']);
    return inferred.flatMap(([pattern, option, defaults, purposes]) => {
      const target =
        typeof options[option] === 'string'
          ? options[option]
          : isFields(options[option])
            ? fields(options[option])['targetName']
            : undefined;
      const answers = typeof target === 'string' ? target === task : defaults.includes(task);
      return typeof name === 'string' && pattern.test(name) && answers
        ? [{ dirs: members.length > 0 ? members.map((member) => member.dir) : [root.dir], purposes }]
        : [];
    });
  });
}
