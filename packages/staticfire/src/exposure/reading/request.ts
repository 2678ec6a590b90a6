import type { CodeModel } from '../../code/model.ts';
import type { ReachedFunction } from '../../code/reach/calls-of.ts';
import type { Expr, Func, Param } from '../../code/summary.ts';
import { insideOf } from '../../code/walk.ts';
import type { Bindings } from './bindings.ts';
import { nameOf } from './stages.ts';

export type RequestPart = 'body' | 'query' | 'params' | 'headers' | 'cookies' | 'request';

/** Which part of a request an expression holds, and whether all of it. */
export interface Held {
  readonly part: RequestPart;
  readonly whole: boolean;
}

const deepest = 12;

/** How the first function of a stage is handed the request. */
export type Handing =
  /** Objects of a framework: `(req, res)`, `(ctx)`, `({ request, params })`. */
  | 'request'
  /** The input itself: the arguments of a server action. */
  | 'input';

/** Tells what of a request expressions hold. */
export interface Requests {
  heldBy(at: ReachedFunction, expr: Expr, handing: Handing): Held | undefined;
}

interface Reading {
  readonly code: CodeModel;
  readonly bindings: Bindings;
  readonly handing: Handing;
}

export const createRequests = (code: CodeModel, bindings: Bindings): Requests => ({
  heldBy: (at, expr, handing) => held({ code, bindings, handing }, at, at.spot.fn, expr, 0),
});

/** `fn` is the function whose names count: `at` itself or one around it. */
function held(r: Reading, at: ReachedFunction, fn: number, expr: Expr, depth: number): Held | undefined {
  if (depth > deepest) return undefined;
  const again = (inner: Expr): Held | undefined => held(r, at, fn, inner, depth + 1);
  switch (expr.k) {
    case 'ref':
      return ofName(r, at, fn, expr.path, depth);
    case 'member':
      return refine(again(expr.of), expr.name);
    case 'index':
      return refine(again(expr.of), '[]');
    case 'await':
    case 'spread':
      return again(expr.of);
    case 'call':
      return ofCall(r, at, fn, expr, depth);
    case 'obj':
    case 'arr':
      return widest(insideOf(expr).map(again));
    case 'cond':
      return foremost([again(expr.then), again(expr.else)]);
    case 'bin':
      return foremost([again(expr.l), again(expr.r)]);
    case 'template':
      return narrow(widest(expr.of.map(again)));
    case 'unary':
      return narrow(again(expr.of));
    case 'assign':
      return again(expr.value);
    default:
      return undefined;
  }
}

const order: readonly RequestPart[] = ['body', 'request', 'query', 'params', 'cookies', 'headers'];

/** Of several parts the one that says most about the input. */
const foremost = (all: readonly (Held | undefined)[]): Held | undefined =>
  all.filter((one) => one !== undefined).toSorted((a, b) => order.indexOf(a.part) - order.indexOf(b.part))[0];

/** An object made of parts is whole. */
function widest(all: readonly (Held | undefined)[]): Held | undefined {
  const first = foremost(all);
  return first && { part: first.part, whole: true };
}

const narrow = (one: Held | undefined): Held | undefined => one && { ...one, whole: false };

const partNames: ReadonlyMap<string, RequestPart> = new Map(
  Object.entries<RequestPart>({
    body: 'body',
    rawBody: 'body',
    payload: 'body',
    files: 'body',
    query: 'query',
    searchParams: 'query',
    querystring: 'query',
    params: 'params',
    headers: 'headers',
    cookies: 'cookies',
  }),
);

/** What a member of a part of the request is. */
function refine(of: Held | undefined, name: string): Held | undefined {
  if (!of) return undefined;
  if (of.part !== 'request') return { part: of.part, whole: false };
  const part = partNames.get(name);
  return part ? { part, whole: true } : of;
}

const refineAll = (of: Held | undefined, path: string): Held | undefined =>
  path === '' ? of : path.split('.').reduce(refine, of);

