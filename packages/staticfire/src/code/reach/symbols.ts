import type { Export, Import } from '../summary.ts';
import type { LoadGraph } from './graph.ts';
import type { Mentions } from './mentions.ts';
import { exportKey, unitsOf, type FileUnits, type NamedPart, type Unit } from './units.ts';

/** A file's units with its names, made once and shared by all services. */
export interface SymbolIndex {
  of(file: string): IndexedFile | undefined;
}

interface IndexedFile extends FileUnits {
  readonly imports: ReadonlyMap<string, { readonly from: Import; readonly imported: string }>;
  readonly exports: readonly Export[];
  /** `import './x'`: for its effects alone. */
  readonly effects: readonly string[];
}

export function createIndex(graph: LoadGraph): SymbolIndex {
  const made = new Map<string, IndexedFile | undefined>();
  return {
    of(file) {
      if (!made.has(file)) made.set(file, indexed(graph, file));
      return made.get(file);
    },
  };
}

function indexed(graph: LoadGraph, file: string): IndexedFile | undefined {
  const source = graph.code.get(file);
  if (!source) return undefined;
  const imports = new Map<string, { from: Import; imported: string }>();
  for (const from of source.head.imports)
    for (const { imported, local } of from.names) imports.set(local, { from, imported });
  const reexported = new Set(source.head.exports.flatMap((e) => e.from ?? []));
  const effects = source.head.imports
    .filter((i) => i.kind === 'static' && !i.typeOnly && i.names.length === 0 && !reexported.has(i.from))
    .map((i) => i.from);
  const foreign = (name: string): boolean => {
    const found = imports.get(name);
    return found
      ? source.resolve(found.from.from).kind !== 'file'
      : !/^[A-Z]\w*$/.test(name) ||
          /^(?:Error|EventEmitter|Map|Set|Array|Promise|Event|EventTarget|HTMLElement)$/.test(name);
  };
  return { ...unitsOf(source.summary, { foreign }), imports, exports: source.summary.exports, effects };
}

/** Which functions and bindings of the live modules are in use. */
export interface LiveSymbols {
  hasFunction(file: string, fn: number): boolean;
  hasBinding(file: string, name: string): boolean;
}

export interface Roots {
  /** Modules that are loaded. */
  readonly live: ReadonlySet<string>;
  /** Files of which a framework or loader takes every export. */
  readonly open: Iterable<string>;
  /** Files of which a runtime takes the default export. */
  readonly started: Iterable<string>;
  /** Client modules: what they import from live ones is in use as well. */
  readonly client: Iterable<string>;
}

interface State {
  readonly graph: LoadGraph;
  readonly index: SymbolIndex;
  readonly live: ReadonlySet<string>;
  readonly units: Set<Unit>;
  readonly parts: Set<NamedPart>;
  readonly exports: Set<string>;
  readonly bindings: Set<string>;
  readonly names: Set<string>;
  readonly functions: Map<string, Set<number>>;
  /** Methods of live classes and objects that wait for their name. */
  readonly waiting: Map<string, { readonly file: string; readonly part: NamedPart; readonly unit: Unit }[]>;
  readonly queue: { readonly file: string; readonly mentions: Mentions; readonly unit: Unit | undefined }[];
}

/** Follows references from what runs at load to declarations and on into their bodies, until nothing new is reached. */
export function liveSymbols(graph: LoadGraph, index: SymbolIndex, roots: Roots): LiveSymbols {
  const state: State = {
    graph,
    index,
    live: roots.live,
    units: new Set(),
    parts: new Set(),
    exports: new Set(),
    bindings: new Set(),
    names: new Set(),
    functions: new Map(),
    waiting: new Map(),
    queue: [],
  };
  for (const file of roots.live) startFile(state, file);
  for (const file of roots.open) useAll(state, file);
  for (const file of roots.started) useExport(state, file, 'default');
  for (const file of roots.client) useFromClient(state, file);
  for (let next = state.queue.pop(); next; next = state.queue.pop()) follow(state, next.file, next.mentions, next.unit);
  return {
    hasFunction: (file, fn) => inUse(state, file, fn),
    hasBinding: (file, name) => state.bindings.has(`${file}\0${name}`) || state.exports.has(`${file}\0${name}`),
  };
}

