import type { Spot } from '../../code/production.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { Limit, Reached } from '../../facts/exposure.ts';
import type { Context } from '../reading/context.ts';
import { stepOf, type Stage } from '../reading/stages.ts';
import { absent } from '../site.ts';
import { limiterName } from '../sources/limiters.ts';
import { askedLimits, type Asked } from './asked.ts';
import { builtIn } from './built-in.ts';
import { madeLimit } from './made.ts';
import { createThrottler } from './throttler.ts';

export interface Limited {
  readonly limits: readonly Limit[];
  readonly reached: Reached;
}

/** Reads the limits of endpoints, and of functions that a library calls to sign someone in. */
export interface Limits {
  of(endpoint: Endpoint): Limited;
  inFunction(spot: Spot): readonly Limit[];
}

export function createLimits(context: Context): Limits {
  const known = new WeakMap<Stage, readonly Asked[]>();
  const throttler = createThrottler(context);
  const ofStage = (stage: Stage): readonly Asked[] => {
    const found = known.get(stage) ?? limitsOf(context, stage);
    known.set(stage, found);
    return found;
  };
  return {
    of(endpoint) {
      const stages = context.stages.of(endpoint);
      const asked = [...stages.flatMap(ofStage), ...throttler(endpoint, stages), ...builtIn(context, endpoint, stages)];
      const limits = asked.filter((one) => typeof one !== 'string');
      return { limits, reached: reachedBy(limits, asked, stages) };
    },
    inFunction: (spot) =>
      askedLimits(context, context.stages.ofFunction(spot)).filter((one) => typeof one !== 'string'),
  };
}

function limitsOf(context: Context, stage: Stage): readonly Asked[] {
  const made = madeLimit(context, stage);
  return made === undefined ? askedLimits(context, stage) : [made];
}

function reachedBy(limits: readonly Limit[], asked: readonly Asked[], stages: readonly Stage[]): Reached {
  const last = limits.at(-1);
  if (last) return { answer: 'yes', what: last.what, why: '', trail: last.trail };
  const why = asked.find((one) => typeof one === 'string');
  if (why !== undefined) return { answer: 'no', what: '', why, trail: [] };
  const foreign = stages.find(
    ({ link, origin, name, reached }) =>
      link && !reached && (origin?.kind === 'package' || origin?.kind === 'unknown') && limiterName.test(name),
  );
  if (!foreign) return absent;
  return {
    answer: 'unknown',
    what: '',
    why: `whether ${foreign.name} limits anything is not known`,
    trail: [stepOf(foreign)],
  };
}
