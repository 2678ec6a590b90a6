import type { Context, Copy } from './containers.ts';

/** Is this path, relative to the build context, left out of it by the ignore file? Docker's rules: anchored at the context, last match wins. */
export function excludes(context: Context, path: string): boolean {
  let out = false;
  for (const { text } of context.ignore?.patterns ?? []) {
    const negated = text.startsWith('!');
    if (covers(negated ? text.slice(1) : text, path)) out = !negated;
  }
  return out;
}

/** The COPY that brings this path of the context into the image, if any does. */
export const bringing = (copies: readonly Copy[], path: string): Copy | undefined =>
  copies.find((copy) => copy.from === undefined && copy.sources.some((source) => covers(source, path)));

/** Does any COPY take the whole build context? */
export const bringsAll = (copies: readonly Copy[]): Copy | undefined =>
  copies.find((copy) => copy.from === undefined && copy.sources.some((source) => clean(source) === ''));

/** Does a pattern name this path or a folder above it? */
function covers(pattern: string, path: string): boolean {
  const bare = clean(pattern);
  return bare === '' || new RegExp(`^${source(bare)}(?:/.*)?$`).test(path);
}

/** `./a/`, `/a` and `a` are the same; the context itself is ''. */
const clean = (pattern: string): string =>
  pattern
    .replace(/^(?:\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');

function source(glob: string): string {
  return glob.replaceAll(/\*\*\/|\*\*|\*|\?|\[[^\]]+\]|[.+^${}()|\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    return token.startsWith('[') ? token.replace('[!', '[^') : `\\${token}`;
  });
}
