import type { LoadGraph } from './graph.ts';
import type { IndexedFile, Origin, SymbolIndex } from './index-files.ts';
import type { Mentions } from './mentions.ts';
import type { NamedPart, Unit } from './units.ts';

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
  /** Exports and top-level bindings in use, by file. `*` stands for all of a file's exports. */
  readonly bindings: Map<string, Set<string>>;
  /** Exports that someone holds as a whole, by file. */
  readonly given: Map<string, Set<string>>;
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
    bindings: new Map(),
    given: new Map(),
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
    hasBinding: (file, name) => state.bindings.get(file)?.has(name) === true,
  };
}

function startFile(state: State, file: string): void {
  const units = state.index.of(file);
  if (!units) return;
  state.queue.push({ file, mentions: units.eager, unit: undefined });
  for (const target of units.effects) {
    if (!state.live.has(target)) continue;
    for (const [name, unit] of state.index.of(target)?.units ?? [])
      if (unit.decorated) useUnit(state, target, name, unit);
  }
}

/** Adds a name to a file's; false when it was there. */
function addNew(map: Map<string, Set<string>>, file: string, name: string): boolean {
  const known = map.get(file);
  if (known?.has(name)) return false;
  if (known) known.add(name);
  else map.set(file, new Set([name]));
  return true;
}

/** Every export of a module, those that it passes on included. */
function useAll(state: State, file: string): void {
  if (!state.live.has(file) || !addNew(state.bindings, file, '*')) return;
  const units = state.index.of(file);
  for (const name of units?.exports.keys() ?? []) if (name !== '*') useExport(state, file, name);
  for (const star of units?.stars ?? []) useAll(state, star);
}

/** An exported name, followed to its unit through re-exports. */
function useExport(state: State, file: string, name: string): boolean {
  if (state.bindings.get(file)?.has(name)) return true;
  if (!state.live.has(file)) return false;
  const origins = state.index.origins(file, name);
  for (const origin of origins) useOrigin(state, origin);
  if (origins.length === 0) useOpaque(state, file);
  return origins.length > 0;
}

function useOrigin(state: State, origin: Origin): void {
  for (const { file, name } of origin.via) addNew(state.bindings, file, name);
  if (origin.whole) return useAll(state, origin.file);
  const units = state.live.has(origin.file) ? state.index.of(origin.file) : undefined;
  if (!units) return;
  for (const name of origin.names) useName(state, origin.file, units, name, false, noNames);
}

/** A module that exports in a way we cannot read gives everything. */
function useOpaque(state: State, file: string): void {
  const units = state.index.of(file);
  if (!units || units.exports.size > 0 || units.stars.length > 0) return;
  for (const [name, unit] of units.units) useUnit(state, file, name, unit);
}

const noNames: ReadonlySet<string> = new Set();

/** What browsers call on the server: the names that client modules import or pass on. */
function useFromClient(state: State, file: string): void {
  const source = state.graph.code.get(file);
  const target = (from: string): string | undefined => {
    const found = source?.resolve(from);
    return found?.kind === 'file' && state.live.has(found.path) ? found.path : undefined;
  };
  for (const i of source?.head.imports ?? []) {
    const path = i.typeOnly ? undefined : target(i.from);
    if (path === undefined) continue;
    if (i.names.length === 0 || i.names.some((n) => n.imported === '*')) useAll(state, path);
    else for (const n of i.names) useExport(state, path, n.imported);
  }
}

function follow(state: State, file: string, mentions: Mentions, unit: Unit | undefined): void {
  const units = state.index.of(file);
  if (!units) return;
  markFunctions(state, file, mentions);
  for (const [name, { whole, members }] of mentions.roots) useName(state, file, units, name, whole, members);
  for (const { from, names } of mentions.imports) {
    const target = units.target(from);
    if (target === undefined) continue;
    if (names === undefined) useAll(state, target);
    else for (const name of names) useExport(state, target, name);
  }
  for (const name of mentions.members) callName(state, name);
  if (mentions.computedThis && unit) for (const part of unit.members) usePart(state, file, part, unit);
}

function markFunctions(state: State, file: string, mentions: Mentions): void {
  if (mentions.functions.size === 0) return;
  const known = state.functions.get(file);
  if (known) for (const fn of mentions.functions) known.add(fn);
  else state.functions.set(file, new Set(mentions.functions));
}

/** A name as a file sees it: a unit of its own, or an import. */
function useName(
  state: State,
  file: string,
  units: IndexedFile,
  name: string,
  whole: boolean,
  members: ReadonlySet<string>,
): void {
  const unit = units.units.get(name);
  if (unit) {
    useUnit(state, file, name, unit);
    if (whole && unit.kind === 'object') for (const part of unit.members) usePart(state, file, part, unit);
    return;
  }
  const imported = units.imports.get(name);
  const target = imported && units.target(imported.from);
  if (!imported || target === undefined || !state.live.has(target)) return;
  if (imported.imported !== '*') {
    useExport(state, target, imported.imported);
    if (whole) giveAway(state, target, imported.imported);
    return;
  }
  if (whole) useAll(state, target);
  for (const member of members) if (!useExport(state, target, member)) useExport(state, target, 'default');
}

/** An imported object in someone's hands as a whole: all of its functions may be called. */
function giveAway(state: State, file: string, name: string): void {
  if (!addNew(state.given, file, name)) return;
  for (const origin of state.index.origins(file, name)) {
    const units = state.live.has(origin.file) ? state.index.of(origin.file) : undefined;
    for (const own of origin.names) {
      const unit = units?.units.get(own);
      if (unit?.kind === 'object') for (const part of unit.members) usePart(state, origin.file, part, unit);
    }
  }
}

function useUnit(state: State, file: string, name: string, unit: Unit): void {
  addNew(state.bindings, file, name);
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
