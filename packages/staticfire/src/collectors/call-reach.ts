import { createCallReach } from '../code/reach/calls-of.ts';
import { callReach, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

export const callReachCollector = defineCollector({
  fact: callReach,
  needs: { code, sites },
  collect: ({ facts }) => known(createCallReach(facts.code, facts.sites.of)),
});
