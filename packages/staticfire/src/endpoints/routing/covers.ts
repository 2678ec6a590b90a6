import { joinUrl } from '../reading/paths.ts';
import type { Path } from './arguments.ts';

/** Longer patterns are nobody's. */
const longest = 400;

/** Does something that is registered for a path run for a URL below it? */
export type Covers = (url: string) => boolean;

export const everywhere: Covers = () => true;

/** `exactly`: the path alone, unless it ends in a wildcard. */
export function covering(base: string, path: Path, exactly = false): Covers {
  if (path.pattern) return matching(base, path.text);
  const under = joinUrl(base, path.text);
  if (exactly && path.text !== '' && !/\*\w*\}?$/.test(under))
    return (url) => url === under || patternOf(under, true).test(url);
  if (under === '/' || under === '/*') return everywhere;
  const pattern = /[*:({?]/.test(under) ? patternOf(under) : undefined;
  return (url) => url === under || url.startsWith(`${under}/`) || (pattern?.test(url) ?? false);
}

/** A regular expression is tried on what follows the base. */
function matching(base: string, text: string): Covers {
  const pattern = regexOf(text);
  return (url) => {
    const rest = base === '/' ? url : url.startsWith(base) ? url.slice(base.length) || '/' : undefined;
    return rest !== undefined && (pattern?.test(rest) ?? false);
  };
}

/** `/x/i` as written; undefined where it makes no sense. */
export function regexOf(text: string): RegExp | undefined {
  if (text.length > longest) return undefined;
  const end = text.lastIndexOf('/');
  try {
    return new RegExp(text.slice(1, end), text.slice(end + 1).replaceAll(/[gy]/g, ''));
  } catch {
    return undefined;
  }
}

/** Parameters and wildcards of a path stand for anything; holes that could not be read only for themselves. */
function patternOf(path: string, whole = false): RegExp {
  if (path.length > longest || path.split('*').length > 6) return /(?!)/;
  const parts = path
    .replace(/\/(?:\{\*\w+\}|\(\.\*\)|\*\w*)$/, '')
    .split('/')
    .map((part) => {
      if (part.startsWith(':')) return '[^/]+';
      if (/^\{[^*:]/.test(part)) return escaped(part);
      return /[*(]/.test(part) ? '.*' : escaped(part);
    });
  return new RegExp(`^${parts.join('/')}${whole ? '$' : '(?:/|$)'}`);
}

const escaped = (part: string): string => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
