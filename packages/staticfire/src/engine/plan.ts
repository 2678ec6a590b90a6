import type { AnyCollector } from '../model/collector.ts';
import type { AnyControl } from '../model/control.ts';
import type { Fact } from '../model/fact.ts';

/** The collectors that the controls need, directly or not, each after what it builds on. Throws on a cycle: that is a bug. */
export function planCollectors(
  collectors: readonly AnyCollector[],
  controls: readonly AnyControl[],
  always: readonly Fact<unknown>[],
): readonly AnyCollector[] {
  const byFact = new Map(collectors.map((collector) => [collector.fact.id, collector]));
  const ordered = new Set<AnyCollector>();
  const visit = (fact: Fact<unknown>, path: readonly string[]): void => {
    const collector = byFact.get(fact.id);
    if (!collector || ordered.has(collector)) return;
    if (path.includes(fact.id)) throw new Error(`facts need each other in a circle: ${[...path, fact.id].join(' → ')}`);
    for (const need of factsOf(collector.needs)) visit(need, [...path, fact.id]);
    ordered.add(collector);
  };
  for (const fact of [...always, ...controls.flatMap((control) => factsOf(control.needs))]) visit(fact, []);
  return [...ordered];
}

const factsOf = (needs: Readonly<Record<string, Fact<unknown>>>): readonly Fact<unknown>[] => Object.values(needs);
