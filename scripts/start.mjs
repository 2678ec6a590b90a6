#!/usr/bin/env node
// `npm start` builds the tool and audits the sample service; `npm start -- DIR …` audits any directory.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tool = join(root, 'packages/staticfire/dist/main.js');
const given = process.argv.slice(2);

const build = spawnSync('npm', ['run', '--silent', 'build'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
if (build.status !== 0) {
  console.error(`${build.stdout}${build.stderr}\nThe build failed.`);
  process.exit(2);
}

if (given.length > 0) {
  process.exit(audit(given));
} else {
  process.exit(auditSample());
}

/** The sample is audited as a repository of its own: laid out alone, so that this repository's workflows do not count as its. */
function auditSample() {
  const sample = join(root, 'samples/orders');
  const scratch = mkdtempSync(join(tmpdir(), 'staticfire-sample-'));
  const copy = join(scratch, 'orders');
  const left = new Set(['node_modules', 'dist']);
  cpSync(sample, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  const status = audit([copy, '--no-cache']);
  rmSync(scratch, { recursive: true, force: true });
  console.log(
    `\nThat was samples/orders: a service that runs and whose tests pass. The audit ended with exit code ${status}.`,
  );
  return status === 1 ? 0 : 2;
}

function audit(args) {
  const { status, signal } = spawnSync(process.execPath, [tool, ...args.map(absolute)], {
    stdio: 'inherit',
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  return signal ? 130 : (status ?? 2);
}

/** npm runs this in the repository's root; a path was meant from where the user stands. */
function absolute(arg) {
  return arg.startsWith('.') ? resolve(process.env.INIT_CWD ?? process.cwd(), arg) : arg;
}
