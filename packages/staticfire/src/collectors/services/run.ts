/** What a command line comes down to. Paths are relative to the root of the tree. */
export type Run =
  /** A file that a runtime executes. `target` as written, '' for the package's main. */
  | {
      readonly kind: 'program';
      readonly dir: string;
      readonly target: string;
      readonly preloads: readonly string[];
      readonly development: boolean;
    }
  /** A framework's own command. */
  | {
      readonly kind: 'framework';
      readonly dir: string;
      readonly framework: string;
      readonly development: boolean;
      readonly target: string;
    }
  /** A project of a task runner, named, whose entry must be looked up. */
  | { readonly kind: 'project'; readonly dir: string; readonly development: boolean }
  /** A file server over built files. */
  | { readonly kind: 'static'; readonly dir: string };

export const isDevelopment = (run: Run): boolean => run.kind !== 'static' && run.development;
