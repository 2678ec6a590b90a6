interface TrackerPackage {
  readonly name: RegExp;
  /** Calls that start it; none where importing it is enough. */
  readonly starts: readonly string[];
}

/** Services that keep errors with their stack, and how each is started. */
const packages: readonly TrackerPackage[] = [
  {
    name: /^@sentry\/(?!(?:browser|react|vue|angular|svelte|cli|types|utils|core|vite-plugin|webpack-plugin|profiling-node|esbuild-plugin|rollup-plugin|babel-plugin.*)$)/,
    starts: ['init'],
  },
  { name: /^rollbar$/, starts: ['Rollbar', 'init', 'default'] },
  { name: /^@bugsnag\/(?:js|node)$/, starts: ['start'] },
  { name: /^@honeybadger-io\/js$/, starts: ['configure'] },
  { name: /^@airbrake\/node$/, starts: ['Notifier'] },
  { name: /^raygun$/, starts: ['init', 'Client'] },
  { name: /^newrelic$/, starts: [] },
  { name: /^dd-trace(?:\/init)?$/, starts: ['init', 'default'] },
  { name: /^applicationinsights$/, starts: ['setup', 'start'] },
  { name: /^@azure\/monitor-opentelemetry$/, starts: ['useAzureMonitor'] },
  { name: /^elastic-apm-node$/, starts: ['start'] },
  { name: /^@appsignal\/nodejs$/, starts: ['Appsignal'] },
  { name: /^@highlight-run\/(?:node|next|hono|nest|cloudflare)$/, starts: ['init', 'Handlers', 'highlightMiddleware'] },
  { name: /^@google-cloud\/error-reporting$/, starts: ['ErrorReporting'] },
  { name: /^@hono\/sentry$/, starts: ['sentry'] },
  { name: /^@scoutapm\/node$|^@scout_apm\/scout-apm$/, starts: ['install', 'init'] },
  { name: /^@glitchtip\/.+$/, starts: ['init'] },
  { name: /^@axiomhq\/nextjs$/, starts: ['createOnRequestError'] },
];

export const trackerPackage = (name: string): TrackerPackage | undefined => packages.find((one) => one.name.test(name));

export const startNames: readonly string[] = [...new Set(packages.flatMap((one) => one.starts))].filter(
  (name) => name !== 'default',
);

/** Calls that hand an error over, or hook the tracker into the framework's error handling. */
export const capturing: readonly string[] = [
  'captureException', 'captureMessage', 'captureEvent', 'captureRequestError', 'captureError', 'setupExpressErrorHandler', 'setupFastifyErrorHandler', 'setupKoaErrorHandler', 'setupHapiErrorHandler', 'setupConnectErrorHandler', 'setupNestErrorHandler', 'errorHandler', 'notify', 'noticeError', 'trackException', 'sendError', 'reportException', 'withSentry', 'wrapApiHandlerWithSentry', 'withScope', 'SentryGlobalFilter', 'SentryExceptionCaptured', 'SentryInterceptor', 'RavenInterceptor', 'expressErrorHandler',
]; // prettier-ignore
