import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import type { LiveCalls, SitesByFile } from '../../facts/calls.ts';
import { namesOf, type Names } from '../environment/names.ts';

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
  const origin = ground.model.origin(spot.file, spot.fn, expr);
  if (origin.kind === 'param') return [{ fn: origin.fn, index: origin.index, member: origin.member }];
  if (origin.kind !== 'value' || origin.member || origin.expr === expr || origin.expr.k === 'ref') return [];
  return origin.file === spot.file ? paramsIn(ground, origin, origin.expr) : [];
}
