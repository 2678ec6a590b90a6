import { wasDenied, wasDeniedAuth, bindPattern, deny } from './bind.ts';
import { evaluate } from './evaluate.ts';
import { execute, leave } from './execute.ts';
import type { Run } from './run.ts';
import { anything, isMissing, nothing, union, type Exit, type Frame, type Value } from './values.ts';

const deepest = 7;

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
  const key = `${callee.file}:${callee.fn}`;
  const lost: Value = args.some(isMissing) ? [{ k: 'lost' }] : anything;
  if (!func || func.generator || callee.fn === 0 || func.body.length === 0) return lost;
  if (run.stack.length >= deepest || run.stack.includes(key) || run.budget < 0) return lost;
  const exits: Exit[] = callback && caller ? caller.exits : [];
  const frame: Frame = {
    file: callee.file,
    fn: callee.fn,
    vars: new Map(),
    exits,
    ...(callee.outer ? { outer: callee.outer } : {}),
  };
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
  run.stack.push(key);
  const { site } = run;
  const from = exits.length;
  const ends = execute(run, frame, func.body);
  if (ends && callback) leave(run, frame, func.body, [nothing], false);
  run.stack.pop();
  run.site = site;
  if (caller && !callback && wasDenied(frame)) deny(caller, wasDeniedAuth(frame));
  const returned = exits.slice(from).filter((exit) => !exit.thrown);
  const value = returned.reduce<Value>((all, exit) => union(all, exit.value), []);
  return ends ? union(value, [nothing]) : value;
}
