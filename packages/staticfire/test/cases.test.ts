import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { collectors } from '../src/collectors/index.ts';
import { audit } from '../src/engine/audit.ts';
import type { Result } from '../src/model/assessment.ts';
import type { ControlCase, ControlCases } from '../src/testing/cases.ts';
import { gitIndex } from '../src/testing/git-tree.ts';

const controlsDir = fileURLToPath(new URL('../src/controls/', import.meta.url));
const caseFiles = readdirSync(controlsDir, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.cases.ts'))
  .toSorted();
const suites: readonly ControlCases[] = await Promise.all(
  caseFiles.map(async (file) => ((await import(join(controlsDir, file))) as { default: ControlCases }).default),
);
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'staticfire-cases-')));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let count = 0;

function layOut(example: ControlCase): string {
  count += 1;
  const root = join(scratch, String(count));
  for (const [path, text] of Object.entries(example.files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const tracked = Object.keys(example.files).filter((path) => !example.untracked?.includes(path));
  if (example.untracked || example.below) gitIndex(root, tracked);
  return join(root, example.below ?? '.');
}

async function judge(suite: ControlCases, example: ControlCase): Promise<Result> {
  const assessment = await audit({ dir: layOut(example), controls: [suite.control], collectors, version: 'test' });
  const results = assessment.results.filter(
    (result) => example.service === undefined || result.service === example.service,
  );
  const [result, ...others] = results;
  if (!result)
    throw new Error(
      `no verdict; services: ${assessment.services.map((s) => s.id).join(', ') || 'none'}; notes: ${assessment.coverage.notes.join('; ')}`,
    );
  if (others.length > 0)
    throw new Error(`several verdicts (${results.map((r) => r.service).join(', ')}): name the service that is meant`);
  return result;
}

const shown = (result: Result): string[] =>
  result.findings.map((f) =>
    f.at ? `${f.at.file}${f.at.line === undefined ? '' : `:${f.at.line}`} ${f.message}` : `- ${f.message}`,
  );

describe.each(suites)('$control.id', (suite) => {
  it.each([...suite.cases])('$name', async (example) => {
    const result = await judge(suite, example);
    expect(result.verdict, JSON.stringify(result, null, 1)).toBe(example.expect.verdict);
    if (example.expect.verdict === 'fail') expect(shown(result).toSorted()).toEqual(example.expect.findings.toSorted());
    if (result.verdict === 'pass') expect(result.evidence.length, 'a pass shows evidence').toBeGreaterThan(0);
  });
});

it('has suites to run', () => expect(suites.length).toBeGreaterThan(0));
