import type { Origin } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr, type Param } from '../../code/summary.ts';
import { receiverOf } from './calls.ts';
import { flowOf } from './flow.ts';
import { along, fixed, lostAt, worst, type Flow, type Following, type Frame } from './frame.ts';
import { isClosedType, isRequestMember, requestDecorator, written } from './words.ts';

type ParamOrigin = Extract<Origin, { kind: 'param' }>;
type Path = readonly string[];

/** What a parameter is given: by the call that is being followed, by the request, or by its callers. */
export function flowOfParam(f: Following, frame: Frame, origin: ParamOrigin, path: Path, depth: number): Flow {
  const func = f.model.get(origin.file)?.summary.functions[origin.fn];
  const param = func?.params[origin.index];
  if (!func || !param) return fixed;
  // Objects are wired before the first request.
  if (func.name === 'constructor' && func.owner !== undefined) return fixed;
  const at = { file: origin.file, line: lineOf(func.at) };
  const name = param.pattern.k === 'name' ? param.pattern.name : '';
  const { bound } = frame;
  if (bound && bound.file === origin.file && bound.fn === origin.fn)
    return given(f, bound.from, bound.call.args, { index: origin.index, param }, path, depth);
  if (path.length === 0 && isClosedType(param.type)) return fixed;
  const element = elementOf(f, frame, origin, path, depth);
  if (element) return element;
  const said = saidByRequest(f, origin, param, name, path);
  return said ?? ofCallers(f, origin, param, path, depth, at);
}

/** A part of the request: by name and type of the parameter, or by its decorator. */
function saidByRequest(f: Following, origin: ParamOrigin, param: Param, name: string, path: Path): Flow | undefined {
  const func = f.model.get(origin.file)?.summary.functions[origin.fn];
  const at = { file: origin.file, line: lineOf(func?.at ?? 0) };
  const member = path.join('.');
  const from = (what: string): Flow => ({ k: 'input', steps: [{ note: `${what} comes with the request`, at }] });
  if (isRequestMember(name, param.type, member)) return from(`${name || 'the request'}.${member}`);
  const decorator = (param.decorators ?? []).find(
    (one) => one.k === 'call' && one.callee.k === 'ref' && requestDecorator.test(one.callee.path),
  );
  if (decorator?.k !== 'call') return undefined;
  if (decorator.args.some((arg) => /Parse(?:Int|UUID|Enum|Bool|Float|Date)Pipe/.test(JSON.stringify(arg))))
    return fixed;
  if (isClosedType(param.type)) return fixed;
  const closed = path[0] !== undefined && closedField(f, origin.file, param.type, path[0]);
  return closed ? fixed : from(`${name}${member ? `.${member}` : ''}`);
}

const closingDecorator =
  /^(?:IsIn|IsEnum|IsInt|IsNumber|IsNumberString|IsUUID|IsBoolean|IsDate|IsDateString|IsISO8601|Matches|IsMongoId|IsAlpha|IsAlphanumeric|IsPositive|Min|Max|Equals)$/;

/** The field of a class whose decorators or type let no free text through. */
function closedField(f: Following, file: string, type: string | undefined, field: string): boolean {
  const name = type && /^[A-Za-z_$][\w$]*/.exec(type)?.[0];
  const origin = name ? f.model.origin(file, 0, { k: 'ref', path: name, at: 0 }) : undefined;
  if (origin?.kind !== 'class') return false;
  const cls = f.model.get(origin.file)?.summary.classes[origin.cls];
  const member = cls?.members.find((one) => one.name === field);
  if (!member) return false;
  const decorated = member.decorators.some(
    (one) => one.k === 'call' && one.callee.k === 'ref' && closingDecorator.test(one.callee.path),
  );
  return decorated || isClosedType(member.type);
}

