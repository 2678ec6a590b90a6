import { evaluate } from '../../code/polarity/evaluate.ts';
import type { Value } from '../../code/polarity/values.ts';
import type { ChainLink } from '../../facts/endpoints.ts';
import { placeOf, startRun, type Around } from './links.ts';
import { newSight } from './sight.ts';

const budget = 500;

/** What the decorators on a route and its class set for guards to read, by key: `@Public()` runs `SetMetadata`. */
export function metadataOf(around: Around, chain: readonly ChainLink[]): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  for (const link of chain)
    if (link.role === 'settings') for (const [key, value] of spokenBy(around, link)) found.set(key, value);
  return found;
}

function spokenBy(around: Around, link: ChainLink): ReadonlyMap<string, Value> {
  const { spoken } = around.memory;
  const before = spoken.get(link.expr);
  if (before) return before;
  const sight = newSight({ path: undefined, method: undefined }, new Map(), new Map());
  const run = startRun(around, sight, link.file, link.fn, placeOf(link), budget);
  evaluate(run, { file: link.file, fn: link.fn, vars: new Map(), exits: [] }, link.expr);
  spoken.set(link.expr, sight.spoken);
  return sight.spoken;
}
