interface Watcher {
  readonly packages: RegExp;
  /** Calls that start it; 'default' for the package itself. None where loading is enough. */
  readonly starts: readonly string[];
  /** Also sends rate, errors and duration of requests. */
  readonly measures?: true;
}

/** Kits and agents that follow requests through the service, and how each is started. */
const watchers: readonly Watcher[] = [
  { packages: /^@opentelemetry\/sdk-node$/, starts: ['start'] },
  { packages: /^@opentelemetry\/sdk-trace-(?:node|base)$/, starts: ['register'] },
  { packages: /^@opentelemetry\/auto-instrumentations-node\/register$/, starts: [] },
  { packages: /^@vercel\/otel$/, starts: ['registerOTel'] },
  { packages: /^dd-trace$/, starts: ['init', 'default'], measures: true },
  { packages: /^(?:newrelic|dd-trace\/init|elastic-apm-node\/start(?:-no-title)?)$/, starts: [], measures: true },
  { packages: /^(?:@elastic\/opentelemetry-node|@splunk\/otel\/instrument|@dynatrace\/oneagent-sdk)$/, starts: [], measures: true },
  { packages: /^elastic-apm-node$/, starts: ['start'], measures: true },
  { packages: /^applicationinsights$/, starts: ['setup', 'start'], measures: true },
  { packages: /^@azure\/monitor-opentelemetry$/, starts: ['useAzureMonitor'], measures: true },
  { packages: /^@appsignal\/nodejs$/, starts: ['Appsignal'], measures: true },
  { packages: /^@splunk\/otel$/, starts: ['start', 'startTracing'] },
  { packages: /^@(?:hyperdx|baselime|axiomhq|grafana|lumigo|coralogix|multiplayer-app)\/(?:.*(?:opentelemetry|otel).*)$/, starts: ['init', 'initSDK', 'register'] },
  { packages: /^@honeycombio\/opentelemetry-node$/, starts: ['start'] },
  { packages: /^@uptrace\/node$/, starts: ['configureOpentelemetry'] },
  { packages: /^@google-cloud\/trace-agent$/, starts: ['start'] },
  { packages: /^aws-xray-sdk(?:-core|-express)?$/, starts: ['openSegment', 'captureHTTPsGlobal'] },
  { packages: /^@aws-lambda-powertools\/tracer$/, starts: ['Tracer'] },
  { packages: /^@microlabs\/otel-cf-workers$/, starts: ['instrument', 'instrumentDO'] },
  { packages: /^@pydantic\/logfire-node$/, starts: ['configure'] },
  { packages: /^@highlight-run\/(?:node|next|nest|hono)$/, starts: ['init'] },
  { packages: /^@elysiajs\/opentelemetry$/, starts: ['opentelemetry'] },
  { packages: /^@(?:instana\/collector|scoutapm\/node|scout_apm\/scout-apm)$/, starts: ['default', 'install', 'init'], measures: true },
  { packages: /^@sentry\/(?:node|nextjs|nestjs|bun|sveltekit|remix|nuxt|astro|solidstart|react-router|tanstackstart-react|cloudflare|google-cloud-serverless|aws-serverless|node-core|profiling-node)$/, starts: ['init'] },
]; // prettier-ignore

export const watcherOf = (name: string): Watcher | undefined => watchers.find((one) => one.packages.test(name));

export const startNames: readonly string[] = [...new Set(watchers.flatMap((one) => one.starts))].filter(
  (name) => name !== 'default',
);

/** What agents instrument by putting themselves in the way when it is loaded. */
export const instrumented =
  /^(?:express|fastify|koa|restify|connect|@hapi\/hapi|@nestjs\/core|pg|pg-pool|mysql|mysql2|mongodb|mongoose|redis|@redis\/client|ioredis|knex|typeorm|sequelize|tedious|amqplib|kafkajs|graphql|socket\.io|bullmq|cassandra-driver|memcached|@nestjs\/platform-(?:express|fastify))$/;

/** Libraries that record rate, errors and duration of each request as soon as they are registered. */
export const bundles =
  /^(?:express-prom-bundle|fastify-metrics|express-prometheus-middleware|express-prometheus|prometheus-api-metrics|swagger-stats|@hono\/prometheus|koa-prom|koa-prometheus|@echo-health\/koa-prometheus-exporter|elysia-prometheus|@digikare\/nestjs-prom|hono-prom|fastify-prom-client|connect-datadog|@immobiliarelabs\/fastify-metrics|prom-express|nuxt-prometheus|@artmizu\/nuxt-prometheus)$/;

/** Libraries with which code records figures. */
export const recorders =
  /^(?:prom-client|@opentelemetry\/api|@opentelemetry\/sdk-metrics|hot-shots|node-statsd|statsd-client|datadog-metrics|@aws-lambda-powertools\/metrics|aws-embedded-metrics|@willsoto\/nestjs-prometheus|@platformatic\/prom-client)$/;

export const metricPackages = (name: string): boolean =>
  bundles.test(name) || (recorders.test(name) && name !== '@opentelemetry/api');
