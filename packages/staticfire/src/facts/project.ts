import { defineFact } from '../model/fact.ts';

export interface Manifest {
  /** Path of the package.json. */
  readonly file: string;
  /** Its folder, '.' for the root. */
  readonly dir: string;
  readonly name: string | undefined;
  readonly private: boolean;
  readonly type: 'module' | 'commonjs';
  readonly main: string | undefined;
  readonly bin: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
  readonly packageManager: string | undefined;
  /** Globs of member packages. */
  readonly workspaces: readonly string[];
  /** The whole file as parsed. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Line of a script, dependency or top-level key, from 1: `lineOf('scripts', 'start')`. */
  lineOf(...path: readonly string[]): number | undefined;
}

export type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun';

export interface Lockfile {
  readonly file: string;
  readonly dir: string;
  readonly manager: Manager;
  readonly tracked: boolean;
}

export interface Project {
  /** Sorted by path; those that could be parsed. */
  readonly manifests: readonly Manifest[];
  readonly broken: readonly { readonly file: string; readonly line?: number; readonly detail: string }[];
  /** On disk, sorted; an ignored one has `tracked: false`. */
  readonly lockfiles: readonly Lockfile[];
  /** The manifest that governs a file: the nearest one above it. */
  manifestOf(path: string): Manifest | undefined;
  /** Is the package a dependency (dev ones included) of the manifest or of any manifest above it? */
  depends(manifest: Manifest | undefined, name: string): boolean;
}

export const project = defineFact<Project, 'repository'>({
  id: 'project',
  title: 'the packages of the repository',
  scope: 'repository',
});
