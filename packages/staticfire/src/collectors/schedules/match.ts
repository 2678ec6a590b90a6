import type { Endpoint, Endpoints } from '../../facts/endpoints.ts';

export interface Matched {
  readonly endpoint: Endpoint | undefined;
  /** The path is served, though not with this method. */
  readonly other: Endpoint | undefined;
}

/** The endpoint that a request comes to. */
export function endpointFor({ list }: Endpoints, method: string, path: string): Matched {
  const served = list.filter((one) => one.surface === 'http' && matches(one.path, path)).toSorted(byPrecision);
  const [exact] = served;
  const same = served.filter((one) => exact && precision(one.path) === precision(exact.path));
  const endpoint = same.find((one) => one.method === method) ?? same.find((one) => one.method === 'ALL');
  const head = method === 'HEAD' ? same.find((one) => one.method === 'GET') : undefined;
  return { endpoint: endpoint ?? head, other: endpoint ? undefined : exact };
}

const segments = (path: string): readonly string[] =>
  (path.split(/[?#]/)[0] ?? '').split('/').filter((part) => part !== '');

const isRest = (part: string): boolean => /^\[{1,2}\.\.\.|^\*|^:\w+[*+]$|^\$$|^\{\*|^\{\.\.\./.test(part);
const isHole = (part: string): boolean => /^[:[{$]/.test(part);

function matches(pattern: string, path: string): boolean {
  const [want, have] = [segments(pattern), segments(path)];
  for (const [index, part] of want.entries()) {
    if (isRest(part)) return true;
    const given = have[index];
    if (given === undefined) return false;
    if (!isHole(part) && !unknown.test(given) && part !== given && part.toLowerCase() !== given.toLowerCase())
      return false;
  }
  return want.length === have.length;
}

/** A part of the URL that only the platform knows. */
const unknown = /\$/;

const precision = (pattern: string): number =>
  segments(pattern).reduce((sum, part) => sum + (isRest(part) ? 0 : isHole(part) ? 1 : 3), 0);
const byPrecision = (a: Endpoint, b: Endpoint): number => precision(b.path) - precision(a.path);
