import { defineFact } from '../model/fact.ts';

export interface EnvVariable {
  readonly name: string;
  readonly line: number;
  /** `plain`: a value that gives nothing away. `reference`: taken from another variable. The value itself is never kept. */
  readonly value: 'empty' | 'placeholder' | 'plain' | 'reference' | 'secret';
  /** For a secret: what it looks like. */
  readonly what?: string;
  /** For a secret: a key of a live mode or a vendor's own form, or only random enough. */
  readonly weight?: 'live' | 'real-looking' | 'doubtful';
  /** A comment stands on the line or directly above. */
  readonly comment: boolean;
}

export interface EnvFile {
  readonly file: string;
  readonly dir: string;
  readonly tracked: boolean;
  /** `template`: made to be copied. `test`: read by tests only. `real`: read when the service runs. */
  readonly kind: 'template' | 'test' | 'real';
  /** Values are encrypted in place. */
  readonly encrypted: boolean;
  readonly variables: readonly EnvVariable[];
  /** Names of variables that stand in comments with their `=`: there to be taken up. */
  readonly offered: readonly string[];
}

/** Would git ignore an env file that is put there? */
interface EnvProbe {
  readonly path: string;
  readonly ignored: boolean;
  /** An ignore file lets this very path in, on purpose. */
  readonly excepted: boolean;
}

export interface EnvFiles {
  /** Sorted by path; ignored ones on disk are among them with `tracked: false`. */
  readonly list: readonly EnvFile[];
  /** `.env` and `.env.local` at the root and beside every package.json. */
  readonly probes: readonly EnvProbe[];
  /** Env files on disk that git ignores, sorted. */
  readonly ignored: readonly string[];
  /** The `.gitignore` files in force, sorted. */
  readonly ignoreFiles: readonly string[];
  /** The tree has no git at all. */
  readonly outsideGit: boolean;
}

/** Env files with the names of their variables, and what git ignores. */
export const envFiles = defineFact<EnvFiles, 'repository'>({
  id: 'env-files',
  title: 'env files and ignore rules',
  scope: 'repository',
});
