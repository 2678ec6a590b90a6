import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Problem } from '../src/model/problem.ts';
import type { Workspace } from '../src/model/workspace.ts';
import { openWorkspace } from '../src/workspace/open.ts';
import { tempTree, writeTree } from './temp-tree.ts';

const paths = (workspace: Workspace): readonly string[] => workspace.files.map((file) => file.path);
const tracked = (workspace: Workspace): readonly string[] =>
  workspace.files.filter((file) => file.tracked).map((file) => file.path);

interface Entry {
  readonly path: string;
  readonly hash: string;
  readonly size: number;
  readonly mtimeMs: number;
}

const blob = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');

function entryHead({ hash, size, mtimeMs, path }: Entry): Buffer {
  const head = Buffer.alloc(62);
  head.writeUInt32BE(Math.floor(mtimeMs / 1000), 8);
  head.writeUInt32BE(Math.floor((mtimeMs % 1000) * 1e6), 12);
  head.writeUInt32BE(0o100644, 24);
  head.writeUInt32BE(size, 36);
  head.write(hash, 40, 'hex');
  head.writeUInt16BE(Math.min(path.length, 0xfff), 60);
  return head;
}

function plainEntry(entry: Entry): Buffer {
  const length = Math.ceil((62 + Buffer.byteLength(entry.path) + 1) / 8) * 8;
  return Buffer.concat([entryHead(entry), Buffer.from(entry.path)], length);
}

function compressedEntry(entry: Entry, previous: string): Buffer {
  let common = 0;
  while (common < previous.length && previous[common] === entry.path[common]) common++;
  return Buffer.concat([
    entryHead(entry),
    Buffer.from([previous.length - common]),
    Buffer.from(`${entry.path.slice(common)}\0`),
  ]);
}

function indexBytes(version: number, entries: readonly Entry[]): Buffer {
  const head = Buffer.alloc(12);
  head.write('DIRC', 'latin1');
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(entries.length, 8);
  const body = entries.map((entry, n) =>
    version === 4 ? compressedEntry(entry, entries[n - 1]?.path ?? '') : plainEntry(entry),
  );
  return Buffer.concat([head, ...body, Buffer.alloc(20)]);
}

const COMMIT = '1234567890123456789012345678901234567890';

