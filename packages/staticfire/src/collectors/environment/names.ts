import type { CodeModel, SourceFile, Target } from '../../code/model.ts';
import { scopesOf, type Binding, type Scopes } from '../../code/scopes.ts';
import type { Export, Expr } from '../../code/summary.ts';
import { walkStmts } from '../../code/walk.ts';

/** A spot in the code: names are looked up from here. */
export interface Spot {
  readonly file: string;
  readonly fn: number;
}

/** What a dotted name leads to; `rest` is what remains of it. Unlike an origin this keeps the expression as written. */
export type Found =
  | (Spot & { readonly k: 'expr'; readonly expr: Expr; readonly rest: string })
  | (Spot & { readonly k: 'function'; readonly rest: string })
  | { readonly k: 'class'; readonly file: string; readonly cls: number; readonly rest: string }
  | (Spot & { readonly k: 'param'; readonly index: number; readonly rest: string })
  | { readonly k: 'package'; readonly name: string; readonly rest: string }
  | { readonly k: 'global'; readonly path: string };

/** The linked code with the scopes of each file at hand. */
export interface Names {
  readonly model: CodeModel;
  follow(spot: Spot, path: string): Found | undefined;
  /** The same for an expression: a chain is followed, anything else stands for itself. */
  resolve(spot: Spot, expr: Expr): Found | undefined;
}

const deepest = 12;

export function namesOf(model: CodeModel): Names {
  const scopes = new Map<string, Scopes | undefined>();
  const scopesIn = (file: string): Scopes | undefined => {
    if (!scopes.has(file)) {
      const source = model.get(file);
      scopes.set(file, source && scopesOf(source.summary));
    }
    return scopes.get(file);
  };
  const lookup: Lookup = { model, scopesIn, exports: new Map(), target: remembering(model) };
  return {
    model,
    follow: (spot, path) => follow(lookup, spot, path, 0),
    resolve: (spot, expr) => settle(lookup, spot, expr, '', 0),
  };
}

/** Where specifiers lead, asked once for each file and specifier. */
function remembering(model: CodeModel): Lookup['target'] {
  const known = new Map<string, Target | undefined>();
  return (file, from) => {
    const key = `${file}\0${from}`;
    if (known.has(key)) return known.get(key);
    const target = model.get(file)?.resolve(from);
    known.set(key, target);
    return target;
  };
}

interface Lookup {
  readonly model: CodeModel;
  /** What exports stand for, by file and name. */
  readonly exports: Map<string, Found | undefined>;
  target(file: string, from: string): Target | undefined;
  scopesIn(file: string): Scopes | undefined;
}

export const joinPath = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('.');

export function headOf(path: string): readonly [head: string, rest: string] {
  const dot = path.indexOf('.');
  return dot === -1 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
}

function follow(l: Lookup, spot: Spot, path: string, depth: number): Found | undefined {
  if (depth > deepest) return undefined;
  const [head, rest] = headOf(path);
  if (head === 'this') return followThis(l, spot, rest, depth + 1);
  const binding = l.scopesIn(spot.file)?.lookup(spot.fn, head);
  return binding ? followBinding(l, spot, binding, rest, depth + 1) : { k: 'global', path };
}

function followBinding(l: Lookup, spot: Spot, binding: Binding, rest: string, depth: number): Found | undefined {
  switch (binding.k) {
    case 'function':
      return { k: 'function', file: spot.file, fn: binding.fn, rest };
    case 'class':
      return { k: 'class', file: spot.file, cls: binding.cls, rest };
    case 'param':
      return { k: 'param', file: spot.file, fn: binding.fn, index: binding.index, rest: joinPath(binding.path, rest) };
    case 'import':
      return followImport(l, spot.file, binding.from, binding.imported, rest, depth);
    case 'value':
      return (
        binding.init &&
        settle(l, { file: spot.file, fn: binding.fn }, binding.init, joinPath(binding.path, rest), depth)
      );
  }
}

/** Goes through what only passes a value on: names, `await`, members of object literals. */
function settle(l: Lookup, spot: Spot, expr: Expr, rest: string, depth: number): Found | undefined {
  if (depth > deepest) return undefined;
  if (expr.k === 'await') return settle(l, spot, expr.of, rest, depth + 1);
  if (expr.k === 'ref') return follow(l, spot, joinPath(expr.path, rest), depth + 1);
  if (expr.k === 'fn') return { k: 'function', file: spot.file, fn: expr.fn, rest };
  if (expr.k === 'class') return { k: 'class', file: spot.file, cls: expr.cls, rest };
  if (expr.k === 'call' && expr.callee.k === 'ref' && expr.callee.path === 'require' && expr.args[0]?.k === 'str') {
    return followImport(l, spot.file, expr.args[0].v, '*', rest, depth + 1);
  }
  if (expr.k === 'call' && expr.callee.k === 'ref' && expr.callee.path === 'Object.freeze' && expr.args[0])
    return settle(l, spot, expr.args[0], rest, depth + 1);
  const [head, deeper] = headOf(rest);
  const prop = expr.k === 'obj' && head ? expr.props.findLast((p) => p.key === head) : undefined;
  return prop ? settle(l, spot, prop.value, deeper, depth + 1) : { k: 'expr', ...spot, expr, rest };
}

