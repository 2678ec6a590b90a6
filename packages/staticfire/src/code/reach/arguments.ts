import type { CodeModel, Origin } from '../model.ts';
import type { Spot } from '../production.ts';
import type { CallSite, FileSites } from '../sites.ts';
import type { Expr } from '../summary.ts';
import type { ReachedFunction } from './calls-of.ts';

type Parameter = Extract<Origin, { kind: 'param' }>;

/** Where an argument was written: in a function that was reached, or anywhere. */
interface Given {
  readonly expr: Expr;
  readonly spot: Spot;
  readonly in: ReachedFunction | undefined;
}

const deepest = 8;
/** In how many files the callers of a function are looked for. */
const widest = 30;

/** What parameters stand for. */
export interface Arguments {
  origin(at: ReachedFunction, expr: Expr): Origin;
}

export function createArguments(model: CodeModel, sites: (file: string) => FileSites): Arguments {
  const callers = new Map<string, CallSite | undefined>();
  const onlyCaller = ({ file, fn }: Spot): CallSite | undefined => {
    const key = `${file}\0${fn}`;
    if (!callers.has(key)) callers.set(key, findOnlyCaller(model, sites, { file, fn }));
    return callers.get(key);
  };
  const resolve = (spot: Spot, at: ReachedFunction | undefined, expr: Expr, depth: number): Origin => {
    const origin = model.origin(spot.file, spot.fn, expr);
    if (origin.kind !== 'param' || depth > deepest) return origin;
    const given = at ? (fromCallers(at, origin) ?? fromMaker(model, at, origin)) : undefined;
    const found = given ?? fromOnlyCaller(onlyCaller, at, origin);
    if (!found) return ofType(model, origin);
    const inner = resolve(found.spot, found.in, withMember(found.expr, origin.member), depth + 1);
    return inner.kind === 'unknown' ? ofType(model, origin) : inner;
  };
  return { origin: (at, expr) => resolve(at.spot, at, expr, 0) };
}

/** The call that runs the function whose parameter it is, when it is on the way here. */
function fromCallers(at: ReachedFunction, param: Parameter): Given | undefined {
  for (let here: ReachedFunction | undefined = at; here; here = here.by?.in) {
    if (here.spot.fn !== param.fn || here.spot.file !== param.file || !here.by || here.by.handed) continue;
    const { site } = here.by.call;
    const expr = site.expr.args[param.index];
    if (expr && expr.k !== 'spread') return { expr, spot: site, in: here.by.in };
  }
  return undefined;
}

/** `validate(schema)`: what the function around the one that it returned was given. */
function fromMaker(model: CodeModel, at: ReachedFunction, param: Parameter): Given | undefined {
  const start = startOf(at);
  const { made } = start;
  if (!made || start.spot.file !== param.file || !encloses(model, param, start.spot)) return undefined;
  const expr = made.expr.args[param.index];
  return expr && expr.k !== 'spread' ? { expr, spot: made, in: undefined } : undefined;
}

function startOf(at: ReachedFunction): ReachedFunction {
  let here = at;
  while (here.by) here = here.by.in;
  return here;
}

function encloses(model: CodeModel, outer: Spot, inner: Spot): boolean {
  const functions = model.get(inner.file)?.summary.functions;
  for (let fn = functions?.[inner.fn]?.parent ?? -1; fn >= 0; fn = functions?.[fn]?.parent ?? -1)
    if (fn === outer.fn) return true;
  return false;
}

/** A function that is called in one place of the repository, as those that make controllers are. */
function fromOnlyCaller(
  onlyCaller: (spot: Spot) => CallSite | undefined,
  at: ReachedFunction | undefined,
  param: Parameter,
): Given | undefined {
  // What handles requests is called by a framework.
  if (at && startOf(at).spot.fn === param.fn && startOf(at).spot.file === param.file) return undefined;
  const call = onlyCaller(param);
  const expr = call?.expr.args[param.index];
  return call && expr && expr.k !== 'spread' ? { expr, spot: call, in: undefined } : undefined;
}

function findOnlyCaller(
  model: CodeModel,
  sites: (file: string) => FileSites,
  { file, fn }: Spot,
): CallSite | undefined {
  const summary = model.get(file)?.summary;
  const func = summary?.functions[fn];
  const owner = func?.owner === undefined ? undefined : summary?.classes[func.owner];
  const made = owner?.members.some(({ kind, fn: own }) => kind === 'constructor' && own === fn);
  const name = made ? owner?.name : func?.name;
  const files = [file, ...model.importersOf(file)];
  if (!name || files.length > widest) return undefined;
  const calls = files
    .flatMap((one) =>
      sites(one).calls.filter((call) => call.name === name && (call.expr.new === true) === Boolean(made)),
    )
    .filter((call) => leadsTo(model, call, { file, fn }, made ? func?.owner : undefined));
  return calls.length === 1 ? calls[0] : undefined;
}

function leadsTo(model: CodeModel, call: CallSite, { file, fn }: Spot, owner: number | undefined): boolean {
  const origin = model.origin(call.file, call.fn, call.expr.callee);
  return owner === undefined
    ? origin.kind === 'function' && origin.file === file && origin.fn === fn && !origin.member
    : origin.kind === 'class' && origin.file === file && origin.cls === owner && !origin.member;
}

/** A parameter whose type is a class of the repository stands for an instance of it. */
function ofType(model: CodeModel, origin: Parameter): Origin {
  const { file, fn, index, member } = origin;
  if (!member) return origin;
  const type = model.get(file)?.summary.functions[fn]?.params[index];
  const name = type?.pattern.k === 'name' ? type.type?.match(/^[A-Z][\w$]*$/)?.[0] : undefined;
  if (!name) return origin;
  const named: Expr = { k: 'call', callee: { k: 'ref', path: name, at: 0 }, args: [], new: true, at: 0 };
  const found = model.origin(file, 0, withMember(named, member));
  return found.kind === 'function' || found.kind === 'package' ? found : origin;
}

function withMember(expr: Expr, member: string): Expr {
  if (member === '') return expr;
  if (expr.k === 'ref') return { ...expr, path: `${expr.path}.${member}` };
  return member
    .split('.')
    .reduce<Expr>((of, name) => ({ k: 'member', of, name, at: 'at' in expr ? expr.at : 0 }), expr);
}