/** The argument of a call; behind a spread the element of what is spread; without one the default. */
function given(
  f: Following,
  from: Frame,
  args: readonly Expr[],
  { index, param }: { readonly index: number; readonly param: Param },
  path: Path,
  depth: number,
): Flow {
  if (param.rest) {
    const [key, ...rest] = path;
    const at = key !== undefined && /^\d+$/.test(key) ? args[index + Number(key)] : undefined;
    if (at) return flowOf(f, from, at, rest, depth + 1);
    return worst(args.slice(index).map((arg) => flowOf(f, from, arg, rest, depth + 1)));
  }
  const spread = args.findIndex((arg) => arg.k === 'spread');
  const list = args[spread];
  if (list?.k === 'spread' && spread <= index)
    return flowOf(f, from, list.of, [String(index - spread), ...path], depth + 1);
  const arg = args[index] ?? param.default;
  return arg ? flowOf(f, from, arg, path, depth + 1) : fixed;
}

const iterating = /^(?:map|flatMap|forEach|filter|reduce|some|every|find|sort)$/;

/** The parameter of a callback that a list calls for each element. */
function elementOf(f: Following, frame: Frame, origin: ParamOrigin, path: Path, depth: number): Flow | undefined {
  const handed = f.sites.of(origin.file).handedTo.get(origin.fn);
  if (!handed) return undefined;
  const receiver = receiverOf(handed.expr.callee);
  const there: Frame = { ...frame, file: handed.file, fn: handed.fn };
  if (!receiver) return undefined;
  if (handed.name === 'then') return flowOf(f, there, receiver, path, depth + 1);
  if (handed.name === 'from' || /^(?:transaction|\$transaction|begin|tx)$/.test(handed.name)) return fixed;
  if (!iterating.test(handed.name)) return undefined;
  const element = handed.name === 'reduce' ? 1 : 0;
  if (handed.name === 'reduce' && origin.index === 0) return fixed;
  return origin.index === element ? flowOf(f, there, receiver, ['*', ...path], depth + 1) : fixed;
}

const mostCallers = 60;

/** What all callers in live code hand over. */
function ofCallers(
  f: Following,
  origin: ParamOrigin,
  param: Param,
  path: Path,
  depth: number,
  at: { readonly file: string; readonly line: number },
): Flow {
  const key = `${origin.file}\0${origin.fn}\0${origin.index}\0${path.join('.')}`;
  const before = f.known.get(key);
  if (before) return before;
  if (f.asking.has(key)) return fixed;
  f.asking.add(key);
  const callers = callersOf(f, origin).slice(0, mostCallers);
  const flow =
    callers.length === 0
      ? lostAt(`${written({ k: 'ref', path: path.join('.') || 'the parameter', at: 0 })}: no caller could be found`, at)
      : worst(
          callers.map((call) => {
            const from: Frame = { file: call.file, fn: call.fn };
            const step = {
              note: `${call.path || call.name}() is called here`,
              at: { file: call.file, line: lineOf(call.expr.at) },
            };
            return along(given(f, from, call.expr.args, { index: origin.index, param }, path, depth), step);
          }),
        );
  f.asking.delete(key);
  f.known.set(key, flow);
  return flow;
}

/** Calls in live code that run this function, by what they stand for. */
function callersOf(f: Following, { file, fn }: ParamOrigin): readonly CallSite[] {
  const func = f.model.get(file)?.summary.functions[fn];
  if (!func?.name) return [];
  const names = [func.name, ...aliases(f, file, func.name)];
  return f.calls.named(...new Set(names)).filter((call) => {
    const origin = f.calls.origin(call);
    return origin.kind === 'function' && origin.file === file && origin.fn === fn && !origin.member;
  });
}

/** Other names under which a file gives the function away. */
function aliases(f: Following, file: string, name: string): string[] {
  return (f.model.get(file)?.head.exports ?? []).flatMap((one) =>
    one.local === name && one.name !== 'default' && one.name !== '*' ? [one.name] : [],
  );
}
