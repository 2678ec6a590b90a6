import { lineOf } from '../../code/summary.ts';
import type { Exposed } from '../../facts/exposure.ts';
import type { Place } from '../../model/place.ts';
import type { ExposureSite } from '../site.ts';
import { askedLimiters, limiterPackages } from '../sources/limiters.ts';

/**
 * A limiter that live code loads far from every chain: a plugin loaded by its place, a server around the framework.
 * Where routes of the same file were read, their order is known, and what is missing there is missing.
 */
export function unplacedLimiter(site: ExposureSite, list: readonly Exposed[]): Place | undefined {
  const read = filesRead(list);
  const bare = new Set(list.flatMap((one) => (one.limits.length === 0 ? [one.endpoint.framework] : [])));
  const placed = (file: string): boolean => {
    const frameworks = read.get(file);
    return frameworks !== undefined && [...bare].every((one) => frameworks.has(one));
  };
  for (const file of site.live.files) {
    if (placed(file) || site.code.importersOf(file).some(placed)) continue;
    const imported = site.code.get(file)?.head.imports.find(({ from, typeOnly }) => !typeOnly && limits(from));
    if (imported) return { file, line: lineOf(imported.at) };
  }
  return undefined;
}

/** The files of endpoints, chains and limits, with the frameworks whose order they tell. */
function filesRead(list: readonly Exposed[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { endpoint, limits: own } of list) {
    const files = [
      endpoint.at.file,
      ...endpoint.chain.map(({ file }) => file),
      ...own.flatMap(({ at, trail }) => [at.file, ...trail.flatMap((step) => step.at?.file ?? [])]),
    ];
    for (const file of files) found.set(file, (found.get(file) ?? new Set()).add(endpoint.framework));
  }
  return found;
}

const limits = (from: string): boolean => {
  const name = from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
  return [...limiterPackages, ...askedLimiters].some(({ packages }) => packages.test(name));
};
