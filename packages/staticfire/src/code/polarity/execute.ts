import type { Stmt } from '../summary.ts';
import { lineOf } from '../summary.ts';
import { bindPattern, deny, hasActed, wasDenied, wasDeniedAuth } from './bind.ts';
import { isDenial, thrownAuth } from './denial.ts';
import { evaluate } from './evaluate.ts';
import { equality } from './equality.ts';
import { branch, merge, refine } from './refine.ts';
import { note, refuse, type Run } from './run.ts';
import { anything, never, nothing, present, truth, type Exit, type Frame, type Value } from './values.ts';

/** Follows statements in order. Says whether their end can be reached. */
export function execute(run: Run, frame: Frame, stmts: readonly Stmt[]): boolean {
  for (const stmt of stmts) {
    if (run.budget < 0) return true;
    const at = 'at' in stmt ? stmt.at : stmt.k === 'expr' && 'at' in stmt.of ? stmt.of.at : 0;
    run.site = { file: frame.file, fn: frame.fn, line: at > 0 ? lineOf(at) : run.site.line };
    const passes = step(run, frame, stmt);
    run.passed.set(stmt, passes || (run.passed.get(stmt) ?? false));
    if (!passes) return false;
  }
  return true;
}

function step(run: Run, frame: Frame, stmt: Stmt): boolean {
  switch (stmt.k) {
    case 'expr':
      return passes(run, frame, stmt, evaluate(run, frame, stmt.of));
    case 'let': {
      const value = stmt.init ? evaluate(run, frame, stmt.init) : [nothing];
      bindPattern(run, frame, stmt.pattern, value);
      return value.length > 0 || fails(run, frame, stmt);
    }
    case 'return': {
      const value = stmt.of ? evaluate(run, frame, stmt.of) : [nothing];
      if (value.length === 0) return fails(run, frame, stmt);
      leave(run, frame, stmt, value, false);
      return false;
    }
    case 'throw':
      run.thrownAuth = thrownAuth(stmt.of);
      return fails(run, frame, stmt);
    case 'if':
      return choose(run, frame, stmt);
    case 'loop':
      return repeat(run, frame, stmt);
    case 'try':
      return attempt(run, frame, stmt);
    case 'switch':
      return select(run, frame, stmt);
    case 'jump':
      frame.vars.set('#jumped', present);
      return false;
    default:
      return true;
  }
}

function passes(run: Run, frame: Frame, stmt: Stmt, value: Value): boolean {
  if (value.length === 0) return fails(run, frame, stmt);
  if (isDenial(value))
    deny(
      frame,
      value.some((atom) => atom.k === 'denial' && atom.auth),
    );
  return true;
}

/** The statement throws. */
function fails(run: Run, frame: Frame, stmt: Stmt): false {
  leave(run, frame, stmt, never, true);
  return false;
}

export function leave(run: Run, frame: Frame, by: object, value: Value, thrown: boolean): void {
  const auth = thrown ? run.thrownAuth : wasDeniedAuth(frame) || value.some((atom) => atom.k === 'denial' && atom.auth);
  const exit: Exit = {
    by,
    value,
    thrown,
    denied: thrown || wasDenied(frame) || isDenial(value),
    auth,
    site: run.site,
    refusals: run.refusals.length,
    acted: hasActed(frame),
  };
  frame.exits.push(exit);
  run.thrownAuth = thrown && run.thrownAuth;
}

function choose(run: Run, frame: Frame, stmt: Extract<Stmt, { k: 'if' }>): boolean {
  const value = evaluate(run, frame, stmt.test);
  if (value.length === 0) return fails(run, frame, stmt);
  const { yes, no } = note(run, stmt, truth(value), value);
  const arms: Frame[] = [];
  const arm = (holds: boolean, body: readonly Stmt[]): void => {
    const inner = branch(frame);
    refine(run, inner, stmt.test, holds);
    if (execute(run, inner, body)) arms.push(inner);
    else if (inner.vars.has('#jumped')) frame.vars.set('#jumped', present);
  };
  if (yes) arm(true, stmt.then);
  if (no) arm(false, stmt.else ?? []);
  merge(frame, arms);
  return arms.length > 0;
}

function repeat(run: Run, frame: Frame, stmt: Extract<Stmt, { k: 'loop' }>): boolean {
  const heads = stmt.head.map((head) => evaluate(run, frame, head));
  const inner = branch(frame);
  const [over] = heads;
  const items = (over ?? []).flatMap((atom): Value => (atom.k === 'list' ? atom.items : anything));
  if (stmt.binding) bindPattern(run, inner, stmt.binding, items);
  if (stmt.binding && over && items.length === 0) return true;
  execute(run, inner, stmt.body);
  inner.vars.delete('#jumped');
  merge(frame, [branch(frame), inner]);
  return true;
}

function attempt(run: Run, frame: Frame, stmt: Extract<Stmt, { k: 'try' }>): boolean {
  const inner = branch(frame);
  const from = frame.exits.length;
  const arms: Frame[] = execute(run, inner, stmt.block) ? [inner] : [];
  if (inner.vars.has('#jumped')) frame.vars.set('#jumped', present);
  const thrown = frame.exits.slice(from).some((exit) => exit.thrown);
  if (thrown && stmt.handler) {
    const kept = frame.exits.slice(from).filter((exit) => !exit.thrown);
    frame.exits.splice(from, frame.exits.length - from, ...kept);
    const handler = branch(frame);
    if (stmt.param) bindPattern(run, handler, stmt.param, present);
    if (execute(run, handler, stmt.handler)) arms.push(handler);
  }
  merge(frame, arms);
  return (stmt.finally ? execute(run, frame, stmt.finally) : true) && arms.length > 0;
}

function select(run: Run, frame: Frame, stmt: Extract<Stmt, { k: 'switch' }>): boolean {
  const on = evaluate(run, frame, stmt.on);
  if (on.length === 0) return fails(run, frame, stmt);
  const arms: Frame[] = [];
  let taken = false;
  for (const { test, body } of stmt.cases) {
    if (taken) break;
    const same = test ? equality(on, evaluate(run, frame, test), refuse(run)) : { yes: true, no: false };
    if (!same.yes) continue;
    taken = !same.no;
    const inner = branch(frame);
    const ended = execute(run, inner, body);
    const jumped = inner.vars.delete('#jumped');
    if (ended || jumped) arms.push(inner);
  }
  if (!taken) arms.push(branch(frame));
  merge(frame, arms);
  return arms.length > 0;
}