function startFile(state: State, file: string): void {
  const units = state.index.of(file);
  if (!units) return;
  state.queue.push({ file, mentions: units.eager, unit: undefined });
  for (const from of units.effects) {
    const target = targetOf(state, file, from);
    for (const [name, unit] of target === undefined ? [] : (state.index.of(target)?.units ?? []))
      if (unit.decorated && target !== undefined) useUnit(state, target, name, unit);
  }
}

function targetOf(state: State, file: string, from: string): string | undefined {
  const target = state.graph.code.get(file)?.resolve(from);
  return target?.kind === 'file' && state.live.has(target.path) ? target.path : undefined;
}

function useAll(state: State, file: string): void {
  if (!state.live.has(file)) return;
  for (const e of state.index.of(file)?.exports ?? []) {
    if (e.typeOnly) continue;
    if (e.name === '*' && e.from !== undefined) useAllOnce(state, targetOf(state, file, e.from));
    else useExport(state, file, e.name);
  }
}

function useAllOnce(state: State, file: string | undefined): void {
  if (file === undefined || state.exports.has(`${file}\0*`)) return;
  state.exports.add(`${file}\0*`);
  useAll(state, file);
}

/** An exported name, followed to its unit through re-exports. */
function useExport(state: State, file: string, name: string): boolean {
  const key = `${file}\0${name}`;
  if (state.exports.has(key)) return true;
  const units = state.index.of(file);
  if (!units || !state.live.has(file)) return false;
  state.exports.add(key);
  const found = units.exports.filter((e) => e.name === name && !e.typeOnly);
  for (const e of found) useOneExport(state, file, units, e);
  if (found.length > 0) return true;
  const stars = units.exports.filter((e) => e.name === '*' && e.from !== undefined);
  const passed = stars.some((e) => useStar(state, file, e, name));
  if (!passed) state.exports.delete(key);
  if (!passed && units.exports.length === 0)
    for (const [unitName, unit] of units.units) useUnit(state, file, unitName, unit);
  return passed;
}

function useStar(state: State, file: string, e: Export, name: string): boolean {
  const target = e.from === undefined ? undefined : targetOf(state, file, e.from);
  return target !== undefined && name !== 'default' && useExport(state, target, name);
}

function useOneExport(state: State, file: string, units: IndexedFile, e: Export): void {
  if (e.from !== undefined) {
    const target = targetOf(state, file, e.from);
    if (target !== undefined && e.imported === '*') useAllOnce(state, target);
    else if (target !== undefined && e.imported !== undefined) useExport(state, target, e.imported);
    return;
  }
  if (e.local !== undefined) useName(state, file, units, e.local, { whole: true, members: noNames });
  const own = units.units.get(exportKey(e.name));
  if (own) useUnit(state, file, exportKey(e.name), own);
}

const noNames: ReadonlySet<string> = new Set();

function useFromClient(state: State, file: string): void {
  const source = state.graph.code.get(file);
  for (const i of source?.head.imports ?? []) {
    const target = i.typeOnly ? undefined : targetOf(state, file, i.from);
    if (target === undefined) continue;
    if (i.names.length === 0 || i.names.some((n) => n.imported === '*')) useAllOnce(state, target);
    else for (const n of i.names) useExport(state, target, n.imported);
  }
  for (const e of source?.head.exports ?? []) {
    const target = e.from === undefined ? undefined : targetOf(state, file, e.from);
    if (target !== undefined && e.imported !== undefined)
      if (e.imported === '*') useAllOnce(state, target);
      else useExport(state, target, e.imported);
  }
}

