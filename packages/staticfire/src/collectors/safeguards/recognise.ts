import type { SafeguardKind } from '../../facts/safeguards.ts';
import { calls, callsOf, mentions, ownName, packageOf, says, type Reading } from './reading.ts';

/** What shows that a unit is a safeguard of this kind; undefined when it is none. */
type Recogniser = (reading: Reading) => string | undefined;

const when = (holds: boolean, does: string): string | undefined => (holds ? does : undefined);

const limiterPackages =
  /^(?:express-rate-limit|rate-limiter-flexible|@upstash\/ratelimit|hono-rate-limiter|@fastify\/rate-limit|koa-ratelimit|express-slow-down|limiter|bottleneck|@nestjs\/throttler|next-rate-limit|lambda-rate-limiter)$/;

function limiter(r: Reading): string | undefined {
  const made = r.unit.calls.find(
    (call) => /limit|throttl|default|slowDown|rateLimiter/i.test(call.name) && limiterPackages.test(packageOf(r, call)),
  );
  if (made) return `makes a limiter of ${packageOf(r, made)}`;
  const hint = /\b(?:rates?|ratelimit\w*|limit\w*|throttl\w*|quotas?)\b/.test(wordsOf(r.unit.name)) && !isError(r);
  if (hint && r.answers.has(429)) return 'answers 429 to callers who come too often';
  const counts =
    calls(r, /^(?:incr|incrby|hincrby|zadd|increment)$/i).length > 0 &&
    calls(r, /^(?:expire|pexpire|zremrangebyscore|ttl)$/i).length > 0;
  return when(hint && counts, 'counts calls in a time window');
}

/** `generateLimit` in words: what it generates is no rate. */
const wordsOf = (name: string): string =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[._-]/g, ' ')
    .toLowerCase();

/** Its class is an error: it says what happened and prevents nothing. */
function isError({ unit, source }: Reading): boolean {
  const cls = unit.cls === undefined ? undefined : source.summary.classes[unit.cls];
  return cls !== undefined && (/(?:Error|Exception)$/.test(cls.name) || unit.name.endsWith('.constructor'));
}

const headerNames =
  /^(?:strict-transport-security|content-security-policy|x-frame-options|x-content-type-options|referrer-policy|permissions-policy)$/i;

function headers(r: Reading): string | undefined {
  const helmet = r.unit.calls.find(
    (call) =>
      /helmet|secureHeaders|default/i.test(call.name) &&
      /^(?:helmet|@fastify\/helmet|koa-helmet|hono)$/.test(packageOf(r, call)) &&
      /helmet|secureHeaders/i.test(`${packageOf(r, call)} ${call.name}`),
  );
  if (helmet) return 'sets security headers';
  const set = new Set(r.unit.strings.filter((text) => headerNames.test(text)).map((text) => text.toLowerCase()));
  return when(set.size >= 2, `sets ${set.size} security headers`);
}

const tokens =
  /^(?:verify|verifyAsync|jwtVerify|verifyIdToken|verifySessionCookie|verifyToken|getServerSession|getSession|getToken|unsealData|decryptSession)$/;
const tokenPackages =
  /^(?:jsonwebtoken|jose|next-auth|@auth\/.*|@clerk\/.*|firebase-admin|better-auth|iron-session|@supabase\/.*|passport|lucia|fast-jwt|google-auth-library)$/;
const guardName = /auth|session|login|require|ensure|protect|guard|jwt|token|tenant|user|admin/i;
const policyName = /role|permission|admin|acl|rbac|authori[sz]|access|polic|scope|owner|tenant|can(?:[A-Z]|$)|ability/i;

