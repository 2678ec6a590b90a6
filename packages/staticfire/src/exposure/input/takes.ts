import type { ReachedFunction } from '../../code/reach/calls-of.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr, type Func } from '../../code/summary.ts';
import { eachStmt, exprsOf, walkExpr } from '../../code/walk.ts';
import type { Place } from '../../model/place.ts';
import type { Context } from '../reading/context.ts';
import type { Handing } from '../reading/request.ts';
import { nameOf, type Stage } from '../reading/stages.ts';
import { statementOf } from '../reading/tested.ts';

/** Calls that read what the caller sent and make something of it. Raw bytes are nobody's input until they are parsed. */
const reads =
  /^(?:json|formData|parseBody|valid|readBody|readValidatedBody|readMultipartFormData|readFormData|file|files|parts|saveRequestFiles)$/;

/** Where a handler reads the body, or the arguments of the caller. */
export function takesBody(context: Context, stage: Stage, handing: Handing): Place | undefined {
  const [start, ...others] = stage.reached?.functions ?? [];
  if (!start) return undefined;
  const given = handing === 'input' ? argumentsOf(context, start) : undefined;
  if (given) return given;
  const seeing = new Set<ReachedFunction>();
  for (const at of [start, ...others]) {
    if (at.by && !(seeing.has(at.by.in) && seesRequest(context, at, handing))) continue;
    seeing.add(at);
    const place = readIn(context, at, handing);
    if (place) return place;
  }
  return undefined;
}

const funcOf = (context: Context, at: ReachedFunction): Func | undefined =>
  context.site.code.get(at.spot.file)?.summary.functions[at.spot.fn];

/** The parameters of a procedure or action that the caller fills. */
function argumentsOf(context: Context, start: ReachedFunction): Place | undefined {
  const func = funcOf(context, start);
  const filled = func?.params.some(({ pattern }, index) => {
    if (pattern.k === 'obj')
      return pattern.props.some(({ key }) => /^(?:input|data|parsedInput|rawInput|clientInput|args)$/.test(key));
    if (pattern.k !== 'name') return true;
    if (/^_|^(?:ctx|context|prev\w*|state|initialState|root|parent|info|formState)$/.test(pattern.name)) return false;
    return !/^(?:opts?|options)$/.test(pattern.name) || index > 0 || mentionsInput(func, pattern.name);
  });
  return func && filled ? { file: start.spot.file, line: lineOf(func.at) } : undefined;
}

function mentionsInput(func: Func, name: string): boolean {
  let found = false;
  eachExpr(func, (expr) => {
    if (expr.k === 'ref') found ||= expr.path.startsWith(`${name}.input`) || expr.path.startsWith(`${name}.data`);
  });
  return found;
}

/** Is a function handed the request, or its body? */
function seesRequest(context: Context, at: ReachedFunction, handing: Handing): boolean {
  if (!at.by) return true;
  if (at.by.handed) return true;
  const { call, in: caller } = at.by;
  if (leavesBody(context, call.site)) return false;
  return call.site.expr.args.some((arg) => {
    const held = arg.k === 'ref' || arg.k === 'obj' ? context.requests.heldBy(caller, arg, handing) : undefined;
    return held?.part === 'request' || (held?.part === 'body' && held.whole);
  });
}

/** `const { session } = await read(request)`: whatever the helper reads, its caller does not take the body. */
function leavesBody(context: Context, site: CallSite): boolean {
  const body = context.site.code.get(site.file)?.summary.functions[site.fn]?.body ?? [];
  const holder = statementOf(body, site.expr);
  if (holder?.k !== 'let' || holder.pattern.k !== 'obj' || holder.pattern.rest) return false;
  return !holder.pattern.props.some(({ key }) =>
    /body|data|input|payload|value|dto|form|json|parsed|fields/i.test(key),
  );
}

function readIn(context: Context, at: ReachedFunction, handing: Handing): Place | undefined {
  const func = funcOf(context, at);
  if (!func) return undefined;
  const decorated = func.params.find(({ decorators = [] }) =>
    decorators.some((one) => /^(?:Body|BodyParam|Args?|Payload|MessageBody)$/.test(nameOf(one))),
  );
  if (decorated) return { file: at.spot.file, line: lineOf(func.at) };
  let place: Place | undefined;
  eachExpr(func, (expr) => {
    if (place || !(mayRead(expr) || isParameter(context, at, expr))) return;
    const held = context.requests.heldBy(at, expr, handing);
    if (held?.part === 'body') place = { file: at.spot.file, line: 'at' in expr ? lineOf(expr.at) : lineOf(func.at) };
  });
  return place ?? destructured(context, at, func, handing);
}

function mayRead(expr: Expr): boolean {
  if (expr.k === 'ref') return /\.(?:body|files?|payload)(?:\.|$)/.test(expr.path);
  if (expr.k !== 'call') return false;
  const name = nameOf(expr.callee);
  return reads.test(name) || (name === 'parse' && expr.callee.k === 'ref' && expr.callee.path === 'JSON.parse');
}

/** `({ body }) => …`. */
const isParameter = (context: Context, { spot }: ReachedFunction, expr: Expr): boolean =>
  expr.k === 'ref' &&
  /^(?:body|payload)(?:\.|$)/.test(expr.path) &&
  context.bindings.lookup(spot, expr.path.split('.', 1)[0] ?? '')?.k === 'param';

/** `const { body } = req`. */
function destructured(context: Context, at: ReachedFunction, func: Func, handing: Handing): Place | undefined {
  let place: Place | undefined;
  eachStmt(func.body, (stmt) => {
    if (place || stmt.k !== 'let' || !stmt.init || stmt.pattern.k !== 'obj') return;
    if (!stmt.pattern.props.some(({ key }) => key === 'body')) return;
    if (context.requests.heldBy(at, stmt.init, handing)?.part === 'request')
      place = { file: at.spot.file, line: lineOf(stmt.at) };
  });
  return place;
}

function eachExpr(func: Func, visit: (expr: Expr) => void): void {
  eachStmt(func.body, (stmt) => {
    for (const own of exprsOf(stmt)) walkExpr(own, (expr) => visit(expr));
  });
}
