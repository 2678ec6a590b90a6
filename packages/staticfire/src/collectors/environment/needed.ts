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
    const bare = read.fallback.kind === 'none' || read.fallback.kind === 'throws' || read.fallback.kind === 'variable';
    if (bare && ((read.use === 'value' && !read.guarded) || demanded.has(read.name))) found.set(read.name, read);
  }
  return found;
}
