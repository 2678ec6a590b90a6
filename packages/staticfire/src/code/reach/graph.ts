import type { CodeModel } from '../model.ts';
import { filesBelow } from './below.ts';
import { loadsOf } from './loads.ts';

/** Which files a file brings in at run time, by import or by a path that it works out. Each file is looked at once. */
export interface LoadGraph {
  readonly code: CodeModel;
  loads(file: string): readonly string[];
  /** Those of `loads` that no import names: the framework or a loader takes all their exports. */
  computed(file: string): readonly string[];
  isClient(file: string): boolean;
  isServerAction(file: string): boolean;
}

export function createGraph(code: CodeModel, programDirOf: (file: string) => string): LoadGraph {
  const computed = new Map<string, readonly string[]>();
  const all = new Map<string, readonly string[]>();
  const below = (prefix: string): readonly string[] => filesBelow(code.files, prefix);
  const own = (file: string): readonly string[] => {
    const known = computed.get(file);
    if (known) return known;
    const found = code.get(file)?.head.computesPaths ? loadsOf(code, file, below, programDirOf(file)).files : [];
    computed.set(file, found);
    return found;
  };
  return {
    code,
    computed: own,
    loads: (file) => {
      const known = all.get(file);
      if (known) return known;
      const extra = own(file);
      const found = extra.length === 0 ? code.importsOf(file) : [...new Set([...code.importsOf(file), ...extra])];
      all.set(file, found);
      return found;
    },
    isClient: (file) => code.get(file)?.head.directives.includes('use client') === true,
    isServerAction: (file) => code.get(file)?.head.directives.includes('use server') === true,
  };
}
