import { posix } from 'node:path';

/** Paths are relative to the audited root; '.' is the root, and '../' leads above it. */
export const joinPath = (dir: string, path: string): string => {
  const joined = posix.join(dir, path);
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
};

export const dirOf = (path: string): string => {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
};

export const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The folder and those above it, nearest first, ending with the root; for '../' paths it goes on to the farthest '..'. */
export function foldersUp(dir: string): readonly string[] {
  const folders: string[] = [];
  for (let at = dir; at !== '.' && baseOf(at) !== '..'; at = dirOf(at)) folders.push(at);
  return [...folders, /^\.\.(\/\.\.)*/.exec(dir)?.[0] ?? '.'];
}

/** What remains of a path below a folder; undefined when it does not lie there. */
export function below(dir: string, path: string): string | undefined {
  if (dir === '.') return path.startsWith('../') || path === '..' ? undefined : path;
  if (path === dir) return '.';
  return path.startsWith(`${dir}/`) ? path.slice(dir.length + 1) : undefined;
}

/** A pattern with at most one star, as in tsconfig's `paths` and in `exports`: what the star stands for. */
function starMatch(pattern: string, text: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text ? '' : undefined;
  const head = pattern.slice(0, star);
  const tail = pattern.slice(star + 1);
  const fits = text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
  return fits ? text.slice(head.length, text.length - tail.length) : undefined;
}

export interface StarHit {
  readonly pattern: string;
  readonly star: string;
}

/** The pattern that fits best: an exact one, else the one with the longest head. */
export function bestMatch(patterns: Iterable<string>, text: string): StarHit | undefined {
  let best: StarHit | undefined;
  for (const pattern of patterns) {
    const star = starMatch(pattern, text);
    if (star === undefined) continue;
    if (!pattern.includes('*')) return { pattern, star };
    if (best === undefined || pattern.indexOf('*') > best.pattern.indexOf('*')) best = { pattern, star };
  }
  return best;
}

/** Globs of workspaces: `*`, `**`, `{a,b}`; a leading `!` is the caller's business. */
export function globExpression(glob: string): RegExp {
  const body = glob
    .replace(/^\.\//, '')
    .replace(/\/+$/, '')
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^{}]*)\}/g, (_, names: string) => `(?:${names.split(',').join('|')})`)
    .replaceAll('**/', '\u0001')
    .replaceAll('/**', '\u0002')
    .replaceAll('**', '\u0003')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0001', '(?:.*/)?')
    .replaceAll('\u0002', '(?:/.*)?')
    .replaceAll('\u0003', '.*');
  return new RegExp(`^${body}$`);
}
