import { exposureOf } from '../exposure/index.ts';
import { callReach, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { declarations } from '../facts/declarations.ts';
import { endpoints } from '../facts/endpoints.ts';
import { exposure } from '../facts/exposure.ts';
import { live } from '../facts/live.ts';
import { service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

export const exposureCollector = defineCollector({
  fact: exposure,
  needs: { callReach, code, declarations, endpoints, live, service, sites },
  collect: ({ facts }) =>
    known(
      exposureOf({
        service: facts.service,
        code: facts.code,
        live: facts.live,
        reach: facts.callReach,
        sites: facts.sites.of,
        endpoints: facts.endpoints.list,
        declared: facts.declarations.open,
      }),
    ),
});
