import type { CodeModel } from './model.ts';
import type { Spot } from './production.ts';
import type { Condition, FileSites } from './sites.ts';
import type { Expr, Stmt } from './summary.ts';

/** One element of a list, with the tests it depends on. */
export interface Item {
  readonly value: Expr;
  readonly spot: Spot;
  readonly when: readonly Condition[];
}

interface Reading {
  readonly model: CodeModel;
  readonly sites: (file: string) => FileSites;
}

const deepest = 10;

/** The elements of a list, followed through variables, spreads, choices, `push`, `concat`, `map` and returns. */
export function itemsOf(model: CodeModel, sites: (file: string) => FileSites, spot: Spot, expr: Expr): Item[] {
  return read({ model, sites }, spot, expr, [], 0);
}

function read(r: Reading, spot: Spot, expr: Expr, when: readonly Condition[], depth: number): Item[] {
  if (depth > deepest) return [];
  const again = (inner: Expr, more: readonly Condition[] = []): Item[] =>
    read(r, spot, inner, [...when, ...more], depth + 1);
  switch (expr.k) {
    case 'arr':
      return expr.items.flatMap((item) => (item.k === 'spread' ? again(item.of) : [{ value: item, spot, when }]));
    case 'await':
      return again(expr.of);
    case 'cond':
      return [
        ...again(expr.then, [{ test: expr.test, holds: true }]),
        ...again(expr.else, [{ test: expr.test, holds: false }]),
      ];
    case 'bin':
      return expr.op === '&&' ? again(expr.r, [{ test: expr.l, holds: true }]) : [...again(expr.l), ...again(expr.r)];
    case 'fn':
      return fromReturns(r, { file: spot.file, fn: expr.fn }, when, depth);
    case 'call':
      return fromCall(r, spot, expr, when, depth);
    case 'ref':
    case 'member':
      return fromName(r, spot, expr, when, depth);
    default:
      return [];
  }
}

function fromCall(
  r: Reading,
  spot: Spot,
  expr: Extract<Expr, { k: 'call' }>,
  when: readonly Condition[],
  depth: number,
): Item[] {
  const { callee } = expr;
  const last =
    callee.k === 'ref' ? callee.path.slice(callee.path.lastIndexOf('.') + 1) : callee.k === 'member' ? callee.name : '';
  const receiver: Expr | undefined =
    callee.k === 'member'
      ? callee.of
      : callee.k === 'ref' && callee.path.includes('.')
        ? { ...callee, path: callee.path.slice(0, -last.length - 1) }
        : undefined;
  if (receiver && last === 'concat')
    return [receiver, ...expr.args].flatMap((part) => read(r, spot, part, when, depth + 1));
  if (receiver && last === 'filter') return read(r, spot, receiver, when, depth + 1);
  const [first] = expr.args;
  if (last === 'map' || last === 'flatMap') {
    const func = first?.k === 'fn' ? r.model.get(spot.file)?.summary.functions[first.fn] : undefined;
    const returned = func?.body.flatMap((stmt) => (stmt.k === 'return' && stmt.of ? [stmt.of] : [])) ?? [];
    return returned.map((value) => ({
      value,
      spot: { file: spot.file, fn: first?.k === 'fn' ? first.fn : spot.fn },
      when,
    }));
  }
  const origin = r.model.origin(spot.file, spot.fn, callee);
  return origin.kind === 'function' && !origin.member ? fromReturns(r, origin, when, depth) : [];
}

function fromReturns(r: Reading, spot: Spot, when: readonly Condition[], depth: number): Item[] {
  const inner = { file: spot.file, fn: spot.fn };
  const walk = (stmts: readonly Stmt[], around: readonly Condition[]): Item[] => {
    let here = around;
    return stmts.flatMap((stmt): Item[] => {
      if (stmt.k === 'return') return stmt.of ? read(r, inner, stmt.of, here, depth + 1) : [];
      if (stmt.k === 'try') return walk(stmt.block, here);
      if (stmt.k !== 'if') return [];
      const outer = here;
      const last = stmt.then.at(-1);
      if (!stmt.else && (last?.k === 'return' || last?.k === 'throw'))
        here = [...here, { test: stmt.test, holds: false }];
      return [
        ...walk(stmt.then, [...outer, { test: stmt.test, holds: true }]),
        ...walk(stmt.else ?? [], [...outer, { test: stmt.test, holds: false }]),
      ];
    });
  };
  return walk(r.model.get(spot.file)?.summary.functions[spot.fn]?.body ?? [], when);
}

function fromName(r: Reading, spot: Spot, expr: Expr, when: readonly Condition[], depth: number): Item[] {
  const origin = r.model.origin(spot.file, spot.fn, expr);
  if (origin.kind === 'function' && !origin.member) return fromReturns(r, origin, when, depth);
  if (origin.kind !== 'value' || origin.member || origin.expr === expr) return [];
  const there = { file: origin.file, fn: origin.fn };
  const name = expr.k === 'ref' ? expr.path.slice(expr.path.lastIndexOf('.') + 1) : '';
  return [...read(r, there, origin.expr, when, depth + 1), ...pushed(r, there, name, when)];
}

/** `list.push(item)` in the file that declares the list, with the tests around it. */
function pushed(r: Reading, spot: Spot, name: string, when: readonly Condition[]): Item[] {
  return r.sites(spot.file).calls.flatMap((call) => {
    if (call.path !== `${name}.push` && call.path !== `${name}.unshift`) return [];
    const around = { file: call.file, fn: call.fn };
    return call.expr.args.flatMap((arg): Item[] =>
      arg.k === 'spread'
        ? read(r, around, arg.of, [...when, ...call.when], 5)
        : [{ value: arg, spot: around, when: [...when, ...call.when] }],
    );
  });
}
