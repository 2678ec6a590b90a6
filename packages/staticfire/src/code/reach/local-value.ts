import type { CodeModel } from '../model.ts';
import type { Expr } from '../summary.ts';
import { eachStmt } from '../walk.ts';

/** What a variable is declared with, in the function or around it. Unlike an origin it is not followed any further. */
export function localValue(
  code: CodeModel,
  file: string,
  fn: number,
  name: string,
): { readonly fn: number; readonly init: Expr } | undefined {
  const functions = code.get(file)?.summary.functions ?? [];
  for (let at = fn; at >= 0; at = functions[at]?.parent ?? -1) {
    let found: Expr | undefined;
    eachStmt(functions[at]?.body ?? [], (stmt) => {
      if (stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.pattern.name === name) found ??= stmt.init;
    });
    if (found) return { fn: at, init: found };
  }
  return undefined;
}
