import { foreignKeys, type ForeignKey } from '../../facts/foreign-keys.ts';
import { defineControl, failOr } from '../../model/control.ts';

export const indexes = defineControl({
  id: 'database/indexes',
  area: 'database',
  scope: 'service',
  title: {
    pass: 'Every foreign key has an index',
    fail: 'Foreign keys have no index',
  },
  why: 'PostgreSQL, SQLite and SQL Server do not index the column by which rows point at another table. Without an index each lookup by it, each join and each delete of the row it points at reads the whole table.',
  failure:
    'The service is fast while its tables are small. Then one query after another takes seconds, and deleting a single user locks tables while every row of theirs is read.',
  remedy: 'Give each column that points at another table an index that begins with it, built without blocking writes.',
  done: 'Each foreign key is the first column of an index, of a unique constraint or of the primary key.',
  severity: 'minor',
  confidence: 'proven',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK',
    'https://www.prisma.io/docs/orm/prisma-schema/data-model/indexes',
    'https://use-the-index-luke.com/sql/where-clause/the-equals-operator/concatenated-keys',
  ],
  needs: { foreignKeys },
  messages: {
    unindexed: {
      text: '{column} points at {refers} and no index begins with it.',
      remedy: 'Add an index on {column}.',
    },
  },
  evaluate({ foreignKeys: found }) {
    if (found.automatic)
      return {
        verdict: 'not-applicable',
        because: `${found.automatic} makes an index for each foreign key by itself`,
      };
    if (found.tables === 0)
      return {
        verdict: 'unknown',
        because: 'the repository declares no tables that reading can follow',
        settle: 'Keep the schema in the repository, as a schema of the library or as migrations.',
      };
    if (found.keys.length === 0)
      return { verdict: 'not-applicable', because: `none of ${found.tables} tables points at another` };
    return failOr(found.keys.filter((key) => !key.indexed).map(violation), () => ({
      verdict: 'pass',
      evidence: [
        {
          searched: `${found.keys.length} foreign keys of ${found.tables} tables in ${found.files.slice(0, 3).join(', ')}`,
        },
      ],
    }));
  },
});

const violation = (key: ForeignKey) => {
  const column = `${key.table}.${key.columns.join('+')}`;
  return {
    message: 'unindexed' as const,
    data: { column, refers: key.refers || 'another table' },
    at: key.at,
    subject: column,
  };
};
