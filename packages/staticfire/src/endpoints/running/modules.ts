import type { SourceFile } from '../../code/model.ts';
import type { Export } from '../../code/summary.ts';
import { runBlock } from './statements.ts';
import { evaluate } from './expressions.ts';
import type { Machine, Module } from './machine.ts';
import { memberOf } from './members.ts';
import { hoist, newScope } from './scopes.ts';
import { unknown, type Scope, type Value } from './values.ts';

/** Runs a module once: first what it imports that matters, then itself. */
export function ensureModule(m: Machine, file: string): Module | undefined {
  const before = m.modules.get(file);
  if (before) return before;
  const source = m.site.code.get(file);
  if (!source || m.fuel <= 0) return undefined;
  const scope = newScope(file, 0, undefined, undefined);
  const module: Module = { scope, whole: undefined, named: new Map(), heads: headsOf(source), state: { done: false } };
  m.modules.set(file, module);
  hoist(scope, source.summary);
  ensureImports(m, source);
  const quiet = m.quiet;
  const open = m.open.splice(0);
  m.quiet = 0;
  runBlock(m, scope, source.summary.functions[0]?.body ?? [], []);
  m.quiet = quiet;
  m.open.push(...open);
  module.state.done = true;
  return module;
}

function headsOf({ head, summary }: SourceFile): Module['heads'] {
  const imports = new Map<string, { from: string; imported: string }>();
  for (const { names, from, typeOnly } of head.imports)
    for (const { local, imported } of typeOnly ? [] : names)
      if (!imports.has(local)) imports.set(local, { from, imported });
  const exports = new Map<string, Export>();
  for (const one of summary.exports) if (!one.typeOnly && !exports.has(one.name)) exports.set(one.name, one);
  return { imports, exports, stars: new Map() };
}

/** Static imports run before the module does; dynamic ones run when they are met. */
function ensureImports(m: Machine, source: SourceFile): void {
  for (const one of source.head.imports) {
    if (one.typeOnly || one.kind === 'dynamic') continue;
    const target = source.resolve(one.from);
    if (target.kind === 'file' && m.matters.has(target.path)) ensureModule(m, target.path);
  }
}

/** What a specifier brings in under a name. */
function importValue(m: Machine, file: string, specifier: string, name: string): Value {
  const target = m.site.code.get(file)?.resolve(specifier) ?? { kind: 'unresolved' as const };
  if (target.kind === 'package') return { k: 'pkg', package: target.name, subpath: target.subpath, name, path: '' };
  if (target.kind === 'builtin') return { k: 'pkg', package: `node:${target.name}`, subpath: '', name, path: '' };
  if (target.kind !== 'file') return unknown;
  return name === '*' ? wholeOf(m, target.path) : exportValue(m, target.path, name);
}

/** A module as a value: what `require` gives. */
export function wholeOf(m: Machine, file: string): Value {
  const module = ensureModule(m, file);
  if (module?.whole) return module.whole;
  return module ? { k: 'module', file } : unknown;
}

const deepest = 12;

export function exportValue(m: Machine, file: string, name: string, depth = 0): Value {
  const source = m.site.code.get(file);
  const module = ensureModule(m, file);
  if (!source || !module || depth > deepest) return unknown;
  const set = module.named.get(name);
  if (set) return set;
  if (module.whole && name === 'default') return module.whole;
  if (module.whole) return memberOf(m, module.whole, name);
  const head = module.heads.exports.get(name);
  if (!head) return fromStars(m, source, module, name, depth);
  if (head.from !== undefined) {
    const target = source.resolve(head.from);
    if (target.kind === 'file' && head.imported !== '*')
      return exportValue(m, target.path, head.imported ?? name, depth + 1);
    return importValue(m, file, head.from, head.imported ?? name);
  }
  if (head.local !== undefined) return memberPath(m, module.scope, head.local);
  return head.value ? evaluate(m, module.scope, head.value) : memberPath(m, module.scope, name);
}

function fromStars(m: Machine, source: SourceFile, { heads, state }: Module, name: string, depth: number): Value {
  const known = heads.stars.get(name);
  if (known !== undefined) return exportValue(m, known, name, depth + 1);
  if (heads.stars.has(name)) return unknown;
  for (const one of source.head.exports) {
    if (one.name !== '*' || one.from === undefined || one.typeOnly || name === 'default') continue;
    const target = source.resolve(one.from);
    if (target.kind !== 'file') continue;
    const found = exportValue(m, target.path, name, depth + 1);
    if (found.k === 'unknown') continue;
    heads.stars.set(name, target.path);
    return found;
  }
  if (state.done) heads.stars.set(name, undefined);
  return unknown;
}

const memberPath = (m: Machine, scope: Scope, path: string): Value => evaluate(m, scope, { k: 'ref', path, at: 0 });

/** A name that the module imports. */
export function importedName(m: Machine, file: string, name: string): Value | undefined {
  const found = m.modules.get(file)?.heads.imports.get(name);
  return found && importValue(m, file, found.from, found.imported);
}

/** `module.exports = x`, `exports.x = y`. True when the path was one of these. */
export function setExport(m: Machine, file: string, path: string, value: Value): boolean {
  const module = m.modules.get(file);
  const own = path.replace(/^module\.exports/, 'exports');
  if (!module || !/^exports(?:\.[\w$]+)?$/.test(own)) return false;
  const name = own.slice('exports.'.length);
  if (name) module.named.set(name, value);
  else module.whole = value;
  if (name && module.whole?.k === 'obj') module.whole.props.set(name, value);
  return true;
}

/** Names that a module exports, for `Object.values(routes)` and the like. */
export function entriesOf(m: Machine, file: string): readonly (readonly [string, Value])[] {
  const source = m.site.code.get(file);
  if (!source) return [];
  return source.head.exports.flatMap((one): [string, Value][] => {
    if (one.typeOnly) return [];
    if (one.name !== '*') return [[one.name, exportValue(m, file, one.name)]];
    const target = one.from === undefined ? undefined : source.resolve(one.from);
    return target?.kind === 'file' && target.path !== file
      ? [...entriesOf(m, target.path)].map(([n, v]) => [n, v])
      : [];
  });
}
