import { code } from '../facts/code.ts';
import { environmentCode } from '../facts/environment.ts';
import { reach } from '../facts/live.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { collectEnvironment } from './environment/collect.ts';

export const environmentCodeCollector = defineCollector({
  fact: environmentCode,
  needs: { code, reach },
  collect: ({ facts }) =>
    known(
      collectEnvironment(
        facts.code,
        (file) => ['test', 'client'].includes(facts.reach.roleOf(file)),
        (file) => facts.reach.roleOf(file) === 'live',
      ),
    ),
});