function ofName(r: Reading, at: ReachedFunction, fn: number, path: string, depth: number): Held | undefined {
  const dot = path.indexOf('.');
  const [head, rest] = dot === -1 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
  const binding = r.bindings.lookup({ file: at.spot.file, fn }, head);
  if (binding?.k === 'param') {
    const of = ofParam(r, at, binding.fn, binding.index, binding.path, depth + 1);
    return refineAll(of, rest);
  }
  if (binding?.k !== 'value' || !binding.init || binding.init.k === 'other') return undefined;
  const [first = '', ...others] = binding.path.split('.');
  const together = /^\d+$/.test(first) ? awaitedTogether(binding.init) : undefined;
  const one = together?.[Number(first)];
  if (one) return refineAll(held(r, at, binding.fn, one, depth + 1), [...others, rest].filter(Boolean).join('.'));
  const init = held(r, at, binding.fn, binding.init, depth + 1);
  return refineAll(refineAll(init, binding.path), rest);
}

/** `const [params, body] = await Promise.all([context.params, request.json()])`. */
function awaitedTogether(init: Expr): readonly Expr[] | undefined {
  const call = init.k === 'await' ? init.of : init;
  const [list] = call.k === 'call' && /^all(?:Settled)?$/.test(nameOf(call.callee)) ? call.args : [];
  return list?.k === 'arr' ? list.items : undefined;
}

/** A parameter is what the request, or the caller on the way, hands over. */
function ofParam(
  r: Reading,
  at: ReachedFunction,
  fn: number,
  index: number,
  path: string,
  depth: number,
): Held | undefined {
  for (let here: ReachedFunction | undefined = at; here; here = here.by?.in) {
    if (here.spot.fn !== fn || here.spot.file !== at.spot.file) continue;
    const func = r.code.get(here.spot.file)?.summary.functions[fn];
    const param = func?.params[index];
    if (!here.by) return param && func ? handed(r, func, param, index, path) : undefined;
    const { call, in: caller, handed: isHanded } = here.by;
    if (!isHanded) {
      const arg = call.site.expr.args[index];
      return arg && refineAll(held(r, caller, caller.spot.fn, arg, depth + 1), path);
    }
    if (param && namedRequest(param)) return refineAll(base, path);
    return narrow(held(r, caller, caller.spot.fn, call.site.expr.callee, depth + 1));
  }
  return undefined;
}

const base: Held = { part: 'request', whole: true };
const input: Held = { part: 'body', whole: true };

/** What the framework hands to the first function. */
function handed(r: Reading, func: Func, param: Param, index: number, path: string): Held | undefined {
  const decorated = decoratedPart(param);
  if (decorated) return decorated === 'none' ? undefined : refineAll(decorated, path);
  if (r.handing === 'input') return ofInput(path, param);
  const name = param.pattern.k === 'name' ? param.pattern.name : '';
  if (/^_?(?:res|response|reply|rep|next|done|err|error|cb|callback|set)$/.test(name)) return undefined;
  const first = path.split('.')[0] ?? '';
  // Next.js hands `{ params }` as the second argument.
  if (index > 0 && param.pattern.k === 'obj' && !partNames.get(first)) return undefined;
  if (index > 1 || (index === 1 && func.params.length > 2)) return undefined;
  return refineAll(base, path);
}

/** `({ input, ctx })`, `({ data, context })`, or the arguments themselves. */
function ofInput(path: string, param: Param): Held | undefined {
  const [first = '', ...rest] = path.split('.');
  if (param.pattern.k === 'name') return refineAll(input, path);
  if (/^(?:ctx|context|session|user|db|signal|method)$/.test(first)) return undefined;
  if (/^(?:input|data|parsedInput|body|payload|rawInput|clientInput|args)$/.test(first))
    return refineAll(input, rest.join('.'));
  return { part: 'body', whole: path === '' };
}

const namedRequest = ({ pattern }: Param): boolean =>
  pattern.k === 'name'
    ? /^_?(?:req|request|ctx|context|c|event|evt)$/.test(pattern.name)
    : pattern.k === 'obj' &&
      pattern.props.some(({ key }) => /^(?:req|request|body|params|query|searchParams)$/.test(key));

const decoratorParts: ReadonlyMap<string, RequestPart> = new Map(
  Object.entries<RequestPart>({
    Body: 'body',
    RawBody: 'body',
    UploadedFile: 'body',
    UploadedFiles: 'body',
    Args: 'body',
    Arg: 'body',
    Payload: 'body',
    MessageBody: 'body',
    Query: 'query',
    QueryParams: 'query',
    QueryParam: 'query',
    Param: 'params',
    Params: 'params',
    Headers: 'headers',
    Header: 'headers',
    Req: 'request',
    Request: 'request',
    Ctx: 'request',
  }),
);

