import { columnOf, lineOf, type Expr } from '../../code/summary.ts';
import type { Place } from '../../model/place.ts';
import { flowOfCall, flowOfReturns } from './calls.ts';
import { along, fixed, lostAt, worst, type Flow, type Following, type Frame } from './frame.ts';
import type { Given } from './locals.ts';
import { flowOfParam } from './params.ts';
import { allows, lastOf, written } from './words.ts';

type Path = readonly string[];

const farthest = 60;

/** What a value is made of. `path` names the member of it that is meant. */
export function flowOf(f: Following, frame: Frame, expr: Expr, path: Path = [], depth = 0): Flow {
  f.budget -= 1;
  if (depth > farthest || f.budget < 0) return lostAt('too far to follow', placeOf(frame, expr));
  const again = (inner: Expr, rest: Path = path): Flow => flowOf(f, frame, inner, rest, depth + 1);
  switch (expr.k) {
    case 'template':
      // A tag binds: the holes become parameters.
      return expr.tag ? fixed : joined(f, frame, expr.of, expr.at, depth);
    case 'bin':
      return flowOfOperator(f, frame, expr, path, depth);
    case 'cond': {
      const test = expr.test;
      const chosen = (branch: Expr): Flow => (isName(branch) && allows(test, written(branch)) ? fixed : again(branch));
      return worst([chosen(expr.then), chosen(expr.else)]);
    }
    case 'await':
    case 'spread':
      return again(expr.of);
    case 'assign':
      return again(expr.value);
    case 'seq':
      return expr.of.length > 0 ? again(expr.of.at(-1) ?? expr) : fixed;
    case 'arr':
      return worst(expr.items.map((item) => again(item, isIndex(path[0]) ? path.slice(1) : path)));
    case 'obj':
      return flowOfObject(f, frame, expr, path, depth);
    case 'call':
      return flowOfCall(f, frame, expr, path, depth);
    case 'ref':
    case 'member':
      return flowOfName(f, frame, expr, path, depth);
    case 'index':
      return flowOfIndex(f, frame, expr, path, depth);
    case 'fn':
      return flowOfReturns(f, { ...frame, fn: expr.fn }, path, depth);
    default:
      return fixed;
  }
}

const isName = (expr: Expr): boolean => expr.k === 'ref' || expr.k === 'member';
const isIndex = (key: string | undefined): boolean => key !== undefined && /^(?:\d+|\*)$/.test(key);

export const placeOf = (frame: Frame, expr: Expr): Place =>
  'at' in expr && expr.at > 0
    ? { file: frame.file, line: lineOf(expr.at), column: columnOf(expr.at) }
    : { file: frame.file };

/** The parts that are joined to a text; the innermost join is where the mistake stands. */
function joined(f: Following, frame: Frame, parts: readonly Expr[], at: number, depth: number): Flow {
  return worst(
    parts.map((part) => {
      const flow = flowOf(f, frame, part, [], depth + 1);
      if (flow.k === 'fixed') return flow;
      const place = { file: frame.file, line: lineOf(at) };
      return along(flow.joined ? flow : { ...flow, joined: { at: place, part: written(part) } }, {
        note: `${written(part)} is joined to the text`,
        at: place,
      });
    }),
  );
}

function flowOfOperator(
  f: Following,
  frame: Frame,
  expr: Extract<Expr, { k: 'bin' }>,
  path: Path,
  depth: number,
): Flow {
  if (expr.op === '+') return joined(f, frame, [expr.l, expr.r], expr.at, depth);
  if (expr.op === '||' || expr.op === '??')
    return worst([flowOf(f, frame, expr.l, path, depth + 1), flowOf(f, frame, expr.r, path, depth + 1)]);
  return expr.op === '&&' ? flowOf(f, frame, expr.r, path, depth + 1) : fixed;
}

/** A member, whatever is spread behind it; without a path everything that it holds. */
function flowOfObject(f: Following, frame: Frame, expr: Extract<Expr, { k: 'obj' }>, path: Path, depth: number): Flow {
  const [key, ...rest] = path;
  const again = (value: Expr, inner: Path): Flow => flowOf(f, frame, value, inner, depth + 1);
  if (key === undefined || key === '*') return worst(expr.props.map((prop) => again(prop.value, [])));
  const at = expr.props.findLastIndex((prop) => prop.key === key || prop.key === '[]');
  const own = expr.props[at];
  if (own) return again(own.value, rest);
  return worst(expr.props.filter((prop) => prop.key === '...').map((prop) => again(prop.value, path)));
}

/** `COLUMNS[sort]`: what stands in the table, not the key. Of what cannot be told, the table's own flow. */
function flowOfIndex(f: Following, frame: Frame, expr: Extract<Expr, { k: 'index' }>, path: Path, depth: number): Flow {
  const key = expr.by.k === 'num' ? String(expr.by.v) : expr.by.k === 'str' ? expr.by.v : '*';
  return flowOf(f, frame, expr.of, [key, ...path], depth + 1);
}

