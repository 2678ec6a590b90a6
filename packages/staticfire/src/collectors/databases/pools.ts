import type { CodeModel, Origin } from '../../code/model.ts';
import { optionsOf, type Options } from '../../code/options.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { walkExpr } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { Layer, Pool } from '../../facts/databases.ts';

interface Maker {
  readonly packages: readonly string[];
  /** Names the export is called by; 'default' for the package itself. */
  readonly names: readonly string[];
  readonly what: string;
  readonly layer: Layer;
  /** Members called on the export: `TypeOrmModule.forRoot`. */
  readonly members?: readonly string[];
  /** The call makes a pool only when an argument is an address or options, not when it is handed a client. */
  readonly wraps?: true;
  /** The framework's own module closes it with the application. */
  readonly managed?: true;
}

const makers: readonly Maker[] = [
  { packages: ['pg', 'pg-pool'], names: ['Pool', 'default'], what: 'pg Pool', layer: 'sql' },
  {
    packages: ['slonik', '@databases/pg', '@databases/mysql'],
    names: ['createPool', 'default', 'createConnectionPool'],
    what: 'connection pool',
    layer: 'sql',
  },
  { packages: ['pg-promise'], names: ['default'], what: 'pg-promise database', layer: 'sql' },
  { packages: ['postgres'], names: ['default'], what: 'postgres client', layer: 'sql' },
  { packages: ['mysql2', 'mysql', 'mariadb'], names: ['createPool'], what: 'MySQL pool', layer: 'sql' },
  { packages: ['mssql'], names: ['connect', 'ConnectionPool'], what: 'SQL Server pool', layer: 'sql' },
  { packages: ['oracledb'], names: ['createPool'], what: 'Oracle pool', layer: 'sql' },
  { packages: ['typeorm'], names: ['DataSource', 'createConnection'], what: 'TypeORM data source', layer: 'typeorm' },
  {
    packages: ['@nestjs/typeorm'],
    names: ['TypeOrmModule'],
    members: ['forRoot', 'forRootAsync'],
    what: 'TypeORM data source',
    layer: 'typeorm',
    managed: true,
  },
  { packages: ['knex'], names: ['default', 'knex'], what: 'knex pool', layer: 'knex' },
  {
    packages: ['sequelize', 'sequelize-typescript', '@sequelize/core'],
    names: ['Sequelize', 'default'],
    what: 'Sequelize pool',
    layer: 'sequelize',
  },
  {
    packages: ['@nestjs/sequelize'],
    names: ['SequelizeModule'],
    members: ['forRoot', 'forRootAsync'],
    what: 'Sequelize pool',
    layer: 'sequelize',
    managed: true,
  },
  {
    packages: ['@mikro-orm/core', '@mikro-orm/postgresql', '@mikro-orm/mysql', '@mikro-orm/mariadb'],
    names: ['MikroORM'],
    members: ['init', 'initSync'],
    what: 'MikroORM pool',
    layer: 'mikro-orm',
  },
  {
    packages: ['@mikro-orm/nestjs'],
    names: ['MikroOrmModule'],
    members: ['forRoot', 'forRootAsync'],
    what: 'MikroORM pool',
    layer: 'mikro-orm',
    managed: true,
  },
  { packages: ['mongoose'], names: ['connect', 'createConnection'], what: 'mongoose connection', layer: 'mongo' },
  {
    packages: ['@nestjs/mongoose'],
    names: ['MongooseModule'],
    members: ['forRoot', 'forRootAsync'],
    what: 'mongoose connection',
    layer: 'mongo',
    managed: true,
  },
  { packages: ['mongodb'], names: ['MongoClient'], members: ['', 'connect'], what: 'MongoClient', layer: 'mongo' },
  {
    packages: ['@prisma/adapter-pg', '@prisma/adapter-mariadb', '@prisma/adapter-mssql'],
    names: ['PrismaPg', 'PrismaMariaDb', 'PrismaMssql'],
    what: 'Prisma adapter',
    layer: 'prisma',
    wraps: true,
  },
  { packages: ['drizzle-orm'], names: ['drizzle'], what: 'drizzle pool', layer: 'drizzle', wraps: true },
];

const callNames = [...new Set(makers.flatMap((m) => [...m.names, ...(m.members ?? [])]))].filter(
  (n) => n && n !== 'default',
);

