import { act, hasActed, wasDenied, wasDeniedAuth, bindPattern, deny } from './bind.ts';
import { evaluate } from './evaluate.ts';
import { execute, leave } from './execute.ts';
import type { Run } from './run.ts';
import { anything, isMissing, nothing, union, type Exit, type Frame, type Value } from './values.ts';
import type { Func } from '../summary.ts';

const deepest = 7;
const deepestInWorld = 12;

export interface Callee {
  readonly file: string;
  readonly fn: number;
  readonly outer?: Frame;
}

/**
 * Follows a call into a function of the repository: what it can return, nothing when it always throws.
 * `callback`: it runs in its caller's stead, so that its ends are the caller's.
 */
export function inline(run: Run, callee: Callee, args: readonly Value[], caller?: Frame, callback = false): Value {
  const func = run.model.get(callee.file)?.summary.functions[callee.fn];
  if (!func || func.generator || callee.fn === 0 || func.body.length === 0) return lostValue(run, args);
  if (run.stack.includes(keyOf(callee)) || run.budget < 0) return args.some(isMissing) ? [{ k: 'lost' }] : anything;
  if (run.stack.length >= (run.world ? deepestInWorld : deepest)) return lostValue(run, args);
  const exits: Exit[] = callback && caller ? caller.exits : [];
  const from = exits.length;
  const { frame, ends } = enter(run, callee, func, args, exits);
  if (ends && callback) leave(run, frame, func.body, [nothing], false);
  const returned = exits.slice(from).filter((exit) => !exit.thrown);
  if (caller && !callback) {
    if (returned.some((exit) => exit.acted) || (ends && hasActed(frame))) act(caller);
    if (wasDenied(frame)) deny(caller, wasDeniedAuth(frame));
  }
  const value = returned.reduce<Value>((all, exit) => union(all, exit.value), []);
  return ends ? union(value, [nothing]) : value;
}

const keyOf = (callee: Callee): string => `${callee.file}:${callee.fn}`;

const lostValue = (run: Run, args: readonly Value[]): Value =>
  args.some(isMissing) ? [{ k: 'lost' }] : (run.world?.cut(run) ?? anything);

/** Follows a function from its beginning to all of its ends. */
export function exitsOf(run: Run, callee: Callee, args: readonly Value[]): readonly Exit[] {
  const func = run.model.get(callee.file)?.summary.functions[callee.fn];
  if (!func) return [];
  const { frame, ends } = enter(run, callee, func, args, []);
  if (ends) leave(run, frame, func.body, [nothing], false);
  return frame.exits;
}

function enter(
  run: Run,
  callee: Callee,
  func: Func,
  args: readonly Value[],
  exits: Exit[],
): { readonly frame: Frame; readonly ends: boolean } {
  const { file, fn, outer } = callee;
  const frame: Frame = { file, fn, vars: new Map(), exits, ...(outer ? { outer } : {}) };
  bindParams(run, frame, func, args);
  run.stack.push(keyOf(callee));
  run.path.push(run.site);
  const { site } = run;
  const ends = execute(run, frame, func.body);
  run.stack.pop();
  run.path.pop();
  run.site = site;
  return { frame, ends };
}

function bindParams(run: Run, frame: Frame, func: Func, args: readonly Value[]): void {
  func.params.forEach((param, index) => {
    const given = param.rest ? [{ k: 'list' as const, items: args.slice(index).flat() }] : (args[index] ?? [nothing]);
    const absent = param.default && given.some((atom) => atom.k === 'const' && atom.v === undefined);
    const value =
      absent && param.default
        ? union(
            given.filter((atom) => !(atom.k === 'const' && atom.v === undefined)),
            evaluate(run, frame, param.default),
          )
        : given;
    bindPattern(run, frame, param.pattern, value);
  });
}