function followImport(
  l: Lookup,
  file: string,
  from: string,
  imported: string,
  rest: string,
  depth: number,
): Found | undefined {
  // SvelteKit's own modules.
  if (from.startsWith('$env/'))
    return { k: 'global', path: joinPath('process.env', imported === 'env' || imported === '*' ? '' : imported, rest) };
  const target = l.target(file, from);
  if (!target || depth > deepest) return undefined;
  if (target.kind === 'file') return followExport(l, target.path, imported, rest, depth + 1);
  if (target.kind === 'builtin' && target.name === 'process')
    return { k: 'global', path: joinPath('process', imported === 'default' || imported === '*' ? '' : imported, rest) };
  if (target.kind === 'package' || target.kind === 'builtin')
    return { k: 'package', name: target.name, rest: joinPath(imported === '*' ? '' : imported, rest) };
  return undefined;
}

function followExport(l: Lookup, file: string, name: string, rest: string, depth: number): Found | undefined {
  const source = l.model.get(file);
  if (!source || depth > deepest) return undefined;
  if (name === '*') {
    const [head, deeper] = headOf(rest);
    return head ? followExport(l, file, head, deeper, depth + 1) : undefined;
  }
  const base = exportBase(l, source, name, depth);
  if (base || rest === '') return base && extended(l, base, rest, depth);
  // A namespace stands for nothing by itself, only with a member.
  const direct = source.head.exports.find((e) => e.name === name && !e.typeOnly);
  return direct && ofExport(l, source, direct, rest, depth);
}

function exportBase(l: Lookup, source: SourceFile, name: string, depth: number): Found | undefined {
  const key = `${source.path}\0${name}`;
  if (l.exports.has(key)) return l.exports.get(key);
  l.exports.set(key, undefined);
  const found = findExport(l, source, name, depth);
  l.exports.set(key, found);
  return found;
}

/** What the members of a name mean on what it stands for. */
function extended(l: Lookup, found: Found, rest: string, depth: number): Found | undefined {
  if (rest === '') return found;
  if (found.k === 'expr') return settle(l, found, found.expr, joinPath(found.rest, rest), depth + 1);
  if (found.k === 'global') return { ...found, path: joinPath(found.path, rest) };
  return { ...found, rest: joinPath(found.rest, rest) };
}

function findExport(l: Lookup, source: SourceFile, name: string, depth: number): Found | undefined {
  const direct = source.head.exports.find((e) => e.name === name && !e.typeOnly);
  if (direct) return ofExport(l, source, direct, '', depth);
  for (const star of source.head.exports) {
    if (star.name !== '*' || star.from === undefined || star.typeOnly) continue;
    const target = l.target(source.path, star.from);
    const found = target?.kind === 'file' ? followExport(l, target.path, name, '', depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function ofExport(l: Lookup, source: SourceFile, head: Export, rest: string, depth: number): Found | undefined {
  if (head.from !== undefined)
    return followImport(l, source.path, head.from, head.imported ?? head.name, rest, depth + 1);
  const spot = { file: source.path, fn: 0 };
  const found = source.summary.exports.find((e) => e.name === head.name && e.at === head.at) ?? head;
  if (found.value && found.value.k !== 'ref') return settle(l, spot, found.value, rest, depth + 1);
  const local = found.value?.k === 'ref' ? found.value.path : (found.local ?? found.name);
  return follow(l, spot, joinPath(local, rest), depth + 1);
}

/** `this.x`: a property's initial value, what the constructor gives it, or the class that is injected. */
function followThis(l: Lookup, spot: Spot, path: string, depth: number): Found | undefined {
  const source = l.model.get(spot.file);
  const owner = source && ownerOf(source, spot.fn);
  const cls = owner === undefined ? undefined : source?.summary.classes[owner];
  if (!source || !cls || owner === undefined || depth > deepest) return undefined;
  const [name, rest] = headOf(path);
  if (!name) return { k: 'class', file: spot.file, cls: owner, rest: '' };
  const member = cls.members.find((m) => m.name === name);
  if (member?.value) return settle(l, { file: spot.file, fn: cls.parent }, member.value, rest, depth + 1);
  if (member?.fn !== undefined) return { k: 'function', file: spot.file, fn: member.fn, rest };
  const constructor = cls.members.find((m) => m.kind === 'constructor')?.fn;
  return constructor === undefined
    ? undefined
    : fromConstructor(l, { file: spot.file, fn: constructor }, name, rest, depth);
}

export function ownerOf(source: SourceFile, fn: number): number | undefined {
  for (let at = fn; at > 0; at = source.summary.functions[at]?.parent ?? -1) {
    const owner = source.summary.functions[at]?.owner;
    if (owner !== undefined) return owner;
  }
  return undefined;
}

function fromConstructor(l: Lookup, spot: Spot, name: string, rest: string, depth: number): Found | undefined {
  const func = l.model.get(spot.file)?.summary.functions[spot.fn];
  const index = func?.params.findIndex((p) => p.property && p.pattern.k === 'name' && p.pattern.name === name) ?? -1;
  const type = func?.params[index]?.type?.match(/^[A-Za-z_$][\w$]*/)?.[0];
  if (type) return follow(l, { file: spot.file, fn: 0 }, joinPath(type, rest), depth + 1);
  if (index !== -1) return { k: 'param', ...spot, index, rest };
  let value: Expr | undefined;
  walkStmts(func?.body ?? [], (expr) => {
    if (expr.k === 'assign' && expr.target.k === 'ref' && expr.target.path === `this.${name}`) value ??= expr.value;
  });
  return value && settle(l, spot, value, rest, depth + 1);
}
