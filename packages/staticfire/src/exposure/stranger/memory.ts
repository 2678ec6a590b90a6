import { act, deny, hasActed, wasDenied, wasDeniedAuth } from '../../code/polarity/bind.ts';
import type { Callee } from '../../code/polarity/inline.ts';
import type { Run } from '../../code/polarity/run.ts';
import type { Atom, Frame, Value } from '../../code/polarity/values.ts';
import type { Expr } from '../../code/summary.ts';
import type { Concern } from './concern.ts';
import type { Encounter, Sight } from './sight.ts';

/** What came of following a function with plain arguments: the same for whoever calls it so. */
interface Kept {
  readonly value: Value;
  readonly acted: boolean;
  readonly denied: 'no' | 'yes' | 'auth';
  readonly encounters: readonly Encounter[];
  readonly losses: Sight['losses'];
  readonly refusals: Run['refusals'];
  readonly state: ReadonlyMap<string, Value>;
}

/** What all runs over one service share. */
export interface Memory {
  readonly concern: Concern;
  readonly outside: Map<Expr, Value>;
  readonly kept: Map<string, Kept>;
  /** What decorators say, by their expression. */
  readonly spoken: WeakMap<Expr, ReadonlyMap<string, Value>>;
}

/** One run, and what all share. */
interface Looking {
  readonly memory: Memory;
  readonly sight: Sight;
}

export const newMemory = (concern: Concern): Memory => ({
  concern,
  outside: new Map(),
  kept: new Map(),
  spoken: new WeakMap(),
});

const plain = (atom: Atom): string | undefined => {
  switch (atom.k) {
    case 'const':
      return `${typeof atom.v}:${String(atom.v)}`;
    case 'input':
      return atom.whole ? 'request' : atom.credential ? 'credential' : 'input';
    case 'any':
      return atom.lost ? undefined : atom.present ? 'present' : 'any';
    case 'unfound':
    case 'identity':
      return atom.k;
    case 'secret':
    case 'setting':
      return `${atom.k}:${atom.of}`;
    default:
      return undefined;
  }
};

function keyOf(sight: Sight, { file, fn, outer }: Callee, args: readonly Value[], run: Run): string | undefined {
  if (sight.state.size > 0 || (outer && (run.model.get(file)?.summary.functions[fn]?.parent ?? 0) > 0))
    return undefined;
  const parts: string[] = [`${file}:${fn}`];
  for (const arg of args) {
    const atoms = arg.map(plain);
    if (atoms.some((one) => one === undefined)) return undefined;
    parts.push(atoms.toSorted().join('|'));
  }
  return parts.join('\0');
}

/** What a call comes to without following it: it has nothing to do with the caller, or was followed before. */
export function spared(
  { memory, sight }: Looking,
  run: Run,
  callee: Callee,
  args: readonly Value[],
  caller: Frame,
): Value | undefined {
  const small = (run.model.get(callee.file)?.summary.functions[callee.fn]?.body.length ?? 0) <= 2;
  if (!small && !args.some(mustFollow) && !memory.concern.of(callee.file, callee.fn))
    return unfollowed(run, callee, caller);
  const key = keyOf(sight, callee, args, run);
  const kept = key === undefined ? undefined : memory.kept.get(key);
  if (!kept) return undefined;
  const path = [...run.path, run.site];
  sight.encounters.push(...kept.encounters.map((one) => ({ ...one, path: [...path, ...one.path] })));
  sight.losses.push(...kept.losses);
  run.refusals.push(...kept.refusals);
  for (const [name, value] of kept.state) sight.state.set(name, value);
  if (kept.acted && !wasDenied(caller)) act(caller);
  if (kept.denied !== 'no') deny(caller, kept.denied === 'auth');
  return kept.value;
}

const deeds =
  /^(?:create|insert|update|upsert|delete|remove|destroy|save|send|publish|enqueue|record|add|store|write|mark|cancel|approve|reject|process|trigger|execute|submit|sync|import|upload|revoke|assign|refund|charge)(?:$|[A-Z_])/;

/** A function that knows nothing of the caller: something comes back, and by its name it may have done something. */
function unfollowed(run: Run, { file, fn }: Callee, caller: Frame): Value {
  if (deeds.test(run.model.get(file)?.summary.functions[fn]?.name ?? '') && !wasDenied(caller)) act(caller);
  return [{ k: 'any', present: true }];
}

/** Handed what is not there, what stands behind, or code to run, a function may decide on it. */
const mustFollow = (value: Value): boolean =>
  value.some(
    (atom) =>
      atom.k === 'unfound' ||
      atom.k === 'secret' ||
      atom.k === 'next' ||
      atom.k === 'function' ||
      (atom.k === 'input' && atom.whole === true),
  );

export function followed(
  { memory, sight }: Looking,
  run: Run,
  callee: Callee,
  args: readonly Value[],
  caller: Frame,
  follow: () => Value,
): Value {
  const key = keyOf(sight, callee, args, run);
  const before = {
    met: sight.encounters.length,
    lost: sight.losses.length,
    refused: run.refusals.length,
    depth: run.path.length,
  };
  const { passed, particular } = sight;
  const flags = { acted: hasActed(caller), denied: wasDenied(caller) };
  const value = follow();
  const own =
    sight.passed === passed &&
    sight.spoken.size === 0 &&
    (particular || !sight.particular) &&
    !flags.acted &&
    !flags.denied;
  if (key === undefined || !own || particular || run.budget < 0 || value.some((atom) => atom.k === 'function'))
    return value;
  memory.kept.set(key, {
    value,
    acted: hasActed(caller),
    denied: wasDenied(caller) ? (wasDeniedAuth(caller) ? 'auth' : 'yes') : 'no',
    encounters: sight.encounters.slice(before.met).map((one) => ({ ...one, path: one.path.slice(before.depth + 1) })),
    losses: sight.losses.slice(before.lost),
    refusals: run.refusals.slice(before.refused),
    state: new Map(sight.state),
  });
  return value;
}
