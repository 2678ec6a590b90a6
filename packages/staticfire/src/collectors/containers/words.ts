/** Splits a command line into words as a shell would, without expanding anything. */
export function words(text: string): readonly string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g))
    found.push(unquote(match[0]));
  return found;
}

const unquote = (word: string): string =>
  word.replaceAll(
    /"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double === undefined
        ? (single ?? (escaped === '\n' ? '' : (escaped ?? '')))
        : double.replaceAll(/\\(["\\$`])/g, '$1'),
  );

/** Joins paths of the repository; '..' above the root stays as it is. */
export function join(dir: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : dir}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

/** The folder of a path, '.' for the root. */
export function dirOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '.' : path.slice(0, slash);
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
