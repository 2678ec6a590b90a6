import type { Job, When, Workflow } from '../../facts/pipelines.ts';
import { joined } from './paths.ts';
import { documentsOf, eachChange, filesAtRoot, never, type Read, rootPath, scriptOf, type Source } from './source.ts';
import { type Entry, get, isTrue, lineOfKey, record, text, texts, type Yaml } from './yaml.ts';

const reserved = new Set([
  'stages',
  'variables',
  'default',
  'include',
  'workflow',
  'image',
  'services',
  'before_script',
  'after_script',
  'cache',
  'spec',
  'pages:deploy',
]);

interface Entries {
  readonly file: string;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** GitLab reads `.gitlab-ci.yml` at the root, and what it includes. */
export function readGitlab(source: Source): Read {
  const [file] = filesAtRoot(source, /^\.gitlab-ci\.ya?ml$/);
  if (!file) return { workflows: [], idle: [] };
  const found = documentsOf(source, 'GitLab CI', file);
  if ('idle' in found) return { workflows: [], idle: [found.idle] };
  const roots = found.documents.flatMap((root) => [{ file: file.path, root }, ...included(source, root, 0)]);
  const workflow: Workflow = {
    platform: 'GitLab CI',
    file: file.path,
    name: 'GitLab CI',
    when: eachChange,
    jobs: jobsOf(source, roots),
  };
  return { workflows: [workflow], idle: [] };
}

interface Root {
  readonly file: string;
  readonly root: Yaml;
}

function included(source: Source, root: Yaml, depth: number): readonly Root[] {
  const include = get(root, 'include');
  if (!include || depth > 4) return [];
  return (include.items ?? [include]).flatMap((item) => {
    const local = text(get(item, 'local')) ?? text(item);
    if (!local || /^https?:|\*/.test(local)) return [];
    const file = rootPath(source, joined(`./${local.replace(/^\//, '')}`));
    const inner = source.yaml(file).documents[0];
    return inner?.entries ? [{ file, root: inner }, ...included(source, inner, depth + 1)] : [];
  });
}

function jobsOf(source: Source, roots: readonly Root[]): readonly Job[] {
  const all: readonly Entries[] = roots.map(({ file, root }) => ({ file, entries: root.entries ?? new Map() }));
  const lookup = (name: string): Yaml | undefined => all.map(({ entries }) => entries.get(name)?.node).find(Boolean);
  const own = all.flatMap(({ file, entries }) =>
    [...entries].flatMap(([name, { node, line }]) =>
      reserved.has(name) || name.startsWith('.') || !node.entries
        ? []
        : [jobOf({ source, file, name, node: extended(node, lookup, 0), line, roots })],
    ),
  );
  return [...own, ...roots.flatMap(({ file, root }) => templates(file, root))];
}

/** `extends`, nearest last. */
function extended(node: Yaml, lookup: (name: string) => Yaml | undefined, depth: number): Yaml {
  const bases = texts(get(node, 'extends')).flatMap((name) => lookup(name) ?? []);
  if (bases.length === 0 || depth > 8) return node;
  const entries = new Map(bases.flatMap((base) => [...(extended(base, lookup, depth + 1).entries ?? [])]));
  for (const [key, entry] of node.entries ?? []) entries.set(key, entry);
  return { ...node, entries };
}

interface Written {
  readonly source: Source;
  readonly file: string;
  readonly name: string;
  readonly node: Yaml;
  readonly line: number;
  readonly roots: readonly Root[];
}

function jobOf({ source, file, name, node, line, roots }: Written): Job {
  const shared = (key: string): Yaml | undefined =>
    roots.map(({ root }) => get(root, 'default', key) ?? get(root, key)).find(Boolean);
  const when = whenOf(node);
  const allow = get(node, 'allow_failure');
  const tolerated = isTrue(allow) ? { file, line: lineOfKey(node, 'allow_failure') ?? line } : undefined;
  const image = get(node, 'image') ?? shared('image');
  const imageName = text(get(image, 'name')) ?? text(image);
  const env = Object.assign(
    {},
    ...roots.map(({ root }) => record(get(root, 'variables'))),
    record(get(node, 'variables')),
  );
  const base = { at: { file, line }, with: {}, env, dir: rootPath(source, '.'), when, always: false, trail: [] };
  const scripts = [get(node, 'before_script') ?? shared('before_script'), get(node, 'script')];
  const step = scriptOf({ line, items: scripts.flatMap((script) => script ?? []) }, file, {
    errexit: true,
    pipefail: true,
  });
  return {
    id: name,
    name,
    at: { file, line },
    needs: (get(node, 'needs')?.items ?? []).flatMap((item) => text(get(item, 'job')) ?? text(item) ?? []),
    when,
    always: text(get(node, 'when')) === 'always',
    ...(tolerated ? { tolerated } : {}),
    ...(imageName ? { image: { name: imageName, at: { file, line: image?.line ?? line } } } : {}),
    steps: step
      ? [{ ...base, name, run: { ...step, literal: false, firstLine: get(node, 'script')?.line ?? line } }]
      : [],
  };
}

function whenOf(node: Yaml): When {
  const when = text(get(node, 'when'));
  if (when === 'manual' || when === 'never') return { ...never, reason: `it is set to \`when: ${when}\`` };
  const only = texts(get(node, 'only', 'refs') ?? get(node, 'only'));
  if (only.length > 0 && only.every((ref) => ref === 'tags')) return { ...never, reason: 'it only runs on tags' };
  if (only.length > 0 && only.every((ref) => ref === 'schedules'))
    return { ...never, schedule: true, reason: 'it only runs on a schedule' };
  const rules = get(node, 'rules')?.items ?? [];
  return rules.length > 0 && rules.every(isIdleRule)
    ? { ...never, schedule: rules.some(isSchedule), reason: 'no rule of it holds on a push or merge request' }
    : eachChange;
}

const isSchedule = (rule: Yaml): boolean => /CI_PIPELINE_SOURCE\s*==\s*["']schedule/.test(text(get(rule, 'if')) ?? '');
const isIdleRule = (rule: Yaml): boolean =>
  ['never', 'manual'].includes(text(get(rule, 'when')) ?? '') ||
  isSchedule(rule) ||
  /^\s*\$CI_COMMIT_TAG(\s*=~.*)?\s*$/.test(text(get(rule, 'if')) ?? '');

/** GitLab's own dependency scanning reports, and is allowed to fail. */
function templates(file: string, root: Yaml): readonly Job[] {
  const include = get(root, 'include');
  return (include?.items ?? (include ? [include] : [])).flatMap((item) => {
    const template = text(get(item, 'template')) ?? '';
    if (!/Dependency-Scanning|Dependency-Scanning\.latest|Auto-DevOps/.test(template)) return [];
    const at = { file, line: item.line };
    return [
      {
        id: 'dependency_scanning',
        name: template,
        at,
        needs: [],
        when: eachChange,
        always: false,
        tolerated: at,
        steps: [],
        remote: `template:${template}`,
      },
    ];
  });
}