function authentication(r: Reading): string | undefined {
  if (!guardName.test(r.unit.name)) return undefined;
  const verifies = callsOf(r, tokens, tokenPackages);
  if (r.middleware && (verifies || r.answers.has(401)))
    return verifies ? 'verifies who calls and lets only them through' : 'answers 401 to callers without a session';
  if (
    r.unit.form === 'function' &&
    verifies &&
    /verify|parse|authenticate|require|check/i.test(ownName(r)) &&
    /token|auth|session|jwt|user/i.test(r.unit.name)
  )
    return 'verifies the token of a caller';
  const asks = calls(r, /^(?:verify|parse|decode)\w*(?:Token|Jwt)$/).length > 0 && mentions(r, /headers/);
  return when(
    asks &&
      r.unit.form === 'function' &&
      /token|auth|session|jwt|user/i.test(r.unit.name) &&
      !/route|handler/i.test(r.source.path),
    'verifies the token of a caller',
  );
}

function authorization(r: Reading): string | undefined {
  if (r.middleware && r.answers.has(403) && policyName.test(r.unit.name))
    return 'answers 403 to callers without the right';
  const cls = r.unit.form === 'class' && r.unit.cls !== undefined ? r.source.summary.classes[r.unit.cls] : undefined;
  if (cls?.implements.some((name) => name.startsWith('CanActivate'))) return 'is a guard that decides who may call';
  const marks = calls(r, /^(?:SetMetadata|createParamDecorator|applyDecorators)$/).some(
    (call) => packageOf(r, call) === '@nestjs/common',
  );
  if (marks && policyName.test(r.unit.name) && r.unit.form !== 'class') return 'marks handlers that only some may call';
  if (
    r.unit.form === 'function' &&
    /^(?:has|check|require|can|assert|ensure)(?:Any|All)?(?:Permission|Role|Access|Scope|Ability)s?$/i.test(
      ownName(r),
    ) &&
    (calls(r, /^(?:includes|has|some|every)$/).length > 0 || r.answers.has(403))
  )
    return 'decides by role or permission';
  const inside = r.source.summary.classes[r.unit.cls ?? -1]?.name ?? '';
  if (
    r.unit.form === 'method' &&
    policyClass.test(inside) &&
    /^(?:can|cannot|isAllowed|hasPermission|check|authorize)$/.test(ownName(r))
  )
    return 'decides by role or permission';
  return when(
    r.unit.form === 'binding' && r.unit.calls.some((call) => call.expr.new === true && policyClass.test(call.name)),
    'holds the policy that decides by role or permission',
  );
}

const policyClass =
  /^(?:Acl|ACL|Rbac|RBAC|AccessControl|Permissions?|Abilit(?:y|ies)|Authori[sz]ation|Polic(?:y|ies))(?:[A-Z]\w*)?$/;

function signature(r: Reading): string | undefined {
  const computes =
    calls(r, /^createHmac$/).length > 0 && calls(r, /^(?:timingSafeEqual|safeEqual|safeCompare)$/).length > 0;
  if (computes && r.unit.form !== 'class') return 'compares the signature of a request';
  return when(
    calls(r, /^constructEvent(?:Async)?$/).length > 0 && !/route|handler|controller|^(?:GET|POST)$/i.test(r.unit.name),
    'verifies the signature of a webhook',
  );
}

const csrf: Recogniser = (r) =>
  when(/csrf|xsrf/i.test(r.unit.name) && (r.middleware || r.answers.has(403)), 'refuses requests from other sites');

const trackerPackages =
  /^(?:@sentry\/.*|@bugsnag\/.*|rollbar|@rollbar\/.*|@honeybadger-io\/.*|airbrake|@airbrake\/.*|raygun|@appsignal\/.*|newrelic)$/;
const tracker: Recogniser = (r) =>
  when(
    r.unit.form !== 'class' && callsOf(r, /^(?:init|start|configure|Rollbar|default)$/, trackerPackages),
    'starts an error tracker',
  );