/** A repository whose index holds the named files as they are on disk. */
function repository(files: Readonly<Record<string, string>>, index: readonly string[], version = 2): string {
  const root = tempTree({ ...files, '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${COMMIT}\n` });
  const old = new Date(1_600_000_000_000);
  for (const path of Object.keys(files)) utimesSync(join(root, path), old, old);
  const entries = index.toSorted().map((path) => {
    const text = files[path] ?? '';
    return {
      path,
      hash: blob(text),
      size: Buffer.byteLength(text),
      mtimeMs: files[path] === undefined ? 0 : statSync(join(root, path)).mtimeMs,
    };
  });
  writeFileSync(join(root, '.git/index'), indexBytes(version, entries));
  return root;
}

describe('the walk', () => {
  test('skips node_modules and .git, sorts, and counts everything as tracked without git', () => {
    const workspace = openWorkspace(
      tempTree({ 'b/x.ts': '', 'b.ts': '', 'node_modules/pg/index.js': '', 'b/node_modules/x.js': '' }),
    );
    expect(tracked(workspace)).toEqual(['b.ts', 'b/x.ts']);
    expect(workspace.git).toBeUndefined();
    expect(workspace.has('b.ts')).toBe(true);
    expect(workspace.has('node_modules/pg/index.js')).toBe(false);
    expect(workspace.match(/^b\//g)).toEqual(['b/x.ts']);
  });

  test('an empty folder is no problem', () => {
    expect(openWorkspace(tempTree()).files).toEqual([]);
  });

  test('nested ignore rules, taken back further in', () => {
    const workspace = openWorkspace(
      tempTree({
        '.gitignore': '*.log\ndist/\n/package-lock.json\nlogs/\n',
        'package-lock.json': '{}',
        'a.log': '',
        'dist/x.js': '',
        'a/.gitignore': '!keep.log\n!logs/\nlocal.ts\n',
        'a/keep.log': '',
        'a/lost.log': '',
        'a/local.ts': '',
        'a/logs/x.ts': '',
        'local.ts': '',
      }),
    );
    expect(paths(workspace)).toEqual(['.gitignore', 'a/.gitignore', 'a/keep.log', 'a/logs/x.ts', 'local.ts']);
    expect(workspace.ignoredFiles).toEqual(['a.log', 'a/local.ts', 'a/lost.log', 'package-lock.json']);
    expect(['.env', 'dist/y.js', 'dist/', 'a/keep.log', 'b/c/x.log'].map((path) => workspace.ignored(path))).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
    expect(workspace.read('package-lock.json')).toBe('{}');
    expect(workspace.has('package-lock.json')).toBe(false);
  });

  test('links: followed inside, said when they lead out, to nothing or in a circle', () => {
    const outside = tempTree({ 'secret.txt': 'x' });
    const root = tempTree({ 'real.ts': 'x', 'folder/in.ts': '' });
    symlinkSync('real.ts', join(root, 'alias.ts'));
    symlinkSync('..', join(root, 'folder/up'));
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync('nothing', join(root, 'dangling'));
    symlinkSync(join(outside, 'secret.txt'), join(root, 'out.txt'));
    symlinkSync(outside, join(root, 'out'));
    const workspace = openWorkspace(root);
    expect(paths(workspace)).toEqual(['alias.ts', 'folder/in.ts', 'real.ts']);
    expect(workspace.unread.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'dangling io-error',
      'loop link-loop',
      'out outside-root',
      'out.txt outside-root',
    ]);
    expect(workspace.read('out.txt')).toBeUndefined();
  });

  test('stops at the limit and says so', () => {
    const workspace = openWorkspace(tempTree({ 'a.ts': '', 'b.ts': '', 'c.ts': '' }), { maxFiles: 2 });
    expect(paths(workspace)).toEqual(['a.ts', 'b.ts']);
    expect(workspace.unread).toEqual([
      { path: '.', reason: 'too-many-files', detail: 'reading stopped after 2 files' },
    ]);
  });
});

describe('reading', () => {
  test('UTF-8, byte order marks, UTF-16 and what is neither', () => {
    const workspace = openWorkspace(
      tempTree({
        'plain.ts': 'const ä = 1;',
        'marked.ts': '\uFEFFx',
        'little.ts': Buffer.from('\uFEFFöl', 'utf16le'),
        'big.ts': Buffer.from('\uFEFFöl', 'utf16le').swap16(),
        'bad.ts': Buffer.from([0x61, 0xff, 0x62]),
      }),
    );
    expect(
      ['plain.ts', 'marked.ts', 'little.ts', 'big.ts', 'bad.ts', 'bad.ts', 'none.ts'].map((path) =>
        workspace.read(path),
      ),
    ).toEqual(['const ä = 1;', 'x', 'öl', 'öl', undefined, undefined, undefined]);
    expect(workspace.unread).toEqual([{ path: 'bad.ts', reason: 'not-utf8' }]);
  });

  test('files over the limit, also those that have grown since', () => {
    const root = tempTree({ 'a.ts': 'x'.repeat(20), 'b.ts': 'x' });
    const workspace = openWorkspace(root, { maxFileSize: 10 });
    writeFileSync(join(root, 'b.ts'), 'x'.repeat(30));
    expect([workspace.read('a.ts'), workspace.read('b.ts')]).toEqual([undefined, undefined]);
    expect(workspace.unread.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'a.ts too-large',
      'b.ts too-large',
    ]);
  });

  test('a file that is gone by now', () => {
    const root = tempTree({ 'a.ts': 'x' });
    const workspace = openWorkspace(root);
    rmSync(join(root, 'a.ts'));
    expect(workspace.read('a.ts')).toBeUndefined();
    expect(workspace.unread).toEqual([{ path: 'a.ts', reason: 'io-error', detail: 'ENOENT' }]);
  });

  test('nothing outside the tree', () => {
    const root = tempTree({ 'app/a.ts': '', 'secret.txt': 'x' });
    const workspace = openWorkspace(join(root, 'app'));
    expect([workspace.read('../secret.txt'), workspace.read('/etc/hostname')]).toEqual([undefined, undefined]);
  });

  test('without permission', () => {
    const root = tempTree({ 'closed/a.ts': '', 'b.ts': 'x', 'c.ts': '' });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed'), 0);
    chmodSync(join(root, 'b.ts'), 0);
    const workspace = asNobody(() => {
      const opened = openWorkspace(root);
      opened.read('b.ts');
      return opened;
    });
    chmodSync(join(root, 'closed'), 0o755);
    expect(paths(workspace)).toEqual(['b.ts', 'c.ts']);
    expect(workspace.unread.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'b.ts no-permission',
      'closed no-permission',
    ]);
  });
});

/** Root may read everything, so the test steps down for a moment. */
function asNobody<T>(run: () => T): T {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

describe('folders that cannot be audited', () => {
  const codeOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return error instanceof Problem ? error.code : String(error);
    }
    return 'none';
  };
  test('missing, a file, below a file, closed', () => {
    const root = tempTree({ 'a.ts': '', 'closed/x': '' });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed'), 0);
    expect(codeOf(() => openWorkspace(join(root, 'none')))).toBe('no-such-directory');
    expect(codeOf(() => openWorkspace(join(root, 'a.ts')))).toBe('not-a-directory');
    expect(codeOf(() => openWorkspace(join(root, 'a.ts/b')))).toBe('no-such-directory');
    expect(codeOf(() => asNobody(() => openWorkspace(join(root, 'closed'))))).toBe('unreadable-directory');
    chmodSync(join(root, 'closed'), 0o755);
  });
});

