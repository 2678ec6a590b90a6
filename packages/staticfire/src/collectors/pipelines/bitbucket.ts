import type { Job, Step, When } from '../../facts/pipelines.ts';
import { documentsOf, eachChange, filesAtRoot, never, type Read, rootPath, scriptOf, type Source } from './source.ts';
import { get, text, type Yaml } from './yaml.ts';

/** Bitbucket reads bitbucket-pipelines.yml at the root. */
export function readBitbucket(source: Source): Read {
  const [file] = filesAtRoot(source, /^bitbucket-pipelines\.ya?ml$/);
  if (!file) return { workflows: [], idle: [] };
  const found = documentsOf(source, 'Bitbucket Pipelines', file);
  if ('idle' in found) return { workflows: [], idle: [found.idle] };
  const [root] = found.documents;
  const pipelines = get(root, 'pipelines');
  const jobs = [...(pipelines?.entries ?? [])].flatMap(([key, { node }]) => jobsIn(key, node, source, file.path, root));
  return {
    workflows: [
      { platform: 'Bitbucket Pipelines', file: file.path, name: 'Bitbucket Pipelines', when: eachChange, jobs },
    ],
    idle: [],
  };
}

function jobsIn(key: string, node: Yaml, source: Source, file: string, root: Yaml | undefined): readonly Job[] {
  const when: When =
    key === 'custom'
      ? { ...never, reason: 'a custom pipeline only starts by hand or on a schedule' }
      : key === 'tags'
        ? { ...never, reason: 'it only runs on tags' }
        : eachChange;
  const lists = key === 'default' ? [node] : [...(node.entries ?? [])].map(([, entry]) => entry.node);
  return lists.flatMap((list) =>
    (list.items ?? []).flatMap((item) => stepsIn(item, 0)).map((step) => jobOf(step, when, source, file, root)),
  );
}

function stepsIn(item: Yaml, depth: number): readonly Yaml[] {
  const inner = get(item, 'parallel', 'steps') ?? get(item, 'parallel') ?? get(item, 'stage', 'steps');
  if (inner && depth < 4) return (inner.items ?? []).flatMap((each) => stepsIn(each, depth + 1));
  const step = get(item, 'step');
  return step ? [step] : [];
}

function jobOf(node: Yaml, when: When, source: Source, file: string, root: Yaml | undefined): Job {
  const name = text(get(node, 'name')) ?? 'step';
  const at = { file, line: node.line };
  const run = scriptOf(get(node, 'script'), file, { errexit: true, pipefail: false });
  const manual = text(get(node, 'trigger')) === 'manual';
  const own: When = manual ? { ...never, reason: 'it is started by hand' } : when;
  const image = get(node, 'image') ?? get(root, 'image');
  const imageName = text(get(image, 'name')) ?? text(image);
  const step: Step | undefined = run && {
    name,
    at,
    with: {},
    env: {},
    run,
    dir: rootPath(source, '.'),
    when: own,
    always: false,
    trail: [],
  };
  return {
    id: name,
    name,
    at,
    needs: [],
    when: own,
    always: false,
    ...(imageName ? { image: { name: imageName, at: { file, line: image?.line ?? at.line } } } : {}),
    steps: step ? [step] : [],
  };
}
