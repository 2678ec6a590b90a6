import type { Expr } from '../../code/summary.ts';
import { pathOf } from '../../code/walk.ts';
import { functionAt, functionCalled } from './calls.ts';
import { leavesBy, type Leaving } from './leaving.ts';
import type { Spot } from './names.ts';
import type { EnvObjects } from './objects.ts';

/** What a function does when this argument of its call is missing; undefined when it does not ask. */
export function answerTo(objects: EnvObjects, spot: Spot, call: Extract<Expr, { k: 'call' }>, index: number): Leaving {
  const called = functionCalled(objects.names, spot, call);
  const func = called && functionAt(objects.names, called);
  const param = func?.params[index]?.pattern;
  if (!called || param?.k !== 'name') return undefined;
  const names = [param.name];
  for (const stmt of func?.body ?? []) {
    if (stmt.k === 'let' && stmt.pattern.k === 'name' && stmt.init && isReading(stmt.init, param.name))
      names.push(stmt.pattern.name);
    const asks = stmt.k === 'if' && names.some((name) => denies(stmt.test, name));
    const answer = asks ? leavesBy(objects, called, stmt.then, true) : undefined;
    if (answer) return answer;
  }
  return undefined;
}

/** `pattern.exec(x)`, `parse(x)`: what comes of it is missing when x is. */
const isReading = (expr: Expr, name: string): boolean =>
  expr.k === 'call' &&
  (expr.args.some((arg) => arg.k === 'ref' && arg.path === name) || pathOf(expr.callee).startsWith(`${name}.`));

/** `!x`, `x === undefined`, `x == null` of a name. */
function denies(test: Expr, name: string): boolean {
  if (test.k === 'unary') return test.op === '!' && test.of.k === 'ref' && test.of.path === name;
  if (test.k !== 'bin') return false;
  if (test.op === '||' || test.op === '&&') return denies(test.l, name) || denies(test.r, name);
  const nothing = test.r.k === 'undefined' || test.r.k === 'null' || (test.r.k === 'str' && test.r.v === '');
  return (test.op === '===' || test.op === '==') && nothing && test.l.k === 'ref' && test.l.path === name;
}
