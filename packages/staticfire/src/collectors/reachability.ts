import { posix } from 'node:path';
import { createGraph } from '../code/reach/graph.ts';
import { createIndex } from '../code/reach/index-files.ts';
import { code } from '../facts/code.ts';
import { reachability } from '../facts/live.ts';
import { project } from '../facts/project.ts';
import { services, type Service } from '../facts/services.ts';
import { frameworks } from '../frameworks/index.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { serviceCode, type ServiceCode } from './reachability/live-code.ts';
import { reachOf } from './reachability/reach.ts';
import { namedByRunners } from './reachability/runners.ts';

/** Frameworks for which 'use client' ends the server's code. */
const divided: ReadonlySet<string> = new Set(
  frameworks.filter((framework) => framework.clientBoundary).map((framework) => framework.id),
);

export const reachabilityCollector = defineCollector({
  fact: reachability,
  needs: { code, project, services },
  collect({ facts }) {
    const programDirOf = (file: string): string => facts.project.manifestOf(file)?.dir ?? posix.dirname(file);
    const graph = createGraph(facts.code, programDirOf);
    const index = createIndex(graph);
    const made = new Map<string, ServiceCode>();
    const codeOf = (service: Service): ServiceCode => {
      const found =
        made.get(service.id) ??
        serviceCode(
          graph,
          index,
          service,
          service.frameworks.some((id) => divided.has(id)),
        );
      made.set(service.id, found);
      return found;
    };
    const all = facts.services.list.map((service) => ({ service, code: codeOf(service) }));
    const reach = reachOf({
      graph,
      services: all,
      browser: facts.services.browser,
      testing: namedByRunners(facts.code),
    });
    return known({ of: (service) => codeOf(service).live, reach });
  },
});
