import type { Expr } from '../../code/summary.ts';
import { eachStmt } from '../../code/walk.ts';
import { flowOf, placeOf } from './flow.ts';
import { along, fixed, worst, type Flow, type Following, type Frame } from './frame.ts';
import { letsThrough } from './schemas.ts';
import { harmless, lastOf, reshaping, written } from './words.ts';

type Path = readonly string[];
type CallExpr = Extract<Expr, { k: 'call' }>;

/** What a call gives: of a function of the repository what it returns, of others what they are given. */
export function flowOfCall(f: Following, frame: Frame, expr: CallExpr, path: Path, depth: number): Flow {
  const { callee } = expr;
  const name = callee.k === 'ref' ? lastOf(callee.path) : callee.k === 'member' ? callee.name : '';
  const receiver = receiverOf(callee);
  const parsed = parsedBy(f, frame, expr, name, receiver, path);
  if (parsed) return parsed;
  if (isRequestCall(callee)) return input(frame, expr);
  if (
    receiver &&
    /^(?:get|getAll)$/.test(name) &&
    /(?:^|\.)(?:searchParams|headers|cookies\(\))$/.test(written(receiver))
  )
    return flowOf(f, frame, receiver, path, depth + 1);
  const origin = f.model.origin(frame.file, frame.fn, callee);
  if (origin.kind === 'function' && !origin.called && !origin.member) {
    const bound = { file: origin.file, fn: origin.fn, call: expr, from: frame };
    return along(flowOfReturns(f, { file: origin.file, fn: origin.fn, bound }, path, depth), {
      note: `${name}() gives it`,
      at: placeOf(frame, expr),
    });
  }
  if (name === 'map' || name === 'flatMap') return flowOfMap(f, frame, expr, path, depth);
  if (name === 'replace' && cleans(expr.args)) return fixed;
  if (harmless.test(name) && !(name === 'join' || name === 'parse')) return fixed;
  if (receiver && reshaping.test(name)) return flowOfReshaped(f, frame, { call: expr, receiver, name }, path, depth);
  // What a library makes of it: nothing worse than what it is given.
  return worst(expr.args.filter(isText).map((arg) => flowOf(f, frame, arg, [], depth + 1)));
}

const isText = (arg: Expr): boolean => arg.k !== 'fn' && arg.k !== 'obj';

export const receiverOf = (callee: Expr): Expr | undefined =>
  callee.k === 'member'
    ? callee.of
    : callee.k === 'ref' && callee.path.includes('.')
      ? { ...callee, path: callee.path.slice(0, callee.path.lastIndexOf('.')) }
      : undefined;

function input(frame: Frame, expr: Expr): Flow {
  return { k: 'input', steps: [{ note: `${written(expr)} comes with the request`, at: placeOf(frame, expr) }] };
}

/** `req.query('sort')`, `url.searchParams.get('sort')`, `await request.json()`, `getQuery(event)`. */
function isRequestCall(callee: Expr): boolean {
  if (callee.k !== 'ref') return false;
  return readers.test(callee.path) || asking.test(callee.path);
}

const readers = /^(?:getQuery|readBody|getRouterParams?|readFormData|getHeader|getRequestHeader|getCookie)$/;
const asking =
  /^_?(?:req|request)\.(?:query|queries|param|header|json|formData|text|get|body)$|^(?:c|ctx|context)\.req\.(?:query|queries|param|header|json|formData|text|parseBody|valid)$/;

/** `schema.parse(x)`, `schema.safeParse(x).data`: what the schema lets through. */
function parsedBy(
  f: Following,
  frame: Frame,
  expr: CallExpr,
  name: string,
  receiver: Expr | undefined,
  path: Path,
): Flow | undefined {
  const parsing = /^(?:parse|safeParse|parseAsync|safeParseAsync|validate|validateSync|validateAsync)$/.test(name);
  if (!parsing || !receiver || written(receiver) === 'JSON') return undefined;
  const inner = path[0] === 'data' || path[0] === 'value' || path[0] === 'output' ? path.slice(1) : path;
  const schema = boundSchema(f, frame, receiver);
  if (schema === 'none') return undefined;
  const lets = schema ? letsThrough(f, schema.at, schema.expr, inner) : 'lost';
  if (lets !== 'open') return { k: 'fixed', checked: true };
  const [arg] = expr.args;
  return arg ? flowOf(f, frame, arg, inner, 12) : fixed;
}

