import { join } from 'node:path';
import type { Io } from './io.ts';

/** The user's folder for what can be made again; never inside the audited tree. Undefined where there is none. */
export function cacheFolder({ env, platform }: Pick<Io, 'env' | 'platform'>): string | undefined {
  const base = env['XDG_CACHE_HOME'] || systemCache(env, platform);
  return env['STATICFIRE_CACHE_DIR'] || (base ? join(base, 'staticfire') : undefined);
}

function systemCache(env: Io['env'], platform: string): string | undefined {
  if (platform === 'win32') return env['LOCALAPPDATA'];
  const home = env['HOME'];
  if (!home) return undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
}
