import { posix } from 'node:path';

/** Joins and tidies; '.' for the root itself. */
export function joined(...parts: readonly string[]): string {
  const path = posix.join(...parts);
  return (path.endsWith('/') ? path.slice(0, -1) : path) || '.';
}

/** A path of the git root as a path of the audited root, with `../` where it lies above. */
export function fromGitRoot(path: string, prefix: string): string {
  if (prefix === '') return joined(path);
  const up = prefix
    .split('/')
    .map(() => '..')
    .join('/');
  const own = joined(path);
  if (own === prefix) return '.';
  return own.startsWith(`${prefix}/`) ? own.slice(prefix.length + 1) : joined(up, own);
}

/** The folder and those above it, nearest first, out to the git root. */
export function upwards(dir: string, prefix: string): readonly string[] {
  const full = joined(prefix, dir);
  const parts = full === '.' ? [] : full.split('/');
  return [...parts.map((_, n) => parts.slice(0, parts.length - n).join('/')), '.'].map((path) =>
    fromGitRoot(path, prefix),
  );
}

/** Does `dir` contain `path`, or is it the same? */
export const contains = (dir: string, path: string): boolean => {
  const from = posix.relative(dir, path);
  return from === '' || (!from.startsWith('..') && from !== '..');
};

export const dirOf = (path: string): string => posix.dirname(path);

/** A glob of a workspace or filter as a pattern over whole paths. */
export function globPattern(glob: string): RegExp {
  const own = glob.replace(/^\.\//, '').replace(/\/$/, '');
  const source = own
    .replaceAll(/[.+^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/?|\*|\?|\{([^}]*)\}/g, (match, group: string | undefined) => {
      if (group !== undefined) return `(?:${group.split(',').join('|')})`;
      if (match.startsWith('**')) return '.*';
      return match === '*' ? '[^/]*' : '[^/]';
    });
  return new RegExp(`^${source}$`);
}
