import type { CodeModel, SourceFile } from '../code/model.ts';
import { code } from '../facts/code.ts';
import { reach, type Reach } from '../facts/live.ts';
import { project, type Manifest, type Project } from '../facts/project.ts';
import { testFiles, type TestFile } from '../facts/test-files.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

export const testFilesCollector = defineCollector({
  fact: testFiles,
  needs: { code, project, reach },
  collect({ facts }) {
    const declared = new Set(facts.project.manifests.flatMap(dependenciesOf));
    const found = facts.code.files.flatMap((file) => {
      const source = facts.code.get(file);
      return source && looksLikeTest(source) ? readTest(source, facts, declared) : [];
    });
    return known(found);
  },
});

interface Facts {
  readonly code: CodeModel;
  readonly project: Project;
  readonly reach: Reach;
}

const dependenciesOf = (manifest: Manifest): string[] =>
  Object.keys({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });

const named =
  /(?:[._-](?:test|spec|cy|e2e|e2e-spec|e2e-test|int-spec|integration|unit)\.[cm]?[jt]sx?$)|(?:^|\/)(?:__tests__|cypress\/(?:e2e|integration))\/|(?:^|\/)(?:tests?|e2e|spec)\/.*\.[cm]?[jt]sx?$/;
const imported =
  /^(?:vitest|@jest\/globals|node:test|mocha|ava|tap|tape|uvu|bun:test|@playwright\/test|@japa\/runner|jasmine|@effect\/vitest)$/;

function looksLikeTest(source: SourceFile): boolean {
  return (
    (named.test(source.path) && !/\.d\.[cm]?ts$/.test(source.path)) ||
    source.head.imports.some((i) => !i.typeOnly && imported.test(i.from))
  );
}

function readTest(source: SourceFile, facts: Facts, declared: ReadonlySet<string>): TestFile[] {
  const counts = source.head.tests;
  if (!counts) return [];
  const runner = runnerOf(source, facts.project, declared);
  return [
    {
      file: source.path,
      runner,
      ...counts,
      idle: counts.idle.map(({ line, ...idle }) => ({ ...idle, at: { file: source.path, line } })),
      endToEnd: runner === 'playwright' || runner === 'cypress',
      undeclared: undeclaredBy(source, declared),
      reaches: reachedBy(facts.code, facts.reach, source.path),
    },
  ];
}

const byImport: Readonly<Record<string, string>> = {
  vitest: 'vitest',
  '@effect/vitest': 'vitest',
  '@jest/globals': 'jest',
  'node:test': 'node:test',
  test: 'node:test',
  mocha: 'mocha',
  ava: 'ava',
  tap: 'tap',
  tape: 'tape',
  uvu: 'uvu',
  'bun:test': 'bun',
  '@playwright/test': 'playwright',
  '@japa/runner': 'japa',
};

function runnerOf(source: SourceFile, found: Project, declared: ReadonlySet<string>): string {
  for (const { from, typeOnly } of source.head.imports)
    if (!typeOnly && byImport[from] !== undefined) return byImport[from] ?? 'unknown';
  if (/\.cy\.[cm]?[jt]sx?$|(?:^|\/)cypress\//.test(source.path)) return 'cypress';
  const manifest = found.manifestOf(source.path);
  const known = ['vitest', 'jest', 'mocha', '@playwright/test', '@japa/runner', 'jasmine', 'ava'];
  const near = known.find((name) => found.depends(manifest, name)) ?? known.find((name) => declared.has(name));
  return near === undefined ? 'unknown' : (byImport[near] ?? near);
}

/** Packages without which the file cannot even be loaded. */
function undeclaredBy(source: SourceFile, declared: ReadonlySet<string>): string[] {
  const missing = new Set<string>();
  for (const { from, typeOnly } of source.head.imports) {
    if (typeOnly || /^(?:[.~#]|@\/|node:|bun:|virtual:|\$)/.test(from)) continue;
    const target = source.resolve(from);
    if (target.kind === 'package' && !declared.has(target.name) && essential.test(target.name))
      missing.add(target.name);
  }
  return [...missing].toSorted();
}

/** Test libraries come with nothing else; other packages may come with a framework or a preset. */
const essential =
  /^(?:supertest|chai|sinon|nock|msw|vitest|mocha|ava|tap|tape|uvu|@playwright\/test|pactum|testcontainers|@testcontainers\/.*|@nestjs\/testing|@testing-library\/.*|node-mocks-http|mongodb-memory-server|light-my-request|jest-mock-extended|vitest-mock-extended)$/;

/** Files of the service that its imports lead to, through helpers that are no part of the service. */
function reachedBy(model: CodeModel, reached: Reach, start: string): string[] {
  const found = new Set<string>();
  const seen = new Set([start]);
  const waiting = [...model.importsOf(start)];
  for (let next = waiting.pop(); next !== undefined && seen.size < 200; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (reached.servicesOf(next).length > 0) found.add(next);
    else waiting.push(...model.importsOf(next));
  }
  return [...found].toSorted();
}
