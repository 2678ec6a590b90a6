/** One file of the audited tree, as found on disk. */
export interface WorkspaceFile {
  /** Relative to the audited root, forward slashes. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds; part of the cache key together with the size. */
  readonly mtime: number;
  /** In git's index, or the tree has no git at all. */
  readonly tracked: boolean;
}

/** Something that could not be read and is therefore said and counted. */
export interface Unread {
  readonly path: string;
  readonly reason:
    | 'too-large'
    | 'not-utf8'
    | 'no-permission'
    | 'outside-root'
    | 'link-loop'
    | 'io-error'
    | 'syntax-error'
    | 'too-many-files';
  readonly detail?: string;
}

/** Git's state, read from its files; git itself is never run. */
export interface GitState {
  /** Absolute path of the folder that holds `.git`. */
  readonly root: string;
  /** Path from the git root to the audited root, '' when they are the same. */
  readonly prefix: string;
  readonly commit: string | undefined;
  readonly dirty: boolean;
}

/** The audited tree. Reading is synchronous: with a warm page cache that is faster than any pool. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly git: GitState | undefined;
  /** Every file that git tracks or does not ignore, sorted by path; `node_modules` and `.git` never. */
  readonly files: readonly WorkspaceFile[];
  /**
   * Platform files between the root and the git root (workflows, ignore rules, lockfiles, manifests), as `../` paths,
   * for when a folder below the git root is audited.
   */
  readonly above: readonly WorkspaceFile[];
  /** On disk but ignored by git, in folders that are not ignored; sorted. No part of the tree, though `read` works for them. */
  readonly ignoredFiles: readonly string[];
  has(path: string): boolean;
  /** The text, or undefined when the file does not exist or cannot be read; the latter is noted in `unread`. */
  read(path: string): string | undefined;
  /** Is this path ignored by git's rules in force there? Works for paths that do not exist. */
  ignored(path: string): boolean;
  /** Files whose path matches, sorted. */
  match(pattern: RegExp): readonly string[];
  readonly unread: readonly Unread[];
}
