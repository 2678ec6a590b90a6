import { optionsOf } from '../../code/options.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { eachStmt, pathOf, walkStmts } from '../../code/walk.ts';
import type { Endpoint, Endpoints } from '../../facts/endpoints.ts';
import type { Meters } from '../../facts/telemetry.ts';
import type { Place } from '../../model/place.ts';
import { bundles, recorders } from './packages.ts';
import { hasReader, type Ground } from './starts.ts';

type Named = { readonly name: string; readonly at: Place };

export function metersOf(ground: Ground, endpoints: Endpoints): Meters {
  const declared = instruments(ground);
  const recorded = recordings(ground);
  const written = handwritten(ground, endpoints);
  const ofRequests = declared.filter((one) => one.times && one.requests);
  const timed = recorded.filter((call) => timing.test(call.name));
  const durations = timed.length > 0 ? [...ofRequests, ...sent(ground, timed)] : [];
  return {
    bundles: bundlesIn(ground),
    durations: [...durations, ...written],
    unrecorded: timed.length > 0 ? [] : ofRequests,
    others: recorded.length > 0 ? declared.filter((one) => !ofRequests.includes(one)) : [],
    exposed: [...exposures(ground), ...written.map(({ at }) => ({ by: 'text for Prometheus', at }))],
    open: openEndpoint(ground, endpoints),
    defaults: placeOf(ground.calls.named('collectDefaultMetrics')[0]),
  };
}

const placeOf = (call: CallSite | undefined): Place | undefined =>
  call && { file: call.file, line: lineOf(call.expr.at) };

function bundlesIn({ calls }: Ground): Meters['bundles'] {
  return [...calls.packages].flatMap(([name, [at]]) => (at && bundles.test(name) ? [{ package: name, at }] : []));
}

interface Instrument extends Named {
  /** A histogram or a summary. */
  readonly times: boolean;
  readonly requests: boolean;
}

const makers = [
  'Histogram', 'Summary', 'Counter', 'Gauge',
  'makeHistogramProvider', 'makeSummaryProvider', 'makeCounterProvider', 'makeGaugeProvider',
  'createHistogram', 'createCounter', 'createUpDownCounter', 'createObservableGauge', 'createGauge',
] as const; // prettier-ignore

/** Histograms, summaries, counters and gauges that live code declares. */
function instruments(ground: Ground): readonly Instrument[] {
  return ground.calls.named(...makers).flatMap((call) => {
    const origin = ground.calls.origin(call);
    const known =
      origin.kind === 'package'
        ? recorders.test(origin.package)
        : call.name.startsWith('create') && usesRecorder(ground);
    return known ? [instrument(ground, call)] : [];
  });
}

const usesRecorder = ({ calls }: Ground): boolean => [...calls.packages.keys()].some((name) => recorders.test(name));

const ofRequest = /https?|request|\breq|route|response|endpoint|graphql|rpc|latency|api|server/i;
const labels = /^(?:method|route|path|status|status_?code|code|url|uri|endpoint|procedure|operation)$/i;

function instrument({ model }: Ground, call: CallSite): Instrument {
  const options = call.expr.args.flatMap((arg) => optionsOf(model, call, arg).entries);
  const text = call.expr.args.flatMap((arg) => (arg.k === 'str' ? [arg.v] : []));
  const named = options.find((entry) => entry.key === 'name')?.value;
  const name = (named && nameIn(named)) ?? text[0] ?? call.bound;
  const listed = options.find((entry) => entry.key === 'labelNames')?.value;
  const byLabel = listed?.k === 'arr' && listed.items.some((item) => item.k === 'str' && labels.test(item.v));
  return {
    name: name === '' ? call.name : name,
    at: { file: call.file, line: lineOf(call.expr.at) },
    times: /Histogram|Summary/.test(call.name),
    requests: byLabel || ofRequest.test(name),
  };
}

const nameIn = (expr: Expr): string | undefined =>
  expr.k === 'str' ? expr.v : expr.k === 'template' ? expr.parts.join('') : undefined;

const timing = /^(?:observe|startTimer|record|timing|histogram|distribution|asyncTimer|timer)$/;
const recording = ['observe', 'startTimer', 'record', 'inc', 'add', 'timing', 'histogram', 'distribution', 'increment', 'asyncTimer', 'timer', 'addMetric'] as const; // prettier-ignore

/** Live calls that record a figure. What is handed around as a parameter counts where the service uses such a library. */
function recordings(ground: Ground): readonly CallSite[] {
  if (!usesRecorder(ground)) return [];
  return ground.calls.named(...recording).filter((call) => {
    const origin = ground.calls.origin(call);
    if (origin.kind === 'package') return recorders.test(origin.package);
    if (origin.kind === 'function' || origin.kind === 'global' || origin.kind === 'builtin') return false;
    return /^(?:observe|startTimer|inc|record|asyncTimer)$/.test(call.name) && !/observer/i.test(call.path);
  });
}

/** Timings that are named where they are sent: `statsd.timing('http.request', ms)`. */
function sent({ calls }: Ground, timed: readonly CallSite[]): readonly Named[] {
  return timed.flatMap((call) => {
    const origin = calls.origin(call);
    const [first] = call.expr.args;
    const name = first && nameIn(first);
    const direct = origin.kind === 'package' && /statsd|hot-shots|datadog/.test(origin.package);
    return direct && name && ofRequest.test(name)
      ? [{ name, at: { file: call.file, line: lineOf(call.expr.at) } }]
      : [];
  });
}