/** The schema that the receiver stands for, also when it is a parameter that this call binds. */
function boundSchema(
  f: Following,
  frame: Frame,
  receiver: Expr,
): { readonly at: Frame; readonly expr: Expr } | 'none' | undefined {
  const origin = f.model.origin(frame.file, frame.fn, receiver);
  if (origin.kind !== 'param') return { at: frame, expr: receiver };
  const { bound } = frame;
  if (!bound || bound.fn !== origin.fn || bound.file !== origin.file) return undefined;
  const arg = bound.call.args[origin.index];
  return arg ? { at: bound.from, expr: arg } : 'none';
}

/** `.replace(/[^a-z_]/g, '')` leaves letters alone; doubled quotes stay inside theirs. */
const cleans = ([pattern]: readonly Expr[]): boolean =>
  pattern?.k === 'regex' &&
  (/^\/?\[\^/.test(pattern.v) || /^\/?'/.test(pattern.v) || /^\/?"/.test(pattern.v) || /\\W/.test(pattern.v));

/** The elements that the callback gives. */
function flowOfMap(f: Following, frame: Frame, expr: CallExpr, path: Path, depth: number): Flow {
  const [callback] = expr.args;
  if (callback?.k === 'fn') return flowOfReturns(f, { ...frame, fn: callback.fn }, path, depth);
  const origin = callback && f.model.origin(frame.file, frame.fn, callback);
  const receiver = receiverOf(expr.callee);
  if (origin?.kind === 'function' && !origin.member && receiver) {
    const call: CallExpr = { ...expr, args: [{ k: 'index', of: receiver, by: { k: 'num', v: 0 }, at: expr.at }] };
    const bound = { file: origin.file, fn: origin.fn, call, from: frame };
    return flowOfReturns(f, { file: origin.file, fn: origin.fn, bound }, path, depth);
  }
  return origin?.kind === 'global' || !receiver ? fixed : flowOf(f, frame, receiver, path, depth + 1);
}

interface Reshaping {
  readonly call: CallExpr;
  readonly receiver: Expr;
  readonly name: string;
}

/** A part or another form of a text or a list. Names of things are asked of the things themselves. */
function flowOfReshaped(
  f: Following,
  frame: Frame,
  { call: expr, name, receiver }: Reshaping,
  path: Path,
  depth: number,
): Flow {
  const held = written(receiver);
  if (held === 'Array' && name === 'from') return flowOfFrom(f, frame, expr, depth);
  if (/^(?:Object|Array|String|_|lodash|JSON)$/.test(held)) {
    const names = name === 'keys' || name === 'entries' || name === 'fromEntries';
    return worst(expr.args.map((arg) => flowOf(f, frame, arg, names && arg.k === 'obj' ? ['\0'] : [], depth + 1)));
  }
  const [first] = expr.args;
  if (name === 'reduce' && first?.k === 'fn')
    return worst([
      flowOfReturns(f, { ...frame, fn: first.fn }, [], depth),
      flowOf(f, frame, expr.args[1] ?? { k: 'null' }, [], depth + 1),
    ]);
  const more = name === 'concat' || name === 'replace' || name === 'replaceAll' || name === 'join' ? expr.args : [];
  return worst(
    [receiver, ...more.filter(isText)].map((part) => flowOf(f, frame, part, name === 'then' ? path : [], depth + 1)),
  );
}

/** `Array.from({ length: n }, (_, i) => `$${i + 1}`)`. */
function flowOfFrom(f: Following, frame: Frame, expr: CallExpr, depth: number): Flow {
  const [source, callback] = expr.args;
  if (callback?.k === 'fn') return flowOfReturns(f, { ...frame, fn: callback.fn }, [], depth);
  return source && source.k !== 'obj' ? flowOf(f, frame, source, [], depth + 1) : fixed;
}

/** Everything that a function returns. */
export function flowOfReturns(f: Following, frame: Frame, path: Path, depth: number): Flow {
  const key = `${frame.file}\0${frame.fn}\0${path.join('.')}\0returns`;
  if (f.asking.has(key)) return fixed;
  f.asking.add(key);
  const returned: Expr[] = [];
  eachStmt(f.model.get(frame.file)?.summary.functions[frame.fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'return' && stmt.of) returned.push(stmt.of);
  });
  const flow = worst(returned.map((value) => flowOf(f, frame, value, path, depth + 1)));
  f.asking.delete(key);
  return flow;
}
