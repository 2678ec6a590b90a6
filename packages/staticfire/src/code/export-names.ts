import type { CodeModel, SourceFile } from './model.ts';
import type { Export } from './summary.ts';

/** An export where it is written. */
export interface HeldExport {
  readonly source: SourceFile;
  readonly export: Export;
}

/** Finds where an exported name is written: in the file itself, or in one that it passes on as a whole (`export * from`). */
export type ExportNames = (file: string, name: string) => HeldExport | undefined;

/** One table for each file that is asked about, made at the first question. */
export function exportNames(model: Pick<CodeModel, 'get'>): ExportNames {
  const tables = new Map<string, ReadonlyMap<string, HeldExport>>();
  return (file, name) => {
    const table = tables.get(file) ?? tableOf(model, file);
    tables.set(file, table);
    return table.get(name);
  };
}

function tableOf(model: Pick<CodeModel, 'get'>, file: string): ReadonlyMap<string, HeldExport> {
  const table = new Map<string, HeldExport>();
  const seen = new Set<string>();
  const add = (path: string): void => {
    const source = seen.has(path) ? undefined : model.get(path);
    seen.add(path);
    if (!source) return;
    const exports = source.head.exports.filter((e) => !e.typeOnly);
    for (const e of exports) {
      if (e.name === '*' || (e.name === 'default' && path !== file) || table.has(e.name)) continue;
      table.set(e.name, { source, export: e });
    }
    for (const star of exports) {
      const target = star.name === '*' && star.from !== undefined ? source.resolve(star.from) : undefined;
      if (target?.kind === 'file') add(target.path);
    }
  };
  add(file);
  return table;
}
