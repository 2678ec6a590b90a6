import type { CodeModel } from '../../code/model.ts';
import type { CallReach, LostCall, ReachedFunction } from '../../code/reach/calls-of.ts';
import type { Spot } from '../../code/production.ts';
import { lineOf } from '../../code/summary.ts';
import type { Place, Step } from '../../model/place.ts';

/** A function that a start leads to, and the calls that lead there. */
export interface Reachable {
  readonly spot: Spot;
  readonly way: readonly ReachedFunction[];
}

/** What functions lead to, through abstract classes and interfaces to what implements them. */
export interface Ways {
  from(start: Spot): readonly Reachable[];
  /** Calls on the way that could not be followed. */
  lostFrom(start: Spot): readonly LostCall[];
}

const keyOf = ({ file, fn }: Spot): string => `${file}\0${fn}`;
/** How many abstract methods lie between a start and what it leads to. */
const deepest = 4;

export function createWays(model: CodeModel, reach: CallReach, files: readonly string[]): Ways {
  const known = new Map<string, readonly Reachable[]>();
  let classes: Implementations | undefined;
  const implementing = (call: LostCall): readonly Spot[] => (classes ??= implementationsIn(model, files))(call);
  const from = (start: Spot): readonly Reachable[] => {
    const found = known.get(keyOf(start)) ?? follow(model, reach, implementing, start);
    known.set(keyOf(start), found);
    return found;
  };
  return { from, lostFrom: (start) => reach.from(start).lost.filter((call) => implementing(call).length === 0) };
}

function follow(
  model: CodeModel,
  reach: CallReach,
  implementing: (call: LostCall) => readonly Spot[],
  start: Spot,
): readonly Reachable[] {
  const found = new Map<string, Reachable>();
  const visit = (spot: Spot, before: readonly ReachedFunction[], depth: number): void => {
    const reached = reach.from(spot);
    for (const way of reached.functions) {
      const key = keyOf(way.spot);
      if (!found.has(key)) found.set(key, { spot: way.spot, way: [...before, way] });
    }
    if (depth >= deepest) return;
    // What a function returns or keeps for later is run by those that it gives it to.
    for (const way of reached.functions)
      for (const inner of innerOf(model, way.spot))
        if (!found.has(keyOf(inner))) visit(inner, [...before, way], depth + 1);
    for (const lost of reached.lost)
      for (const next of implementing(lost)) if (!found.has(keyOf(next))) visit(next, [...before, lost.in], depth + 1);
  };
  visit(start, [], 0);
  return [...found.values()];
}

const innerOf = (model: CodeModel, { file, fn }: Spot): readonly Spot[] =>
  fn === 0
    ? []
    : (model.get(file)?.summary.functions ?? []).flatMap(({ parent }, inner) =>
        parent === fn ? [{ file, fn: inner }] : [],
      );

type Implementations = (call: LostCall) => readonly Spot[];

/** Methods of classes that extend or implement the type of what a call is made on. */
function implementationsIn(model: CodeModel, files: readonly string[]): Implementations {
  const byType = new Map<string, Map<string, Spot[]>>();
  for (const file of files)
    for (const cls of model.get(file)?.summary.classes ?? []) {
      const base = cls.extends?.k === 'ref' ? [cls.extends.path] : [];
      for (const type of [...base, ...cls.implements.map((name) => name.replace(/<.*$/, ''))])
        for (const { name, fn } of cls.members) {
          if (fn === undefined) continue;
          const methods = byType.get(type) ?? new Map<string, Spot[]>();
          byType.set(type, methods);
          methods.set(name, [...(methods.get(name) ?? []), { file, fn }]);
        }
    }
  return ({ call: { site, origin } }) => {
    const type =
      origin.kind === 'class'
        ? model.get(origin.file)?.summary.classes[origin.cls]?.name
        : origin.kind === 'param'
          ? typeOf(model, origin)
          : undefined;
    return type === undefined ? [] : (byType.get(type)?.get(site.name) ?? []);
  };
}

const typeOf = (
  model: CodeModel,
  { file, fn, index }: { readonly file: string; readonly fn: number; readonly index: number },
): string | undefined => model.get(file)?.summary.functions[fn]?.params[index]?.type?.match(/^[A-Za-z_$][\w$]*/)?.[0];

/** The path from the first of these functions to one that is looked for. */
export function wayTo<T extends Spot>(
  ways: Ways,
  starts: readonly Spot[],
  wanted: readonly T[],
): { readonly target: T; readonly reached: Reachable } | undefined {
  const keys = new Map(wanted.map((spot) => [keyOf(spot), spot]));
  if (keys.size === 0) return undefined;
  for (const start of starts) {
    for (const reached of ways.from(start)) {
      const target = keys.get(keyOf(reached.spot));
      if (target) return { target, reached };
    }
  }
  return undefined;
}

/** The calls from the start to a function, in the order in which they are made. */
export const stepsTo = (model: CodeModel, { way }: Reachable): readonly Step[] =>
  way.flatMap((one) => stepsOf(model, one));

function stepsOf(model: CodeModel, way: ReachedFunction): readonly Step[] {
  const steps: Step[] = [];
  for (let here: ReachedFunction | undefined = way; here?.by; here = here.by.in) {
    const { site } = here.by.call;
    const name = nameOf(model, here.spot);
    if (!here.by.handed || name !== '')
      steps.push({
        note: `calls ${name || site.name || 'a function'}`,
        at: { file: site.file, line: lineOf(site.expr.at) },
      });
  }
  return steps.toReversed();
}

/** The name of a function, or of the nearest one around it that has a name. */
export const nameOf = (model: CodeModel, { file, fn }: Spot): string => {
  const functions = model.get(file)?.summary.functions ?? [];
  for (let at = fn; at > 0; at = functions[at]?.parent ?? -1) if (functions[at]?.name) return functions[at]?.name ?? '';
  return '';
};

export const placeOf = (model: CodeModel, { file, fn }: Spot): Place => ({
  file,
  line: lineOf(model.get(file)?.summary.functions[fn]?.at ?? 1024),
});
