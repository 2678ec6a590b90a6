import type { IdleWorkflow, Job, Platform, Step, When, Workflow } from '../../facts/pipelines.ts';
import type { Step as Trail } from '../../model/place.ts';
import type { WorkspaceFile } from '../../model/workspace.ts';
import { conditional } from './conditions.ts';
import { runsAlways } from './expression.ts';
import { joined } from './paths.ts';
import { allFiles, documentsOf, type Read, rootPath, type Source, toGitRoot } from './source.ts';
import { type Context, stepsOf } from './github-steps.ts';
import { fill, fillAll, inputValues, matrixRows, type Values } from './templates.ts';
import { isCallable, workflowWhen } from './triggers.ts';
import { get, isTrue, lineOfKey, record, text, texts, type Yaml } from './yaml.ts';

const folders: Readonly<Record<string, Platform>> = {
  '.github': 'GitHub Actions',
  '.gitea': 'Gitea Actions',
  '.forgejo': 'Gitea Actions',
  '.depot': 'Depot CI',
};
const pattern = /(^|\/)(\.github|\.gitea|\.forgejo|\.depot)\/workflows\/[^/]+\.ya?ml$/;
const elsewhere =
  /(^|\/)(templates?|_templates|examples?|fixtures?|__fixtures__|__tests__|vendor|third[_-]party|skeletons?|boilerplates?)\//i;

/** GitHub reads workflows only in `.github/workflows` at the root of the repository. */
export function readGithub(source: Source): Read {
  const found = allFiles(source).filter((file) => pattern.test(file.path));
  const results = found.map((file) => readFile(source, file));
  return {
    workflows: results.flatMap((result) => result.workflows),
    idle: results.flatMap((result) => result.idle),
    misplaced: results.flatMap((result) => result.misplaced ?? []),
  };
}

