import type { When } from '../../facts/pipelines.ts';
import { type Event, mayRun } from './expression.ts';
import { both } from './source.ts';

/** When something with an `if` runs, inside of something that runs at `outer`. */
export function conditional(condition: string | undefined, outer: When, what: string): When {
  if (condition === undefined) return outer;
  const runs = (event: Event): boolean => mayRun(condition, event);
  const inner: When = { push: runs('push'), pullRequest: runs('pull_request'), schedule: runs('schedule') };
  const combined = both(outer, inner);
  const stopped = (outer.push || outer.pullRequest) && !combined.push && !combined.pullRequest;
  return stopped
    ? {
        ...combined,
        reason: `${what} \`if: ${condition.trim().slice(0, 80)}\` is never true on a push or pull request`,
      }
    : combined;
}