describe("git's state", () => {
  const files = {
    'src/app/a.ts': 'a',
    'src/app/b.ts': 'b',
    'src/z.ts': 'z',
    '.env': 'X=1',
    '.gitignore': '.env\nlocal.ts\n',
  };
  test.each([2, 4])('an index of version %i: tracked though ignored, commit, clean', (version) => {
    const root = repository(files, ['src/app/a.ts', 'src/app/b.ts', 'src/z.ts', '.env', '.gitignore'], version);
    const workspace = openWorkspace(root);
    expect(tracked(workspace)).toEqual(['.env', '.gitignore', 'src/app/a.ts', 'src/app/b.ts', 'src/z.ts']);
    expect(workspace.git).toMatchObject({ root: workspace.root, prefix: '', commit: COMMIT, dirty: false });
    expect(workspace.ignored('.env')).toBe(true);
  });

  test('touched but equal is clean; changed, missing or new is dirty', () => {
    const all = Object.keys(files);
    const open = (change: (root: string) => void): boolean | undefined => {
      const root = repository(files, all);
      change(root);
      return openWorkspace(root).git?.dirty;
    };
    const later = new Date(1_700_000_000_000);
    expect(open((root) => utimesSync(join(root, 'src/z.ts'), later, later))).toBe(false);
    expect(open((root) => writeTree(root, { 'local.ts': 'ignored' }))).toBe(false);
    expect(open((root) => writeTree(root, { 'src/z.ts': 'y' }))).toBe(true);
    expect(open((root) => rmSync(join(root, 'src/z.ts')))).toBe(true);
    expect(open((root) => writeTree(root, { 'new.ts': '' }))).toBe(true);
  });

  test('an untracked file is there and not tracked; an ignored folder with a tracked file is walked for it alone', () => {
    const root = repository(
      { '.gitignore': 'dist/\n', 'dist/kept.js': '', 'dist/other.js': '', 'new.ts': '', 'dist/deep/x.js': '' },
      ['.gitignore', 'dist/kept.js'],
    );
    const workspace = openWorkspace(root);
    expect(workspace.files.map((file) => `${file.path} ${file.tracked}`)).toEqual([
      '.gitignore true',
      'dist/kept.js true',
      'new.ts false',
    ]);
    expect(workspace.ignoredFiles).toEqual(['dist/other.js']);
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 90)],
    ['foreign', () => Buffer.from('not an index at all')],
    [
      'of a version to come',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 7), Buffer.from([9]), bytes.subarray(8)]),
    ],
  ])('an index that is %s counts as none and is said', (_, harm) => {
    const root = repository(files, ['src/z.ts']);
    writeFileSync(
      join(root, '.git/index'),
      harm(indexBytes(2, [{ path: 'src/z.ts', hash: blob('z'), size: 1, mtimeMs: 0 }])),
    );
    const workspace = openWorkspace(root);
    expect(tracked(workspace)).toEqual(['.gitignore', 'src/app/a.ts', 'src/app/b.ts', 'src/z.ts']);
    expect(workspace.unread.map(({ path, reason }) => `${path} ${reason}`)).toEqual(['.git/index syntax-error']);
  });

  test('packed refs, a detached head and no commit yet', () => {
    const commitOf = (git: Readonly<Record<string, string>>): string | undefined =>
      openWorkspace(tempTree({ 'a.ts': '', ...git })).git?.commit;
    expect(
      commitOf({
        '.git/HEAD': 'ref: refs/heads/main\n',
        '.git/packed-refs': `# pack-refs\n${COMMIT} refs/heads/main\n`,
      }),
    ).toBe(COMMIT);
    expect(commitOf({ '.git/HEAD': `${COMMIT}\n` })).toBe(COMMIT);
    expect(commitOf({ '.git/HEAD': 'ref: refs/heads/main\n' })).toBeUndefined();
  });

  test('a worktree: .git is a file', () => {
    const main = repository({ 'a.ts': '' }, []);
    writeTree(main, {
      '.git/worktrees/side/HEAD': 'ref: refs/heads/main\n',
      '.git/worktrees/side/commondir': '../..\n',
      '.git/info/exclude': 'own.txt\n',
    });
    const side = tempTree({ '.git': `gitdir: ${join(main, '.git/worktrees/side')}\n`, 'b.ts': '', 'own.txt': '' });
    const workspace = openWorkspace(side);
    expect(workspace.git?.commit).toBe(COMMIT);
    expect(paths(workspace)).toEqual(['b.ts']);
  });

  test('a folder that the repository around it ignores is no part of it', () => {
    const root = repository({ '.gitignore': 'tmp/\n', 'tmp/x/a.ts': '' }, ['.gitignore']);
    const workspace = openWorkspace(join(root, 'tmp/x'));
    expect(workspace.git).toBeUndefined();
    expect(tracked(workspace)).toEqual(['a.ts']);
  });

  test('an index that git itself wrote', () => {
    const root = tempTree({ 'a/b.ts': 'b', 'a/c.ts': 'c', 'left.ts': '' });
    const git = (...args: readonly string[]): void =>
      void execFileSync('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: root, stdio: 'ignore' });
    try {
      git('--version');
    } catch {
      return;
    }
    git('init');
    git('add', 'a');
    expect(tracked(openWorkspace(root))).toEqual(['a/b.ts', 'a/c.ts']);
    git('update-index', '--index-version', '4');
    expect(tracked(openWorkspace(root))).toEqual(['a/b.ts', 'a/c.ts']);
    git('add', '.');
    expect(openWorkspace(root).git?.dirty).toBe(false);
  });
});

