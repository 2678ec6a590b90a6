import type { CodeModel, SourceFile } from '../../code/model.ts';
import type { Expr } from '../../code/summary.ts';
import { walkFile } from '../../code/walk.ts';

/** Packages that answer requests. */
const servers =
  /^(?:express|fastify|koa|hono|elysia|restify|polka|micro|h3|srvx|itty-router|@hapi\/hapi|@nestjs\/(?:core|platform-[\w-]+)|@hono\/node-server|@hono\/bun|@apollo\/server|apollo-server(?:-[\w-]+)?|graphql-yoga|@feathersjs\/[\w-]+|@adonisjs\/core|@trpc\/server|@connectrpc\/connect-node|@grpc\/grpc-js|uWebSockets\.js|next|nuxt|@react-router\/(?:express|serve|node)|@remix-run\/(?:express|serve)|@fastify\/[\w-]+|@tinyhttp\/app|hyper-express|parse-server|payload|@strapi\/strapi|@medusajs\/[\w-]+|@loopback\/[\w-]+|ts\.ed|@tsed\/[\w-]+|routing-controllers|inversify-express-utils|@overnightjs\/core|@foal\/core|moleculer-web|sails|meteor|total\.js|socket\.io|ws|smtp-server|oak|@oak\/oak|serve-handler|http-proxy(?:-middleware)?|json-server)$/;
const serverModules = new Set(['http', 'https', 'http2', 'net', 'tls', 'dgram']);

/** Packages that wait for work: queues, schedules, brokers, chat platforms. */
const consumers =
  /^(?:bullmq|bull|bee-queue|agenda|@hokify\/agenda|graphile-worker|pg-boss|amqplib|amqp-connection-manager|rascal|kafkajs|node-rdkafka|@confluentinc\/kafka-javascript|node-cron|cron|croner|node-schedule|toad-scheduler|bree|@temporalio\/worker|sqs-consumer|@google-cloud\/pubsub|@azure\/service-bus|nats|mqtt|nsqjs|stompit|rhea|discord\.js|eris|oceanic\.js|telegraf|grammy|node-telegram-bot-api|@slack\/bolt|whatsapp-web\.js|@whiskeysockets\/baileys|tmi\.js|@twurple\/[\w-]+|matrix-js-sdk|irc-framework|@nestjs\/(?:bull|bullmq|schedule|microservices)|inngest|@hatchet-dev\/[\w-]+|@trigger\.dev\/[\w-]+|@sapphire\/framework|discordx|imapflow|node-imap|chokidar|@solana\/web3\.js|faktory-worker|node-resque|@node-cqrs\/[\w-]+|moleculer|@livekit\/agents|@nats-io\/[\w-]+|pg-listen|mailparser)$/;

/** Does the file import something that answers requests? */
export const mayServe = (file: SourceFile): boolean =>
  file.head.imports.some(
    (i) => !i.typeOnly && (servers.test(packageOf(i.from)) || serverModules.has(i.from.replace(/^node:/, ''))),
  ) || exportsFetch(file);

const mayConsume = (file: SourceFile): boolean =>
  file.head.imports.some((i) => !i.typeOnly && consumers.test(packageOf(i.from)));

export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** `export default { fetch }` and `export default app` are what Bun, Deno and workers serve. */
const exportsFetch = (file: SourceFile): boolean =>
  file.head.exports.some((e) => e.name === 'default') &&
  file.head.imports.some((i) => !i.typeOnly && /^(?:hono|elysia|h3|itty-router)\b/.test(i.from));

const listening =
  /(?:^|\.)(?:listen|startStandaloneServer|startAndConfigure)$|^(?:serve|Bun\.serve|Deno\.serve|runServer|startServer)$/;
const notServers =
  /^(?:i18n|i18next|history|eventBus|bus|emitter|events|socket|window|document|store|router|navigation|keyboard|player|page|io|this\.(?:events|emitter|bus))\./;

/** Does the file itself open a port, or hand the runtime something to serve? */
export function listens(code: CodeModel, path: string): boolean {
  const file = code.get(path);
  if (!file) return false;
  let found = false;
  walkFile(file.summary, (expr) => {
    if (!found && expr.k === 'call') found = opens(code, path, expr);
    return !found;
  });
  return found || servesDefault(file);
}

