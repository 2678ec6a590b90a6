import type { Expr, Pattern, Stmt } from '../../code/summary.ts';
import { eachStmt, walkExpr } from '../../code/walk.ts';
import { arrayMethod, functionAt, type Passed } from './calls.ts';
import type { Names, Spot } from './names.ts';
import type { Guard } from './production.ts';
import { receiverOf, verbOf } from './techniques.ts';

/** The names over which a key runs. */
export interface KeyList {
  /** The function that holds the loop. */
  readonly host: number;
  readonly names: readonly string[];
  /** The list is a parameter of the host: its callers give the names. */
  readonly given: boolean;
  /** The key is a parameter of a function that is no callback: a reader of single variables. */
  readonly param: number | undefined;
}

/** Follows the key of `env[key]` to the list it runs over. */
export function listOf(names: Names, passed: ReadonlyMap<number, Passed>, spot: Spot, key: Expr): KeyList | undefined {
  if (key.k !== 'ref') return undefined;
  const found = names.follow(spot, key.path);
  if (found?.k === 'param' && found.file === spot.file) {
    const call = passed.get(found.fn);
    if (!call || !arrayMethod.test(verbOf(call.call.callee)))
      return { host: found.fn, names: [], given: false, param: found.index };
    const list = receiverOf(call.call.callee);
    return list && { host: call.fn, param: undefined, ...contents(names, call, list) };
  }
  const loop = loopOver(names, spot, key.path.split('.')[0] ?? '');
  return loop && { host: spot.fn, param: undefined, ...contents(names, spot, loop) };
}

function loopOver(names: Names, spot: Spot, name: string): Expr | undefined {
  let found: Expr | undefined;
  eachStmt(functionAt(names, spot)?.body ?? [], (stmt: Stmt) => {
    if (stmt.k === 'loop' && stmt.binding && binds(stmt.binding, name)) found ??= stmt.head[0];
  });
  return found;
}

function binds(pattern: Pattern, name: string): boolean {
  if (pattern.k === 'name') return pattern.name === name;
  if (pattern.k === 'arr') return pattern.items.some((item) => item !== null && binds(item, name));
  return pattern.props.some((p) => binds(p.pattern, name));
}

/** The texts of a list: a literal, keys of an object, or what callers give. */
function contents(
  names: Names,
  spot: Spot,
  list: Expr,
  depth = 0,
): { readonly names: readonly string[]; readonly given: boolean } {
  const none = { names: [], given: false };
  if (depth > 6) return none;
  switch (list.k) {
    case 'arr': {
      const parts = list.items.map((item) =>
        item.k === 'spread'
          ? contents(names, spot, item.of, depth + 1)
          : { names: texts(names, spot, item), given: false },
      );
      return { names: parts.flatMap((p) => p.names), given: parts.some((p) => p.given) };
    }
    case 'obj':
      return { names: list.props.flatMap((p) => (isName(p.key) ? [p.key] : [])), given: false };
    case 'call': {
      const inner = /^Object\.(?:keys|entries|freeze)$/.test(list.callee.k === 'ref' ? list.callee.path : '')
        ? list.args[0]
        : list.new
          ? list.args[0]
          : receiverOf(list.callee);
      return inner ? contents(names, spot, inner, depth + 1) : none;
    }
    case 'ref': {
      const found = names.follow(spot, list.path);
      if (found?.k === 'param') return { names: [], given: true };
      return found?.k === 'expr' && found.rest === '' && found.expr !== list
        ? contents(names, found, found.expr, depth + 1)
        : none;
    }
    default:
      return none;
  }
}

const isName = (text: string): boolean => /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/.test(text);

/** A list holds names, or records with the name in one of their members. */
function texts(names: Names, spot: Spot, item: Expr): readonly string[] {
  if (item.k === 'obj') return item.props.flatMap((p) => (p.value.k === 'str' && isName(p.value.v) ? [p.value.v] : []));
  const text = names.model.literal(spot.file, spot.fn, item);
  return typeof text === 'string' && /^[A-Za-z_]\w*$/.test(text) ? [text] : [];
}

/** Every name among the arguments of a call, however deep. */
export function namesIn(names: Names, spot: Spot, exprs: readonly Expr[]): readonly string[] {
  const found: string[] = [];
  for (const expr of exprs) {
    walkExpr(expr, (e) => {
      if (e.k === 'str' && isName(e.v)) found.push(e.v);
      if (e.k === 'ref') found.push(...contents(names, spot, e).names.filter(isName));
    });
  }
  return found;
}

/** Names of the list that a condition leaves out: `if (SOME.has(key)) continue`. */
export function leftOut(names: Names, key: Expr, guards: readonly Guard[]): ReadonlySet<string> {
  const path = key.k === 'ref' ? key.path : '';
  const out = guards.flatMap((guard) => {
    const { test } = guard;
    if (guard.holds || test.k !== 'call' || !/^(?:has|includes)$/.test(verbOf(test.callee))) return [];
    const [arg] = test.args;
    const list = receiverOf(test.callee);
    return arg?.k === 'ref' && arg.path === path && list ? contents(names, guard, list).names : [];
  });
  return new Set(out);
}
