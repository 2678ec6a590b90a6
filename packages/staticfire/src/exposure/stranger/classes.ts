import type { CodeModel, Origin } from '../../code/model.ts';
import { exitsOf } from '../../code/polarity/inline.ts';
import type { Run } from '../../code/polarity/run.ts';
import { constant, never, request, truth, type Value } from '../../code/polarity/values.ts';
import type { Spot } from '../../code/production.ts';
import type { Class } from '../../code/summary.ts';
import { sourceOf } from './sources/index.ts';
import { meet, type Sight } from './sight.ts';

export interface ClassSpot {
  readonly file: string;
  readonly cls: number;
}

/** A method of a class or of those above it; and the library class at the top, when there is one. */
export function methodOf(model: CodeModel, spot: ClassSpot, names: readonly string[]): Spot | undefined {
  for (const { file, cls } of lineOf(model, spot)) {
    const member = cls.members.find((one) => one.fn !== undefined && names.includes(one.name));
    if (member?.fn !== undefined) return { file, fn: member.fn };
  }
  return undefined;
}

/** The class and those above it, as far as they stand in the repository. */
function lineOf(model: CodeModel, spot: ClassSpot): readonly { readonly file: string; readonly cls: Class }[] {
  const found: { file: string; cls: Class }[] = [];
  let at: ClassSpot | undefined = spot;
  while (at && found.length < 8) {
    const cls: Class | undefined = model.get(at.file)?.summary.classes[at.cls];
    if (!cls) break;
    found.push({ file: at.file, cls });
    const origin: Origin | undefined = cls.extends ? model.origin(at.file, cls.parent, cls.extends) : undefined;
    at = origin?.kind === 'class' ? { file: origin.file, cls: origin.cls } : undefined;
  }
  return found;
}

/** The class in whose method a function stands. */
export function ownerOf(model: CodeModel, { file, fn }: Spot): ClassSpot | undefined {
  const functions = model.get(file)?.summary.functions ?? [];
  for (let at = fn; at > 0; at = functions[at]?.parent ?? -1) {
    const cls = functions[at]?.owner;
    if (cls !== undefined) return { file, cls };
  }
  return undefined;
}

/** A method of the classes above one. */
export function inheritedMethod(model: CodeModel, spot: ClassSpot, name: string): Spot | undefined {
  const [, ...above] = lineOf(model, spot);
  for (const { file, cls } of above) {
    const member = cls.members.find((one) => one.fn !== undefined && one.name === name);
    if (member?.fn !== undefined) return { file, fn: member.fn };
  }
  return undefined;
}

/** What a guard class of a library, on which a class of the repository stands, answers a stranger. Undefined where there is none. */
export function inheritedAnswer(sight: Sight, run: Run, spot: ClassSpot): Value | undefined {
  const line = lineOf(run.model, spot);
  const top = line.at(-1);
  const base = top?.cls.extends;
  if (!top || !base) return undefined;
  const source = sourceOf(run.model.origin(top.file, top.cls.parent, base.k === 'call' ? base.callee : base));
  if (source?.answer !== 'denies') return undefined;
  meet(sight, run, source.kind, source.what);
  const own = methodOf(run.model, spot, ['handleRequest']);
  return own ? handled(run, own) : never;
}

/** `handleRequest(error, user, info, context)` decides in the library's stead: who gets a value back goes on. */
function handled(run: Run, own: Spot): Value {
  const args: readonly Value[] = [constant(null), constant(false), [{ k: 'any', present: true }], [request]];
  const left = exitsOf(run, own, args).filter((exit) => !exit.thrown && !exit.denied);
  return left.length > 0 ? constant(true) : never;
}

export const lets = (value: Value): boolean => value.some((atom) => atom.k !== 'denial' && truth([atom]).yes);
