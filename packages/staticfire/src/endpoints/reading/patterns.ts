/** Does a path match? */
export type Matches = (path: string) => boolean;

const longest = 1000;
/** More wildcards than anyone writes take too long to match. */
const mostWildcards = 6;

/**
 * A path pattern as routers write it: `users/:id`, `users/*`, `(.*)`, `/*rest`, `{/*rest}`. Parameters of the path itself
 * (`:id`) stand for one segment.
 */
export function routePattern(pattern: string): Matches {
  const bare = `/${pattern.replace(/^\/+|\/+$/g, '')}`;
  if (bare.length > longest || bare.split('*').length > mostWildcards + 1) return () => false;
  const text = bare
    .split(/(\/?\{[^{}]*\}|\(\.\*\)|\/?\*\w*|:\w+\??)/)
    .map((part) => segment(part))
    .join('');
  const regex = new RegExp(`^${text}/?$`);
  return (path) => regex.test(path);
}

function segment(part: string): string {
  if (part === '(.*)') return '.*';
  if (/^\/?\{.*\}$/.test(part)) return part.includes('*') ? '(?:/.*)?' : `(?:${escaped(part.replace(/[{}]/g, ''))})?`;
  if (/^\/?\*/.test(part)) return part.startsWith('/') ? '(?:/.*)' : '.*';
  return part.startsWith(':') ? '[^/]+' : escaped(part);
}

export const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
