/** Joins parts of a URL path with single slashes, with one in front and none behind. */
export function joinUrl(...parts: readonly string[]): string {
  const path = parts
    .map((part) => part.replace(/^\/+|\/+$/g, ''))
    .filter((part) => part !== '')
    .join('/');
  return `/${path}`;
}

/** Methods of HTTP that handlers are named after. */
export const verbs: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Exports named like their methods. */
export const verbNames: Readonly<Record<string, string>> = Object.fromEntries(verbs.map((verb) => [verb, verb]));
