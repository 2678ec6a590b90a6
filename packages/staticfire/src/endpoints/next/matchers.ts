import { escaped, type Matches } from '../reading/patterns.ts';

const longest = 1000;

/**
 * A `source` of Next.js: `/about/:path*`, `/((?!api|_next).*)`, `/:lang(en|de)/x`. Undefined where it is no pattern, or one
 * that could take for ever.
 */
export function sourcePattern(source: string): Matches | undefined {
  if (source.length > longest || !source.startsWith('/')) return undefined;
  const text = compiled(source);
  if (text === undefined) return undefined;
  try {
    const regex = new RegExp(`^${text}/?$`);
    return (path) => regex.test(path);
  } catch {
    return undefined;
  }
}

const parameter = /^(\/?):(\w+)/;

/** The pattern as a regular expression; parameters take the slash before them along. */
function compiled(source: string): string | undefined {
  let text = '';
  for (let at = 0; at < source.length;) {
    const named = parameter.exec(source.slice(at));
    const slash = named?.[1] ?? (source[at] === '/' && source[at + 1] === '(' ? '/' : '');
    const open = at + (named ? named[0].length : slash.length);
    const group = source[open] === '(' ? groupAt(source, open) : undefined;
    if (source[open] === '(' && group === undefined) return undefined;
    if (!named && group === undefined) {
      text += escaped(source[at] === '\\' ? (source[++at] ?? '') : (source[at] ?? ''));
      at += 1;
      continue;
    }
    const inner = group ?? '[^/]+?';
    if (repeats(inner)) return undefined;
    at = open + (group === undefined ? 0 : group.length + 2);
    const modifier = /^[*+?]/.exec(source.slice(at))?.[0] ?? '';
    at += modifier.length;
    text += repeated(slash, inner, modifier);
  }
  return text;
}

function repeated(slash: string, inner: string, modifier: string): string {
  const once = `${slash}(?:${inner})`;
  if (modifier === '') return once;
  if (modifier === '?') return `(?:${once})?`;
  const more = `${once}(?:/(?:${inner}))*`;
  return modifier === '+' ? more : `(?:${more})?`;
}

/** What stands between a parenthesis and the one that closes it. */
function groupAt(source: string, open: number): string | undefined {
  let depth = 0;
  for (let at = open; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === '(') depth += 1;
    else if (source[at] === ')' && --depth === 0) return source.slice(open + 1, at);
  }
  return undefined;
}

/** A repeated group, or many wildcards, can take exponential time. */
const repeats = (regex: string): boolean => /\)[*+{]/.test(regex) || regex.split(/[^\\][*+]/).length > 12;
