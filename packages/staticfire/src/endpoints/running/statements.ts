import type { Stmt } from '../../code/summary.ts';
import { evaluate, holds, under } from './expressions.ts';
import type { Machine } from './machine.ts';
import { memberOf } from './members.ts';
import { bindPattern } from './scopes.ts';
import { unknown, type Scope, type Value } from './values.ts';

/** Runs statements in order. Values that they return are gathered. True when nothing after them runs. */
export function runBlock(m: Machine, scope: Scope, stmts: readonly Stmt[], returned: Value[]): boolean {
  const before = m.open.length;
  for (const stmt of stmts) {
    if (m.fuel <= 0) return true;
    if (runStatement(m, scope, stmt, returned)) {
      m.open.length = before;
      return true;
    }
  }
  m.open.length = before;
  return false;
}

function runStatement(m: Machine, scope: Scope, stmt: Stmt, returned: Value[]): boolean {
  switch (stmt.k) {
    case 'expr':
      evaluate(m, scope, stmt.of);
      return false;
    case 'let':
      if (stmt.init) take(m, scope, stmt.pattern, evaluate(m, scope, stmt.init));
      return false;
    case 'return':
      if (stmt.of) returned.push(evaluate(m, scope, stmt.of));
      return true;
    case 'throw':
      return true;
    case 'if':
      return runIf(m, scope, stmt, returned);
    case 'loop':
      return runLoop(m, scope, stmt, returned);
    case 'try':
      return runTry(m, scope, stmt, returned);
    case 'switch':
      evaluate(m, scope, stmt.on);
      for (const one of stmt.cases)
        under(m, scope, one.test ?? stmt.on, one.test !== undefined, () => runBlock(m, scope, one.body, returned));
      return false;
    default:
      return false;
  }
}

function take(m: Machine, scope: Scope, pattern: Extract<Stmt, { k: 'let' }>['pattern'], value: Value): void {
  bindPattern(
    scope,
    pattern,
    value,
    (of, name) => memberOf(m, of, name),
    (expr) => evaluate(m, scope, expr),
  );
}

/** Both ways are run where the test is open; the function goes on unless both leave it, under that test if one does. */
function runIf(m: Machine, scope: Scope, stmt: Extract<Stmt, { k: 'if' }>, returned: Value[]): boolean {
  const certain = holds(m, scope, stmt.test);
  if (certain === true) return runBlock(m, scope, stmt.then, returned);
  if (certain === false) return runBlock(m, scope, stmt.else ?? [], returned);
  const { test, then, else: rest } = stmt;
  const left = under(m, scope, test, true, () => runBlock(m, scope, then, returned));
  const other = rest ? under(m, scope, test, false, () => runBlock(m, scope, rest, returned)) : false;
  if (left !== other) m.open.push({ file: scope.file, fn: scope.fn, test, holds: other });
  return left && other;
}

function runTry(m: Machine, scope: Scope, stmt: Extract<Stmt, { k: 'try' }>, returned: Value[]): boolean {
  const left = runBlock(m, scope, stmt.block, returned);
  if (stmt.handler) runBlock(m, scope, stmt.handler, returned);
  if (stmt.finally) runBlock(m, scope, stmt.finally, returned);
  return left;
}

const mostRounds = 2000;

/** `for … of` over a list that is known runs for each of its items, every other loop once. */
function runLoop(m: Machine, scope: Scope, stmt: Extract<Stmt, { k: 'loop' }>, returned: Value[]): boolean {
  const values = stmt.head.map((expr) => evaluate(m, scope, expr));
  const [over] = values;
  if (!stmt.binding) {
    runBlock(m, scope, stmt.body, returned);
    return false;
  }
  const items = over?.k === 'arr' ? over.items : over?.k === 'any' ? over.of : [unknown];
  for (const item of items.slice(0, mostRounds)) {
    take(m, scope, stmt.binding, over?.k === 'any' && item.k === 'arr' ? (item.items[0] ?? unknown) : item);
    runBlock(m, scope, stmt.body, returned);
  }
  return false;
}
