import type { CodeModel, Origin } from './model.ts';
import type { Spot } from './production.ts';
import type { CallSite, FileSites } from './sites.ts';
import { eachStmt } from './walk.ts';

export interface ReachedCall {
  readonly call: CallSite;
  readonly origin: Origin;
  /** Inside what a timer starts: a fallback, not the way itself. */
  readonly delayed: boolean;
}

export interface Reached {
  readonly calls: readonly ReachedCall[];
  readonly functions: ReadonlySet<string>;
  /** A callback was called whose function could not be told. */
  readonly opaque: boolean;
}

type SitesOf = (file: string) => FileSites;

const most = 400;

/** Every call that running these functions can lead to inside the repository. */
export function follow(model: CodeModel, sites: SitesOf, starts: readonly Spot[]): Reached {
  const functions = new Set<string>();
  const calls: ReachedCall[] = [];
  const waiting = starts.map((spot) => ({ ...spot, delayed: false }));
  let opaque = false;
  for (let next = waiting.pop(); next && functions.size < most; next = waiting.pop()) {
    const key = `${next.file}\0${next.fn}`;
    if (functions.has(key)) continue;
    functions.add(key);
    const { file, fn, delayed } = next;
    for (const inner of innerFunctions(model, file, fn)) {
      waiting.push({ file, fn: inner, delayed: delayed || isTimer(sites(file).handedTo.get(inner)) });
    }
    for (const call of sites(file).calls) {
      if (call.fn !== fn) continue;
      const origin = calleeOf(model, sites, call);
      calls.push({ call, origin, delayed });
      for (const spot of [
        origin,
        ...call.expr.args.map((arg) => (arg.k === 'ref' ? model.origin(file, fn, arg) : undefined)),
      ]) {
        if (spot?.kind === 'function')
          waiting.push({ file: spot.file, fn: spot.fn, delayed: delayed || isTimer(call) });
      }
      if (origin.kind === 'param' || origin.kind === 'value') opaque = true;
    }
  }
  return { calls, functions, opaque };
}

const isTimer = (call: CallSite | undefined): boolean => call?.name === 'setTimeout';

/** What a call runs; `import('./x').then((m) => m.stop())` is followed into the module. */
function calleeOf(model: CodeModel, sites: SitesOf, call: CallSite): Origin {
  const origin = model.origin(call.file, call.fn, call.expr.callee);
  if (origin.kind !== 'param' || origin.index !== 0 || !origin.member) return origin;
  const then = sites(origin.file).handedTo.get(origin.fn);
  if (then?.name !== 'then' || then.expr.callee.k !== 'member') return origin;
  const module = model.origin(then.file, then.fn, then.expr.callee.of);
  return module.kind === 'namespace' ? (model.exported(module.file, origin.member) ?? origin) : origin;
}

/** Function values that stand in a function's body; declared functions are followed when they are called. */
function innerFunctions(model: CodeModel, file: string, fn: number): number[] {
  const functions = model.get(file)?.summary.functions ?? [];
  const declared = new Set<number>();
  eachStmt(functions[fn]?.body ?? [], (stmt) => {
    if (stmt.k === 'function') declared.add(stmt.fn);
  });
  return functions.flatMap((func, index) =>
    func.parent === fn && index !== fn && !declared.has(index) ? [index] : [],
  );
}
