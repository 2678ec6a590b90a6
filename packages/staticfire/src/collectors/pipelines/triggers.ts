import type { When } from '../../facts/pipelines.ts';
import { get, lineOfKey, texts, type Yaml } from './yaml.ts';

const livelyTypes = new Set(['opened', 'synchronize', 'reopened', 'ready_for_review', 'edited', 'labeled']);

/** When GitHub starts a workflow by itself. */
export function workflowWhen(root: Yaml): When {
  const on = get(root, 'on') ?? get(root, 'true');
  const names = new Set(on?.entries ? on.entries.keys() : texts(on));
  const pushed = names.has('push') && pushesOfBranches(get(on, 'push'));
  const requested = ['pull_request', 'pull_request_target', 'merge_group'].some(
    (name) => names.has(name) && liveRequest(get(on, name)),
  );
  const follows = names.has('workflow_run') && !followsReleases(get(on, 'workflow_run'));
  const paths = pathsOf(on, names);
  const when = {
    push: pushed || follows,
    pullRequest: requested,
    schedule: names.has('schedule'),
    ...(paths ? { paths } : {}),
  };
  return when.push || when.pullRequest ? when : { ...when, reason: reasonOf(names) };
}

/** What comes after a release says nothing before it. */
function followsReleases(run: Yaml | undefined): boolean {
  const followed = texts(get(run, 'workflows'));
  return followed.length > 0 && followed.every((name) => /releas|publish/i.test(name));
}

export const isCallable = (root: Yaml): boolean => {
  const on = get(root, 'on') ?? get(root, 'true');
  return lineOfKey(on, 'workflow_call') !== undefined || texts(on).includes('workflow_call');
};

/** The paths of all triggers by changes together; undefined when one of them has no filter. */
function pathsOf(on: Yaml | undefined, names: ReadonlySet<string>): readonly string[] | undefined {
  const triggers = ['push', 'pull_request', 'pull_request_target'].filter((name) => names.has(name));
  const filters = triggers.map((name) => get(on, name, 'paths'));
  return triggers.length > 0 && filters.every(Boolean) ? filters.flatMap((filter) => texts(filter)) : undefined;
}

/** A filter by tags alone leaves pushes of commits out. */
function pushesOfBranches(push: Yaml | undefined): boolean {
  const has = (key: string): boolean => lineOfKey(push, key) !== undefined;
  if ((has('tags') || has('tags-ignore')) && !has('branches') && !has('branches-ignore')) return false;
  return !texts(get(push, 'branches-ignore')).some((branch) => branch === '**' || branch === '*');
}

function liveRequest(request: Yaml | undefined): boolean {
  const types = texts(get(request, 'types'));
  return types.length === 0 || types.some((type) => livelyTypes.has(type));
}

function reasonOf(names: ReadonlySet<string>): string {
  if (names.size === 0) return 'it names no trigger';
  const shown = [...names].filter((name) => name !== 'workflow_dispatch');
  if (shown.length === 0) return 'it only starts by hand';
  if (shown.includes('push')) return 'it only runs on tags';
  if (shown.includes('schedule')) return 'it only runs on a schedule';
  return `it only runs on ${shown.join(', ')}`;
}
