import type { SourceFile } from '../../code/model.ts';
import type { Expr, Import, Pattern } from '../../code/summary.ts';
import { eachStmt, walkExpr } from '../../code/walk.ts';

const ambient = ['process', 'Bun', 'Deno', 'import', 'globalThis', 'global', 'this', 'require'];

/**
 * The names of a file that could lead to the environment, whatever their scope. Coarse and cheap:
 * every other name need not be followed.
 */
export function headsOf(
  source: SourceFile,
  leads: (imported: Import, name: string) => boolean,
  isEnvironment: (fn: number, index: number) => boolean,
): ReadonlySet<string> {
  const heads = new Set(ambient);
  for (const imported of source.head.imports) {
    for (const { imported: name, local } of imported.names) if (leads(imported, name)) heads.add(local);
  }
  source.summary.functions.forEach((func, fn) => {
    if (source.head.namesEnvironment && func.name) heads.add(func.name);
    func.params.forEach((param, index) => {
      if (isEnvironment(fn, index)) bind(heads, param.pattern);
    });
  });
  let waiting = bindings(source);
  for (let size = -1; size !== heads.size;) {
    size = heads.size;
    waiting = waiting.filter(({ pattern, names }) => {
      const leading = names.some((name) => heads.has(name));
      if (leading) bind(heads, pattern);
      return !leading;
    });
  }
  return heads;
}

interface Bound {
  readonly pattern: Pattern;
  /** The heads of the chains in what it is given. */
  readonly names: readonly string[];
}

function bindings(source: SourceFile): readonly Bound[] {
  const found: Bound[] = [];
  for (const func of source.summary.functions) {
    eachStmt(func.body, (stmt) => {
      if (stmt.k === 'let' && stmt.init) found.push({ pattern: stmt.pattern, names: headsIn(stmt.init) });
      if (stmt.k === 'expr' && stmt.of.k === 'assign' && stmt.of.target.k === 'ref')
        found.push({ pattern: { k: 'name', name: stmt.of.target.path }, names: headsIn(stmt.of.value) });
    });
  }
  return found;
}

function headsIn(init: Expr): readonly string[] {
  const found: string[] = [];
  walkExpr(init, (e) => {
    if (e.k === 'ref') found.push(headOf(e.path));
  });
  return found;
}

const headOf = (path: string): string => {
  const dot = path.indexOf('.');
  return dot === -1 ? path : path.slice(0, dot);
};

function bind(heads: Set<string>, pattern: Pattern): void {
  if (pattern.k === 'name') heads.add(pattern.name);
  else if (pattern.k === 'arr') {
    for (const item of pattern.items) if (item) bind(heads, item);
  } else {
    for (const prop of pattern.props) bind(heads, prop.pattern);
    if (pattern.rest) heads.add(pattern.rest);
  }
}
