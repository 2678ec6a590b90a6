import { databases, isDatabase, type Databases, type Pool } from '../../facts/databases.ts';
import { defineControl, failOr } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

export const poolLimits = defineControl({
  id: 'database/pool-limits',
  area: 'database',
  scope: 'service',
  title: {
    pass: 'Connection pools are bounded on purpose',
    fail: 'A connection pool runs on defaults that nobody chose',
  },
  why: 'A database accepts a fixed number of connections, shared by every instance of every service. Libraries default to sizes that ignore how many instances run, and several wait without end for a free connection.',
  failure:
    'Under load, or when the database stalls, requests queue for a connection for ever or the instances together take all the connections, and every service on that database goes down with this one.',
  remedy:
    'Set the size of the pool from the number of connections that the database allows and the number of instances, and set the time to wait for a connection and for a statement.',
  done: 'Each pool that live code creates sets its size or its timeouts, in the options or in the address.',
  severity: 'minor',
  confidence: 'proven',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://node-postgres.com/apis/pool',
    'https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections/connection-pool',
    'https://github.com/brettwooldridge/HikariCP/wiki/About-Pool-Sizing',
  ],
  needs: { databases },
  messages: {
    unbounded: {
      text: '{what} is created without a size or a timeout.',
      remedy:
        'Give it a size, a connect timeout and a statement timeout that fit the database and the number of instances.',
    },
    'unbounded-url': {
      text: 'PrismaClient is created without an adapter that sets limits, and no tracked address carries connection_limit or pool_timeout.',
      remedy:
        'Add connection_limit and pool_timeout to DATABASE_URL (and to its example), or use a driver adapter with explicit options.',
      confidence: 'likely',
    },
  },
  evaluate({ databases: found }) {
    const judged = found.pools.filter((pool) => isDatabase(pool.layer));
    if (judged.length === 0) return notApplicable(found);
    const unbounded = judged.filter((pool) => pool.limits.length === 0 && !pool.lost && !byUrl(pool, found));
    return failOr(
      unbounded.map((pool) => ({
        message: pool.what === 'PrismaClient' ? ('unbounded-url' as const) : ('unbounded' as const),
        data: { what: pool.what },
        at: pool.at,
        subject: pool.name,
      })),
      () => {
        const [first, ...rest] = judged
          .filter((pool) => !pool.lost || pool.limits.length > 0)
          .flatMap((pool) => evidenceOf(pool, found));
        if (first) return { verdict: 'pass', evidence: [first, ...rest] };
        const lost = judged.map((pool) => ({ ...pool.at, note: `options of the ${pool.what}` }));
        return {
          verdict: 'unknown',
          because: 'the options of its pools come from where reading cannot follow',
          settle: 'write the limits where the pool is created',
          evidence: lost,
        };
      },
    );
  },
});

const byUrl = (pool: Pool, found: Databases): boolean => pool.what === 'PrismaClient' && found.urlLimits.length > 0;

function evidenceOf(pool: Pool, found: Databases): Evidence[] {
  if (pool.limits.length > 0) return [{ ...pool.at, note: `sets ${pool.limits.join(', ')}` }];
  return found.urlLimits.slice(0, 1).map((at) => ({ ...at, note: 'the address bounds the pool' }));
}

function notApplicable(found: Databases): { verdict: 'not-applicable'; because: string } {
  const [embedded] = found.embedded;
  if (embedded) return { verdict: 'not-applicable', because: `${embedded.what} needs no pool of connections` };
  return { verdict: 'not-applicable', because: 'live code creates no connection pool to a database server' };
}
