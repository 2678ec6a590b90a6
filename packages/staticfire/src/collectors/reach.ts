import { reach, reachability } from '../facts/live.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

export const reachCollector = defineCollector({
  fact: reach,
  needs: { reachability },
  collect: ({ facts }) => known(facts.reachability.reach),
});
