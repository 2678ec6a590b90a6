import type { Unread } from '../model/workspace.ts';
import type { Expr, FileHead, FileSummary } from './summary.ts';

/** A source file with its summary and where its imports lead. */
export interface SourceFile {
  readonly path: string;
  /** Imports, exports and marks. Cheap. Exported values (`Export.value`) stand only in `summary`. */
  readonly head: FileHead;
  /** Everything; decoded from the cache at the first use. */
  readonly summary: FileSummary;
  /** Where a specifier of this file leads. */
  resolve(specifier: string): Target;
}

export type Target =
  /** A file of the repository (also through workspaces and symlinks). */
  | { readonly kind: 'file'; readonly path: string }
  /** A package that the repository does not contain; `name` without subpath. */
  | { readonly kind: 'package'; readonly name: string; readonly subpath: string }
  /** A module of Node.js, without `node:`. */
  | { readonly kind: 'builtin'; readonly name: string }
  /** A file of the repository that is not source: JSON, CSS, an image. */
  | { readonly kind: 'asset'; readonly path: string }
  | { readonly kind: 'unresolved' };

/**
 * What a name or expression stands for, followed through variables, imports and re-exports.
 * `member` is what remains of a dotted path: for `pool.on` with `const pool = new Pool()` of pg it is
 * `{ kind: 'package', package: 'pg', name: 'Pool', instance: true, member: 'on' }`.
 * Members of default and namespace imports count as exports: `pg.Pool`, `express.Router` have the names 'Pool', 'Router';
 * calling the default import itself has the name 'default'.
 */
export type Origin =
  | {
      readonly kind: 'package';
      readonly package: string;
      readonly subpath: string;
      readonly name: string;
      readonly instance: boolean;
      readonly called: boolean;
      readonly member: string;
    }
  | {
      readonly kind: 'builtin';
      readonly package: string;
      readonly name: string;
      readonly instance: boolean;
      readonly called: boolean;
      readonly member: string;
    }
  /** A function of the repository. */
  | {
      readonly kind: 'function';
      readonly file: string;
      readonly fn: number;
      readonly called: boolean;
      readonly member: string;
    }
  | {
      readonly kind: 'class';
      readonly file: string;
      readonly cls: number;
      readonly instance: boolean;
      readonly member: string;
    }
  /** A module of the repository as a whole: `import * as x`. */
  | { readonly kind: 'namespace'; readonly file: string }
  /** Any other value of the repository, as the expression that made it. */
  | { readonly kind: 'value'; readonly file: string; readonly fn: number; readonly expr: Expr; readonly member: string }
  /** A global: process, console, fetch, Response. */
  | { readonly kind: 'global'; readonly name: string; readonly member: string }
  /** A parameter of an enclosing function. */
  | {
      readonly kind: 'param';
      readonly file: string;
      readonly fn: number;
      readonly index: number;
      readonly member: string;
    }
  /** `this` and what hangs on it, when the class member could not be followed. */
  | { readonly kind: 'this'; readonly member: string }
  | { readonly kind: 'unknown' };

/** The linked summaries of a repository. */
export interface CodeModel {
  /** Sorted by path. */
  readonly files: readonly string[];
  get(path: string): SourceFile | undefined;
  /** Files that import this one at run time (types apart), sorted. */
  importersOf(path: string): readonly string[];
  /** Files that this one imports at run time, dynamic imports and `require` included, in order of appearance. */
  importsOf(path: string): readonly string[];
  /** What an expression standing in function `fn` of `file` stands for. Cycles and depths over 20 end in `unknown`. */
  origin(file: string, fn: number, expr: Expr): Origin;
  /** What an exported name of a file stands for; undefined when the file does not export it. */
  exported(file: string, name: string): Origin | undefined;
  /** Source that could not be read or parsed; a file with syntax errors is both here and, as far as it was parsed, in `files`. */
  readonly unread: readonly Unread[];
  /** What else should be said of the reading: a compiler configuration that makes no sense, a cache that cannot be kept. */
  readonly notes?: readonly string[];
  /** How many files were parsed in this run, and how many came from the cache. */
  readonly read: { readonly parsed: number; readonly cached: number };
  /** What was linked, for coverage. */
  readonly links: Links;
  /** A literal's value followed through constants, undefined when it is not one. */
  literal(file: string, fn: number, expr: Expr): string | number | boolean | null | undefined;
}

export interface Links {
  /** Run-time imports of all files by where they lead. */
  readonly resolved: number;
  readonly external: number;
  readonly unresolved: readonly { readonly file: string; readonly specifier: string; readonly line: number }[];
}
