import type { Job, Step, When, Workflow } from '../../facts/pipelines.ts';
import { dirOf, joined } from './paths.ts';
import { documentsOf, eachChange, filesAtRoot, never, type Read, rootPath, scriptOf, type Source } from './source.ts';
import { get, isTrue, lineOfKey, record, text, type Yaml } from './yaml.ts';

/** Azure Pipelines: the file is chosen on the server, by default azure-pipelines.yml at the root. */
export function readAzure(source: Source): Read {
  const files = filesAtRoot(
    source,
    /^(azure-pipelines[\w.-]*|\.azure(-pipelines|devops)?\/[\w./-]+|\.pipelines\/[\w.-]+)\.ya?ml$/,
  );
  const results = files.map((file): Read => {
    const found = documentsOf(source, 'Azure Pipelines', file);
    if ('idle' in found) return { workflows: [], idle: [found.idle] };
    const [root] = found.documents;
    return root && isPipeline(root, file.path)
      ? { workflows: [workflowOf(source, file.path, root)], idle: [] }
      : { workflows: [], idle: [] };
  });
  return { workflows: results.flatMap((result) => result.workflows), idle: results.flatMap((result) => result.idle) };
}

/** Templates stand beside pipelines and start nothing themselves. */
const isPipeline = (root: Yaml, file: string): boolean =>
  (get(root, 'steps') ?? get(root, 'jobs') ?? get(root, 'stages') ?? get(root, 'extends')) !== undefined &&
  (/azure-pipelines/.test(file) || lineOfKey(root, 'trigger') !== undefined || lineOfKey(root, 'pr') !== undefined);

function workflowOf(source: Source, file: string, root: Yaml): Workflow {
  const off = (key: string): boolean => text(get(root, key)) === 'none';
  const scheduled = lineOfKey(root, 'schedules') !== undefined;
  const when: When =
    off('trigger') && (off('pr') || lineOfKey(root, 'pr') === undefined)
      ? { ...never, schedule: scheduled, reason: '`trigger: none` keeps it from starting on changes' }
      : { ...eachChange, schedule: scheduled };
  const context: Context = { source, file, when, env: variables(get(root, 'variables')), depth: 0 };
  return {
    platform: 'Azure Pipelines',
    file,
    name: text(get(root, 'name')) ?? file,
    when,
    jobs: jobsIn(root, context),
  };
}

interface Context {
  readonly source: Source;
  readonly file: string;
  readonly when: When;
  readonly env: Readonly<Record<string, string>>;
  readonly depth: number;
}

const variables = (node: Yaml | undefined): Readonly<Record<string, string>> =>
  node?.items
    ? Object.fromEntries(
        node.items.flatMap((item) => {
          const name = text(get(item, 'name'));
          return name ? [[name, text(get(item, 'value')) ?? '']] : [];
        }),
      )
    : record(node);

function jobsIn(node: Yaml, context: Context): readonly Job[] {
  if (context.depth > 6) return [];
  const stages = get(node, 'stages')?.items ?? [];
  const jobs = get(node, 'jobs')?.items ?? [];
  const steps = get(node, 'steps');
  return [
    ...stages.flatMap((stage) => templated(stage, context, jobsIn) ?? jobsIn(stage, context)),
    ...jobs.flatMap((job) => templated(job, context, jobsIn) ?? [jobOf(job, context)]),
    ...(steps ? [jobOf(node, context)] : []),
  ];
}

/** `template: path` replaced by what stands in that file. */
function templated<T>(
  node: Yaml,
  context: Context,
  read: (node: Yaml, context: Context) => readonly T[],
): readonly T[] | undefined {
  const template = text(get(node, 'template'));
  if (!template) return undefined;
  const file = template.startsWith('/')
    ? rootPath(context.source, template.slice(1))
    : joined(dirOf(context.file), template);
  const inner = template.includes('@') ? undefined : context.source.yaml(file).documents[0];
  return inner?.entries ? read(inner, { ...context, file, depth: context.depth + 1 }) : [];
}

