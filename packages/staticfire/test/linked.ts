import { expect } from 'vitest';
import { link, type Loaded } from '../src/code/link.ts';
import type { CodeModel, Target } from '../src/code/model.ts';
import { headOf } from '../src/code/parse-file.ts';
import { summarise } from '../src/code/summarise/summarise.ts';

/** Links texts; './x' leads to x.ts, everything else is a package. */
export function linked(files: Readonly<Record<string, string>>): CodeModel {
  const loaded = new Map<string, Loaded>();
  for (const [path, text] of Object.entries(files)) {
    const summary = summarise(path, text);
    expect(summary.errors, path).toEqual([]);
    loaded.set(path, { head: headOf(summary), body: () => summary });
  }
  const resolve = (_: string, specifier: string): Target => {
    if (specifier.startsWith('./')) return { kind: 'file', path: `${specifier.slice(2)}.ts` };
    if (specifier.startsWith('node:')) return { kind: 'builtin', name: specifier.slice(5) };
    return { kind: 'package', name: specifier, subpath: '' };
  };
  return link(loaded, resolve, { unread: [], read: { parsed: loaded.size, cached: 0 } });
}
