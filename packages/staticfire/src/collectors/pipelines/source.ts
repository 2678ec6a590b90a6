import type { IdleWorkflow, Platform, Script, When, Workflow } from '../../facts/pipelines.ts';
import type { Workspace, WorkspaceFile } from '../../model/workspace.ts';
import { fromGitRoot, joined } from './paths.ts';
import { isCommentedOut, type ParsedYaml, parseYaml, type Yaml } from './yaml.ts';

/** What the readers of all platforms share. */
export interface Source {
  readonly workspace: Workspace;
  /** From the git root to the audited root. */
  readonly prefix: string;
  /** The folder that a misplaced workflow takes for the root. */
  readonly base?: string;
  /** The documents of a YAML file, parsed once; empty when there is none or it is broken. */
  readonly yaml: (path: string) => ParsedYaml;
}

export function sourceOf(workspace: Workspace): Source {
  const known = new Map<string, ParsedYaml>();
  const yaml = (path: string): ParsedYaml => {
    const parsed = known.get(path) ?? parseYaml(workspace.read(path) ?? '');
    known.set(path, parsed);
    return parsed;
  };
  return { workspace, prefix: workspace.git?.prefix ?? '', yaml };
}

export interface Read {
  readonly workflows: readonly Workflow[];
  readonly idle: readonly IdleWorkflow[];
  /** Workflows that the platform does not read, as it would read them. */
  readonly misplaced?: readonly Workflow[];
}

export const nothingRead: Read = { workflows: [], idle: [] };

export const allFiles = ({ workspace }: Source): readonly WorkspaceFile[] => [...workspace.above, ...workspace.files];

/** Files whose path matches, seen from the git root. */
export const filesAtRoot = (source: Source, pattern: RegExp): readonly WorkspaceFile[] =>
  allFiles(source).filter((file) => pattern.test(toGitRoot(file.path, source.prefix)));

/** A path of the audited root as a path of the git root. */
export function toGitRoot(path: string, prefix: string): string {
  if (prefix === '') return path;
  const ups = path.split('/').filter((part) => part === '..').length;
  const base = prefix
    .split('/')
    .slice(0, prefix.split('/').length - ups)
    .join('/');
  const rest = path.split('/').slice(ups).join('/');
  return base === '' ? rest : `${base}/${rest}`;
}

export const rootPath = (source: Source, path: string): string =>
  source.base === undefined ? fromGitRoot(path, source.prefix) : joined(source.base, path);

export const never: When = { push: false, pullRequest: false, schedule: false };
export const eachChange: When = { push: true, pullRequest: true, schedule: false };

/** Both must hold. */
export function both(outer: When, inner: When): When {
  const reason = inner.reason ?? outer.reason;
  const paths = inner.paths ?? outer.paths;
  return {
    push: outer.push && inner.push,
    pullRequest: outer.pullRequest && inner.pullRequest,
    schedule: outer.schedule && inner.schedule,
    ...(reason ? { reason } : {}),
    ...(paths ? { paths } : {}),
  };
}

/** Reads one file's documents, or says why it starts nothing. */
export function documentsOf(
  source: Source,
  platform: Platform,
  file: WorkspaceFile,
): { readonly documents: readonly Yaml[] } | { readonly idle: IdleWorkflow } {
  const text = source.workspace.read(file.path) ?? '';
  const idle = (why: IdleWorkflow['why'], line: number, detail: string) => ({
    idle: { platform, file: file.path, line, why, detail },
  });
  if (!file.tracked) return idle('misplaced', 1, 'git does not track it, so the platform never sees it');
  if (isCommentedOut(text)) return idle('commented-out', 1, 'every line of it is a comment');
  const { documents, error } = source.yaml(file.path);
  if (error) return idle('broken', error.line, `it is not valid YAML: ${error.detail}`);
  return documents.some((document) => document.entries)
    ? { documents: documents.filter((document) => document.entries) }
    : idle('empty', 1, 'it holds nothing');
}

/** A shell text of a YAML value; lists are joined line by line. */
export function scriptOf(
  node: Yaml | undefined,
  file: string,
  shell: { errexit: boolean; pipefail: boolean },
): Script | undefined {
  const lines = linesOf(node, 0);
  if (!node || lines.length === 0) return undefined;
  const single = node.items === undefined;
  const line = single && node.literal ? node.line + 1 : node.line;
  return {
    text: lines.join('\n'),
    at: { file, line: node.line },
    firstLine: line,
    literal: single ? node.literal === true : lines.every((text) => !text.includes('\n')),
    ...shell,
  };
}

function linesOf(node: Yaml | undefined, depth: number): readonly string[] {
  if (!node || depth > 6) return [];
  if (node.items) return node.items.slice(0, 500).flatMap((item) => linesOf(item, depth + 1));
  return node.value === undefined || node.value === null ? [] : [String(node.value)];
}
