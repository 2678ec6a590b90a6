import type { CallReach, OwnCall, ReachedFunction } from '../../code/reach/calls-of.ts';
import type { CodeModel, Origin } from '../../code/model.ts';
import { lastName, receiverOf } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { walkFunction } from '../../code/walk.ts';
import type { Asked } from '../../facts/health.ts';
import type { Step } from '../../model/place.ts';
import { layerOf } from '../databases/packages.ts';

type What = Asked['what'];

/** What a function that a handler leads to asks of which dependency. */
export interface Touch {
  readonly asked: Asked;
  readonly in: ReachedFunction;
}

/** Everything that these functions ask of databases, caches and queues. */
export function touchesOf(model: CodeModel, reach: CallReach, functions: readonly ReachedFunction[]): readonly Touch[] {
  return functions.flatMap((here) => [
    ...here.calls.flatMap((call) => {
      const what = ofCall(reach, here, call);
      return what ? [touch(model, here, what, call.site.expr.at)] : [];
    }),
    ...inExpressions(model, here),
  ]);
}

function touch(model: CodeModel, here: ReachedFunction, what: What, at: number): Touch {
  const place = { file: here.spot.file, line: lineOf(at) };
  return {
    asked: { what, at: place, trail: [...trailTo(model, here), { note: `asks the ${what}`, at: place }] },
    in: here,
  };
}

/** The calls that lead to a function. */
function trailTo(model: CodeModel, here: ReachedFunction): readonly Step[] {
  if (!here.by) return [];
  const name = model.get(here.spot.file)?.summary.functions[here.spot.fn]?.name;
  const { file, expr } = here.by.call.site;
  const step = { note: `calls ${name || 'a function'}`, at: { file, line: lineOf(expr.at) } };
  return [...trailTo(model, here.by.in), ...(here.by.handed ? [] : [step])];
}

const raw = /^\$(?:queryRaw|queryRawUnsafe|executeRaw|executeRawUnsafe|runCommandRaw|connect|queryRawTyped)$/;
const questions =
  /^(?:query|execute|exec|raw|ping|authenticate|select|selectFrom|selectOne|one|any|oneOrNone|many|none|unsafe|run|get|all|prepare|count|countDocuments|estimatedDocumentCount|find|findOne|findFirst|findMany|findUnique|aggregate|command|getConnection|connect|checkConnection|isConnected|showDatabases|serverStatus|listCollections|from|rpc|pingCheck|isHealthy|sql|stats|acquire)$/;
const cacheQuestions = /^(?:ping|get|set|setex|info|exists|echo|time|dbsize|isHealthy|stats)$/;
const queueQuestions =
  /^(?:getJobCounts|getWaitingCount|getActiveCount|getWorkers|checkHealth|isReady|getQueueAttributes|getMetadata|describeCluster|fetchTopicMetadata|checkQueue|waitUntilReady|client)$/;
const indicators = /^(?:TypeOrm|Prisma\w*|PrismaORM|Mongoose|Sequelize|MikroOrm|Knex|Drizzle)HealthIndicator$/;

const databaseNames =
  /(?:^|[._])(?:\w*(?:prisma|knex|sequelize|mongo(?:ose)?|drizzle|postgres)\w*|db|\w*Db|\w*DB|database\w*|data_?source|pool|\w*Pool|orm|em|entityManager|sql|pg|conn(?:ection)?)$/i;
const cacheNames = /(?:^|[._])\w*(?:redis|cache|valkey|memcached?|kv)\w*$/i;
const queueNames = /(?:^|[._])\w*(?:queue|broker|kafka|rabbit|amqp|nats|producer)\w*$/i;

function ofCall(reach: CallReach, here: ReachedFunction, { site }: OwnCall): What | undefined {
  if (raw.test(site.name)) return 'database';
  if (site.expr.args.some(isProbeQuery)) return 'database';
  if (![questions, cacheQuestions, queueQuestions].some((asked) => asked.test(site.name))) return undefined;
  const origin = reach.origin(here, site.expr.callee);
  const known = ofPackage(origin, site.name);
  if (known !== undefined || origin.kind === 'builtin') return known;
  // Functions of the repository are followed.
  if (origin.kind === 'function') return undefined;
  return byName(site.expr.callee, site.name);
}

function ofPackage(origin: Origin, name: string): What | undefined {
  if (origin.kind !== 'package') return undefined;
  if (origin.package === '@nestjs/terminus') return indicators.test(origin.name) ? 'database' : undefined;
  const layer = layerOf(origin.package);
  if (layer === 'cache') return cacheQuestions.test(name) ? 'cache' : undefined;
  if (layer === 'queue') return queueQuestions.test(name) ? 'queue' : undefined;
  if (layer) return questions.test(name) || raw.test(name) ? 'database' : undefined;
  return /^@(?:upstash\/redis|vercel\/kv)$/.test(origin.package) && cacheQuestions.test(name) ? 'cache' : undefined;
}

/** Clients that a container injects or that code generates, by what they are called. */
function byName(callee: Expr, name: string): What | undefined {
  const receiver = receiverOf(callee);
  const path = receiver ? pathIn(receiver) : '';
  if (path === '') return undefined;
  if (cacheNames.test(path)) return cacheQuestions.test(name) ? 'cache' : undefined;
  if (queueNames.test(path)) return queueQuestions.test(name) ? 'queue' : undefined;
  if (!questions.test(name) || name === 'get' || name === 'set') return undefined;
  // `prisma.user.count()`
  const outer = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  return databaseNames.test(path) || databaseNames.test(outer) || /(?:^|\.)admin$/.test(path) ? 'database' : undefined;
}

function pathIn(expr: Expr): string {
  switch (expr.k) {
    case 'ref':
      return expr.path;
    case 'member':
      return `${pathIn(expr.of)}.${expr.name}`;
    case 'await':
      return pathIn(expr.of);
    case 'call':
      return lastName(expr.callee);
    default:
      return '';
  }
}

const probeQuery = /^\s*select\s+(?:1|now\(\)|version\(\)|current_timestamp|true|'|count\()/i;

function isProbeQuery(expr: Expr): boolean {
  if (expr.k === 'str') return probeQuery.test(expr.v);
  if (expr.k === 'template') return probeQuery.test(expr.parts[0] ?? '');
  return (
    expr.k === 'obj' &&
    expr.props.some(({ key, value }) => /^(?:query|text|sql|statement)$/.test(key) && isProbeQuery(value))
  );
}

/** Tagged templates, and the state that a connection keeps of itself. */
function inExpressions(model: CodeModel, here: ReachedFunction): readonly Touch[] {
  const func = model.get(here.spot.file)?.summary.functions[here.spot.fn];
  const found: Touch[] = [];
  if (func)
    walkFunction(func, (expr) => {
      const tag = expr.k === 'template' && expr.tag ? lastName(expr.tag) : undefined;
      if (expr.k === 'template' && tag !== undefined && (raw.test(tag) || isProbeQuery(expr)))
        found.push(touch(model, here, 'database', expr.at));
      if (expr.k === 'ref' && /(?:mongoose|connection|conn|db)\.readyState$/i.test(expr.path))
        found.push(touch(model, here, 'database', expr.at));
    });
  return found;
}
