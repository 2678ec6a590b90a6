import type { CallReach, OwnCall } from '../code/reach/calls-of.ts';
import type { Spot } from '../code/production.ts';
import type { Deeds } from './intent.ts';

const writes =
  /^(?:create\w*|insert\w*|update\w*|upsert\w*|delete\w*|remove\w*|destroy|save|replaceOne|bulkWrite|bulkCreate|increment|decrement|\$executeRaw\w*|findOneAndUpdate|findByIdAndUpdate|findOneAndDelete|findByIdAndDelete|merge|persist\w*)$/;
const stores =
  /^(?:@prisma\/.+|prisma|drizzle-orm|pg|postgres|mysql2?|better-sqlite3|typeorm|@nestjs\/typeorm|sequelize(?:-typescript)?|knex|kysely|mongoose|@nestjs\/mongoose|mongodb|@mikro-orm\/.+|@supabase\/.+|firebase-admin|@libsql\/.+|objection|@planetscale\/.+|@neondatabase\/.+|bookshelf)$/;
const receiver =
  /(?:^|\.)(?:prisma\w*|db|tx|trx|database|knex|repo\w*|\w+Repository|\w*[mM]odel|manager|em|entityManager)\./;

/** What handlers do, by the calls that they lead to; each handler is read once. */
export function deedsOf(reach: CallReach): Deeds {
  const known = new Map<string, boolean>();
  return {
    writes(handler: Spot) {
      const key = `${handler.file}\0${handler.fn}`;
      const found = known.get(key) ?? reach.from(handler).functions.some(({ calls }) => calls.some(isWrite));
      known.set(key, found);
      return found;
    },
  };
}

function isWrite({ site, origin }: OwnCall): boolean {
  if (!writes.test(site.name)) return false;
  return origin.kind === 'package' ? stores.test(origin.package) : receiver.test(site.path);
}
