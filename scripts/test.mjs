#!/usr/bin/env node
// Everything that must hold before a change lands, in the order in which it fails fastest.
// Ends with a line `N passed, N failed` and a non-zero exit when anything failed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'staticfire-test-'));
const outcome = join(scratch, 'vitest.json');

const steps = [
  ['format', 'npx', ['oxfmt', '--check']],
  ['lint', 'npx', ['oxlint', '--deny-warnings']],
  ['types', 'npm', ['run', '--silent', 'typecheck']],
  ['build', 'npm', ['run', '--silent', 'build']],
  ['generated pages and schema', 'npm', ['run', '--silent', 'generate', '--', '--check']],
];

let passed = 0;
let failed = 0;

for (const [name, command, args] of steps) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  if (status === 0) {
    passed += 1;
    console.log(`ok      ${name} (${seconds} s)`);
  } else {
    failed += 1;
    console.log(`FAILED  ${name} (${seconds} s)\n${stdout}${stderr}`);
  }
}

const suite = spawnSync(
  'npx',
  ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${outcome}`],
  {
    cwd: join(root, 'packages/staticfire'),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  },
);
const counts = readCounts();
passed += counts.passed;
failed += counts.failed;
// A suite that could not be loaded has no failed tests of its own.
if (suite.status !== 0 && counts.failed === 0) failed += 1;
rmSync(scratch, { recursive: true, force: true });

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function readCounts() {
  try {
    const report = JSON.parse(readFileSync(outcome, 'utf8'));
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}
