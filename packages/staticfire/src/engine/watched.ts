import type { Workspace } from '../model/workspace.ts';

export interface Watched {
  readonly workspace: Workspace;
  /** Files whose text was asked for. */
  readonly read: ReadonlySet<string>;
}

/** A workspace that notes which texts are read through it. */
export function watchReading(workspace: Workspace): Watched {
  const read = new Set<string>();
  return {
    read,
    workspace: {
      root: workspace.root,
      git: workspace.git,
      files: workspace.files,
      above: workspace.above,
      ignoredFiles: workspace.ignoredFiles,
      has: workspace.has,
      read: (path) => {
        read.add(path);
        return workspace.read(path);
      },
      ignored: workspace.ignored,
      match: workspace.match,
      get unread() {
        return workspace.unread;
      },
    },
  };
}
