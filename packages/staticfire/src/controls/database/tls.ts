import { databases, type Databases } from '../../facts/databases.ts';
import { calls } from '../../facts/calls.ts';
import { verification, type VerificationOff } from '../../facts/verification.ts';
import { defineControl, failOr } from '../../model/control.ts';

export const tls = defineControl({
  id: 'database/tls',
  area: 'database',
  scope: 'service',
  title: {
    pass: 'Connections to data stores verify the server',
    fail: 'A connection to a data store accepts any server',
  },
  why: 'Encryption without verification protects from nobody: whoever can answer in the place of the server reads and changes everything, passwords first. `rejectUnauthorized: false` is most often copied to silence an error about a missing certificate authority.',
  failure:
    'Someone on the way, or a wrong DNS answer, takes the place of the database. The service sends its credentials and the data of its users, and nothing in its logs looks different.',
  remedy: "Give the client the provider's certificate authority (`ssl: { ca }`) and leave verification on.",
  done: 'No connection that production code makes to a database, cache or queue switches verification off, and neither does the process as a whole.',
  severity: 'major',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cwe.mitre.org/data/definitions/295.html',
    'https://node-postgres.com/features/ssl',
    'https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue',
  ],
  needs: { calls, databases, verification },
  messages: {
    off: {
      text: 'The connection is made with {what}: any server is accepted.',
      remedy: 'Remove it and pass the certificate authority of the provider as `ca`.',
    },
    'unless-set': {
      text: '{what}: while nobody sets it, any server is accepted.',
      remedy: 'Turn it round: verify unless a variable says otherwise, and refuse that in production.',
      confidence: 'likely',
    },
    process: {
      text: '{what} switches verification off for every connection of the process.',
      remedy: 'Remove it; add the missing certificate authority with NODE_EXTRA_CA_CERTS.',
    },
    address: {
      text: 'There is {what}.',
      remedy: 'Use sslmode=verify-full and give the certificate authority.',
    },
  },
  evaluate({ databases: found, calls: walked, verification: off }) {
    if (!remote(found) && !off.some((one) => one.kind === 'process')) {
      const [embedded] = found.embedded;
      const because = embedded
        ? `its data store is reached with ${embedded.what}: in the process, or over HTTPS`
        : 'live code reaches no database, cache or queue over the network';
      return { verdict: 'not-applicable', because };
    }
    const [first, ...rest] = found.stores.map((store) => ({
      ...store.at,
      note: `reaches a data store with ${store.package}`,
    }));
    return failOr(off.map(violation), () => ({
      verdict: 'pass',
      evidence: [
        {
          searched: `switches that turn certificate checks off in ${walked.files} live files, start scripts and deployment files`,
        },
        ...(first ? [first, ...rest].slice(0, 5) : []),
      ],
    }));
  },
});

/** A file on the disk needs no TLS. */
function remote(found: Databases): boolean {
  if (found.pools.length > 0) return true;
  const stores = found.stores.filter((store) => store.layer !== 'embedded');
  return found.embedded.length > 0
    ? stores.some((store) => store.layer === 'cache' || store.layer === 'queue')
    : stores.length > 0;
}

function violation(one: VerificationOff) {
  return { message: one.kind, data: { what: one.what }, at: one.at, subject: one.subject };
}
