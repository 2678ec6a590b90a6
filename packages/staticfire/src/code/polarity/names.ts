import type { CodeModel, Origin, SourceFile } from '../model.ts';
import { scopesOf, type Binding, type Scopes } from '../scopes.ts';
import type { Class, Export, Expr } from '../summary.ts';
import { settersIn, type Setter } from './setters.ts';

/** A binding with the file it stands in. */
type Named =
  | { readonly file: string; readonly binding: Binding }
  /** An exported expression without a name of its own. */
  | { readonly file: string; readonly value: Expr }
  | { readonly namespace: string }
  | { readonly package: string; readonly imported: string };

/** Finds what names are bound to, through imports and re-exports, without evaluating anything. Nothing is looked for twice. */
export interface Names {
  lookup(file: string, fn: number, name: string): Named | undefined;
  exported(file: string, name: string): Named | undefined;
  /** What the callee of a call stands for. */
  callee(file: string, fn: number, expr: Expr): Origin;
  /** What methods of a class set on `this`, by name. */
  setters(file: string, cls: Class): ReadonlyMap<string, readonly Setter[]>;
}

export function createNames(model: CodeModel): Names {
  const known = new WeakMap<SourceFile, Scopes>();
  const scopes = (source: SourceFile): Scopes => {
    const found = known.get(source) ?? scopesOf(source.summary);
    known.set(source, found);
    return found;
  };
  const bound = new Map<string, Map<string, Named | undefined>>();
  const lookup = (file: string, fn: number, name: string, depth = 0): Named | undefined => {
    const scope = `${fn} ${file}`;
    const names = bound.get(scope) ?? new Map<string, Named | undefined>();
    if (names.has(name)) return names.get(name);
    bound.set(scope, names);
    const found = find(file, fn, name, depth);
    names.set(name, found);
    return found;
  };
  const find = (file: string, fn: number, name: string, depth: number): Named | undefined => {
    const source = model.get(file);
    const binding = source && scopes(source).lookup(fn, name);
    if (!source || !binding) return undefined;
    return binding.k === 'import' ? from(source, binding.from, binding.imported, depth) : { file, binding };
  };
  const from = (source: SourceFile, specifier: string, name: string, depth: number): Named | undefined => {
    const target = source.resolve(specifier);
    if (target.kind === 'package') return { package: target.name, imported: name };
    if (target.kind === 'builtin') return { package: `node:${target.name}`, imported: name };
    if (target.kind !== 'file' || depth > 12) return undefined;
    return name === '*' ? { namespace: target.path } : exported(target.path, name, depth + 1);
  };
  const made = new Map<string, Named | undefined>();
  const exported = (file: string, name: string, depth = 0): Named | undefined => {
    const key = `${file}\0${name}`;
    if (made.has(key)) return made.get(key);
    const found = findExport(file, name, depth);
    made.set(key, found);
    return found;
  };
  const findExport = (file: string, name: string, depth: number): Named | undefined => {
    const source = model.get(file);
    if (!source || depth > 12) return undefined;
    const direct = exportsOf(source).get(name);
    if (!direct) return starred(source, name, depth);
    if (direct.from !== undefined) return from(source, direct.from, direct.imported ?? name, depth);
    const value = source.summary.exports.find((e) => e.name === name && e.at === direct.at)?.value;
    if (value && value.k !== 'ref') return { file, value };
    return lookup(file, 0, value?.k === 'ref' ? value.path : (direct.local ?? name), depth);
  };
  const listed = new WeakMap<SourceFile, ReadonlyMap<string, Export>>();
  const exportsOf = (source: SourceFile): ReadonlyMap<string, Export> => {
    // Where a name is exported twice, the first counts.
    const found =
      listed.get(source) ?? new Map(source.head.exports.toReversed().flatMap((e) => (e.typeOnly ? [] : [[e.name, e]])));
    listed.set(source, found);
    return found;
  };
  const starred = (source: SourceFile, name: string, depth: number): Named | undefined => {
    for (const star of source.head.exports) {
      if (star.name !== '*' || star.typeOnly || star.from === undefined) continue;
      const found = from(source, star.from, name, depth);
      if (found && !('package' in found)) return found;
    }
    return undefined;
  };
  const origins = new WeakMap<Expr, Map<string, Origin>>();
  const callee = (file: string, fn: number, expr: Expr): Origin => {
    const places = origins.get(expr) ?? new Map<string, Origin>();
    origins.set(expr, places);
    const place = `${fn} ${file}`;
    const found = places.get(place) ?? model.origin(file, fn, expr);
    places.set(place, found);
    return found;
  };
  const setters = new WeakMap<Class, ReadonlyMap<string, readonly Setter[]>>();
  return {
    lookup: (file, fn, name) => lookup(file, fn, name),
    exported: (file, name) => exported(file, name),
    callee,
    setters(file, cls) {
      const found = setters.get(cls) ?? settersIn(model.get(file)?.summary.functions ?? [], cls);
      setters.set(cls, found);
      return found;
    },
  };
}