describe('a folder below the git root', () => {
  const root = (): string =>
    repository(
      {
        '.gitignore': '.env\n/mid/app/out/\nyarn.lock\n',
        'package.json': '{}',
        'yarn.lock': '',
        'README.md': '',
        'secret.txt': '',
        '.github/workflows/ci.yml': 'on: push',
        'mid/tsconfig.base.json': '{}',
        'mid/other/package.json': '{}',
        'mid/app/a.ts': '',
        'mid/app/.env': '',
        'mid/app/out/x.js': '',
      },
      ['.gitignore', 'package.json', '.github/workflows/ci.yml', 'mid/app/a.ts'],
    );

  test('shows the platform files above it, and nothing else', () => {
    const workspace = openWorkspace(join(root(), 'mid/app'));
    expect(workspace.git?.prefix).toBe('mid/app');
    expect(workspace.above.map((file) => `${file.path} ${file.tracked}`)).toEqual([
      '../../.github/workflows/ci.yml true',
      '../../.gitignore true',
      '../../package.json true',
      '../tsconfig.base.json false',
    ]);
    expect(workspace.ignoredFiles).toEqual(['../../yarn.lock', '.env']);
    expect(workspace.read('../../.github/workflows/ci.yml')).toBe('on: push');
    expect([workspace.has('../../package.json'), workspace.has('../../secret.txt')]).toEqual([true, false]);
    expect(workspace.read('../../secret.txt')).toBeUndefined();
  });

  test('obeys the rules above it', () => {
    const workspace = openWorkspace(join(root(), 'mid/app'));
    expect(paths(workspace)).toEqual(['a.ts']);
    expect(['.env', 'out/y.js', '../../yarn.lock', '../../../beyond'].map((path) => workspace.ignored(path))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(workspace.git?.dirty).toBe(false);
  });
});