/** Options that bound a pool or its waits, over all libraries. */
const bounding =
  /^(?:max|maxConnections|maxPoolSize|poolSize|pool_size|connectionLimit|maximumPoolSize|poolMax|connectionTimeoutMillis|connectionTimeout|connectTimeout|connectTimeoutMS|connect_timeout|idleTimeoutMillis|idleTimeout|idle_timeout|statement_timeout|statementTimeout|query_timeout|idle_in_transaction_session_timeout|acquireTimeout|acquireTimeoutMillis|acquireConnectionTimeout|max_lifetime|maxLifetimeSeconds|maxUses|maxIdle|serverSelectionTimeoutMS|socketTimeoutMS|waitQueueTimeoutMS|queueLimit|requestTimeout|maxQueryExecutionTime|pool_timeout|connection_limit)$/;

const boundingUrl =
  /[?&](?:connection_limit|pool_timeout|pool_size|maxPoolSize|statement_timeout|connect_timeout|connectTimeoutMS|serverSelectionTimeoutMS)=/;

/** Pools that live code makes by calling a library, without those that are made of another one. */
export function poolsOf(
  model: CodeModel,
  calls: LiveCalls,
  named: (call: CallSite) => string,
): { pools: Pool[]; embedded: { what: string; at: { file: string; line: number } }[] } {
  const pools: Pool[] = [];
  const embedded: { what: string; at: { file: string; line: number } }[] = [];
  const defaults = [...calls.packages.keys()].filter((name) =>
    makers.some((m) => m.packages.includes(name) && m.names.includes('default')),
  );
  const sites = [
    ...new Set([...calls.named(...callNames), ...(defaults.length > 0 ? defaultCalls(model, calls, defaults) : [])]),
  ];
  const made = sites.flatMap((call) => {
    const maker = makerOf(calls.origin(call), call);
    return maker ? [{ call, maker }] : [];
  });
  for (const { call, maker } of made) {
    if (
      made.some(
        (other) => other.maker.managed && other.maker.layer === maker.layer && isInside(model, call, other.call),
      )
    )
      continue;
    const at = { file: call.file, line: lineOf(call.expr.at) };
    const options = givenOptions(model, calls, call) ?? argumentsOf(model, call);
    if (maker.wraps && !addressOrOptions(model, call, options)) continue;
    const local = localStore(options);
    if (local) embedded.push({ what: local, at });
    else
      pools.push({
        what: maker.what,
        at,
        name: named(call),
        layer: maker.layer,
        limits: limitsOf(options),
        lost: options.lost,
        managed: maker.managed === true,
      });
  }
  return { pools, embedded };
}

/** Made in a function that stands among the options of the other call, as `dataSourceFactory`: it is the same pool. */
function isInside(model: CodeModel, call: CallSite, outer: CallSite): boolean {
  if (call === outer || call.file !== outer.file) return false;
  const given = new Set<number>();
  walkExpr(outer.expr, (expr) => {
    if (expr.k === 'fn') given.add(expr.fn);
  });
  const functions = model.get(call.file)?.summary.functions ?? [];
  for (let at = call.fn; at > 0; at = functions[at]?.parent ?? -1) if (given.has(at)) return true;
  return false;
}

/** Calls of a default import stand under the name that the importer chose. */
function defaultCalls(model: CodeModel, calls: LiveCalls, packages: readonly string[]): readonly CallSite[] {
  const locals = packages.flatMap((name) =>
    (calls.packages.get(name) ?? []).flatMap(({ file }) =>
      (model.get(file)?.head.imports ?? []).filter((i) => i.from === name).flatMap((i) => i.names.map((n) => n.local)),
    ),
  );
  return calls.named(...new Set([...locals, ...packages, 'knex', 'sql', 'pgp', 'pg']));
}

function makerOf(origin: Origin, call: CallSite): Maker | undefined {
  if (origin.kind !== 'package' || origin.instance) return undefined;
  const name = origin.name === '*' ? 'default' : origin.name;
  return makers.find((maker) => {
    if (!maker.packages.includes(origin.package) || !maker.names.includes(name)) return false;
    if (origin.package === 'pg-promise' || origin.package === 'drizzle-orm')
      return origin.package === 'drizzle-orm' ? pooledDrizzle(origin.subpath) : origin.called;
    if (origin.called) return false;
    if (name === 'default' && (origin.package === 'pg' || (origin.member !== '' && maker.members === undefined)))
      return false;
    return maker.members
      ? maker.members.includes(origin.member) && (origin.member !== '' || call.expr.new === true)
      : origin.member === '';
  });
}

const pooledDrizzle = (subpath: string): boolean => /^\.?\/?(?:node-postgres|postgres-js|mysql2)/.test(subpath);

interface Arguments extends Options {
  readonly strings: readonly string[];
}

