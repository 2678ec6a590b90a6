import { code } from '../facts/code.ts';
import { live } from '../facts/live.ts';
import { nestModules } from '../facts/nest-modules.ts';
import { service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { absent, known } from '../model/fact.ts';
import { moduleGraph } from './nest-modules/graph.ts';

export const nestModulesCollector = defineCollector({
  fact: nestModules,
  needs: { code, live, service },
  collect({ facts }) {
    if (!facts.service.frameworks.includes('nestjs')) return absent('the service does not use NestJS');
    const graph = moduleGraph(facts);
    return graph ? known(graph) : absent('no module is booted with NestFactory');
  },
});
