import type { Workspace } from '../../model/workspace.ts';

/** The files and folders of the tree, for many questions. */
export interface Tree {
  /** A file or folder stands here; `*` and `?` stand for parts of one name. */
  has(path: string): boolean;
}

export function treeOf(workspace: Workspace): Tree {
  const paths = new Set<string>(['.']);
  for (const { path } of workspace.files) {
    for (let end = path.length; end > 0 && !paths.has(path.slice(0, end)); end = path.lastIndexOf('/', end - 1))
      paths.add(path.slice(0, end));
  }
  return { has: (path) => (/[*?]/.test(path) ? matches(paths, path) : paths.has(path)) };
}

function matches(paths: ReadonlySet<string>, glob: string): boolean {
  const pattern = new RegExp(
    `^${glob
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  );
  for (const path of paths) if (pattern.test(path)) return true;
  return false;
}
