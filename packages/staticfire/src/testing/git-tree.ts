import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a folder a git repository whose index (version 2) holds the given paths. Writes git's files itself: git need not be installed. */
export function gitIndex(root: string, paths: readonly string[]): void {
  const git = join(root, '.git');
  mkdirSync(join(git, 'refs', 'heads'), { recursive: true });
  mkdirSync(join(git, 'objects'), { recursive: true });
  writeFileSync(join(git, 'HEAD'), 'ref: refs/heads/main\n');
  const entries = paths.toSorted().map((path) => entry(root, path));
  const head = Buffer.alloc(12);
  head.write('DIRC', 0, 'latin1');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(entries.length, 8);
  const body = Buffer.concat([head, ...entries]);
  writeFileSync(join(git, 'index'), Buffer.concat([body, createHash('sha1').update(body).digest()]));
}

function entry(root: string, path: string): Buffer {
  const name = Buffer.from(path);
  const { mtimeMs, size } = statSync(join(root, path));
  const bytes = Buffer.alloc(Math.ceil((63 + name.length) / 8) * 8);
  bytes.writeUInt32BE(Math.floor(mtimeMs / 1000), 8);
  bytes.writeUInt32BE(Math.floor((mtimeMs % 1000) * 1e6), 12);
  bytes.writeUInt32BE(0o100644, 24);
  bytes.writeUInt32BE(size, 36);
  const content = readFileSync(join(root, path));
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest().copy(bytes, 40);
  bytes.writeUInt16BE(Math.min(name.length, 0xfff), 60);
  name.copy(bytes, 62);
  return bytes;
}
