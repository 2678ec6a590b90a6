import { live, reachability } from '../facts/live.ts';
import { service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

export const liveCollector = defineCollector({
  fact: live,
  needs: { reachability, service },
  collect: ({ facts }) => known(facts.reachability.of(facts.service)),
});
