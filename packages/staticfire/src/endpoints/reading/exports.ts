import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { Export, Expr, Pattern } from '../../code/summary.ts';

const deepest = 8;

/** What a variable of the module, or one that it imports, is given where it is declared. */
export function initOf(
  code: CodeModel,
  { file, fn }: Spot,
  name: string,
  depth = 0,
): (Spot & { readonly expr: Expr }) | undefined {
  const source = code.get(file);
  if (!source || name.includes('.') || depth > deepest) return undefined;
  for (let at = fn; at >= 0; at = source.summary.functions[at]?.parent ?? -1) {
    for (const stmt of source.summary.functions[at]?.body ?? []) {
      const given = stmt.k === 'let' && stmt.init ? taken(stmt.pattern, name, stmt.init, stmt.at) : undefined;
      if (given) return { file, fn: at, expr: given };
    }
  }
  for (const imported of source.head.imports) {
    const found = imported.names.find((one) => one.local === name);
    const target = found && source.resolve(imported.from);
    if (found && target?.kind === 'file') return exportedExpr(code, target.path, found.imported, depth + 1);
  }
  return undefined;
}

/** What a pattern gives a name: the value itself, or a member of it (`const { GET } = handlers`). */
function taken(pattern: Pattern, name: string, init: Expr, at: number): Expr | undefined {
  if (pattern.k === 'name') return pattern.name === name ? init : undefined;
  if (pattern.k !== 'obj') return undefined;
  const prop = pattern.props.find((one) => one.pattern.k === 'name' && one.pattern.name === name);
  return prop && { k: 'member', of: init, name: prop.key, at };
}

/** The expression that an exported name stands for, through re-exports. */
export function exportedExpr(
  code: CodeModel,
  file: string,
  name: string,
  depth = 0,
): (Spot & { readonly expr: Expr }) | undefined {
  const source = code.get(file);
  if (!source || depth > deepest) return undefined;
  const head = source.summary.exports.find((one) => one.name === name && !one.typeOnly);
  if (!head) return starExpr(code, file, name, depth);
  if (head.from !== undefined) {
    const target = source.resolve(head.from);
    if (target.kind === 'file') return exportedExpr(code, target.path, head.imported ?? name, depth + 1);
    return target.kind === 'package' ? { file, fn: 0, expr: ofPackage(head) } : undefined;
  }
  if (head.value && head.value.k !== 'ref') return { file, fn: 0, expr: head.value };
  const local = head.value?.k === 'ref' ? head.value.path : (head.local ?? name);
  return (
    initOf(code, { file, fn: 0 }, local, depth + 1) ?? { file, fn: 0, expr: { k: 'ref', path: local, at: head.at } }
  );
}

/** `export { x } from 'package'`, as an expression that stands for it. */
const ofPackage = ({ name, from = '', imported = name, at }: Export): Expr => ({
  k: 'member',
  of: { k: 'import', of: { k: 'str', v: from, at }, at },
  name: imported,
  at,
});

function starExpr(code: CodeModel, file: string, name: string, depth: number): ReturnType<typeof exportedExpr> {
  const source = code.get(file);
  for (const one of source?.head.exports ?? []) {
    if (one.name !== '*' || one.from === undefined || one.typeOnly) continue;
    const target = source?.resolve(one.from);
    const found = target?.kind === 'file' ? exportedExpr(code, target.path, name, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Run-time names that a file exports, those of `export * from './x'` included, with their places. */
export function exportsOf(
  code: CodeModel,
  file: string,
  depth = 0,
): ReadonlyMap<string, { readonly file: string; readonly at: number }> {
  const found = new Map<string, { file: string; at: number }>();
  const source = code.get(file);
  if (!source || depth > deepest) return found;
  for (const one of source.head.exports) {
    if (one.typeOnly) continue;
    if (one.name !== '*') found.set(one.name, { file, at: one.at });
    const target = one.name === '*' && one.from !== undefined ? source.resolve(one.from) : undefined;
    if (target?.kind !== 'file') continue;
    for (const [name, place] of exportsOf(code, target.path, depth + 1))
      if (name !== 'default' && !found.has(name)) found.set(name, place);
  }
  return found;
}
