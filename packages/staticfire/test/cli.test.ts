import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Io } from '../src/cli/io.ts';
import { processIo } from '../src/cli/process.ts';
import { formats } from '../src/cli/program.ts';
import { run } from '../src/cli/run.ts';
import type { AuditRequest, Tools } from '../src/cli/tools.ts';
import type { Assessment } from '../src/model/assessment.ts';
import { defineControl } from '../src/model/control.ts';
import { Problem } from '../src/model/problem.ts';
import { reporters } from '../src/reporters/index.ts';
import { go, noGo } from './sample-assessment.ts';

const control = <const Id extends string>(id: Id, area: 'auth' | 'config') =>
  defineControl({
    id,
    area,
    scope: 'service',
    severity: 'critical',
    confidence: 'proven',
    level: 'wired',
    stage: 'stable',
    since: '0.1.0',
    title: { pass: 'It holds', fail: 'It does not hold' },
    why: 'Because.',
    failure: 'It breaks.',
    remedy: 'Mend it.',
    done: 'It is mended.',
    references: ['https://nodejs.org/api/process.html'],
    needs: {},
    messages: { broken: { text: 'The {part} is broken.', remedy: 'Mend {part}.' } },
    evaluate: () => ({ verdict: 'not-applicable', because: 'a test' }),
  });

const controls = [
  control('auth/fail-open-guard', 'auth'),
  control('config/boot-validation', 'config'),
  control('config/example-file', 'config'),
];

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly request: AuditRequest | undefined;
}

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'staticfire-cli-'))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Around {
  readonly answer?: (request: AuditRequest) => Assessment;
  readonly env?: Record<string, string>;
  readonly tty?: boolean;
  readonly columns?: number;
  readonly clock?: () => number;
}

async function staticfire(
  argv: string[],
  { answer = () => noGo(), env = {}, tty = false, columns = 80, clock = () => 0 }: Around = {},
): Promise<Run> {
  const written = { out: '', err: '' };
  let request: AuditRequest | undefined;
  const sink = (name: 'out' | 'err') => ({
    tty,
    columns: tty ? columns : undefined,
    write: async (text: string) => void (written[name] += text),
  });
  const io: Io = {
    argv,
    env,
    cwd: folder,
    platform: 'linux',
    stdout: sink('out'),
    stderr: sink('err'),
    now: clock,
    signal: new AbortController().signal,
    onInterrupt: () => () => {},
  };
  const tools: Tools = {
    controls: async () => controls,
    audit: async (asked) => answer((request = asked)),
    endpoints: () => Promise.reject(new Error('not asked here')),
  };
  const code = await run(io, tools);
  return { code, ...written, request };
}

const escape = String.fromCharCode(0x1b);

describe('exit codes', () => {
  it.each([
    ['GO', 0, () => go()],
    ['NO-GO', 1, () => noGo()],
    ['no service and no blocker', 3, () => ({ ...go(), services: [], verdict: 'no-go' as const })],
    ['nothing to audit', 3, () => ({ ...go(), services: [], coverage: { ...go().coverage, sourceFiles: 0 } })],
  ])('%s ends with %i', async (_, code, answer) => {
    expect((await staticfire([], { answer })).code).toBe(code);
  });

  it('a problem ends with 2 and says what, where, what was expected and what to do', async () => {
    const details = {
      found: 'there is no such directory',
      where: './nowhere',
      expected: 'a directory',
      todo: 'name one that exists',
    };
    const answer = (): never => {
      throw new Problem('no-such-directory', details);
    };
    const { code, out, err } = await staticfire(['nowhere'], { answer });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Problem: no-such-directory');
    for (const word of ['there is no such directory', './nowhere', 'a directory', 'name one that exists'])
      expect(err).toContain(word);
  });

  it('a bug ends with 70 and asks for a report with the stack', async () => {
    const answer = (): never => {
      throw new TypeError('boom');
    };
    const { code, err } = await staticfire([], { answer });
    expect(code).toBe(70);
    expect(err).toContain('This is a bug in staticfire');
    expect(err).toContain('TypeError: boom');
    expect(err).toContain('cli.test.ts');
  });
});

