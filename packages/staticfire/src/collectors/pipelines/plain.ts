import type { Job, Platform, Step, Workflow } from '../../facts/pipelines.ts';
import {
  documentsOf,
  eachChange,
  filesAtRoot,
  nothingRead,
  type Read,
  rootPath,
  scriptOf,
  type Source,
} from './source.ts';
import { get, record, text, texts, type Yaml } from './yaml.ts';

const shell = { errexit: true, pipefail: false };

/** Woodpecker and Drone: steps in containers, each with its commands. */
export function readContainerSteps(source: Source): Read {
  const woodpecker = filesAtRoot(source, /^\.woodpecker(\/[^/]+)?\.ya?ml$/);
  const drone = filesAtRoot(source, /^\.drone\.ya?ml$/);
  return merge([
    ...woodpecker.map((file) => stepsFile(source, 'Woodpecker', file)),
    ...drone.map((file) => stepsFile(source, 'Drone', file)),
  ]);
}

export const merge = (results: readonly Read[]): Read => ({
  workflows: results.flatMap((result) => result.workflows),
  idle: results.flatMap((result) => result.idle),
  misplaced: results.flatMap((result) => result.misplaced ?? []),
});

function stepsFile(source: Source, platform: Platform, file: Parameters<typeof documentsOf>[2]): Read {
  const found = documentsOf(source, platform, file);
  if ('idle' in found) return { workflows: [], idle: [found.idle] };
  const jobs = found.documents.flatMap((root) => containerJobs(source, file.path, root));
  return { workflows: [{ platform, file: file.path, name: platform, when: eachChange, jobs }], idle: [] };
}

function containerJobs(source: Source, file: string, root: Yaml): readonly Job[] {
  const steps = get(root, 'steps') ?? get(root, 'pipeline');
  const named = steps?.items
    ? steps.items.map((node): [string, Yaml] => [text(get(node, 'name')) ?? 'step', node])
    : [...(steps?.entries ?? [])].map(([name, { node }]): [string, Yaml] => [name, node]);
  return named.flatMap(([name, node]) => {
    const run = scriptOf(get(node, 'commands'), file, shell);
    const tolerated = text(get(node, 'failure')) === 'ignore' ? { file, line: node.line } : undefined;
    const image = text(get(node, 'image'));
    const job = jobWith(
      name,
      { file, line: node.line },
      run ? [stepWith(source, name, file, node.line, run, record(get(node, 'environment')))] : [],
    );
    return [{ ...job, ...(tolerated ? { tolerated } : {}), ...(image ? { image: { name: image, at: job.at } } : {}) }];
  });
}

const stepWith = (
  source: Source,
  name: string,
  file: string,
  line: number,
  run: NonNullable<Step['run']>,
  env: Readonly<Record<string, string>>,
): Step => ({
  name,
  at: { file, line },
  with: {},
  env,
  run,
  dir: rootPath(source, '.'),
  when: eachChange,
  always: false,
  trail: [],
});

const jobWith = (id: string, at: Job['at'], steps: readonly Step[]): Job => ({
  id,
  name: id,
  at,
  needs: [],
  when: eachChange,
  always: false,
  steps,
});

/** Travis CI: one script, `npm test` when none is given. */
export function readTravis(source: Source): Read {
  const [file] = filesAtRoot(source, /^\.travis\.ya?ml$/);
  if (!file) return nothingRead;
  const found = documentsOf(source, 'Travis CI', file);
  if ('idle' in found) return { workflows: [], idle: [found.idle] };
  const [root] = found.documents;
  const parts = ['install', 'before_script', 'script'].flatMap((key) => get(root, key) ?? []);
  const run = scriptOf(
    {
      line: get(root, 'script')?.line ?? 1,
      items: get(root, 'script') ? parts : [...parts, { line: 1, value: 'npm test' }],
    },
    file.path,
    { errexit: false, pipefail: false },
  );
  // Travis runs each line and fails when any did.
  const steps = (run?.text.split('\n') ?? []).map((line) =>
    stepWith(
      source,
      line,
      file.path,
      run?.firstLine ?? 1,
      {
        text: line,
        at: { file: file.path, line: run?.firstLine ?? 1 },
        firstLine: run?.firstLine ?? 1,
        literal: false,
        ...shell,
      },
      {},
    ),
  );
  const node = newestFirst(texts(get(root, 'node_js')));
  const job: Job = {
    ...jobWith('travis', { file: file.path, line: 1 }, steps),
    ...(node[0]
      ? { image: { name: `node:${node[0]}`, at: { file: file.path, line: get(root, 'node_js')?.line ?? 1 } } }
      : {}),
  };
  return {
    workflows: [{ platform: 'Travis CI', file: file.path, name: 'Travis CI', when: eachChange, jobs: [job] }],
    idle: [],
  };
}

/** A Jenkinsfile is a program: its `sh` lines are read, its conditions are not. */
export function readJenkins(source: Source): Read {
  const workflows = filesAtRoot(source, /^(jenkins\/)?Jenkinsfile(\.[\w-]+)?$/i).map((file): Workflow => {
    const code = (source.workspace.read(file.path) ?? '')
      .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
      .replaceAll(/^\s*\/\/.*$/gm, '');
    const steps = [...code.matchAll(/\b(?:sh|bat)\b\s*\(?\s*(?:script\s*:\s*)?('''|"""|'|")([\s\S]*?)\1/g)].map(
      (match) => jenkinsStep(source, file.path, code, match),
    );
    return {
      platform: 'Jenkins',
      file: file.path,
      name: 'Jenkins',
      when: eachChange,
      jobs: [jobWith('jenkins', { file: file.path, line: 1 }, steps)],
    };
  });
  return { workflows, idle: [] };
}

function jenkinsStep(source: Source, file: string, code: string, match: RegExpMatchArray): Step {
  const line = code.slice(0, match.index).split('\n').length;
  const body = match[2] ?? '';
  const around = code.slice((match.index ?? 0) - 12, (match.index ?? 0) + match[0].length + 60);
  const tolerated = /returnStatus\s*:\s*true/.test(around) ? { file, line } : undefined;
  const step = stepWith(
    source,
    body.trim().split('\n')[0] ?? 'sh',
    file,
    line,
    { text: body, at: { file, line }, firstLine: line, literal: true, ...shell },
    {},
  );
  return tolerated ? { ...step, tolerated } : step;
}

/** Of a matrix the newest version that it names speaks for the pipeline. */
const newestFirst = (versions: readonly string[]): readonly string[] =>
  versions.toSorted(
    (a, b) => (Number.parseInt(b.replace(/^v/, ''), 10) || 0) - (Number.parseInt(a.replace(/^v/, ''), 10) || 0),
  );
