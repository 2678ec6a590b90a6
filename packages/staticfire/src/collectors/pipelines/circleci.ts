import type { Job, Step, When } from '../../facts/pipelines.ts';
import { documentsOf, eachChange, filesAtRoot, never, type Read, rootPath, scriptOf, type Source } from './source.ts';
import { get, record, text, texts, type Yaml } from './yaml.ts';

const shell = { errexit: true, pipefail: true };

/** CircleCI reads `.circleci/config.yml` at the root; a job runs when a workflow names it. */
export function readCircle(source: Source): Read {
  const [file] = filesAtRoot(source, /^\.circleci\/config\.ya?ml$/);
  if (!file) return { workflows: [], idle: [] };
  const found = documentsOf(source, 'CircleCI', file);
  if ('idle' in found) return { workflows: [], idle: [found.idle] };
  const [root] = found.documents;
  if (!root) return { workflows: [], idle: [] };
  const jobs = get(root, 'workflows')
    ? namedJobs(source, file.path, root)
    : entriesOf(get(root, 'jobs')).map(([name]) =>
        jobOf(source, file.path, root, { name, when: eachChange, needs: [], params: undefined }),
      );
  return { workflows: [{ platform: 'CircleCI', file: file.path, name: 'CircleCI', when: eachChange, jobs }], idle: [] };
}

const entriesOf = (node: Yaml | undefined): readonly (readonly [string, Yaml])[] =>
  [...(node?.entries ?? [])].map(([name, { node: inner }]) => [name, inner]);

interface Use {
  readonly name: string;
  readonly when: When;
  readonly needs: readonly string[];
  readonly params: Yaml | undefined;
}

const namedJobs = (source: Source, file: string, root: Yaml): readonly Job[] =>
  entriesOf(get(root, 'workflows'))
    .filter(([name]) => name !== 'version')
    .flatMap(([, workflow]) =>
      (get(workflow, 'jobs')?.items ?? [])
        .flatMap((item) => usesIn(item, scheduled(workflow)))
        .map((use) => jobOf(source, file, root, use)),
    );

const scheduled = (workflow: Yaml): When =>
  (get(workflow, 'triggers')?.items ?? []).length > 0
    ? { ...never, schedule: true, reason: 'its workflow only runs on a schedule' }
    : eachChange;

function usesIn(item: Yaml, outer: When): readonly Use[] {
  const plain = text(item);
  if (plain) return [{ name: plain, when: outer, needs: [], params: undefined }];
  return entriesOf(item).map(([name, params]) => ({
    name,
    when: filteredWhen(params, outer),
    needs: texts(get(params, 'requires')),
    params,
  }));
}

function filteredWhen(params: Yaml, outer: When): When {
  const ignored = texts(get(params, 'filters', 'branches', 'ignore'));
  const tagsOnly =
    get(params, 'filters', 'tags') !== undefined && ignored.some((pattern) => /^\/?\.\*\/?$/.test(pattern));
  return tagsOnly ? { ...never, reason: 'its filters only let tags through' } : outer;
}

function jobOf(source: Source, file: string, root: Yaml, use: Use): Job {
  const node = get(root, 'jobs', use.name);
  const line = node?.line ?? use.params?.line ?? 1;
  const executor = text(get(node, 'executor', 'name')) ?? text(get(node, 'executor'));
  const docker = (get(node, 'docker') ?? get(root, 'executors', executor ?? '', 'docker'))?.items?.[0];
  const image = text(get(docker, 'image'));
  const dir = workingDir(text(get(node, 'working_directory')));
  const base = { dir: rootPath(source, dir), when: use.when, env: record(get(node, 'environment')) };
  const steps = node ? stepsOf(get(node, 'steps'), file, root, base, 0) : orbJob(use, file, line, base);
  return {
    id: use.name,
    name: use.name,
    at: { file, line },
    needs: use.needs,
    when: use.when,
    always: false,
    ...(image ? { image: { name: image, at: { file, line: docker?.line ?? line } } } : {}),
    steps,
  };
}

const workingDir = (dir: string | undefined): string => (!dir || /^(~|\/)/.test(dir) ? '.' : dir);

type Base = Pick<Step, 'dir' | 'when' | 'env'>;

function stepsOf(steps: Yaml | undefined, file: string, root: Yaml, base: Base, depth: number): readonly Step[] {
  return (steps?.items ?? []).flatMap((item) => {
    const plain = text(item);
    if (plain) return depth < 5 ? stepsOf(get(root, 'commands', plain, 'steps'), file, root, base, depth + 1) : [];
    return entriesOf(item).flatMap(([key, node]) => stepOf(key, node, file, root, base, depth));
  });
}

function stepOf(key: string, node: Yaml, file: string, root: Yaml, base: Base, depth: number): readonly Step[] {
  if (key === 'when' || key === 'unless') return stepsOf(get(node, 'steps'), file, root, base, depth + 1);
  if (key !== 'run') {
    const inner = get(root, 'commands', key, 'steps');
    return inner && depth < 5 ? stepsOf(inner, file, root, base, depth + 1) : orbStep(key, node, file, base);
  }
  const command = get(node, 'command') ?? node;
  const run = scriptOf(command, file, shell);
  if (!run) return [];
  const dir = text(get(node, 'working_directory'));
  const name = text(get(node, 'name')) ?? run.text.split('\n')[0] ?? 'run';
  return [
    {
      ...base,
      name,
      at: { file, line: node.line },
      with: {},
      run,
      ...(dir ? { dir: workingDir(dir) } : {}),
      always: text(get(node, 'when')) === 'always',
      trail: [],
    },
  ];
}

/** Commands of the orbs for Node.js. */
function orbStep(key: string, node: Yaml, file: string, base: Base): readonly Step[] {
  const command = key.endsWith('/install-packages') ? `${text(get(node, 'pkg-manager')) ?? 'npm'} ci` : undefined;
  return command
    ? [synthetic(key, command.replace(/^(yarn|pnpm) ci$/, '$1 install --frozen-lockfile'), node.line, file, base)]
    : [];
}

const synthetic = (name: string, command: string, line: number, file: string, base: Base): Step => ({
  ...base,
  name,
  at: { file, line },
  with: {},
  run: { text: command, at: { file, line }, firstLine: line, literal: false, ...shell },
  always: false,
  trail: [],
});

function orbJob(use: Use, file: string, line: number, base: Base): readonly Step[] {
  if (use.name.endsWith('/test'))
    return [synthetic(use.name, `npm run ${text(get(use.params, 'run-command')) ?? 'test'}`, line, file, base)];
  const run = use.name.endsWith('/run')
    ? (text(get(use.params, 'npm-run')) ?? text(get(use.params, 'yarn-run')))
    : undefined;
  return run ? [synthetic(use.name, `npm run ${run}`, line, file, base)] : [];
}