function readFile(source: Source, file: WorkspaceFile): Read {
  const path = toGitRoot(file.path, source.prefix);
  const platform = folders[path.split('/').at(-3) ?? ''] ?? 'GitHub Actions';
  const documents = documentsOf(source, platform, file);
  if ('idle' in documents) return { workflows: [], idle: elsewhere.test(path) ? [] : [documents.idle] };
  const [root] = documents.documents;
  if (!root || !get(root, 'jobs')) return { workflows: [], idle: idleOnes(platform, file, path, root) };
  const context: Context = { source, file: file.path, values: {}, env: {}, trail: [], depth: 0 };
  if (/^\.(github|gitea|forgejo|depot)\//.test(path))
    return { workflows: [workflowOf(platform, file.path, root, context)], idle: [] };
  const base = file.path.split('/').slice(0, -3).join('/') || '.';
  return {
    workflows: [],
    idle: misplaced(platform, file, path),
    misplaced: elsewhere.test(path)
      ? []
      : [workflowOf(platform, file.path, root, { ...context, source: { ...source, base } })],
  };
}

const idleOnes = (
  platform: Platform,
  file: WorkspaceFile,
  path: string,
  root: Yaml | undefined,
): readonly IdleWorkflow[] =>
  elsewhere.test(path) || !root || !/^\.(github|gitea|forgejo|depot)\//.test(path)
    ? []
    : [{ platform, file: file.path, line: 1, why: 'empty', detail: 'it has no jobs' }];

const misplaced = (platform: Platform, file: WorkspaceFile, path: string): readonly IdleWorkflow[] =>
  elsewhere.test(path)
    ? []
    : [
        {
          platform,
          file: file.path,
          line: 1,
          why: 'misplaced',
          detail: `${platform.replace(/ (?:Actions|CI)$/, '')} reads workflows only in ${path.split('/').at(-3)}/workflows at the root of the repository`,
        },
      ];

function workflowOf(platform: Platform, file: string, root: Yaml, context: Context): Workflow {
  const when = workflowWhen(root);
  const name = text(get(root, 'name')) ?? file.split('/').at(-1) ?? file;
  return {
    platform,
    file,
    name,
    when:
      when.reason && isCallable(root) && !when.schedule
        ? { ...when, reason: 'it only runs when another workflow calls it' }
        : when,
    jobs: jobsOf(root, when, context),
  };
}

function jobsOf(root: Yaml, when: When, context: Context): readonly Job[] {
  const env = { ...context.env, ...record(get(root, 'env')) };
  const dir = text(get(root, 'defaults', 'run', 'working-directory'));
  const shell = text(get(root, 'defaults', 'run', 'shell'));
  const inner: Context = { ...context, env, ...(dir ? { dir } : {}), ...(shell ? { shell } : {}) };
  const jobs = [...(get(root, 'jobs')?.entries ?? [])].flatMap(([id, { node, line }]) =>
    jobOf(id, node, line, when, inner),
  );
  return withNeeds(jobs);
}

/** A job that needs one which never runs is skipped with it. */
function withNeeds(jobs: readonly Job[]): readonly Job[] {
  const done: Job[] = [];
  for (const job of jobs) done.push(job);
  return done.map((job) => {
    const idle = job.always
      ? undefined
      : jobs.find(
          (other) =>
            job.needs.includes(other.id) &&
            !other.when.push &&
            !other.when.pullRequest &&
            (job.when.push || job.when.pullRequest),
        );
    if (!idle) return job;
    const when: When = {
      push: false,
      pullRequest: false,
      schedule: job.when.schedule && idle.when.schedule,
      reason: `it needs the job "${idle.id}", which does not run`,
    };
    return { ...job, when, steps: job.steps.map((step) => ({ ...step, when })) };
  });
}

function jobOf(id: string, node: Yaml, line: number, outer: When, context: Context): readonly Job[] {
  const condition = text(get(node, 'if'));
  const filled = condition === undefined ? undefined : fillCondition(condition, context.values);
  const when = conditional(filled, outer, 'its');
  const uses = text(get(node, 'uses'));
  const tolerated = isTrue(get(node, 'continue-on-error'))
    ? { file: context.file, line: lineOfKey(node, 'continue-on-error') ?? line }
    : undefined;
  const needs = texts(get(node, 'needs'));
  const base = {
    id,
    name: text(get(node, 'name')) ?? id,
    at: { file: context.file, line },
    needs,
    when,
    always: runsAlways(condition),
    ...(tolerated ? { tolerated } : {}),
  };
  if (uses) return called(uses, node, base, context);
  const image = text(get(node, 'container', 'image')) ?? text(get(node, 'container'));
  const rows = matrixRows(get(node, 'strategy'));
  const env = { ...context.env, ...record(get(node, 'env')) };
  const steps = rows.flatMap((row, instance) =>
    stepsFor(node, row, when, { ...context, env }).map((step) => ({ ...step, instance })),
  );
  return [
    {
      ...base,
      ...(image
        ? {
            image: {
              name: fill(image, context.values),
              at: { file: context.file, line: get(node, 'container')?.line ?? line },
            },
          }
        : {}),
      steps: distinct(steps),
    },
  ];
}

/** `inputs.x` stands bare in conditions. */
const fillCondition = (condition: string, values: Values): string =>
  condition.replaceAll(/\binputs\.([\w-]+)/g, (whole) => {
    const value = values[whole];
    return value === undefined || value.includes('${{')
      ? whole
      : /^(true|false|\d+)$/.test(value)
        ? value
        : `'${value.replaceAll("'", "''")}'`;
  });

function stepsFor(node: Yaml, row: Values, when: When, context: Context): readonly Step[] {
  const dir = text(get(node, 'defaults', 'run', 'working-directory')) ?? context.dir;
  const shell = text(get(node, 'defaults', 'run', 'shell')) ?? context.shell;
  const checkout = checkoutPath(get(node, 'steps'));
  const inner: Context = {
    ...context,
    values: { ...context.values, ...row },
    ...(dir ? { dir } : {}),
    ...(shell ? { shell } : {}),
    ...(checkout ? { checkout } : {}),
    foreign: isForeign(get(node, 'steps')),
  };
  return stepsOf(get(node, 'steps'), when, inner);
}

/** The folder into which the repository itself is checked out, when not the root. */
function checkoutPath(steps: Yaml | undefined): string | undefined {
  const step = steps?.items?.find(
    (item) =>
      (text(get(item, 'uses')) ?? '').startsWith('actions/checkout@') &&
      text(get(item, 'with', 'repository')) === undefined,
  );
  return text(get(step, 'with', 'path'));
}

/** Another repository stands where this one would. */
const isForeign = (steps: Yaml | undefined): boolean =>
  (steps?.items ?? []).some(
    (item) =>
      (text(get(item, 'uses')) ?? '').startsWith('actions/checkout@') &&
      !/^$|github\.repository|head\.repo/.test(text(get(item, 'with', 'repository')) ?? '') &&
      text(get(item, 'with', 'path')) === undefined,
  );

/** Rows of a matrix that change nothing in a step leave it once. */
function distinct(steps: readonly Step[]): readonly Step[] {
  const places = new Set(steps.map(({ at }) => `${at.file}:${at.line}`));
  return places.size === steps.length ? steps : grouped(steps);
}

function grouped(steps: readonly Step[]): readonly Step[] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const key = JSON.stringify([step.at, step.dir, step.run?.text, step.uses, step.with, step.trail, step.when]);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()].flatMap(([first, ...same]) =>
    first ? [same.length > 0 ? { ...first, instance: undefined } : first] : [],
  );
}

function called(uses: string, node: Yaml, base: Omit<Job, 'steps'>, context: Context): readonly Job[] {
  const local = /^\.\/(.+)$/.exec(uses)?.[1];
  const path = local ? rootPath(context.source, joined(local)) : undefined;
  const root = path ? context.source.yaml(path).documents[0] : undefined;
  if (!path || !root || context.depth > 3) return [{ ...base, steps: [], remote: uses }];
  const given = fillAll(record(get(node, 'with')), context.values);
  const declared = get(root, 'on', 'workflow_call', 'inputs');
  const trail: readonly Trail[] = [...context.trail, { note: `calls ${path}`, at: base.at }];
  const rows = matrixRows(get(node, 'strategy'));
  const jobs = rows.flatMap((row) =>
    jobsOf(root, base.when, {
      source: context.source,
      file: path,
      values: inputValues(declared, fillAll(given, row)),
      env: {},
      trail,
      depth: context.depth + 1,
    }),
  );
  const inner = jobs.map((job) => ({
    ...job,
    id: `${base.id} / ${job.id}`,
    needs: [...base.needs, ...job.needs.map((need) => `${base.id} / ${need}`)],
    ...(base.tolerated ? { tolerated: base.tolerated } : {}),
  }));
  return [{ ...base, steps: [] }, ...inner];
}
