import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { summarise } from '../src/code/summarise/summarise.ts';

/** Who may import whom. A permission that nothing uses any more fails too: the table is the map of the house. */
const permissions: Readonly<Record<string, readonly string[]>> = {
  model: [],
  facts: ['model', 'code'],
  workspace: ['model'],
  code: ['model', 'workspace'],
  frameworks: ['model', 'facts', 'code'],
  endpoints: ['model', 'facts', 'code'],
  exposure: ['model', 'facts', 'code'],
  collectors: ['model', 'facts', 'code', 'frameworks', 'endpoints', 'exposure'],
  controls: ['model', 'facts', 'code', 'testing'],
  reporters: ['model'],
  register: ['model'],
  engine: ['model', 'facts', 'code', 'workspace', 'register'],
  testing: ['model'],
  cli: ['index', 'model', 'engine', 'controls', 'reporters'],
};

/** Judging and telling are pure: they touch neither disk, network, process nor clock. */
const pure = ['model', 'facts', 'controls', 'reporters', 'register'];
const purePackages: ReadonlySet<string> = new Set(['picocolors', 'node:crypto']);

const src = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));

interface Edge {
  readonly file: string;
  readonly from: string;
  readonly layer: string;
  readonly target: string | undefined;
}

const edges: readonly Edge[] = files.flatMap((file) =>
  summarise(file, readFileSync(join(src, file), 'utf8')).imports.map(({ from }) => ({
    file,
    from,
    layer: layerOf(file),
    target: from.startsWith('.') ? layerOf(posix.join(posix.dirname(file), from)) : undefined,
  })),
);

function layerOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : 'index';
}

describe('layers', () => {
  it('knows every folder of src', () => {
    expect([...new Set(files.map(layerOf))].filter((layer) => layer !== 'index').toSorted()).toEqual(
      Object.keys(permissions).toSorted(),
    );
  });

  it('imports only what the table allows', () => {
    const forbidden = edges.filter(
      (edge) =>
        edge.target !== undefined &&
        edge.layer !== 'index' &&
        edge.target !== edge.layer &&
        !permissions[edge.layer]?.includes(edge.target),
    );
    expect(forbidden.map((edge) => `${edge.file} imports ${edge.from}`)).toEqual([]);
  });

  it('has no permission that nothing uses', () => {
    const used = new Set(edges.map((edge) => `${edge.layer} → ${edge.target}`));
    const idle = Object.entries(permissions).flatMap(([layer, targets]) =>
      targets.map((target) => `${layer} → ${target}`).filter((permission) => !used.has(permission)),
    );
    expect(idle).toEqual([]);
  });

  it('imports only with the extension', () => {
    expect(
      edges
        .filter((edge) => edge.target !== undefined && !/\.(?:ts|json)$/.test(edge.from))
        .map((edge) => `${edge.file}: ${edge.from}`),
    ).toEqual([]);
  });

  it('keeps judging and telling pure', () => {
    const outside = edges.filter(
      (edge) => edge.target === undefined && pure.includes(edge.layer) && !purePackages.has(edge.from),
    );
    expect(outside.map((edge) => `${edge.file} imports ${edge.from}`)).toEqual([]);
  });

  it('has no clock and no chance in what must be deterministic', () => {
    const read = (file: string): string => readFileSync(join(src, file), 'utf8');
    // The cache asks how old a file is; that decides what is kept, never what is said. Cases are texts of other people's code.
    const exempt = (file: string): boolean => file.startsWith('code/cache') || file.endsWith('.cases.ts');
    const suspects = files.filter(
      (file) =>
        !exempt(file) &&
        [...pure, 'code', 'collectors', 'frameworks', 'exposure'].includes(layerOf(file)) &&
        /\bDate\.now\(|\bnew Date\(\)|Math\.random\(/.test(read(file)),
    );
    expect(suspects).toEqual([]);
  });
});