function opens(code: CodeModel, path: string, call: Extract<Expr, { k: 'call' }>): boolean {
  const { callee } = call;
  if (call.new) return callee.k === 'ref' && /^(?:WebSocketServer|WebSocket\.Server|SMTPServer)$/.test(callee.path);
  if (callee.k === 'member') return callee.name === 'listen';
  if (callee.k === 'ref' && callee.path.endsWith('.start')) return startsHapi(code, path);
  if (callee.k !== 'ref' || !listening.test(callee.path) || notServers.test(callee.path)) return false;
  if (/^(?:Bun|Deno)\.serve$/.test(callee.path)) return true;
  if (callee.path === 'serve') return fromPackage(code, path, callee, servers);
  if (/^(?:runServer|startServer)$/.test(callee.path)) return false;
  return true;
}

/** hapi opens its port with `server.start()`. */
const startsHapi = (code: CodeModel, path: string): boolean =>
  code.get(path)?.head.imports.some(({ from, typeOnly }) => !typeOnly && /^(?:@hapi\/)?hapi$/.test(from)) ?? false;

function fromPackage(code: CodeModel, path: string, callee: Expr, names: RegExp): boolean {
  const origin = code.origin(path, 0, callee);
  return (
    origin.kind === 'package' && (names.test(origin.package) || origin.package === 'bun' || origin.package === 'std')
  );
}

function servesDefault(file: SourceFile): boolean {
  const value = file.summary.exports.find((e) => e.name === 'default')?.value;
  return value?.k === 'obj' && value.props.some((prop) => prop.key === 'fetch');
}

/** `export default app` of the file that Bun or Deno is started with. */
function exportsApp(code: CodeModel, path: string): boolean {
  const value = code.get(path)?.summary.exports.find((e) => e.name === 'default')?.value;
  const origin = value && code.origin(path, 0, value);
  return origin?.kind === 'package' && /^(?:hono|elysia|h3|itty-router|@hono\/zod-openapi)$/.test(origin.package);
}

/** Files that a program reaches at run time, nearest first. */
export function reachedFrom(code: CodeModel, files: readonly string[]): readonly string[] {
  const found = new Set(files);
  for (const file of found) for (const next of code.importsOf(file)) found.add(next);
  return [...found];
}

/** What a program does once it is started. */
export type Conduct = 'http' | 'worker' | 'launcher' | 'ends';

/** Judged by what the program reaches: servers, queues, other processes, or none of these. */
export function conductOf(code: CodeModel, entries: readonly string[]): Conduct {
  const reached = reachedFrom(code, entries).flatMap((path) => code.get(path) ?? []);
  const near = entries.flatMap((path) => [path, ...code.importsOf(path)]);
  if (reached.some(mayServe) && servesNear(code, entries, near, reached)) return 'http';
  if (reached.some(mayConsume) || near.some((path) => staysAlive(code, path))) return 'worker';
  return reached.some((file) => file.head.imports.some((i) => launching.test(i.from))) ? 'launcher' : 'ends';
}

const launching = /^(?:node:)?child_process$|^(?:execa|cross-spawn|shelljs|zx|concurrently|npm-run-all)$/;

/** Files are looked into from the entry outwards; a server that opens its port farther away than this was not met. */
const farthest = 60;

/** A Nest application without a port, and a client of node:http, serve nothing. */
function servesNear(
  code: CodeModel,
  entries: readonly string[],
  near: readonly string[],
  reached: readonly SourceFile[],
): boolean {
  if (near.some((path) => listens(code, path)) || entries.some((path) => exportsApp(code, path))) return true;
  if (entries.some((path) => calls(code, path, /\.(?:createApplicationContext|createMicroservice)$/))) return false;
  return reached
    .filter(mayServe)
    .slice(0, farthest)
    .some((file) => listens(code, file.path));
}

/** Timers, signal handlers and log-ins of clients keep a program alive. */
const staysAlive = (code: CodeModel, path: string): boolean =>
  calls(code, path, /^setInterval$|\.(?:login|launch|subscribe|consume|startPolling|runWorker)$|^(?:Bun|Deno)\.serve$/);

function calls(code: CodeModel, path: string, callee: RegExp): boolean {
  const file = code.get(path);
  let found = false;
  if (file) {
    walkFile(file.summary, (expr) => {
      if (expr.k === 'call' && expr.callee.k === 'ref' && callee.test(expr.callee.path)) found = true;
      return !found;
    });
  }
  return found;
}
