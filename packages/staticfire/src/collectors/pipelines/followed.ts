import type { Step as Trail } from '../../model/place.ts';
import type { Frame, Leaf } from './leaf.ts';

/** What scripts lead to, as if each stood alone. */
export type Followed = Map<string, { readonly leaves: readonly Leaf[]; readonly cost: number }>;

/** Many jobs, scripts and task runners end in the same script: it is followed once, and each gets it with its own trail. */
export function followedOnce(key: string, frame: Frame, follow: (alone: Frame) => readonly Leaf[]): readonly Leaf[] {
  const { swallowed: _swallowed, ...rest } = frame;
  const { followed, budget } = frame;
  const whole = keyOf(key, frame);
  const held = followed.get(whole);
  if (held && held.cost < budget.left) {
    budget.left -= held.cost;
    return reached(held.leaves, frame);
  }
  const before = budget.left;
  const leaves = follow({ ...rest, trail: [] });
  if (budget.left > 0) followed.set(whole, { leaves, cost: before - budget.left });
  return reached(leaves, frame);
}

/** All of a frame that following looks at, apart from what only passes through to the leaves. */
const keyOf = (key: string, { depth, lost, env, seen }: Frame): string =>
  [key, depth, lost, env['ESLINT_USE_FLAT_CONFIG'], ...seen].join('\n');

const reached = (leaves: readonly Leaf[], { trail, swallowed }: Frame): readonly Leaf[] =>
  trail.length === 0 && !swallowed
    ? leaves
    : leaves.map((leaf) => ({ ...leaf, trail: joinTrail(trail, leaf.trail), ...(swallowed ? { swallowed } : {}) }));

const joinTrail = (before: readonly Trail[], own: readonly Trail[]): readonly Trail[] =>
  before.length === 0 ? own : [...before, ...own];
