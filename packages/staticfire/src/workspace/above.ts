import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspaceFile } from '../model/workspace.ts';
import type { GitFolder } from './git.ts';
import type { IgnoreRules } from './ignore-rules.ts';
import { parentOf } from './ignore-rules.ts';
import type { Tracked } from './tracked.ts';

/** What a platform or package manager reads at the root of a repository, though the service lies below it. */
const PLATFORM_FILE = new RegExp(
  `^(${[
    'package\\.json',
    'package-lock\\.json|npm-shrinkwrap\\.json|pnpm-lock\\.yaml|yarn\\.lock|bun\\.lockb?',
    'pnpm-workspace\\.yaml|nx\\.json|turbo\\.json|lerna\\.json',
    'tsconfig.*\\.json',
    '\\.gitignore|\\.dockerignore|\\.npmrc|\\.nvmrc|\\.node-version|\\.tool-versions',
    '\\.gitlab-ci\\.ya?ml|\\.travis\\.ya?ml|\\.drone\\.ya?ml|azure-pipelines\\.ya?ml|bitbucket-pipelines\\.ya?ml|cloudbuild\\.ya?ml|Jenkinsfile',
    '\\.?renovate(rc)?(\\.json5?)?|dependabot\\.ya?ml',
    'SECURITY(\\.(md|txt|rst))?',
  ].join('|')})$`,
);
const PLATFORM_FOLDERS: ReadonlySet<string> = new Set(['.github', '.circleci']);

export interface Above {
  /** Sorted, each path beginning with '../'. */
  readonly files: readonly WorkspaceFile[];
  readonly ignoredFiles: readonly string[];
}

/** The platform files of the folders between the audited root and the git root. */
export function readAbove(git: GitFolder, tracked: Tracked, rules: IgnoreRules): Above {
  const files: WorkspaceFile[] = [];
  const ignoredFiles: string[] = [];
  let up = '';
  for (let folder = git.prefix; folder !== '';) {
    folder = parentOf(folder);
    up += '../';
    for (const name of platformFiles(join(git.root, folder))) {
      const full = folder === '' ? name : `${folder}/${name}`;
      const found = statSync(join(git.root, full), { throwIfNoEntry: false });
      if (found?.isFile() !== true) continue;
      const isTracked = tracked.file(full);
      if (!isTracked && rules.ignores(full)) ignoredFiles.push(up + name);
      else
        files.push({
          path: up + name,
          size: found.size,
          mtime: found.mtimeMs,
          tracked: isTracked || !tracked.known,
        });
    }
  }
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    ignoredFiles: ignoredFiles.sort(),
  };
}

function platformFiles(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    if (entry.isDirectory()) return PLATFORM_FOLDERS.has(entry.name) ? filesBelow(folder, entry.name) : [];
    return entry.isFile() && PLATFORM_FILE.test(entry.name) ? [entry.name] : [];
  });
}

function filesBelow(base: string, folder: string): readonly string[] {
  return entriesOf(join(base, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(base, path);
    return entry.isFile() ? [path] : [];
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
