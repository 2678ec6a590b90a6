import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** The cache's own folder for one audited root. Only its owner may look inside: summaries hold text of the source. */
export interface CacheFolder {
  readonly path: string;
  readIndex(): string | undefined;
  /** All or nothing: another run sees the old index or the new one. */
  writeIndex(text: string): void;
  segmentPath(name: string): string;
  newSegmentName(kind: 'heads' | 'bodies'): string;
  /** Takes away segments that no index names and no run that is still going can have made. */
  sweep(used: ReadonlySet<string>): void;
  remove(name: string): void;
}

const INDEX = 'index';
const SEGMENT = /^(heads|bodies)-[0-9a-f]{16}$/;
const LEFTOVER = /^index\.[0-9a-f]{16}$/;
const STILL_GOING = 15 * 60_000;

/** Makes the folder where needed. Throws with a reason when it cannot be used. */
export function openFolder(dir: string, root: string): CacheFolder {
  const path = join(resolve(dir), createHash('sha1').update(root).digest('hex').slice(0, 20));
  if (isInside(root, path)) throw new Error('it lies inside the audited folder');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (isInside(root, realpathSync(path))) throw new Error('it lies inside the audited folder');
  const found = statSync(path);
  if (process.getuid !== undefined && found.uid !== process.getuid()) throw new Error('it belongs to another user');
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
  return folderAt(path);
}

const isInside = (root: string, path: string): boolean => {
  const way = relative(root, path);
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..');
};

function folderAt(path: string): CacheFolder {
  const inside = (name: string): string => join(path, name);
  const remove = (name: string): void => rmSync(inside(name), { force: true });
  return {
    path,
    readIndex: () =>
      statSync(inside(INDEX), { throwIfNoEntry: false }) === undefined
        ? undefined
        : readFileSync(inside(INDEX), 'utf8'),
    writeIndex: (text) => replace(inside(INDEX), text),
    segmentPath: inside,
    newSegmentName: (kind) => `${kind}-${randomBytes(8).toString('hex')}`,
    sweep: (used) => {
      for (const name of readdirSync(path)) if (isStale(inside(name), name, used)) remove(name);
    },
    remove,
  };
}

function isStale(path: string, name: string, used: ReadonlySet<string>): boolean {
  if (used.has(name) || !(SEGMENT.test(name) || LEFTOVER.test(name))) return false;
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > STILL_GOING;
}

function replace(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
