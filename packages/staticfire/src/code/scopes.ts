import type { Expr, FileSummary, Pattern, Stmt } from './summary.ts';
import { eachStmt, walkFile } from './walk.ts';

/** What a name is bound to where it was declared. */
export type Binding =
  | { readonly k: 'param'; readonly fn: number; readonly index: number; readonly path: string }
  | { readonly k: 'function'; readonly fn: number }
  | { readonly k: 'class'; readonly cls: number }
  /** `path` is what a destructuring pattern takes from `init`: 'env' for `const { env } = process`. */
  | { readonly k: 'value'; readonly fn: number; readonly init: Expr | undefined; readonly path: string }
  | { readonly k: 'import'; readonly from: string; readonly imported: string };

/** The bindings of one file, by function and name. Blocks count as their function; the first declaration of a name wins. */
export interface Scopes {
  /** Looks outwards from a function to the module. */
  lookup(fn: number, name: string): Binding | undefined;
}

export function scopesOf(summary: FileSummary): Scopes {
  const tables: Table[] = [];
  const tableAt = (fn: number): Table => (tables[fn] ??= fn === 0 ? moduleTable(summary) : tableOf(summary, fn));
  let assigned: ReadonlyMap<string, Binding> | undefined;
  return {
    lookup(fn, name) {
      for (let at = fn; at >= 0; at = summary.functions[at]?.parent ?? -1) {
        const found = tableAt(at).get(name);
        if (!found) continue;
        if (found.k !== 'value' || (found.init && !isNothing(found.init))) return found;
        assigned ??= assignments(summary);
        return assigned.get(name) ?? found;
      }
      return undefined;
    },
  };
}

/** `let instance = null`, to be given a value later. */
const isNothing = ({ k }: Expr): boolean => k === 'null' || k === 'undefined';

type Table = Map<string, Binding>;

function tableOf(summary: FileSummary, fn: number): Table {
  const table: Table = new Map();
  const bind = (name: string, binding: Binding): void => {
    if (name && !table.has(name)) table.set(name, binding);
  };
  const func = summary.functions[fn];
  if (!func) return table;
  func.params.forEach((param, index) => {
    for (const [name, path] of bound(param.pattern)) bind(name, { k: 'param', fn, index, path });
  });
  eachStmt(func.body, (stmt) => {
    for (const [name, binding] of declared(summary, fn, stmt)) bind(name, binding);
  });
  return table;
}

function declared(summary: FileSummary, fn: number, stmt: Stmt): [string, Binding][] {
  switch (stmt.k) {
    case 'let':
      return bound(stmt.pattern).map(([name, path]) => [name, { k: 'value', fn, init: stmt.init, path }]);
    case 'function':
      return [[summary.functions[stmt.fn]?.name ?? '', { k: 'function', fn: stmt.fn }]];
    case 'class':
      return [[summary.classes[stmt.cls]?.name ?? '', { k: 'class', cls: stmt.cls }]];
    case 'loop':
      return stmt.binding
        ? bound(stmt.binding).map(([name]) => [name, { k: 'value', fn, init: { k: 'other' }, path: '' }])
        : [];
    case 'try':
      return stmt.param
        ? bound(stmt.param).map(([name]) => [name, { k: 'value', fn, init: { k: 'other' }, path: '' }])
        : [];
    default:
      return [];
  }
}

/** Names of a pattern with the member path that leads to each. */
function bound(pattern: Pattern, path = ''): [string, string][] {
  const join = (key: string): string => (path ? `${path}.${key}` : key);
  if (pattern.k === 'name') return [[pattern.name, path]];
  if (pattern.k === 'arr')
    return pattern.items.flatMap((item, index) => (item ? bound(item, join(String(index))) : []));
  return [
    ...pattern.props.flatMap((prop) => bound(prop.pattern, join(prop.key))),
    ...(pattern.rest ? [[pattern.rest, path] as [string, string]] : []),
  ];
}

function moduleTable(summary: FileSummary): Table {
  const table = tableOf(summary, 0);
  bindImports(summary, table);
  return table;
}

function bindImports(summary: FileSummary, table: Table): void {
  for (const { from, names, typeOnly } of summary.imports) {
    if (typeOnly) continue;
    for (const { imported, local } of names) table.set(local, { k: 'import', from, imported });
  }
}

/** For `let x;` the value it is given later, when there is only one. */
function assignments(summary: FileSummary): ReadonlyMap<string, Binding> {
  const found = new Map<string, Binding[]>();
  walkFile(summary, (expr, fn) => {
    if (expr.k !== 'assign' || expr.target.k !== 'ref' || expr.target.path.includes('.')) return;
    if (expr.value.k === 'null' || expr.value.k === 'undefined') return;
    const name = expr.target.path;
    found.set(name, [...(found.get(name) ?? []), { k: 'value', fn, init: expr.value, path: '' }]);
  });
  const single = new Map<string, Binding>();
  for (const [name, all] of found) if (all.length === 1 && all[0]) single.set(name, all[0]);
  return single;
}