/** Where figures leave the process. */
function exposures(ground: Ground): Meters['exposed'] {
  const { calls } = ground;
  const shown = calls
    .named('metrics', 'getMetricsAsJSON', 'clusterMetrics', 'getMetrics')
    .filter((call) => ofRegistry(ground, call));
  const pushed = calls.named('pushAdd', 'push').filter((call) => fromPackage(ground, call, /^prom-client$/));
  const modules = calls
    .named('register', 'registerAsync')
    .filter((call) => fromPackage(ground, call, /^@willsoto\/nestjs-prometheus$/));
  const exporters = calls.named('PrometheusExporter', 'PeriodicExportingMetricReader');
  const agents = [...calls.packages].flatMap(([name, [at]]) =>
    at && /statsd|hot-shots|datadog-metrics|powertools\/metrics|embedded-metrics/.test(name) ? [{ by: name, at }] : [],
  );
  const readers = hasReader(ground) ? calls.named('NodeSDK', 'MeterProvider', 'registerOTel') : [];
  return [
    ...shown.map((call) => at('the registry is read', call)),
    ...pushed.map((call) => at('a push gateway', call)),
    ...modules.map((call) => at('the module of Prometheus', call)),
    ...[...exporters, ...readers].map((call) => at(call.name, call)),
    ...agents,
  ];
}

const at = (by: string, call: CallSite): Meters['exposed'][number] => ({
  by,
  at: { file: call.file, line: lineOf(call.expr.at) },
});

/** `register.metrics()`, also on a registry that was handed around. */
function ofRegistry(ground: Ground, call: CallSite): boolean {
  const origin = ground.calls.origin(call);
  if (origin.kind === 'package') return recorders.test(origin.package) || bundles.test(origin.package);
  return (
    origin.kind !== 'function' &&
    /regist(?:er|ry)\.(?:metrics|getMetricsAsJSON|clusterMetrics)$/i.test(call.path) &&
    usesRecorder(ground)
  );
}

function fromPackage({ calls }: Ground, call: CallSite, name: RegExp): boolean {
  const origin = calls.origin(call);
  return origin.kind === 'package' && name.test(origin.package);
}

const shows = /(?:^|\/)(?:metrics|prometheus)$/;

/** An endpoint for metrics whose text the service writes itself, with a duration among it. */
function handwritten(ground: Ground, endpoints: Endpoints): readonly Named[] {
  const own = endpoints.list.filter((one) => one.surface === 'http' && shows.test(one.path));
  if (own.length === 0 || usesRecorder(ground)) return [];
  const near = own.flatMap((one) => [one.at.file, ...(one.handler ? [one.handler.file] : [])]);
  const files = new Set([...near, ...near.flatMap((file) => ground.model.importsOf(file))]);
  return [...files]
    .filter((file) => ground.live.has(file))
    .flatMap((file) => {
      const name = textsIn(ground, file)
        .map((text) => /# TYPE (\w*(?:duration|latency|seconds|_ms)\w*)/.exec(text)?.[1])
        .find(Boolean);
      return name ? [{ name, at: { file, line: 1 } }] : [];
    });
}

/** Texts and parts of templates of a file. */
function textsIn({ model }: Ground, file: string): readonly string[] {
  const found: string[] = [];
  for (const func of model.get(file)?.summary.functions ?? [])
    walkStmts(func.body, (expr) => {
      if (expr.k === 'str') found.push(expr.v);
      if (expr.k === 'template') found.push(expr.parts.join('x'));
    });
  return found;
}

const guarding =
  /auth|token|basic|guard|internal|admin|secret|key|ip|allow|protect|private|require|verify|restrict|only/i;

/** The endpoint that shows the metrics, where nothing stands between it and anyone on the public port. */
function openEndpoint(ground: Ground, endpoints: Endpoints): Meters['open'] {
  const found = endpoints.list.filter((one) => one.surface === 'http' && shows.test(one.path) && isShown(ground, one));
  const open = found.find((one) => !isGuarded(ground, one) && !ownPort(ground, one));
  return open && { endpoint: `${open.method} ${open.path}`, at: open.at };
}

/** It answers with the registry's text, and not with figures of the product. */
function isShown(ground: Ground, endpoint: Endpoint): boolean {
  const files = new Set([endpoint.at.file, ...(endpoint.handler ? [endpoint.handler.file] : [])]);
  const near = new Set([...files, ...[...files].flatMap((file) => ground.model.importsOf(file))]);
  return exposures(ground).some(({ at: place }) => near.has(place.file));
}

function isGuarded({ model }: Ground, endpoint: Endpoint): boolean {
  const links = endpoint.chain.some(
    (link) => link.role === 'guard' || guarding.test(pathOf(link.expr.k === 'call' ? link.expr.callee : link.expr)),
  );
  if (links || !endpoint.handler) return links || !endpoint.handler;
  const { file, fn } = endpoint.handler;
  let decides = false;
  eachStmt(model.get(file)?.summary.functions[fn]?.body ?? [], (stmt) => {
    decides ||= stmt.k === 'if';
  });
  return decides;
}

/** A second server of its own, as for a port that only the cluster reaches. */
const ownPort = ({ calls }: Ground, endpoint: Endpoint): boolean => {
  const listening = calls.named('listen', 'serve');
  return (
    listening.filter((call) => call.file === endpoint.at.file).length > 0 &&
    new Set(listening.map((call) => call.file)).size > 1
  );
};
