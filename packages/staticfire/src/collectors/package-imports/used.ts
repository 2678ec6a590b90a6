import type { SourceFile } from '../../code/model.ts';
import type { Import } from '../../code/summary.ts';
import { walkFile } from '../../code/walk.ts';

/** Is the import there at run time? Names that only types use are erased by the compiler. */
export function isUsed(source: SourceFile, imported: Import): boolean {
  if (imported.typeOnly) return false;
  const names = imported.names.filter((name) => !name.typeOnly).map((name) => name.local);
  if (imported.names.length > 0 && names.length === 0) return false;
  if (names.length === 0) return true;
  return names.some((name) => mentions(source, name));
}

function mentions(source: SourceFile, name: string): boolean {
  let found = source.head.exports.some((one) => !one.typeOnly && one.local === name);
  const heads = (path: string): boolean => path === name || path.startsWith(`${name}.`);
  walkFile(source.summary, (expr) => {
    if ((expr.k === 'ref' && heads(expr.path)) || (expr.k === 'jsx' && heads(expr.tag))) found = true;
    return !found;
  });
  return found;
}
