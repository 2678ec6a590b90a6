import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Git's ignore rules of one tree. Paths are counted from `base`, the git root (or the audited root without git). */
export interface IgnoreRules {
  /** Is the path itself ignored, its folder being known not to be? */
  ignoresEntry(path: string, isFolder: boolean): boolean;
  /** Is the path or a folder above it ignored? A trailing slash makes it a folder. The path need not exist. */
  ignores(path: string): boolean;
  /** Says that a folder holds no rule file, so that none is looked for. */
  noneIn(folder: string): void;
}

interface Rules {
  readonly folder: string;
  readonly matcher: Ignore;
}

export function ignoreRules(base: string, excludeFile: string | undefined): IgnoreRules {
  const exclude = excludeFile === undefined ? undefined : rulesIn('', excludeFile);
  const byFolder = new Map<string, readonly Rules[]>();
  const without = new Set<string>();
  const inForce = (folder: string): readonly Rules[] => {
    const held = byFolder.get(folder);
    if (held !== undefined) return held;
    const outer = folder === '' ? (exclude === undefined ? [] : [exclude]) : inForce(parentOf(folder));
    const own = without.has(folder) ? undefined : rulesIn(folder, join(base, folder, '.gitignore'));
    const all = own === undefined ? outer : [own, ...outer];
    byFolder.set(folder, all);
    return all;
  };
  const ignoresEntry = (path: string, isFolder: boolean): boolean =>
    decide(inForce(parentOf(path)), isFolder ? `${path}/` : path);
  return {
    ignoresEntry,
    ignores: (path) => steps(path).some((step) => ignoresEntry(step.path, step.isFolder)),
    noneIn: (folder) => without.add(folder),
  };
}

export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The nearest rules decide; a rule file further up only where those nearer are silent. */
function decide(rules: readonly Rules[], path: string): boolean {
  for (const { folder, matcher } of rules) {
    const below = folder === '' ? path : path.slice(folder.length + 1);
    const result = matcher.test(below);
    if (result.unignored) return false;
    if (result.ignored && !matchedFolderAbove(matcher, below)) return true;
  }
  return false;
}

/** The rule hit a folder above, which rules nearer to it have taken back. */
function matchedFolderAbove(matcher: Ignore, path: string): boolean {
  const above = parentOf(path.endsWith('/') ? path.slice(0, -1) : path);
  return above !== '' && matcher.test(`${above}/`).ignored;
}

function steps(path: string): readonly { path: string; isFolder: boolean }[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  return names.map((_, n) => ({
    path: names.slice(0, n + 1).join('/'),
    isFolder: n < names.length - 1 || path.endsWith('/'),
  }));
}

function rulesIn(folder: string, file: string): Rules | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return {
      folder,
      matcher: ignore({ allowRelativePaths: true, ignorecase: false }).add(readFileSync(file, 'utf8')),
    };
  } catch {
    return undefined;
  }
}
