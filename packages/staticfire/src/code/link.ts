import type { CodeModel, Links, SourceFile, Target } from './model.ts';
import { createTracer } from './origin.ts';
import type { FileHead, FileSummary, Import } from './summary.ts';
import { lineOf } from './summary.ts';

/** A file's summary as the loader hands it over: the head at once, the rest on demand. */
export interface Loaded {
  readonly head: FileHead;
  body(): FileSummary;
}

export type Resolve = (file: string, specifier: string) => Target;

/** Joins the summaries of a repository: where imports lead, and what names stand for. */
export function link(
  loaded: ReadonlyMap<string, Loaded>,
  resolve: Resolve,
  read: Pick<CodeModel, 'unread' | 'read'>,
): CodeModel {
  const sources = new Map<string, SourceFile>();
  for (const [path, file] of loaded) sources.set(path, sourceFile(path, file, resolve));
  const graph = importGraph(sources);
  const tracer = createTracer((path) => sources.get(path));
  return {
    files: [...sources.keys()].toSorted(),
    get: (path) => sources.get(path),
    importsOf: (path) => graph.imports.get(path) ?? [],
    importersOf: (path) => graph.importers.get(path) ?? [],
    links: graph.links,
    ...read,
    ...tracer,
  };
}

function sourceFile(path: string, loaded: Loaded, resolve: Resolve): SourceFile {
  let summary: FileSummary | undefined;
  return {
    path,
    head: loaded.head,
    get summary() {
      return (summary ??= loaded.body());
    },
    resolve: (specifier) => resolve(path, specifier),
  };
}

interface ImportGraph {
  readonly imports: ReadonlyMap<string, readonly string[]>;
  readonly importers: ReadonlyMap<string, readonly string[]>;
  readonly links: Links;
}

function importGraph(sources: ReadonlyMap<string, SourceFile>): ImportGraph {
  const imports = new Map<string, readonly string[]>();
  const importers = new Map<string, string[]>();
  const links = { resolved: 0, external: 0, unresolved: [] as { file: string; specifier: string; line: number }[] };
  for (const source of sources.values()) {
    const targets = new Set<string>();
    for (const imported of source.head.imports) {
      if (imported.typeOnly) continue;
      const target = source.resolve(imported.from);
      count(links, source.path, imported, target);
      if (target.kind === 'file' && sources.has(target.path) && !erased(imported, sources.get(target.path)))
        targets.add(target.path);
    }
    imports.set(source.path, [...targets]);
    for (const target of targets) append(importers, target, source.path);
  }
  for (const list of importers.values()) list.sort();
  return { imports, importers, links };
}

/** TypeScript drops an import that names only interfaces and types, with or without `type`. */
function erased(imported: Import, target: SourceFile | undefined): boolean {
  if (!target || imported.kind !== 'static' || imported.names.length === 0) return false;
  return imported.names.every((name) => name.typeOnly || isType(target.head, name.imported));
}

function isType(head: FileHead, name: string): boolean {
  let found = false;
  for (const exported of head.exports) {
    if (exported.name !== name) continue;
    if (!exported.typeOnly) return false;
    found = true;
  }
  return found;
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function count(
  links: { resolved: number; external: number; unresolved: { file: string; specifier: string; line: number }[] },
  file: string,
  imported: Import,
  target: Target,
): void {
  if (target.kind === 'file' || target.kind === 'asset') links.resolved += 1;
  else if (target.kind === 'unresolved')
    links.unresolved.push({ file, specifier: imported.from, line: lineOf(imported.at) });
  else links.external += 1;
}
