import type { Expr, Func } from '../../code/summary.ts';
import { walkFile } from '../../code/walk.ts';
import { headOf, type Names, type Spot } from './names.ts';
import { receiverOf } from './techniques.ts';

type Call = Extract<Expr, { k: 'call' }>;

export const functionAt = (names: Names, spot: Spot): Func | undefined =>
  names.model.get(spot.file)?.summary.functions[spot.fn];

/** The function of the repository that a call runs: also methods of classes, injected ones, and constructors. */
export function functionCalled(names: Names, spot: Spot, call: Call): Spot | undefined {
  if (call.callee.k === 'call') return functionRequired(names, spot, call.callee);
  const found = names.resolve(spot, call.callee);
  if (found?.k === 'function') return found.rest === '' ? { file: found.file, fn: found.fn } : undefined;
  if (found?.k === 'class')
    return methodOf(names, found.file, found.cls, found.rest || (call.new ? 'constructor' : ''));
  if (found?.k === 'expr' && found.expr.k === 'call' && found.rest)
    return onInstance(names, found, found.expr, found.rest);
  const receiver = call.callee.k === 'member' ? receiverOf(call.callee) : undefined;
  return receiver?.k === 'call' && call.callee.k === 'member'
    ? onInstance(names, spot, receiver, call.callee.name)
    : undefined;
}

/** `require('./limit')(value)`. */
function functionRequired({ model }: Names, spot: Spot, { callee, args: [from] }: Call): Spot | undefined {
  if (callee.k !== 'ref' || callee.path !== 'require' || from?.k !== 'str') return undefined;
  const target = model.get(spot.file)?.resolve(from.v);
  const found = target?.kind === 'file' ? model.exported(target.path, 'default') : undefined;
  return found?.kind === 'function' && !found.called && !found.member ? { file: found.file, fn: found.fn } : undefined;
}

function onInstance(names: Names, spot: Spot, made: Call, method: string): Spot | undefined {
  const cls = names.resolve(spot, made.callee);
  return cls?.k === 'class' ? methodOf(names, cls.file, cls.cls, method) : undefined;
}

export function methodOf(names: Names, file: string, index: number, path: string): Spot | undefined {
  const cls = names.model.get(file)?.summary.classes[index];
  const [name, rest] = headOf(path);
  if (!cls || !name || rest) return undefined;
  const member = cls.members.find((m) => m.name === name || (name === 'constructor' && m.kind === 'constructor'));
  if (member?.fn !== undefined) return { file, fn: member.fn };
  if (member?.value?.k === 'fn') return { file, fn: member.value.fn };
  const base = cls.extends && names.resolve({ file, fn: cls.parent }, cls.extends);
  return base?.k === 'class' ? methodOf(names, base.file, base.cls, name) : undefined;
}

/** A call that has a function among its arguments, and what it is called on. */
export interface Passed extends Spot {
  readonly call: Call;
}

/** Where each function expression of a file is handed to a call, by index. */
export function passedFunctions(names: Names, file: string): ReadonlyMap<number, Passed> {
  const found = new Map<number, Passed>();
  const summary = names.model.get(file)?.summary;
  if (!summary) return found;
  walkFile(summary, (expr, fn) => {
    if (expr.k !== 'call') return;
    const direct = [...expr.args, expr.callee].flatMap((a) =>
      a.k === 'fn' ? [a.fn] : a.k === 'obj' ? a.props.flatMap((p) => (p.value.k === 'fn' ? [p.value.fn] : [])) : [],
    );
    for (const inner of direct) found.set(inner, { file, fn, call: expr });
  });
  return found;
}

export const arrayMethod = /^(?:filter|forEach|find|findIndex|some|every|map|flatMap|reduce)$/;