const loggers: Recogniser = (r) => {
  if (r.unit.form === 'class' || r.unit.form === 'method') return undefined;
  const made = r.unit.calls.find(
    (call) =>
      /^(?:createLogger|pino|default|configure|getLogger|Logger)$/.test(call.name) &&
      /^(?:pino|winston|bunyan|log4js|tslog|consola|loglevel)$/.test(packageOf(r, call)),
  );
  return made && `makes a logger of ${packageOf(r, made)}`;
};

const metrics: Recogniser = (r) =>
  when(
    r.unit.form !== 'class' &&
      callsOf(
        r,
        /^(?:collectDefaultMetrics|Registry|Counter|Histogram|Gauge)$/,
        /^(?:prom-client|@opentelemetry\/sdk-metrics)$/,
      ),
    'collects metrics',
  );

const tracing: Recogniser = (r) => {
  const starts = callsOf(
    r,
    /^(?:NodeSDK|NodeTracerProvider|registerOTel|init)$/,
    /^(?:@opentelemetry\/.*|@vercel\/otel|dd-trace)$/,
  );
  const lazily = calls(r, /^require$/).some((call) =>
    call.expr.args.some((arg) => arg.k === 'str' && arg.v === '@opentelemetry/sdk-node'),
  );
  return when(r.unit.form !== 'class' && (starts || lazily), 'starts tracing');
};

const health: Recogniser = (r) => {
  if (r.unit.form === 'class' || r.unit.form === 'body') return undefined;
  if (!/health|ready|readiness|alive|liveness|check|ping|status/i.test(r.unit.name)) return undefined;
  const asks = says(r, /^\s*select\s+1\b/i) || calls(r, /^(?:ping|authenticate)$/).length > 0;
  return when(asks, 'asks the database whether it is there');
};

const shutdown: Recogniser = (r) => {
  const handles = calls(r, /^(?:on|once)$/).some(
    (call) =>
      call.path.startsWith('process.') &&
      call.expr.args.some((arg) => arg.k === 'str' && /^SIG(?:TERM|INT)$/.test(arg.v)),
  );
  if (handles && r.unit.form !== 'body') return 'handles the signals that stop the process';
  const named = /^(?:shutdown|disconnect|close|stop|drain|terminate|teardown)|shutdown/i.test(ownName(r));
  if (r.unit.form !== 'function' || !named) return undefined;
  const closes = r.unit.calls.some(
    (call) =>
      /^(?:end|\$disconnect|quit|destroy|disconnect|close|closeAll|drain)$/.test(call.name) &&
      /pool|prisma|redis|client|db|database|sequelize|mongoose|knex|connection|server|queue|worker|datasource/i.test(
        call.path,
      ),
  );
  return when(closes, 'closes connections when the process ends');
};

const callsParam = (r: Reading): boolean =>
  r.unit.params.some((names) => names.some((name) => name !== '' && r.unit.calls.some((call) => call.path === name)));

const retry: Recogniser = (r) => {
  if (r.unit.form === 'class' || r.unit.form === 'body') return undefined;
  if (
    callsOf(
      r,
      /^(?:default|retry|pRetry|backOff|asyncRetry)$/,
      /^(?:p-retry|async-retry|exponential-backoff|promise-retry|cockatiel)$/,
    ) &&
    callsParam(r)
  )
    return 'tries again after a failure';
  return when(
    r.unit.retries && callsParam(r) && /retr|backoff|resilien|attempt/i.test(r.unit.name),
    'tries again after a failure, with a pause',
  );
};

const timeLimit: Recogniser = (r) =>
  when(
    r.unit.form === 'function' &&
      r.unit.calls.some((call) => call.path === 'Promise.race') &&
      calls(r, /^setTimeout$/).length > 0 &&
      /timeout|deadline|limit/i.test(r.unit.name),
    'gives up after a time limit',
  );

