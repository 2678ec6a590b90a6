import type { CodeModel } from './model.ts';
import type { Spot } from './production.ts';
import type { Condition } from './sites.ts';
import type { Expr, Stmt } from './summary.ts';

/** A value that a function may return, with the tests it depends on. */
export interface Returned {
  readonly value: Expr;
  readonly when: readonly Condition[];
}

/** Everything that a function returns, in order; an empty return is `undefined`. */
export function returnsOf(model: CodeModel, { file, fn }: Spot): readonly Returned[] {
  return inBlock(model.get(file)?.summary.functions[fn]?.body ?? [], []);
}

function inBlock(stmts: readonly Stmt[], around: readonly Condition[]): readonly Returned[] {
  let here = around;
  return stmts.flatMap((stmt): readonly Returned[] => {
    const when = here;
    if (stmt.k === 'if' && !stmt.else && leaves(stmt.then)) here = [...here, { test: stmt.test, holds: false }];
    return inStmt(stmt, when);
  });
}

const leaves = (stmts: readonly Stmt[]): boolean => stmts.at(-1)?.k === 'return' || stmts.at(-1)?.k === 'throw';

function inStmt(stmt: Stmt, when: readonly Condition[]): readonly Returned[] {
  switch (stmt.k) {
    case 'return':
      return [{ value: stmt.of ?? { k: 'undefined' }, when }];
    case 'if':
      return [
        ...inBlock(stmt.then, [...when, { test: stmt.test, holds: true }]),
        ...inBlock(stmt.else ?? [], [...when, { test: stmt.test, holds: false }]),
      ];
    case 'loop':
      return inBlock(stmt.body, when);
    case 'try':
      return [stmt.block, stmt.handler ?? [], stmt.finally ?? []].flatMap((block) => inBlock(block, when));
    case 'switch':
      return stmt.cases.flatMap((one) => inBlock(one.body, when));
    default:
      return [];
  }
}
