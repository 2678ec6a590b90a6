import { calls, sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { live, reach } from '../facts/live.ts';
import { project } from '../facts/project.ts';
import { responseHeaders, securityHeaders } from '../facts/response-headers.ts';
import { service } from '../facts/services.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import { byConfiguration } from './response-headers/configuration.ts';
import { dead } from './response-headers/dead.ts';
import { merged } from './response-headers/found.ts';
import { byHand } from './response-headers/handwritten.ts';
import { byLibraries } from './response-headers/libraries.ts';
import { byPlatforms } from './response-headers/platforms.ts';

export const responseHeadersCollector = defineCollector({
  fact: responseHeaders,
  needs: { calls, code, live, project, reach, service, sites },
  collect({ workspace, facts }) {
    const reading = { ...facts, sites: facts.sites.of };
    const found = merged([
      byLibraries(reading),
      byConfiguration(reading),
      byHand(reading),
      byPlatforms(workspace, facts.service),
    ]);
    const missing = securityHeaders.filter((header) => !found.sent.some((one) => one.header === header));
    const all = missing.length > 0 ? merged([found, dead(reading)]) : found;
    return known({ sent: all.sent, idle: all.idle.filter((one) => missing.includes(one.header)) });
  },
});
