import type { Origin } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import type { Expr } from '../../code/summary.ts';
import { propOf, walkExpr } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import { receiverOf } from './calls.ts';
import { written } from './words.ts';

/** A call whose first argument a database runs as a query, or as a part of one. */
export interface Sending {
  readonly call: CallSite;
  readonly text: Expr;
  /** Its first argument is a query whatever it looks like. */
  readonly sure: boolean;
}

/** Names that nothing but raw queries has. */
const raw =
  /^(?:\$queryRawUnsafe|\$executeRawUnsafe|whereRaw|andWhereRaw|orWhereRaw|havingRaw|orderByRaw|groupByRaw|joinRaw|fromRaw|executeRawUnsafe|queryRawUnsafe)$/;
/** Names that many things have; the receiver or the text decides. */
const shared = [
  'query',
  'execute',
  'executeQuery',
  'queryRaw',
  'executeSql',
  'prepare',
  'exec',
  'run',
  'all',
  'get',
  'each',
  'one',
  'many',
  'none',
  'any',
  'oneOrNone',
  'manyOrNone',
  'command',
  'raw',
  'literal',
  'unsafe',
  'sql',
  'stream',
  'simple',
] as const;
/** Query builders of TypeORM and MikroORM take conditions as text. */
const conditions = ['where', 'andWhere', 'orWhere', 'having', 'andHaving', 'orHaving'] as const;

const names = [
  '$queryRawUnsafe',
  '$executeRawUnsafe',
  'whereRaw',
  'andWhereRaw',
  'orWhereRaw',
  'havingRaw',
  'orderByRaw',
  'groupByRaw',
  'joinRaw',
  'fromRaw',
  ...shared,
  ...conditions,
];

const libraries =
  /^(?:pg|pg-promise|pg-pool|postgres|mysql2?|mariadb|better-sqlite3|sqlite3?|mssql|tedious|oracledb|knex|kysely|drizzle-orm|sequelize|sequelize-typescript|@sequelize\/core|typeorm|slonik|@prisma\/client|@neondatabase\/serverless|@vercel\/postgres|@libsql\/client|@planetscale\/database|@clickhouse\/client(?:-web)?|@mikro-orm\/.+|objection|snowflake-sdk|duckdb|@duckdb\/.+|@google-cloud\/bigquery|@databases\/.+|sqlite|@electric-sql\/pglite)$/;
const holders =
  /(?:^|\.|_)(?:pool|client|db|database|conn|connection|knex|sequelize|prisma|tx|trx|transaction|dataSource|datasource|manager|entityManager|em|queryRunner|repository|repo|pg|mysql|clickhouse|sqlite|sql|orm|qb|queryBuilder)$|(?:Pool|Client|Db|DB|Database|Connection|DataSource|Repository|Runner|Manager|Prisma|Knex)$/;

/** Every place in live code that sends a query as a text. */
export function sendingsOf(calls: LiveCalls, usesConditions: boolean): Sending[] {
  return calls.named(...new Set(names)).flatMap((call) => {
    const text = textOf(call);
    if (!text) return [];
    if (raw.test(call.name)) return [{ call, text, sure: true }];
    if (conditions.some((name) => name === call.name))
      return usesConditions && isCondition(text) ? [{ call, text, sure: true }] : [];
    const known = isDatabase(calls.origin(call), call);
    const looks = looksLikeSql(text);
    if (!known && !looks) return [];
    return known === 'no' ? [] : [{ call, text, sure: looks || known === 'yes' }];
  });
}

/** The first argument, or the text of an object: `{ text: '…' }`, `{ query: '…' }`, `{ sql: '…' }`. */
function textOf(call: CallSite): Expr | undefined {
  const [first] = call.expr.args;
  if (!first || first.k === 'fn' || first.k === 'num' || first.k === 'arr') return undefined;
  if (first.k !== 'obj') return first;
  return propOf(first, 'text') ?? propOf(first, 'query') ?? propOf(first, 'sql');
}

/** Is the receiver a database: by its package, else by its name? */
function isDatabase(origin: Origin, call: CallSite): 'yes' | 'no' | undefined {
  if (origin.kind === 'package') {
    if (!libraries.test(origin.package)) return 'no';
    // `sql.raw`, `Prisma.raw`, `pool.query`; not `sql.join`, `Op.any` and the like.
    return /^(?:all|get|any|one|sql|literal|simple|stream)$/.test(call.name) && origin.package === 'drizzle-orm'
      ? undefined
      : 'yes';
  }
  if (origin.kind === 'builtin') return origin.package === 'sqlite' || origin.package === 'bun:sqlite' ? 'yes' : 'no';
  if (origin.kind === 'function') return 'no';
  const receiver = receiverOf(call.expr.callee);
  const named = receiver !== undefined && holders.test(written(receiver).replaceAll('()', ''));
  return named && /^(?:query|execute|executeQuery|raw|unsafe|literal|prepare|exec|command)$/.test(call.name)
    ? 'yes'
    : undefined;
}

const verb =
  /^\s*(?:--[^\n]*\n\s*)*\(?\s*(?:select\b[\s\S]*|insert\s+into\b[\s\S]*|update\s+\S+[\s\S]*\bset\b[\s\S]*|delete\s+from\b[\s\S]*|with\s+\S+\s+as\b[\s\S]*|alter\s+(?:table|role|database|sequence)\b[\s\S]*|create\s+(?:\w+\s+)*(?:table|index|schema|database|role|user|view)\b[\s\S]*|drop\s+(?:table|index|schema|database|role|view)\b[\s\S]*|truncate\b[\s\S]*|set\s+(?:local\s+|session\s+)?\w+[\s\S]*|call\s+\w+[\s\S]*|grant\b[\s\S]*|pragma\b[\s\S]*)/i;

/** Does the text, as far as it is written, begin like a query? */
export function looksLikeSql(text: Expr): boolean {
  const [first] = pieces(text);
  return first !== undefined && verb.test(first);
}

function pieces(text: Expr): string[] {
  const found: string[] = [];
  walkExpr(text, (expr) => {
    if (expr.k === 'str') found.push(expr.v);
    if (expr.k === 'template') found.push(...expr.parts);
    return expr.k === 'bin' || expr.k === 'template' || expr.k === 'str';
  });
  return found.filter((piece) => piece.trim());
}

/** A condition that is joined together: `user.name = '${name}'`. */
const isCondition = (text: Expr): boolean =>
  (text.k === 'template' || text.k === 'bin') &&
  pieces(text).some((piece) => /[=<>]|\b(?:like|ilike|in|between|is)\b/i.test(piece));
