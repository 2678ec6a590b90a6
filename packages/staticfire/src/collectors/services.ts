import { code } from '../facts/code.ts';
import { containers } from '../facts/containers.ts';
import { project } from '../facts/project.ts';
import { services } from '../facts/services.ts';
import { frameworks } from '../frameworks/index.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { discover } from './services/discover.ts';

export const servicesCollector = defineCollector({
  fact: services,
  needs: { code, containers, project },
  collect: ({ workspace, facts }) =>
    known(discover({ workspace, frameworks, code: facts.code, containers: facts.containers, project: facts.project })),
});
