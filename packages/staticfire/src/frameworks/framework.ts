import type { CodeModel } from '../code/model.ts';
import type { Manifest, Project } from '../facts/project.ts';
import type { Entry, FrameworkId, Misplaced } from '../facts/services.ts';
import type { Workspace } from '../model/workspace.ts';

/** A folder that may hold an application. */
export interface Site {
  /** '.' for the root. */
  readonly dir: string;
  /** The package.json that governs it, which may lie above. */
  readonly manifest: Manifest | undefined;
  readonly workspace: Workspace;
  readonly project: Project;
  readonly code: CodeModel;
}

/** What a framework loads by place. */
export interface Located {
  readonly entries: readonly Entry[];
  /** Files that browsers load first. */
  readonly browser?: readonly string[];
  readonly misplaced?: readonly Omit<Misplaced, 'service' | 'framework'>[];
  /** The platform that calls the entries as functions; no process of ours. */
  readonly platform?: string;
  /** The build leaves only files for a web server, and why: no service. */
  readonly static?: string;
  /** Places alone do not make a service: the framework's command or another start must be there. */
  readonly needsStart?: true;
}

export interface Framework {
  readonly id: FrameworkId;
  /** As its authors write it. */
  readonly title: string;
  /** Packages whose import in live code shows that it is used. A name that ends in `/` stands for its whole scope. */
  readonly packages: readonly string[];
  /**
   * Exports of its packages that a program imports only to run it: `NestFactory`. Without them any import of a package
   * counts, unless the framework loads files by place: then only its place counts.
   */
  readonly proofs?: readonly string[];
  /** What the framework loads by place, when the site is one of its applications. Undefined when it is not. */
  readonly locate?: (site: Site) => Located | undefined;
  /** Its command: `next start` in production, `next dev` in development. A missing word stands for none. */
  readonly command?: { readonly name: RegExp; readonly start?: RegExp; readonly dev?: RegExp };
  /** Build output that starts it when no source of that name exists: `.output/server/index.mjs`. Relative to the site. */
  readonly output?: RegExp;
  /** A 'use client' module ends the server's code. */
  readonly clientBoundary?: true;
}

export const defineFramework = (framework: Framework): Framework => framework;