describe('the words', () => {
  it('audits the current directory by default', async () => {
    expect((await staticfire([])).request?.dir).toBe(folder);
    expect((await staticfire(['audit', 'sub'])).request?.dir).toBe(join(folder, 'sub'));
    expect((await staticfire(['sub', '--verbose'])).request?.dir).toBe(join(folder, 'sub'));
  });

  it('takes areas and controls, repeated and comma-separated', async () => {
    const { request } = await staticfire([
      '--only',
      'auth,config/example-file',
      '--only',
      'config',
      '--skip',
      'config/boot-validation',
    ]);
    expect(request?.only).toEqual(['auth/fail-open-guard', 'config/boot-validation', 'config/example-file']);
    expect(request?.skip).toEqual(['config/boot-validation']);
  });

  it.each([
    ['--only', 'auth/fail-open-gaurd', 'auth/fail-open-guard'],
    ['--skip', 'confg', 'config'],
    ['--only', 'example-file', 'config/example-file'],
  ])('%s %s is a problem that suggests %s', async (option, word, meant) => {
    const { code, err, request } = await staticfire([option, word]);
    expect([code, request]).toEqual([2, undefined]);
    expect(err).toContain(`did you mean ${meant}?`);
  });

  it.each([
    [['--formt', 'json'], 'Did you mean --format?'],
    [['--format', 'xml'], 'Allowed choices'],
    [['a', 'b'], 'too many arguments'],
    [['explain'], 'missing required argument'],
  ])('%j is a problem', async (argv, says) => {
    const { code, err } = await staticfire(argv);
    expect(code).toBe(2);
    expect(err.replace(/\s+/g, ' ')).toContain(says);
  });

  it('a misspelt command is no directory', async () => {
    const answer = (): never => {
      throw new Problem('no-such-directory', {
        found: 'nothing',
        where: 'contrls',
        expected: 'a folder',
        todo: 'Check it.',
      });
    };
    expect((await staticfire(['contrls'], { answer })).err).toContain('Did you mean the command controls?');
  });

  it('keeps a cache unless told not to', async () => {
    const env = { HOME: '/home/someone' };
    expect((await staticfire([], { env })).request?.cacheDir).toBe(join('/home/someone', '.cache', 'staticfire'));
    expect((await staticfire(['--no-cache'], { env })).request).not.toHaveProperty('cacheDir');
    expect((await staticfire(['--service', 'api'])).request?.service).toBe('api');
  });

  it('knows every reporter', () => {
    expect(formats.toSorted()).toEqual(reporters.map(({ id }) => id));
  });

  it('helps', async () => {
    const { code, out, err } = await staticfire(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const word of [
      '--only',
      '--skip',
      '--service',
      '--no-cache',
      'Examples:',
      'Exit codes:',
      'explain',
      'controls',
    ])
      expect(out).toContain(word);
    expect((await staticfire(['--version'])).out).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('explain and controls', () => {
  it('explains a control', async () => {
    const { code, out } = await staticfire(['explain', 'auth/fail-open-guard']);
    expect(code).toBe(0);
    for (const word of [
      'Because.',
      'It breaks.',
      'Mend it.',
      'It is mended.',
      'https://nodejs.org',
      'The <part> is broken.',
    ])
      expect(out).toContain(word);
    expect(out).not.toContain(escape);
  });

  it('suggests a near one', async () => {
    const { code, err } = await staticfire(['explain', 'config/boot-validate']);
    expect(code).toBe(2);
    expect(err).toContain('did you mean config/boot-validation?');
  });

  it('lists all, also as JSON', async () => {
    expect((await staticfire(['controls'])).out.split('\n').filter(Boolean)).toHaveLength(3);
    const listed: unknown = JSON.parse((await staticfire(['controls', '--format', 'json'])).out);
    expect(listed).toMatchObject([{ id: 'auth/fail-open-guard' }, {}, {}]);
  });
});

describe('the terminal', () => {
  it('is plain when piped, coloured on a terminal, and NO_COLOR and FORCE_COLOR decide', async () => {
    const coloured = async (around: Around): Promise<boolean> => (await staticfire([], around)).out.includes(escape);
    expect(await coloured({})).toBe(false);
    expect(await coloured({ env: { CI: 'true' } })).toBe(false);
    expect(await coloured({ tty: true })).toBe(true);
    expect(await coloured({ tty: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await coloured({ tty: true, env: { TERM: 'dumb' } })).toBe(false);
    expect(await coloured({ env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await coloured({ tty: true, env: { FORCE_COLOR: '0' } })).toBe(false);
  });

  it('uses the width it has', async () => {
    const env = { NO_COLOR: '1' };
    const longest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
    expect(longest((await staticfire([], { tty: true, columns: 60, env })).out)).toBeLessThanOrEqual(60);
    expect(longest((await staticfire([], { tty: true, columns: 200, env })).out)).toBeLessThanOrEqual(100);
  });

  it('shows progress to a person after a second, and clears it', async () => {
    let now = 0;
    const answer = ({ progress }: AuditRequest): Assessment => {
      progress({ phase: 'reading', done: 1, total: 9 });
      now = 1500;
      progress({ phase: 'reading', done: 5, total: 9 });
      return go();
    };
    const around = { answer, clock: () => now };
    const { err } = await staticfire([], { ...around, tty: true });
    expect(err).not.toContain('1 of 9');
    expect(err).toContain('reading: 5 of 9');
    expect(err.endsWith(`\r${escape}[2K`)).toBe(true);
    now = 0;
    expect((await staticfire([], { ...around, tty: true, env: { CI: '1' } })).err).toBe('');
    now = 0;
    expect((await staticfire([], around)).err).toBe('');
  });
});

describe('--output', () => {
  it('writes the whole report and leaves nothing beside it', async () => {
    const { code, out } = await staticfire(['--format', 'json', '--output', 'report.json']);
    expect(code).toBe(1);
    expect(out).toContain('NO-GO  1 blocker');
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toEqual(noGo());
    expect(readdirSync(folder)).toEqual(['report.json']);
  });

  it('writes through a link, and plain text whatever the terminal', async () => {
    writeFileSync(join(folder, 'real.txt'), 'old');
    symlinkSync('real.txt', join(folder, 'link.txt'));
    await staticfire(['--output', 'link.txt'], { tty: true, env: { FORCE_COLOR: '1' } });
    expect(readFileSync(join(folder, 'real.txt'), 'utf8')).toMatch(/^NO-GO/);
    expect(readFileSync(join(folder, 'link.txt'), 'utf8')).not.toContain(escape);
  });

  it.each(['missing/report.json', 'folder'])('%s cannot be written: a problem, and no rest of a file', async (file) => {
    mkdirSync(join(folder, 'folder'));
    const { code, err } = await staticfire(['--output', file]);
    expect(code).toBe(2);
    expect(err).toContain('Problem: unwritable-output');
    expect(readdirSync(folder)).toEqual(['folder']);
  });
});

describe('the process', () => {
  const fake = () => {
    const exits: number[] = [];
    const stream = Object.assign(new EventEmitter(), {
      isTTY: false,
      write: (_: string, done: (error?: Error) => void) => done(),
    });
    const node = Object.assign(new EventEmitter(), {
      argv: [],
      env: {},
      cwd: () => '/',
      platform: 'linux',
      stdout: stream,
      stderr: stream,
      exit: (code: number) => exits.push(code),
    });
    return { exits, stream, node };
  };

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s cleans up and ends with %i', (signal, code) => {
    const { exits, node } = fake();
    const io = processIo(node as unknown as NodeJS.Process);
    const done: string[] = [];
    io.onInterrupt(() => done.push('kept'));
    io.onInterrupt(() => done.push('taken off'))();
    node.emit(signal);
    expect([exits, done, io.signal.aborted]).toEqual([[code], ['kept'], true]);
  });

  it('is quiet when the reader went away and loud when the disk is full', async () => {
    const { node, stream } = fake();
    const io = processIo(node as unknown as NodeJS.Process);
    const failing = (code: string) => (_: string, done: (error?: Error) => void) =>
      done(Object.assign(new Error(code), { code }));
    stream.write = failing('EPIPE');
    await expect(io.stdout.write('x')).resolves.toBeUndefined();
    stream.write = failing('ENOSPC');
    await expect(io.stdout.write('x')).rejects.toThrow('ENOSPC');
  });
});
