import type { Reached, ReachedCall } from '../../code/follow.ts';
import type { CodeModel, Origin } from '../../code/model.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf } from '../../code/summary.ts';
import { walkStmts } from '../../code/walk.ts';
import type { Shutdown } from '../../facts/shutdown.ts';
import type { Place } from '../../model/place.ts';
import { layerOf } from '../databases/packages.ts';

type Effects = Pick<Shutdown, 'closesServer' | 'closesPools' | 'exits' | 'cuts'>;

/** What the calls that a handler leads to do to server, pools and process. */
export function effectsOf(model: CodeModel, reached: Reached): Effects {
  const closing = reached.calls.filter(closesServer);
  const exits = reached.calls.filter((r) => !r.delayed && isExit(r));
  return {
    closesServer: closing.map(placeOf),
    closesPools: reached.calls.filter(closesPool).map(placeOf),
    exits: exits.map(placeOf),
    cuts: [...destroyed(model, reached, closing), ...exitedAtOnce(model, closing, exits)],
  };
}

const placeOf = ({ call }: ReachedCall): Place => ({ file: call.file, line: lineOf(call.expr.at) });

const serverPackages: ReadonlySet<string> = new Set([
  'express', 'fastify', 'koa', 'hono', '@hono/node-server', '@nestjs/core', 'http-terminator', 'stoppable', '@hapi/hapi', 'elysia', 'next',
  'http', 'https', 'http2', 'net', 'polka', 'restify', 'h3', 'listhen', 'srvx', 'server-destroy', 'http-shutdown', '@apollo/server', 'apollo-server', 'apollo-server-express', 'uWebSockets.js', '@feathersjs/express', '@feathersjs/koa',
]); // prettier-ignore

const stopNames =
  /^(?:close|stop|shutdown|shutDown|terminate|closeAsync|closeServer|closeGracefully|dispose|destroy|drain|teardown|tearDown|gracefulShutdown|stopServer|exit)$/;
const serverNames = /server|\bapp$|fastify|http|listener|instance$|nest|\bapi$|srv|terminator|application/i;
const generic =
  /^(?:this|item|value|call|container|handler|callback|resource|closeable|closable|component|module|service|services|runtime|core|engine|kernel|system|injector|self|hook|h|s|r|c)$/i;

function closesServer({ call, origin }: ReachedCall): boolean {
  if (!stopNames.test(call.name)) return false;
  const from = packageOf(origin);
  if (from !== undefined) return serverPackages.has(from);
  const receiver = receiverOf(call);
  if (serverNames.test(receiver)) return call.name !== 'exit';
  // A stop of something that has no telling name and could not be followed may be the server's.
  return origin.kind !== 'function' && origin.kind !== 'global' && call.name !== 'exit' && generic.test(receiver);
}

const closeNames =
  /^(?:end|\$disconnect|disconnect|disconnectAll|quit|destroy|close|closeConnection|closeConnections|closePool|dispose|shutdown|drain|release|\$pool|stop)$/;
const storeNames =
  /pool|\bdb|db$|database|prisma|\bsql|knex|sequelize|mongo|connection|data_?source|\borm|client|\bpg/i;

function closesPool({ call, origin }: ReachedCall): boolean {
  if (call.name === '$disconnect') return true;
  if (!closeNames.test(call.name)) return false;
  const from = packageOf(origin);
  const layer = from === undefined ? undefined : layerOf(from);
  if (layer) return layer !== 'cache' && layer !== 'queue';
  const receiver = receiverOf(call);
  return from === undefined && storeNames.test(receiver) && !otherNames.test(receiver);
}

/** Clients and connections of other things than databases. */
const otherNames =
  /redis|cache|memory|queue|broker|socket|http|mail|smtp|kafka|rabbit|amqp|mqtt|nats|s3|storage|stripe/i;

const packageOf = (origin: Origin): string | undefined =>
  origin.kind === 'package' || origin.kind === 'builtin' ? origin.package : undefined;

/** What the method is called on, by its last name: 'server' for `this.server.close()`. */
function receiverOf(call: CallSite): string {
  const { callee } = call.expr;
  if (callee.k === 'ref') return callee.path.split('.').at(-2) ?? '';
  if (callee.k !== 'member') return '';
  return callee.of.k === 'call' ? 'call' : callee.of.k === 'index' ? 'item' : 'value';
}

const isExit = ({ call, origin }: ReachedCall): boolean =>
  call.path === 'process.exit' || (origin.kind === 'builtin' && origin.package === 'process' && call.name === 'exit');

type Cut = Shutdown['cuts'][number];

/** Sockets destroyed beside a close that is not waited for. */
function destroyed(model: CodeModel, reached: Reached, closing: readonly ReachedCall[]): Cut[] {
  const cutting = reached.calls.filter(
    ({ call, delayed }) =>
      !delayed &&
      (call.name === 'closeAllConnections' || (call.name === 'destroy' && /conn|sock/i.test(receiverOf(call)))) &&
      !call.when.some(({ test }) => /idle/i.test(JSON.stringify(test))),
  );
  return cutting
    .filter(({ call }) =>
      closing.some((c) => c.call.file === call.file && c.call.fn === call.fn && !isAwaited(model, c.call)),
    )
    .map((r) => ({ at: placeOf(r), how: 'every open connection is destroyed at once' }));
}

/** `server.close(); process.exit(0)`: nothing waits between the two. */
function exitedAtOnce(model: CodeModel, closing: readonly ReachedCall[], exits: readonly ReachedCall[]): Cut[] {
  return exits
    .filter(
      ({ call }) =>
        closing.some((c) => c.call.file === call.file && c.call.fn === call.fn && c.call.expr.at < call.expr.at) &&
        !waits(model, call),
    )
    .map((r) => ({ at: placeOf(r), how: 'the process exits without waiting for the server to close' }));
}

function waits(model: CodeModel, call: CallSite): boolean {
  let found = false;
  walkStmts(model.get(call.file)?.summary.functions[call.fn]?.body ?? [], (expr) => {
    if (expr.k === 'await') found = true;
  });
  return found;
}

function isAwaited(model: CodeModel, call: CallSite): boolean {
  let found = false;
  walkStmts(model.get(call.file)?.summary.functions[call.fn]?.body ?? [], (expr) => {
    if (expr.k === 'await' && expr.of.k === 'call' && expr.of.at === call.expr.at) found = true;
  });
  return found;
}
