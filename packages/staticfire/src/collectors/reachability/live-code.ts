import type { LoadGraph } from '../../code/reach/graph.ts';
import { loadedModules, type LoadedModules } from '../../code/reach/modules.ts';
import type { SymbolIndex } from '../../code/reach/index-files.ts';
import { liveSymbols, type LiveSymbols } from '../../code/reach/symbols.ts';
import type { LiveCode } from '../../facts/live.ts';
import type { Service } from '../../facts/services.ts';

/** What one service loads. Its symbols are followed when someone first asks for one. */
export interface ServiceCode {
  readonly modules: LoadedModules;
  readonly live: LiveCode;
}

export function serviceCode(graph: LoadGraph, index: SymbolIndex, service: Service, boundary: boolean): ServiceCode {
  const modules = loadedModules(
    graph,
    service.entries.map((entry) => entry.file),
    boundary,
  );
  let symbols: LiveSymbols | undefined;
  const followed = (): LiveSymbols => (symbols ??= liveSymbols(graph, index, rootsOf(graph, service, modules)));
  const live: LiveCode = {
    files: [...modules.live].toSorted(),
    has: (file) => modules.live.has(file),
    pathTo: (file) => modules.pathTo(file),
    hasFunction: (file, fn) => modules.live.has(file) && followed().hasFunction(file, fn),
    hasBinding: (file, name) => modules.live.has(file) && followed().hasBinding(file, name),
  };
  return { modules, live };
}

/** Frameworks take every export of what they load by place, runtimes the default export of what they start. */
function rootsOf(
  graph: LoadGraph,
  service: Service,
  { live, client }: LoadedModules,
): Parameters<typeof liveSymbols>[2] {
  const open = new Set(
    service.entries.filter((entry) => entry.kind !== 'process' && entry.kind !== 'job').map((entry) => entry.file),
  );
  for (const file of live) for (const loaded of graph.computed(file)) open.add(loaded);
  return { live, open, client, started: service.entries.map((entry) => entry.file) };
}