function follow(state: State, file: string, mentions: Mentions, unit: Unit | undefined): void {
  const units = state.index.of(file);
  if (!units) return;
  markFunctions(state, file, mentions);
  for (const [name, use] of mentions.roots) useName(state, file, units, name, use);
  for (const { from, names } of mentions.imports) {
    const target = targetOf(state, file, from);
    if (target === undefined) continue;
    if (names === undefined) useAllOnce(state, target);
    else for (const name of names) useExport(state, target, name);
  }
  for (const name of mentions.members) callName(state, name);
  if (mentions.computedThis && unit) for (const part of unit.members) usePart(state, file, part, unit);
}

function markFunctions(state: State, file: string, mentions: Mentions): void {
  const known = state.functions.get(file) ?? new Set<number>();
  for (const fn of mentions.functions) known.add(fn);
  state.functions.set(file, known);
}

function useName(
  state: State,
  file: string,
  units: IndexedFile,
  name: string,
  use: { readonly whole: boolean; readonly members: ReadonlySet<string> },
): void {
  const unit = units.units.get(name);
  if (unit) {
    useUnit(state, file, name, unit);
    if (use.whole && unit.kind === 'object') for (const part of unit.members) usePart(state, file, part, unit);
    return;
  }
  const imported = units.imports.get(name);
  const target = imported && !imported.from.typeOnly ? targetOf(state, file, imported.from.from) : undefined;
  if (!imported || target === undefined) return;
  if (imported.imported !== '*') {
    useExport(state, target, imported.imported);
    if (use.whole) giveAway(state, target, imported.imported, 0);
    return;
  }
  if (use.whole) useAllOnce(state, target);
  for (const member of use.members)
    if (!useExport(state, target, member) && member !== 'default') useExport(state, target, 'default');
}

/** An imported object in someone's hands as a whole: all of its functions may be called. */
function giveAway(state: State, file: string, name: string, depth: number): void {
  const units = state.index.of(file);
  if (!units || depth > 8) return;
  for (const e of units.exports.filter((one) => one.name === name || one.name === '*')) {
    if (e.from !== undefined) {
      const target = targetOf(state, file, e.from);
      if (target !== undefined) giveAway(state, target, e.name === '*' ? name : (e.imported ?? name), depth + 1);
      continue;
    }
    const unit = units.units.get(e.local ?? exportKey(e.name));
    if (unit?.kind === 'object') for (const part of unit.members) usePart(state, file, part, unit);
  }
}

function useUnit(state: State, file: string, name: string, unit: Unit): void {
  state.bindings.add(`${file}\0${name}`);
  if (state.units.has(unit)) return;
  state.units.add(unit);
  state.queue.push({ file, mentions: unit.mentions(), unit });
  for (const part of unit.members) {
    if (part.always || state.names.has(part.name)) usePart(state, file, part, unit);
    else expectCall(state, file, part, unit);
  }
}

function expectCall(state: State, file: string, part: NamedPart, unit: Unit): void {
  const list = state.waiting.get(part.name);
  if (list) list.push({ file, part, unit });
  else state.waiting.set(part.name, [{ file, part, unit }]);
}

function usePart(state: State, file: string, part: NamedPart, unit: Unit): void {
  if (state.parts.has(part)) return;
  state.parts.add(part);
  state.queue.push({ file, mentions: part.mentions(), unit });
}

function callName(state: State, name: string): void {
  if (state.names.has(name)) return;
  state.names.add(name);
  for (const { file, part, unit } of state.waiting.get(name) ?? []) usePart(state, file, part, unit);
  state.waiting.delete(name);
}

/** A function is in use with the piece of code that holds it. */
function inUse(state: State, file: string, fn: number): boolean {
  if (!state.live.has(file)) return false;
  if (fn <= 0) return true;
  const used = state.functions.get(file);
  const functions = state.graph.code.get(file)?.summary.functions ?? [];
  for (let at = fn; at > 0; at = functions[at]?.parent ?? -1) if (used?.has(at)) return true;
  return false;
}
