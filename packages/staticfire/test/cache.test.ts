import type * as fsTypes from 'node:fs';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Cache, openCache, type Stamp } from '../src/code/cache.ts';
import { tempTree } from './temp-tree.ts';

const disk = vi.hoisted(() => ({ full: false }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof fsTypes>();
  const refuse = (): void => {
    if (disk.full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  const writeSync = (file: number, bytes: Buffer, offset: number, length: number, at: number): number => {
    refuse();
    return fs.writeSync(file, bytes, offset, length, at);
  };
  const writeFileSync: typeof fs.writeFileSync = (...args) => {
    refuse();
    fs.writeFileSync(...args);
  };
  return { ...fs, writeSync, writeFileSync };
});

beforeEach(() => {
  disk.full = false;
});

const OLD = 1_600_000_000_000;
const stamp = (path: string, change: Partial<Stamp> = {}): Stamp => ({ path, size: 10, mtime: OLD, ...change });
const parsed = (hash: string, body = `{"of":"${hash}"}`): { hash: string; head: unknown; body: string } => ({
  hash,
  head: { imports: [hash] },
  body,
});
const open = (dir: string | undefined, change: { root?: string; version?: string } = {}): Cache =>
  openCache({ dir, root: '/srv/shop', version: '1', ...change });

/** A cache folder with what one run over the paths leaves. */
function filled(paths: readonly string[], body?: string): string {
  const dir = join(tempTree(), 'cache');
  run(dir, (cache) => {
    for (const path of paths) cache.put(stamp(path), parsed(path, body));
  });
  return dir;
}

function run<T>(dir: string, work: (cache: Cache) => T): T {
  const cache = open(dir);
  const result = work(cache);
  cache.save();
  cache.close();
  return result;
}

const own = (dir: string): string => join(dir, readdirSync(dir)[0] ?? '');
const segments = (dir: string, kind = 'bodies'): readonly string[] =>
  readdirSync(own(dir)).filter((name) => name.startsWith(`${kind}-`));
const segmentPath = (dir: string, kind = 'bodies'): string => join(own(dir), segments(dir, kind)[0] ?? '');

describe('what was kept', () => {
  test('comes back for the same size and time, head at once and body on demand', () => {
    const cache = open(filled(['a.ts', 'b.ts'], '{"ä":"ö"}'));
    const entry = cache.get(stamp('a.ts'));
    expect(entry?.head).toEqual({ imports: ['a.ts'] });
    expect(entry?.hash).toBe('a.ts');
    expect(entry?.body()).toBe('{"ä":"ö"}');
    expect(cache.note).toBeUndefined();
  });

  test('does not come back for another size, time or path', () => {
    const cache = open(filled(['a.ts']));
    expect(
      [stamp('a.ts', { size: 11 }), stamp('a.ts', { mtime: OLD + 1 }), stamp('c.ts')].map((file) => cache.get(file)),
    ).toEqual([undefined, undefined, undefined]);
  });

  test('comes back by its content, under the same ending only, and is known by its new time then', () => {
    const dir = filled(['a.ts', 'b.ts']);
    const touched = stamp('a.ts', { mtime: OLD + 5 });
    run(dir, (cache) => {
      expect(cache.getByHash(touched, 'a.ts')?.body()).toBe('{"of":"a.ts"}');
      expect(cache.getByHash(stamp('moved.ts'), 'b.ts')?.body()).toBe('{"of":"b.ts"}');
      expect(cache.getByHash(stamp('moved.tsx'), 'b.ts')).toBeUndefined();
    });
    expect(open(dir).get(touched)?.body()).toBe('{"of":"a.ts"}');
    expect(segments(dir)).toHaveLength(1);
  });

  test('is there within the run that found it, written or not', () => {
    for (const dir of [undefined, join(tempTree(), 'cache')]) {
      const cache = open(dir);
      const entries = ['a', 'b'].map((name) => cache.put(stamp(`${name}.ts`), parsed(name, name.repeat(700_000))));
      expect(entries.map((entry) => entry.body()?.[0])).toEqual(['a', 'b']);
      cache.save();
      expect(entries.map((entry) => entry.body()?.length)).toEqual([700_000, 700_000]);
      cache.close();
    }
  });

  test('is not trusted by its time when the file is too young', () => {
    const dir = join(tempTree(), 'cache');
    const young = stamp('a.ts', { mtime: Date.now() });
    run(dir, (cache) => cache.put(young, parsed('x')));
    const cache = open(dir);
    expect(cache.get(young)).toBeUndefined();
    expect(cache.getByHash(young, 'x')?.body()).toBe('{"of":"x"}');
  });

  test('is nothing to another version or another folder', () => {
    const dir = filled(['a.ts']);
    expect(open(dir, { version: '2' }).get(stamp('a.ts'))).toBeUndefined();
    expect(open(dir, { root: '/srv/other' }).get(stamp('a.ts'))).toBeUndefined();
    expect(open(dir).get(stamp('a.ts'))).toBeDefined();
  });
});

describe('writing', () => {
  test('one touched file adds a small segment; the large one stays as it is', () => {
    const paths = Array.from({ length: 50 }, (_, n) => `${n}.ts`);
    const dir = filled(paths, 'x'.repeat(10_000));
    const [large] = segments(dir);
    run(dir, (cache) => {
      for (const path of paths.slice(1)) cache.get(stamp(path));
      cache.put(stamp('0.ts', { size: 3 }), parsed('new'));
    });
    const sizes = segments(dir).map((name) => statSync(join(own(dir), name)).size);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([12, 500_000]);
    expect(segments(dir)).toContain(large);
    expect(
      open(dir)
        .get(stamp('0.ts', { size: 3 }))
        ?.body(),
    ).toBe('{"of":"new"}');
  });

  test('nothing is written when nothing changed, and forgotten files leave', () => {
    const dir = filled(['a.ts', 'b.ts']);
    const before = readFileSync(join(own(dir), 'index'), 'utf8');
    run(dir, (cache) => ['a.ts', 'b.ts'].map((path) => cache.get(stamp(path))));
    expect(readFileSync(join(own(dir), 'index'), 'utf8')).toBe(before);
    run(dir, (cache) => cache.get(stamp('a.ts')));
    expect(open(dir).get(stamp('b.ts'))).toBeUndefined();
  });

  test('many small segments, or mostly garbage, are gathered into one', () => {
    const dir = filled(['a.ts', 'b.ts', 'c.ts'], 'x'.repeat(1000));
    run(dir, (cache) => cache.get(stamp('a.ts')));
    const index = readFileSync(join(own(dir), 'index'), 'utf8');
    expect(JSON.parse(index.slice(index.indexOf('\n')))).toMatchObject({
      heads: [{ size: 20 }],
      bodies: [{ size: 1000 }],
    });
    expect(open(dir).get(stamp('a.ts'))?.body()).toBe('x'.repeat(1000));
  });

  test('only its owner may look inside', () => {
    const dir = filled(['a.ts']);
    const modes = [own(dir), join(own(dir), 'index'), segmentPath(dir)].map((path) =>
      (statSync(path).mode & 0o777).toString(8),
    );
    expect(modes).toEqual(['700', '600', '600']);
    chmodSync(own(dir), 0o755);
    run(dir, () => undefined);
    expect(statSync(own(dir)).mode & 0o777).toBe(0o700);
  });
});

describe('harm', () => {
  const harms: readonly [string, (dir: string) => void][] = [
    ['an index that is cut off', (dir) => truncateSync(join(own(dir), 'index'), 60)],
    ['an empty index', (dir) => writeFileSync(join(own(dir), 'index'), '')],
    ['a foreign index', (dir) => writeFileSync(join(own(dir), 'index'), Buffer.from([0, 255, 1, 2, 10, 13]))],
    [
      'a changed letter in the index',
      (dir) =>
        writeFileSync(join(own(dir), 'index'), readFileSync(join(own(dir), 'index'), 'utf8').replace('a.ts', 'b.ts')),
    ],
  ];
  test.each(harms)('%s: made anew, with one note', (_, harm) => {
    const dir = filled(['a.ts']);
    harm(dir);
    run(dir, (cache) => {
      expect(cache.get(stamp('a.ts'))).toBeUndefined();
      expect(cache.note).toContain('is made anew');
      cache.put(stamp('a.ts'), parsed('again'));
    });
    expect(open(dir).get(stamp('a.ts'))?.body()).toBe('{"of":"again"}');
  });

  test('a segment that is gone or cut off: its entries are', () => {
    for (const kind of ['heads', 'bodies']) {
      for (const harm of [(path: string) => rmSync(path), (path: string) => truncateSync(path, 3)]) {
        const dir = filled(['a.ts']);
        harm(segmentPath(dir, kind));
        expect(open(dir).get(stamp('a.ts'))).toBeUndefined();
      }
    }
  });

  test('a changed byte in a segment: no body rather than a wrong one', () => {
    const dir = filled(['a.ts', 'b.ts']);
    const bytes = readFileSync(segmentPath(dir));
    bytes[3] = 0x21;
    writeFileSync(segmentPath(dir), bytes);
    const cache = open(dir);
    expect(cache.get(stamp('a.ts'))?.body()).toBeUndefined();
    expect(cache.get(stamp('b.ts'))?.body()).toBe('{"of":"b.ts"}');
  });

  test('a changed byte in a head: no entry', () => {
    const dir = filled(['a.ts', 'b.ts']);
    const bytes = readFileSync(segmentPath(dir, 'heads'));
    bytes[3] = 0x21;
    writeFileSync(segmentPath(dir, 'heads'), bytes);
    const cache = open(dir);
    expect(cache.get(stamp('a.ts'))).toBeUndefined();
    expect(cache.get(stamp('b.ts'))).toBeDefined();
  });

  test('a folder that cannot be made: everything works in memory, with one note', () => {
    const dir = join(tempTree({ cache: 'a file' }), 'cache');
    const cache = open(dir);
    expect(cache.put(stamp('a.ts'), parsed('x')).body()).toBe('{"of":"x"}');
    cache.save();
    expect(cache.note).toMatch(/^nothing is cached: .*cannot be used/);
  });

  test('a folder inside the audited one is not used', () => {
    const root = tempTree();
    const cache = openCache({ dir: join(root, '.cache'), root, version: '1' });
    expect(cache.note).toContain('it lies inside the audited folder');
    expect(readdirSync(root)).toEqual([]);
  });

  test('an index that cannot be replaced', () => {
    const dir = filled(['a.ts']);
    rmSync(join(own(dir), 'index'));
    mkdirSync(join(own(dir), 'index/x'), { recursive: true });
    const cache = open(dir);
    const entry = cache.put(stamp('b.ts'), parsed('b'));
    cache.save();
    expect(cache.note).toMatch(/^nothing is cached: .*cannot be written/);
    expect(entry.body()).toBe('{"of":"b"}');
  });

  test('a full disk: the run goes on, nothing half is left, the old state stands', () => {
    const dir = filled(['a.ts']);
    disk.full = true;
    const cache = open(dir);
    cache.get(stamp('a.ts'));
    const entries = ['b', 'c'].map((name) => cache.put(stamp(`${name}.ts`), parsed(name, name.repeat(1_500_000))));
    cache.save();
    expect(cache.note).toBe(`nothing is cached: ${own(dir)} cannot be written (ENOSPC)`);
    expect(entries.map((entry) => entry.body()?.length)).toEqual([1_500_000, 1_500_000]);
    cache.close();
    disk.full = false;
    expect(readdirSync(own(dir))).toHaveLength(3);
    expect(open(dir).get(stamp('a.ts'))?.body()).toBe('{"of":"a.ts"}');
  });

  test('two runs at once: the last one stands, and no entry is wrong', () => {
    const dir = filled(['a.ts', 'b.ts']);
    const [one, two] = [open(dir), open(dir)];
    one.get(stamp('a.ts'));
    one.put(stamp('b.ts', { size: 1 }), parsed('one'));
    two.get(stamp('a.ts'));
    two.put(stamp('b.ts', { size: 2 }), parsed('two'));
    one.save();
    two.save();
    const cache = open(dir);
    expect(cache.get(stamp('b.ts', { size: 1 }))).toBeUndefined();
    expect(cache.get(stamp('b.ts', { size: 2 }))?.body()).toBe('{"of":"two"}');
    expect(cache.get(stamp('a.ts'))?.body()).toBe('{"of":"a.ts"}');
  });
});