const breaker: Recogniser = (r) => {
  if (r.unit.form !== 'class' && r.unit.form !== 'binding') return undefined;
  if (r.unit.form === 'binding')
    return when(
      callsOf(r, /^(?:CircuitBreaker|default|circuitBreaker)$/, /^(?:opossum|cockatiel)$/),
      'breaks the circuit to a failing service',
    );
  const owner = r.unit.cls;
  const inside = r.source.summary.classes[owner ?? -1]?.name ?? '';
  return when(/circuit|breaker/i.test(inside), 'breaks the circuit to a failing service');
};

const usage: Recogniser = (r) => {
  if (r.unit.form === 'class' || r.unit.form === 'body' || !r.unit.compares) return undefined;
  if (!/budget|quota|usage|cost|credit|spend/i.test(r.unit.name)) return undefined;
  return when(mentions(r, /^:allowed$/) || r.answers.has(429), 'refuses what would exceed a limit');
};

const oldest =
  /^:(?:lt|lte|\$lt|\$lte|olderThan|before)$|(?:^|\.)(?:lt|lte|LessThan|LessThanOrEqual|subDays|subMonths|subHours|subMinutes|sub)$|cutoff|expire|retention|threshold|olderThan/i;
const removes = /^(?:deleteMany|deleteFrom|destroy|removeMany|zremrangebyscore|executeRaw|\$executeRaw|updateMany)$/;
const removesSome = /^(?:delete|remove|execute|query|del)$/;
const stores =
  /(?:^|\.)(?:db|database|prisma|tx|trx|repo|repository|repositories|model|knex|sequelize|manager|orm|collection|supabase|pool|client|sql|queue|job|jobs|store|redis)(?:\.|$)|Repository\.|Model\.|Repo\./i;
const cleaning =
  /clean_?up|purge|prune|sweep|apply\w*retention|(?:delete|remove|clear|expire|archive)(?:\w*)(?:Old|Expired|Stale|Outdated)|(?:old|expired|stale)\w*(?:cleanup|removal)/i;

const cleanup: Recogniser = (r) => {
  if (r.unit.form === 'class' || r.unit.form === 'body' || !cleaning.test(ownName(r))) return undefined;
  const dated =
    mentions(r, oldest) || calls(r, oldest).length > 0 || says(r, /created_at\s*<|expires_at\s*<|interval/i);
  const stored = calls(r, removes).length > 0 || calls(r, removesSome).some((call) => stores.test(call.path));
  return when(dated && stored, 'removes old records');
};

const erasure: Recogniser = (r) => {
  if (r.unit.form !== 'function' && r.unit.form !== 'method') return undefined;
  const named = /anonymi[sz]e|pseudonymi[sz]e|erase(?:User|Account|Personal)|forgetUser|deleteUserData|gdpr/i.test(
    ownName(r),
  );
  return when(
    named && calls(r, /^(?:update|updateMany|deleteMany|delete|destroy|set|execute|query|save)$/).length > 0,
    'erases personal data',
  );
};

const audit: Recogniser = (r) => {
  const named = /audit/i.test(r.unit.name) && !/^(?:get|find|list|query|search)/.test(ownName(r));
  if (r.unit.form !== 'function' || !named) return undefined;
  const writes =
    r.unit.calls.some(
      (call) =>
        /^(?:create|insert|insertOne|save|values|log|auditLog|write)$/.test(call.name) && /audit/i.test(call.path),
    ) ||
    r.unit.calls.some(
      (call) => call.name === 'insert' && call.expr.args.some((arg) => arg.k === 'ref' && /audit/i.test(arg.path)),
    );
  return when(writes, 'writes the audit log');
};

const redaction: Recogniser = (r) => {
  if (r.unit.form !== 'function' && r.unit.form !== 'method') return undefined;
  if (!/redact|mask|sanit|scrub|censor|filter/i.test(r.unit.name)) return undefined;
  const marks = says(r, /redacted|\*{3}|\[filtered\]|\[removed\]|\[hidden\]/i) || mentions(r, /redacted|REDACT/i);
  const secret =
    r.unit.regexes.some((text) => /secret|token|password|bearer|api.?key|private key/i.test(text)) ||
    says(r, /^(?:password|secret|token|authorization|api_?key)$/i);
  return when(marks && (secret || calls(r, /^replace(?:All)?$/).length > 1), 'takes secrets out of what is written');
};