function argumentsOf(model: CodeModel, call: CallSite): Arguments {
  const spot = { file: call.file, fn: call.fn };
  const all = call.expr.args.map((arg) => ({ arg, options: optionsOf(model, spot, arg) }));
  const strings = all.flatMap(({ arg }) => textOf(model, spot, arg));
  return {
    entries: all.flatMap(({ options }) => options.entries),
    lost: all.some(({ arg, options }) => options.lost && !isAddress(model, spot, arg)),
    strings,
  };
}

/** `createPool(options)` in a function that is handed the options: those of the caller that says least. */
function givenOptions(model: CodeModel, calls: LiveCalls, call: CallSite): Arguments | undefined {
  const param = call.expr.args.flatMap((arg) => paramOf(model, call, arg) ?? [])[0];
  const name = model.get(call.file)?.summary.functions[call.fn]?.name;
  if (param === undefined || !name) return undefined;
  const callers = calls.named(name).flatMap((caller): Arguments[] => {
    const origin = calls.origin(caller);
    const arg = caller.expr.args[param];
    if (origin.kind !== 'function' || origin.file !== call.file || origin.fn !== call.fn || !arg) return [];
    return [{ ...optionsOf(model, caller, arg), strings: textOf(model, caller, arg) }];
  });
  return callers.toSorted((a, b) => limitsOf(a).length - limitsOf(b).length)[0];
}

/** The parameter of the enclosing function that an argument is. */
function paramOf(model: CodeModel, call: CallSite, arg: Expr): number | undefined {
  const origin = arg.k === 'ref' ? model.origin(call.file, call.fn, arg) : undefined;
  return origin?.kind === 'param' && origin.member === '' && origin.file === call.file && origin.fn === call.fn
    ? origin.index
    : undefined;
}

function textOf(model: CodeModel, spot: { file: string; fn: number }, arg: Expr): string[] {
  const value = model.literal(spot.file, spot.fn, arg);
  if (typeof value === 'string') return [value];
  return arg.k === 'template' ? [arg.parts.join('')] : [];
}

/** An address read from the environment or a string: not options that were lost. */
function isAddress(model: CodeModel, spot: { file: string; fn: number }, arg: Expr): boolean {
  if (arg.k === 'str' || arg.k === 'template' || arg.k === 'bin') return true;
  if (arg.k === 'ref' || arg.k === 'member') {
    const name = arg.k === 'ref' ? arg.path : arg.name;
    if (/ur[il]|connectionstring|dsn|conn$|host|MONGO|DATABASE$/i.test(name.slice(name.lastIndexOf('.') + 1)))
      return true;
    const origin = model.origin(spot.file, spot.fn, arg);
    return origin.kind === 'global' || (origin.kind === 'value' && origin.expr.k !== 'obj' && origin.expr.k !== 'call');
  }
  return arg.k === 'call' && /get|env/i.test(arg.callee.k === 'ref' ? arg.callee.path : '');
}

/** `drizzle(pool)` and `new PrismaPg(pool)` stand on a pool of their own; `drizzle(url)` and `new PrismaPg({ connectionString })` make one. */
function addressOrOptions(model: CodeModel, call: CallSite, options: Arguments): boolean {
  const [first] = call.expr.args;
  if (!first) return false;
  if (
    options.entries.some(
      (e) => e.key === 'connectionString' || e.key === 'connection' || e.key === 'host' || e.key === 'url',
    )
  )
    return true;
  if (options.entries.some((e) => e.key === 'client')) return false;
  if (call.name === 'drizzle' && first.k !== 'obj')
    return options.strings.length > 0 || isEnvironment(model, call, first);
  return call.name !== 'drizzle' && options.strings.length > 0;
}

function isEnvironment(model: CodeModel, call: CallSite, arg: Expr): boolean {
  const origin = model.origin(call.file, call.fn, arg);
  return origin.kind === 'global' && origin.name === 'process';
}

function limitsOf(options: Arguments): string[] {
  const keys = options.entries.filter((e) => bounding.test(e.key) && e.value.k !== 'undefined').map((e) => e.key);
  return [...new Set([...keys, ...(options.strings.some((text) => boundingUrl.test(text)) ? ['the URL'] : [])])];
}

/** SQLite and the like need no pool. */
function localStore(options: Arguments): string | undefined {
  const named = options.entries.find(
    (e) =>
      ['type', 'client', 'dialect', 'driver'].includes(e.key) &&
      e.value.k === 'str' &&
      /sqlite|sqljs|libsql|pglite/i.test(e.value.v),
  );
  if (named?.value.k === 'str') return named.value.v;
  return options.strings.find((text) => /^(?:sqlite:|file:|:memory:)/.test(text)) === undefined ? undefined : 'SQLite';
}
