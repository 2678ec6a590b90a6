import { exportNames, type ExportNames, type HeldExport } from '../../code/export-names.ts';
import type { Found, Names, Spot } from '../../code/follow-names.ts';
import type { CodeModel, SourceFile } from '../../code/model.ts';
import { scopesOf, type Binding, type Scopes } from '../../code/scopes.ts';
import type { Class, Export, Expr } from '../../code/summary.ts';
import { walkStmts } from '../../code/walk.ts';

export type { Found, Names, Spot };

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
  const exporter = exportNames(model);
  const lookup: Lookup = { model, scopesIn, exporter, exports: new Map(), bindings: new Map(), members: new Map() };
  return {
    model,
    exporter,
    follow: (spot, path) => follow(lookup, spot, path, 0),
    resolve: (spot, expr) => settle(lookup, spot, expr, '', 0),
  };
}

interface Lookup {
  readonly model: CodeModel;
  readonly exporter: ExportNames;
  /** What exports stand for. */
  readonly exports: Map<Export, Answer>;
  /** What names stand for, by binding and by what hangs on it. */
  readonly bindings: Map<Binding, Map<string, Answer>>;
  /** What members of `this` stand for, by class and path. */
  readonly members: Map<Class, Map<string, Answer>>;
  scopesIn(file: string): Scopes | undefined;
}

type Answer = Found | undefined;

/** Asks once; a question that comes back to itself has no answer. */
function once<K>(known: Map<K, Answer>, key: K, ask: () => Answer): Answer {
  if (known.has(key)) return known.get(key);
  known.set(key, undefined);
  const found = ask();
  known.set(key, found);
  return found;
}

function tableFor<K>(tables: Map<K, Map<string, Answer>>, key: K): Map<string, Answer> {
  const table = tables.get(key) ?? new Map<string, Answer>();
  tables.set(key, table);
  return table;
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
      return once(tableFor(l.bindings, binding), rest, () =>
        followImport(l, spot.file, binding.from, binding.imported, rest, depth),
      );
    case 'value': {
      const { init } = binding;
      const of = { file: spot.file, fn: binding.fn };
      return (
        init &&
        once(tableFor(l.bindings, binding), rest, () => settle(l, of, init, joinPath(binding.path, rest), depth))
      );
    }
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
  const target = l.model.get(file)?.resolve(from);
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
  const held = l.exporter(file, name);
  if (!held) return undefined;
  const base = once(l.exports, held.export, () => ofExport(l, held, '', depth));
  if (base || rest === '') return base && extended(l, base, rest, depth);
  // A namespace stands for nothing by itself, only with a member.
  return held.source === source ? ofExport(l, held, rest, depth) : undefined;
}

/** What the members of a name mean on what it stands for. */
function extended(l: Lookup, found: Found, rest: string, depth: number): Found | undefined {
  if (rest === '') return found;
  if (found.k === 'expr') return settle(l, found, found.expr, joinPath(found.rest, rest), depth + 1);
  if (found.k === 'global') return { ...found, path: joinPath(found.path, rest) };
  return { ...found, rest: joinPath(found.rest, rest) };
}

function ofExport(l: Lookup, { source, export: head }: HeldExport, rest: string, depth: number): Found | undefined {
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
  if (!cls || owner === undefined || depth > deepest) return undefined;
  if (!path) return { k: 'class', file: spot.file, cls: owner, rest: '' };
  return once(tableFor(l.members, cls), path, () => followMember(l, spot.file, cls, path, depth));
}

function followMember(l: Lookup, file: string, cls: Class, path: string, depth: number): Found | undefined {
  const [name, rest] = headOf(path);
  const member = cls.members.find((m) => m.name === name);
  if (member?.value) return settle(l, { file, fn: cls.parent }, member.value, rest, depth + 1);
  if (member?.fn !== undefined) return { k: 'function', file, fn: member.fn, rest };
  const constructor = cls.members.find((m) => m.kind === 'constructor')?.fn;
  return constructor === undefined ? undefined : fromConstructor(l, { file, fn: constructor }, name, rest, depth);
}

function ownerOf(source: SourceFile, fn: number): number | undefined {
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
    if (expr.k === 'assign' && expr.target.k === 'ref' && expr.target.path === `this.${name}`)
      value = value && value.k !== 'null' && value.k !== 'undefined' ? value : expr.value;
  });
  return value && settle(l, spot, value, rest, depth + 1);
}
