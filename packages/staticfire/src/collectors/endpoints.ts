import { posix } from 'node:path';
import { filesBelow } from '../code/reach/below.ts';
import { loadsOf } from '../code/reach/loads.ts';
import type { EndpointReader, EndpointSite, Found } from '../endpoints/framework.ts';
import { readers } from '../endpoints/index.ts';
import { siteOf } from '../endpoints/site.ts';
import { sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { endpoints, type Endpoint } from '../facts/endpoints.ts';
import { live } from '../facts/live.ts';
import { project } from '../facts/project.ts';
import { service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

export const endpointsCollector = defineCollector({
  fact: endpoints,
  needs: { code, live, project, service, sites },
  collect({ workspace, facts }) {
    const below = (prefix: string): readonly string[] => filesBelow(facts.code.files, prefix);
    const programDirOf = (file: string): string => facts.project.manifestOf(file)?.dir ?? posix.dirname(file);
    const site = siteOf({
      service: facts.service,
      code: facts.code,
      live: facts.live,
      workspace,
      computed: (file) => loadsOf(facts.code, file, below, programDirOf(file)).files,
      sites: (file) => facts.sites.of(file),
    });
    const found = readers.map((reader) => findWith(reader, site));
    const read = new Set(readers.flatMap((reader) => reader.reads));
    return known({
      list: found.flatMap(({ list }) => list).toSorted(byPath),
      lost: found.flatMap(({ lost }) => lost),
      unread: facts.service.frameworks.filter((id) => !read.has(id)),
    });
  },
});

/** Code that nests deeper than the stack bears is said to be lost, with what the other readers found beside it. */
function findWith(reader: EndpointReader, site: EndpointSite): Found {
  try {
    return reader.find(site);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const at = { file: site.service.entries[0].file };
    return {
      list: [],
      lost: [{ at, framework: reader.id, what: 'number', why: 'the code nests too deep to be followed' }],
    };
  }
}

const byPath = (a: Endpoint, b: Endpoint): number =>
  compare(a.surface, b.surface) ||
  compare(a.path, b.path) ||
  compare(a.method, b.method) ||
  compare(a.at.file, b.at.file) ||
  (a.at.line ?? 0) - (b.at.line ?? 0);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