function flowOfName(
  f: Following,
  frame: Frame,
  expr: Extract<Expr, { k: 'ref' | 'member' }>,
  path: Path,
  depth: number,
): Flow {
  if (expr.k === 'member')
    return lastOf(expr.name) === 'length' ? fixed : flowOf(f, frame, expr.of, [expr.name, ...path], depth + 1);
  if (/\.(?:length|size)$/.test(expr.path)) return fixed;
  if (/^import\.meta\b/.test(expr.path)) return fixed;
  const [head = '', ...members] = expr.path.split('.');
  if (isAllowed(f, frame, expr.path)) return fixed;
  if (head === 'this') return flowOfOrigin(f, frame, expr, path, depth);
  const home = homeOf(f, frame, head);
  if (!home) return flowOfOrigin(f, frame, expr, path, depth);
  const key = [frame.file, home.frame.fn, expr.path, path.join('.'), frame.bound?.call.at ?? 0].join('\0');
  if (f.asking.has(key)) return fixed;
  f.asking.add(key);
  const [member] = [...members, ...path];
  const flows = home.given
    .filter((one) => mayHold(one, member))
    .map((one) =>
      flowOf(
        f,
        one.fn === undefined ? home.frame : { ...home.frame, fn: one.fn },
        one.value,
        [...one.path, ...members, ...path],
        depth + 1,
      ),
    );
  f.asking.delete(key);
  // What a schema has let through takes the place of what was there before it.
  return flows.find((flow) => flow.k === 'fixed' && flow.checked) ?? worst(flows);
}

/** What is put under a computed key is not asked for by its name: the code decides which keys there are. */
const mayHold = ({ under }: Given, member: string | undefined): boolean =>
  under === undefined || member === undefined || isIndex(member) || (under.k === 'str' && under.v === member);

/** A test in the function, or around it, asks whether the value is one of those that are allowed. */
function isAllowed(f: Following, frame: Frame, name: string): boolean {
  const functions = f.model.get(frame.file)?.summary.functions ?? [];
  for (let at = frame.fn; at > 0; at = functions[at]?.parent ?? -1)
    if (f.localsOf(frame.file, at).tests.some((test) => allows(test, name))) return true;
  return false;
}

/** The function in which a name is declared with its values; undefined for parameters, imports and functions. */
function homeOf(f: Following, frame: Frame, name: string) {
  const functions = f.model.get(frame.file)?.summary.functions ?? [];
  for (let at = frame.fn; at >= 0; at = functions[at]?.parent ?? -1) {
    const own = functions[at];
    if (own?.params.some((param) => namesIn(JSON.stringify(param.pattern), name))) return undefined;
    const locals = f.localsOf(frame.file, at);
    if (!locals.declared.has(name)) continue;
    const given = [...(locals.given.get(name) ?? []), ...givenInside(f, frame.file, at, name)];
    return given.length > 0 ? { frame: { ...frame, fn: at }, given } : undefined;
  }
  return undefined;
}

/** What callbacks inside a function give a name of it: `rows.forEach((row) => { text += … })`. */
function givenInside(f: Following, file: string, fn: number, name: string): readonly Given[] {
  if (fn === 0) return [];
  const functions = f.model.get(file)?.summary.functions ?? [];
  return functions.flatMap((func, index) => {
    if (func.parent !== fn || index === fn) return [];
    const locals = f.localsOf(file, index);
    if (locals.declared.has(name) || func.params.some((param) => namesIn(JSON.stringify(param.pattern), name)))
      return [];
    return [...(locals.given.get(name) ?? []), ...givenInside(f, file, index, name)].map((one) => ({
      ...one,
      fn: one.fn ?? index,
    }));
  });
}

const namesIn = (pattern: string, name: string): boolean =>
  pattern.includes(`"name":"${name}"`) || pattern.includes(`"rest":"${name}"`);

/** What a name leads to beyond its own function. */
function flowOfOrigin(f: Following, frame: Frame, expr: Extract<Expr, { k: 'ref' }>, path: Path, depth: number): Flow {
  const origin = f.model.origin(frame.file, frame.fn, expr);
  const members = 'member' in origin && origin.member ? origin.member.split('.') : [];
  switch (origin.kind) {
    case 'param':
      return flowOfParam(f, frame, origin, [...members, ...path], depth);
    case 'value': {
      if (origin.expr === expr || origin.expr.k === 'other') return fixed;
      const there: Frame =
        origin.file === frame.file ? { ...frame, fn: origin.fn } : { file: origin.file, fn: origin.fn };
      return flowOf(f, there, origin.expr, [...members, ...path], depth + 1);
    }
    case 'function':
      return origin.called
        ? flowOfReturns(f, { file: origin.file, fn: origin.fn }, [...members, ...path], depth)
        : fixed;
    default:
      // A global, a package's value, a class or a member of `this` that nothing gives a value: no text of a caller.
      return fixed;
  }
}
