import { sensitivityOf } from '../../facts/environment-names.ts';
import type { EnvRead, ReachedCheck } from '../../facts/environment.ts';

/** The variables that live code cannot do without: read for their value, with nothing in their place and no question before. */
export function neededOf(reads: readonly EnvRead[], checks: readonly ReachedCheck[]): ReadonlyMap<string, EnvRead> {
  const found = new Map<string, EnvRead>();
  const demanded = new Set(
    checks
      .filter((c) => c.reached !== 'never' && c.production && (c.failure === 'throws' || c.failure === 'exits'))
      .flatMap((c) => c.required),
  );
  for (const read of reads) {
    if (found.has(read.name) || !read.production || read.via === 'checked') continue;
    const bare = isBare(read);
    if (bare && ((read.use === 'value' && !read.guarded) || demanded.has(read.name))) found.set(read.name, read);
  }
  return found;
}

/** Variables whose value is used and that have no default to speak of: for a secret an empty text is none. */
export function undefaultedOf(
  reads: readonly EnvRead[],
  needed: ReadonlyMap<string, EnvRead>,
  checks: readonly ReachedCheck[],
): ReadonlyMap<string, EnvRead> {
  const optional = new Set(
    checks.filter((c) => c.reached !== 'never' && c.required.length > 0).flatMap((c) => c.optional),
  );
  const found = new Map([...needed].filter(([name]) => !optional.has(name)));
  for (const read of reads) {
    if (
      found.has(read.name) ||
      optional.has(read.name) ||
      !read.production ||
      read.use !== 'value' ||
      read.via === 'checked'
    )
      continue;
    if (isBare(read) || (read.fallback.kind === 'empty' && sensitivityOf(read.name) !== 'plain'))
      found.set(read.name, read);
  }
  return found;
}

const isBare = ({ fallback }: EnvRead): boolean =>
  fallback.kind === 'none' || fallback.kind === 'throws' || fallback.kind === 'variable';
