#!/usr/bin/env node
// What an audit costs, as ratios measured in one run against named references, with alternating commands and medians.
//   node packages/staticfire/bench/speed.mjs DIR [--rounds 5]
// Works on a scratch copy of DIR, because one case touches a file.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const given = args.find((arg) => !arg.startsWith('-'));
const rounds = Number(args[args.indexOf('--rounds') + 1] || 5) || 5;
if (!given || !existsSync(given)) {
  console.error('usage: node bench/speed.mjs DIR [--rounds N]');
  process.exit(2);
}

const here = fileURLToPath(new URL('.', import.meta.url));
const tool = resolve(here, '../dist/main.js');
const bin = (name) => resolve(here, '../../../node_modules/.bin', name);
const scratch = mkdtempSync(join(tmpdir(), 'staticfire-bench-'));
const dir = join(scratch, 'repository');
const cache = join(scratch, 'cache');
cpSync(resolve(given), dir, {
  recursive: true,
  verbatimSymlinks: true,
  filter: (path) => !/[\\/]node_modules(?:$|[\\/])/.test(relative(given, path)),
});

const sources = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path),
);
const touched = join(dir, sources.find((path) => /(?:^|[\\/])src[\\/].*\.ts$/.test(path)) ?? sources[0]);
const before = readFileSync(touched);
const twice = join(scratch, 'twice');
for (const half of ['first', 'second']) cpSync(dir, join(twice, half), { recursive: true, verbatimSymlinks: true });
const environment = { ...process.env, STATICFIRE_CACHE_DIR: cache, NO_COLOR: '1', CI: '1' };

const commands = {
  'staticfire, cold': {
    run: [process.execPath, tool, 'audit', dir],
    prepare: () => rmSync(cache, { recursive: true, force: true }),
  },
  'staticfire, warm': { run: [process.execPath, tool, 'audit', dir], prepare: () => {} },
  // A comment, as formatting and merging leave them: what the file says is as it was.
  'staticfire, one file touched': {
    run: [process.execPath, tool, 'audit', dir],
    prepare: (round) => appendFileSync(touched, `\n// round ${round}\n`),
  },
  // A statement, so that what the file says has changed: everything that needs code is worked out again.
  'staticfire, one file edited': {
    run: [process.execPath, tool, 'audit', dir],
    prepare: (round) => appendFileSync(touched, `\nexport const round${round + 1} = process.argv.length;\n`),
  },
  'staticfire, twice as large': {
    run: [process.execPath, tool, 'audit', twice],
    prepare: () => rmSync(cache, { recursive: true, force: true }),
    rounds: Math.min(rounds, 3),
  },
  'oxlint --threads=1': { run: [bin('oxlint'), '--threads=1', '--disable-nested-config'], cwd: dir, prepare: () => {} },
  'bare parser': { run: [process.execPath, join(here, 'bare-parser.mjs'), dir], prepare: () => {} },
  knip: {
    run: [bin('knip'), '--no-exit-code', '--no-progress'],
    cwd: dir,
    prepare: () => {},
    rounds: Math.min(rounds, 3),
  },
  'staticfire --help': { run: [process.execPath, tool, '--help'], prepare: () => {} },
  'node -e 0': { run: [process.execPath, '-e', '0'], prepare: () => {} },
};

const figures = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
for (let round = -1; round < rounds; round += 1) {
  for (const [name, command] of Object.entries(commands)) {
    if (round >= (command.rounds ?? rounds)) continue;
    command.prepare(round);
    const figure = await measure(command);
    if (round >= 0) figures[name].push(figure);
    process.stderr.write(`\r\u001b[Kround ${round + 1} of ${rounds}: ${name} ${figure.seconds.toFixed(2)} s`);
  }
}
process.stderr.write('\r\u001b[K');
writeFileSync(touched, before);
rmSync(scratch, { recursive: true, force: true });
report();

/** Wall seconds, exit code and peak resident memory of one process (Linux; elsewhere unknown). */
function measure({ run: [command, ...rest], cwd }) {
  return new Promise((done, failed) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, rest, { cwd, env: environment, stdio: 'ignore' });
    let peak = 0;
    const poll = setInterval(() => (peak = Math.max(peak, residentOf(child.pid))), 10);
    child.on('error', failed);
    child.on('exit', (code) => {
      clearInterval(poll);
      done({ seconds: Number(process.hrtime.bigint() - started) / 1e9, megabytes: peak, code });
    });
  });
}

function residentOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function report() {
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  const seconds = (name) => median(figures[name].map((figure) => figure.seconds));
  console.log(
    `${sources.length} source files, ${rounds} rounds after one warm-up, node ${process.version}, ${availableParallelism()} cores\n`,
  );
  for (const [name, all] of Object.entries(figures)) {
    const times = all.map((figure) => figure.seconds);
    const range = `${Math.min(...times).toFixed(2)}–${Math.max(...times).toFixed(2)}`;
    console.log(
      `${name.padEnd(30)} ${seconds(name).toFixed(3)} s  (${range})  ${Math.max(...all.map((f) => f.megabytes)).toFixed(0)} MB  exit ${[...new Set(all.map((f) => f.code))].join('/')}`,
    );
  }
  const cold = seconds('staticfire, cold');
  const ratio = (title, value, bar) =>
    console.log(
      `${title.padEnd(46)} ${value.toFixed(2).padStart(7)}  bar ${String(bar).padStart(5)}  ${value <= bar ? 'met' : 'MISSED'}`,
    );
  console.log('');
  ratio('cold / oxlint in one thread', cold / seconds('oxlint --threads=1'), 7);
  ratio('cold / knip', cold / seconds('knip'), 0.35);
  ratio('warm / cold', seconds('staticfire, warm') / cold, 0.25);
  ratio('one file touched / cold', seconds('staticfire, one file touched') / cold, 0.25);
  ratio('a repository twice as large / cold', seconds('staticfire, twice as large') / cold, 2.2);
  ratio('--help / node -e 0', seconds('staticfire --help') / seconds('node -e 0'), 2.5);
  ratio('peak memory of the cold audit, MB', Math.max(...figures['staticfire, cold'].map((f) => f.megabytes)), 600);
  console.log(
    `${'one file edited / cold'.padEnd(46)} ${(seconds('staticfire, one file edited') / cold).toFixed(2).padStart(7)}`,
  );
  console.log(`${'cold / bare parser'.padEnd(46)} ${(cold / seconds('bare parser')).toFixed(2).padStart(7)}`);
  console.log(`${'files per second, cold'.padEnd(46)} ${(sources.length / cold).toFixed(0).padStart(7)}`);
}