/** `@Body() dto`; 'none' for a parameter that other decorators fill. */
function decoratedPart({ decorators = [] }: Param): Held | 'none' | undefined {
  if (decorators.length === 0) return undefined;
  for (const decorator of decorators) {
    const part = decoratorParts.get(nameOf(decorator));
    const [first] = decorator.k === 'call' ? decorator.args : [];
    if (part) return { part, whole: first?.k !== 'str' };
  }
  return 'none';
}

const readers: ReadonlyMap<string, RequestPart> = new Map(
  Object.entries<RequestPart>({
    json: 'body',
    text: 'body',
    formData: 'body',
    parseBody: 'body',
    arrayBuffer: 'body',
    blob: 'body',
    body: 'body',
    file: 'body',
    files: 'body',
    parts: 'body',
    query: 'query',
    queries: 'query',
    param: 'params',
    header: 'headers',
    readBody: 'body',
    readMultipartFormData: 'body',
    readFormData: 'body',
    readRawBody: 'body',
    getQuery: 'query',
    getRouterParam: 'params',
    getRouterParams: 'params',
    getRequestHeader: 'headers',
    getHeader: 'headers',
    getCookie: 'cookies',
  }),
);

function ofCall(
  r: Reading,
  at: ReachedFunction,
  fn: number,
  expr: Extract<Expr, { k: 'call' }>,
  depth: number,
): Held | undefined {
  const { callee, args } = expr;
  const again = (inner: Expr): Held | undefined => held(r, at, fn, inner, depth + 1);
  const name = nameOf(callee);
  const receiver = receiverOf(callee);
  const of = receiver && again(receiver);
  const part = readers.get(name);
  if (of?.part === 'request' && part) {
    const one = args.length > 0 && args[0]?.k === 'str' && part !== 'body';
    return { part, whole: !one };
  }
  if (of && name === 'valid' && args[0]?.k === 'str') return { part: validPart(args[0].v), whole: true };
  if (of) return of.part === 'request' ? of : narrowed(of, name);
  const given = foremost(args.map(again));
  if (!given) return undefined;
  if (given.part === 'request') return readBy(r, at, expr, name) ?? given;
  // What a database or another service answers is not the request any more.
  return pure.test(name) ? given : undefined;
}

const validPart = (target: string): RequestPart =>
  target === 'json' || target === 'form'
    ? 'body'
    : (partNames.get(target) ?? (target === 'param' ? 'params' : 'query'));

const narrowed = (of: Held, name: string): Held | undefined =>
  /^(?:clone|then|catch|finally|entries|toString|trim)$/.test(name) ? of : { part: of.part, whole: false };

/** Functions that give back what they were given, in another form. */
const pure =
  /^(?:parse|fromEntries|entries|URL|URLSearchParams|String|Number|Boolean|parseInt|parseFloat|structuredClone|assign|pick|omit|from|keys|values|decode|decodeURIComponent|stringify|get|getAll|trim|cloneDeep|merge|plainToInstance|plainToClass|plainToClassFromExist|map|filter|toLowerCase|promise|resolve|all)$|^(?:to|as|parse|normali[sz]e|saniti[sz]e|clean|trim|coerce|convert|map|extract|read|get|decode)[A-Z]\w*$/;

/** A helper that is handed the request: what it gives back is what it reads. */
function readBy(r: Reading, at: ReachedFunction, expr: Extract<Expr, { k: 'call' }>, name: string): Held | undefined {
  const part = expr.args[0]?.k === 'ref' && /^(?:read|get)[A-Z]/.test(name) ? readers.get(name) : undefined;
  if (part) return { part, whole: true };
  const origin = r.code.origin(at.spot.file, at.spot.fn, expr.callee);
  if (origin.kind !== 'function' && origin.kind !== 'package') return undefined;
  if (/body|json|payload|form/i.test(name)) return { part: 'body', whole: true };
  if (/query|search/i.test(name)) return { part: 'query', whole: true };
  return /session|auth|user|token|limit|log|ip\b|locale/i.test(name) ? { part: 'headers', whole: false } : undefined;
}

function receiverOf(callee: Expr): Expr | undefined {
  if (callee.k === 'member') return callee.of;
  if (callee.k !== 'ref' || !callee.path.includes('.')) return undefined;
  return { ...callee, path: callee.path.slice(0, callee.path.lastIndexOf('.')) };
}
