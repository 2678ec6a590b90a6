import type { Unread } from '../model/workspace.ts';

/** What could not be read, each path once. */
export interface UnreadLog {
  add(path: string, reason: Unread['reason'], detail?: string): void;
  /** Sorted by path. */
  list(): readonly Unread[];
}

export function unreadLog(): UnreadLog {
  const byPath = new Map<string, Unread>();
  let sorted: readonly Unread[] | undefined;
  return {
    add: (path, reason, detail) => {
      if (byPath.has(path)) return;
      byPath.set(path, detail === undefined ? { path, reason } : { path, reason, detail });
      sorted = undefined;
    },
    list: () => (sorted ??= [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))),
  };
}

/** The reason behind a failed call to the file system. */
export function unreadReason(error: unknown): { reason: Unread['reason']; detail: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'EACCES' || code === 'EPERM') return { reason: 'no-permission', detail: code };
  if (code === 'ELOOP') return { reason: 'link-loop', detail: code };
  return { reason: 'io-error', detail: code };
}