function jobOf(node: Yaml, context: Context): Job {
  const id = text(get(node, 'job')) ?? text(get(node, 'deployment')) ?? 'job';
  const at = { file: context.file, line: node.line };
  const tolerated = isTrue(get(node, 'continueOnError'))
    ? { file: context.file, line: lineOfKey(node, 'continueOnError') ?? node.line }
    : undefined;
  const image = text(get(node, 'container', 'image')) ?? text(get(node, 'container'));
  const when = /^\s*(false|eq\(\s*1\s*,\s*2\s*\))\s*$/.test(text(get(node, 'condition')) ?? '')
    ? { ...never, reason: 'its condition is never true' }
    : context.when;
  const steps = stepsIn(get(node, 'steps') ?? get(node, 'strategy', 'runOnce', 'deploy', 'steps'), {
    ...context,
    when,
  });
  return {
    id,
    name: text(get(node, 'displayName')) ?? id,
    at,
    needs: [],
    when,
    always: false,
    ...(tolerated ? { tolerated } : {}),
    ...(image ? { image: { name: image, at } } : {}),
    steps,
  };
}

const stepsIn = (steps: Yaml | undefined, context: Context): readonly Step[] =>
  (steps?.items ?? []).flatMap(
    (step) => templated(step, context, (root, inner) => stepsIn(get(root, 'steps'), inner)) ?? stepOf(step, context),
  );

function stepOf(node: Yaml, context: Context): readonly Step[] {
  const { file } = context;
  const never_ = /^\s*false\s*$/.test(text(get(node, 'condition')) ?? '');
  const shell = ['script', 'bash', 'pwsh', 'powershell'].find((key) => get(node, key));
  // Azure starts its shells without errexit: only the last command's status counts.
  const run = shell ? scriptOf(get(node, shell), file, { errexit: false, pipefail: false }) : taskScript(node, file);
  const task = text(get(node, 'task'));
  const tolerated = isTrue(get(node, 'continueOnError'))
    ? { file, line: lineOfKey(node, 'continueOnError') ?? node.line }
    : undefined;
  const dir =
    text(get(node, 'workingDirectory')) ??
    text(get(node, 'inputs', 'workingDir')) ??
    text(get(node, 'inputs', 'workingDirectory')) ??
    '.';
  const own = dir.replace(/^\$\((System\.DefaultWorkingDirectory|Build\.SourcesDirectory)\)\/?/, '') || '.';
  return [
    {
      name: text(get(node, 'displayName')) ?? task ?? run?.text.split('\n')[0] ?? 'step',
      at: { file, line: node.line },
      ...(task ? { uses: task } : {}),
      with: record(get(node, 'inputs')),
      env: { ...context.env, ...record(get(node, 'env')) },
      ...(run ? { run } : {}),
      dir: rootPath(context.source, own.includes('$') ? '.' : own),
      ...(own.includes('$') ? { elsewhere: true } : {}),
      when: never_ ? { ...never, reason: 'its condition is never true' } : context.when,
      always: /always\(\)/.test(text(get(node, 'condition')) ?? ''),
      ...(tolerated ? { tolerated } : {}),
      trail: [],
    },
  ];
}

/** The npm and yarn tasks as the commands they run. */
function taskScript(node: Yaml, file: string) {
  const task = text(get(node, 'task')) ?? '';
  const input = (name: string): string => text(get(node, 'inputs', name)) ?? '';
  const commands: Readonly<Record<string, string>> = {
    npm: input('command') === 'custom' ? `npm ${input('customCommand')}` : `npm ${input('command') || 'install'}`,
    yarn: `yarn ${input('arguments') || 'install'}`,
    bash: input('script'),
    cmdline: input('script'),
  };
  const command = commands[task.split('@')[0]?.toLowerCase() ?? ''];
  const at = { file, line: node.line };
  return command
    ? { text: command, at, firstLine: node.line, literal: false, errexit: false, pipefail: false }
    : undefined;
}