const handler: Recogniser = (r) => {
  if (r.unit.form === 'class') {
    const cls = r.source.summary.classes[r.unit.cls ?? -1];
    return when(
      cls?.implements.some((name) => name.startsWith('ExceptionFilter')) ?? false,
      'turns exceptions into answers',
    );
  }
  if (r.unit.form !== 'function') return undefined;
  const four = r.unit.params.some((names) => names.length === 4 && /^_?err/.test(names[0] ?? ''));
  if (four) return 'answers errors of all routes';
  return when(
    /^(?:handle|create|on)\w*(?:Api|Http|Route|Server|Global)\w*Error$|^(?:global|api|central)?ErrorHandler$/i.test(
      ownName(r),
    ) && r.answers.has(500),
    'turns errors into answers',
  );
};

const context: Recogniser = (r) => {
  if (!r.middleware || r.unit.form === 'class') return undefined;
  const ids = says(r, /^x-(?:request|correlation|trace)-id$/i) || mentions(r, /\.x-(?:request|correlation|trace)-id$/i);
  const store = r.unit.calls.some((call) => call.name === 'run' && /storage|context|als/i.test(call.path));
  return when(ids || store, ids ? 'gives each request an id' : 'keeps the context of each request');
};

const schema: Recogniser = (r) => {
  if (r.unit.form !== 'binding') return undefined;
  const input =
    /(?:create|update|delete|login|log_in|sign(?:in|up)|register|forgot|reset|change|send|body|query|params|input|request|dto|payload|upload)/i.test(
      r.unit.name,
    );
  if (!input || !/schema|valid|dto/i.test(r.source.path)) return undefined;
  const made = callsOf(
    r,
    /^(?:object|strictObject|discriminatedUnion|Object)$/,
    /^(?:zod|yup|joi|@hapi\/joi|valibot|@sinclair\/typebox|superstruct)$/,
  );
  return when(made, 'describes what a request may hold');
};

const scheduled: Recogniser = (r) => {
  const decorated =
    r.unit.form === 'class'
      ? r.source.summary.classes[r.unit.cls ?? -1]?.members.flatMap((m) => m.decorators)
      : undefined;
  const cron = decorated?.some(
    (d) => d.k === 'call' && d.callee.k === 'ref' && /^(?:Cron|Interval)$/.test(d.callee.path),
  );
  if (cron) return 'runs jobs on a schedule';
  return when(
    r.unit.form !== 'class' &&
      callsOf(r, /^(?:schedule|CronJob|scheduleJob|Cron)$/, /^(?:node-cron|cron|node-schedule|croner|toad-scheduler)$/),
    'runs jobs on a schedule',
  );
};

/** In the order in which they are asked: the first that answers names the unit. */
export const recognisers: readonly (readonly [SafeguardKind, Recogniser])[] = [
  ['rate limiter', limiter],
  ['security headers', headers],
  ['CSRF check', csrf],
  ['authorization', authorization],
  ['authentication', authentication],
  ['signature check', signature],
  ['error tracker', tracker],
  ['tracing', tracing],
  ['metrics', metrics],
  ['logger', loggers],
  ['error handler', handler],
  ['request context', context],
  ['health check', health],
  ['graceful shutdown', shutdown],
  ['erasure', erasure],
  ['cleanup job', cleanup],
  ['scheduled job', scheduled],
  ['usage limit', usage],
  ['circuit breaker', breaker],
  ['retry', retry],
  ['time limit', timeLimit],
  ['audit log', audit],
  ['redaction', redaction],
  ['input schema', schema],
];
