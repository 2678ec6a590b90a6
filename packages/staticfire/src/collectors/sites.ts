import type { CodeModel } from '../code/model.ts';
import { sitesOf, type FileSites } from '../code/sites.ts';
import { sites } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';

/** Names of settings that some control judges. */
const kept: ReadonlySet<string> = new Set([
  'Access-Control-Allow-Origin',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'access-control-allow-origin',
  'allowInvalidCertificates',
  'autoRunMigrations',
  'body',
  'checkServerIdentity',
  'deleteUser',
  'headers',
  'ip',
  'ips',
  'key',
  'migrationsRun',
  'onRequestError',
  'proxy',
  'rejectUnauthorized',
  'routeRules',
  'runMigrations',
  'ssl',
  'sslInvalidCertificatesAllowed',
  'sslValidate',
  'synchronize',
  'timeout',
  'trustProxy',
  'x-forwarded-for',
  'X-Forwarded-For',
  'tlsAllowInvalidCertificates',
  'tlsAllowInvalidHostnames',
  'tlsInsecure',
  'trustServerCertificate',
]);

const none: FileSites = {
  calls: [],
  settings: [],
  mentions: [],
  handedTo: new Map(),
  strings: new Map(),
  statements: [],
};

export const sitesCollector = defineCollector({
  fact: sites,
  needs: { code },
  collect: ({ facts }) => known({ of: remembering(facts.code) }),
});

function remembering(model: CodeModel): (file: string) => FileSites {
  const walked = new Map<string, FileSites>();
  return (file) => {
    const before = walked.get(file);
    if (before) return before;
    const source = model.get(file);
    const found = source ? sitesOf(file, source.summary, kept) : none;
    walked.set(file, found);
    return found;
  };
}
