import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr, Pattern } from '../../code/summary.ts';
import { eachStmt } from '../../code/walk.ts';
import type { LiveCalls, SitesByFile } from '../../facts/calls.ts';
import { joinPath, namesOf, type Names } from '../environment/names.ts';

/** What calls are followed with. */
export interface Ground {
  readonly model: CodeModel;
  readonly calls: LiveCalls;
  readonly sites: SitesByFile;
  readonly names: Names;
  /** Live calls of a function of the repository. */
  callers(file: string, fn: number): readonly CallSite[];
}

export function groundOf(model: CodeModel, calls: LiveCalls, sites: SitesByFile): Ground {
  const known = new Map<string, readonly CallSite[]>();
  return {
    model,
    calls,
    sites,
    names: namesOf(model),
    callers(file, fn) {
      const key = `${fn} ${file}`;
      const found = known.get(key) ?? callersOf(model, calls, file, fn);
      known.set(key, found);
      return found;
    },
  };
}

function callersOf(model: CodeModel, calls: LiveCalls, file: string, fn: number): readonly CallSite[] {
  const name = model.get(file)?.summary.functions[fn]?.name;
  if (!name) return [];
  return calls.named(name).filter((call) => {
    const origin = calls.origin(call);
    return origin.kind === 'function' && origin.file === file && origin.fn === fn && !origin.member;
  });
}

/** A function and those around it, inner first. */
export function around(model: CodeModel, file: string, fn: number): readonly number[] {
  const functions = model.get(file)?.summary.functions ?? [];
  const found: number[] = [];
  for (let at = fn; at > 0; at = functions[at]?.parent ?? 0) found.push(at);
  return found;
}

/** The nearest function around a spot that has a name: the module body when there is none. */
export function namedAround(model: CodeModel, file: string, fn: number): number {
  const functions = model.get(file)?.summary.functions ?? [];
  return around(model, file, fn).find((at) => functions[at]?.name) ?? 0;
}

interface Passed {
  readonly fn: number;
  readonly index: number;
  readonly member: string;
}

/** The parameters that an options expression is made of. */
export function paramsIn(ground: Ground, spot: Spot, expr: Expr): readonly Passed[] {
  switch (expr.k) {
    case 'ref':
    case 'member':
      return paramOf(ground, spot, expr);
    case 'obj':
      return expr.props.flatMap((prop) => (prop.key === '...' ? paramsIn(ground, spot, prop.value) : []));
    case 'bin':
      return [...paramsIn(ground, spot, expr.l), ...paramsIn(ground, spot, expr.r)];
    case 'cond':
      return [...paramsIn(ground, spot, expr.then), ...paramsIn(ground, spot, expr.else)];
    case 'call':
      return expr.args.flatMap((arg) => paramsIn(ground, spot, arg));
    case 'await':
    case 'spread':
      return paramsIn(ground, spot, expr.of);
    default:
      return [];
  }
}

function paramOf(ground: Ground, spot: Spot, expr: Expr): readonly Passed[] {
  const found = ground.names.resolve(spot, expr);
  if (found?.k === 'param' && found.file === spot.file)
    return [{ fn: found.fn, index: found.index, member: found.rest }];
  if (found?.k !== 'expr' || found.file !== spot.file || found.expr === expr) return [];
  const { rest } = found;
  return paramsIn(ground, found, found.expr).map((param) => ({ ...param, member: joinPath(param.member, rest) }));
}

/** `{ timeout = 5000 }` or `timeout = 5000`, in a parameter or a declaration around the spot. */
export function hasDefault({ model }: Ground, spot: Spot, name: string): boolean {
  const functions = model.get(spot.file)?.summary.functions ?? [];
  return around(model, spot.file, spot.fn).some((fn) => {
    const func = functions[fn];
    const params = (func?.params ?? []).some(
      (param) =>
        defaultIn(param.pattern, name) || (param.default && param.pattern.k === 'name' && param.pattern.name === name),
    );
    let declared = false;
    eachStmt(func?.body ?? [], (stmt) => {
      declared ||= stmt.k === 'let' && defaultIn(stmt.pattern, name);
    });
    return params || declared;
  });
}

const defaultIn = (pattern: Pattern, name: string): boolean =>
  pattern.k === 'obj' &&
  pattern.props.some(
    (prop) =>
      defaultIn(prop.pattern, name) ||
      (prop.default !== undefined && prop.pattern.k === 'name' && prop.pattern.name === name),
  );
