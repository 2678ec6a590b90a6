import { optionsOf } from '../../code/options.ts';
import { inProduction, runsInProduction } from '../../code/production.ts';
import type { CallSite } from '../../code/sites.ts';
import { lineOf, type Import } from '../../code/summary.ts';
import type { Images } from '../../facts/images.ts';
import type { LiveCode, Reach } from '../../facts/live.ts';
import type { IdleTelemetry, TelemetryStart } from '../../facts/telemetry.ts';
import type { Origin } from '../../code/model.ts';
import type { Workspace } from '../../model/workspace.ts';
import { orderOf, type Grounds } from './order.ts';
import { startNames, watcherOf } from './packages.ts';

export interface Ground extends Grounds {
  readonly live: LiveCode;
  readonly reach: Reach;
  readonly images: Images;
  readonly workspace: Workspace;
}

export function startsOf(ground: Ground): readonly TelemetryStart[] {
  const all = [...called(ground), ...loaded(ground), ...flagged(ground)];
  // Of several starts of one package the first that works counts.
  const best = all.toSorted((a, b) => rank(a) - rank(b));
  return best.filter((one, index) => best.findIndex((other) => other.package === one.package) === index);
}

const rank = (one: TelemetryStart): number =>
  one.flaw !== undefined ? 3 : one.order === 'early' ? 0 : one.order === 'unknown' ? 1 : 2;

function called(ground: Ground): readonly TelemetryStart[] {
  const names = new Set([...startNames, ...defaultNames(ground)]);
  return ground.calls.named(...names).flatMap((call) => {
    const name = starting(ground.calls.origin(call));
    return name === undefined ? [] : [startOf(ground, name, call)];
  });
}

/** Local names of default imports that are called themselves: `tracer({ … })`. */
function defaultNames({ model, calls }: Ground): readonly string[] {
  return [...calls.packages].flatMap(([name, places]) =>
    watcherOf(name)?.starts.includes('default')
      ? places.flatMap(({ file }) =>
          (model.get(file)?.head.imports ?? [])
            .filter((i) => i.from === name)
            .flatMap((i) => i.names.map((n) => n.local)),
        )
      : [],
  );
}

/** The package that a call with this origin starts. */
function starting(origin: Origin): string | undefined {
  if (origin.kind !== 'package') return undefined;
  const watcher = watcherOf(origin.package);
  const last = origin.member.split('.').at(-1) || origin.name;
  const whole = origin.name === 'default' && origin.member === '' && !origin.called && !origin.instance;
  return watcher && (watcher.starts.includes(last) || (whole && watcher.starts.includes('default')))
    ? origin.package
    : undefined;
}

function startOf(ground: Ground, name: string, call: CallSite): TelemetryStart {
  const flaw = flawOf(ground, name, call);
  return {
    package: name,
    at: { file: call.file, line: lineOf(call.expr.at) },
    traces: true,
    measures: watcherOf(name)?.measures === true || readsMetrics(ground, name),
    ...orderOf(ground, { file: call.file, call, at: call.expr.at }),
    flaw,
  };
}

function flawOf(ground: Ground, name: string, call: CallSite): TelemetryStart['flaw'] {
  const { model, project } = ground;
  // A switch that is off unless it is set is the operator's choice.
  const mode = call.when.filter(({ test }) =>
    /NODE_ENV|APP_ENV|isProd|isDev|isTest|production|development/i.test(JSON.stringify(test)),
  );
  if (runsInProduction(model, call, mode) === false) return 'disabled';
  if (!installed(ground, call.file, name)) return 'undeclared';
  if (name.startsWith('@sentry/')) return sampled(ground, call);
  if (project && name === '@opentelemetry/sdk-node' && !instruments(ground)) return 'bare';
  return undefined;
}

const installed = ({ project, service }: Ground, file: string, name: string): boolean =>
  project.depends(project.manifestOf(file), name) ||
  project.manifests.some((manifest) => manifest.file === service.manifest && project.depends(manifest, name));

/** Sentry traces only with a rate above zero or a sampler. */
function sampled({ model }: Ground, call: CallSite): TelemetryStart['flaw'] {
  const found = call.expr.args.map((arg) => optionsOf(model, call, arg));
  const entries = found.flatMap((one) => one.entries);
  const enabled = entries.find((entry) => entry.key === 'enabled');
  if (enabled && inProduction(model, enabled.spot, enabled.value) === false) return 'disabled';
  const rate = entries.find((entry) => /^(?:tracesSampleRate|tracesSampler)$/.test(entry.key));
  if (!rate) return found.some((one) => one.lost) ? undefined : 'unsampled';
  const off = rate.value.k === 'undefined' || (rate.value.k === 'num' && rate.value.v === 0);
  return off ? 'unsampled' : undefined;
}

/** Something is handed to the kit that puts itself into libraries. Frameworks that make spans themselves need none. */
function instruments({ model, calls, service }: Ground): boolean {
  if (service.frameworks.some((one) => /^(?:next|nuxt|sveltekit|astro)$/.test(one))) return true;
  if (calls.named('registerInstrumentations', 'getNodeAutoInstrumentations').length > 0) return true;
  const made = calls.named('NodeSDK').flatMap((call) => call.expr.args.map((arg) => optionsOf(model, call, arg)));
  return (
    made.length === 0 || made.some((one) => one.lost || one.entries.some((entry) => entry.key === 'instrumentations'))
  );
}

/** The kit of OpenTelemetry is given a reader for metrics, and instruments requests. */
function readsMetrics(ground: Ground, name: string): boolean {
  if (!/^@opentelemetry\/sdk-node$|^@vercel\/otel$/.test(name)) return false;
  return hasReader(ground) && instruments(ground);
}

export function hasReader({ model, calls }: Ground): boolean {
  const made = calls.named('NodeSDK', 'MeterProvider', 'registerOTel');
  const given = made.flatMap((call) => call.expr.args.flatMap((arg) => optionsOf(model, call, arg).entries));
  return (
    given.some(
      (entry) => /^(?:metricReader|metricReaders|readers)$/.test(entry.key) && entry.value.k !== 'undefined',
    ) || calls.named('addMetricReader').length > 0
  );
}

/** Packages that watch as soon as live code loads them. */
function loaded(ground: Ground): readonly TelemetryStart[] {
  return ground.live.files.flatMap((file) =>
    (ground.model.get(file)?.head.imports ?? []).flatMap((imported) => {
      const watcher = imported.typeOnly ? undefined : watcherOf(imported.from);
      return watcher?.starts.length === 0 ? [byImport(ground, file, imported)] : [];
    }),
  );
}

function byImport(ground: Ground, file: string, imported: Import): TelemetryStart {
  const name = imported.from;
  return {
    package: name,
    at: { file, line: lineOf(imported.at) },
    traces: true,
    measures: watcherOf(name)?.measures === true,
    ...orderOf(ground, { file, call: undefined, at: imported.at }),
    flaw: undefined,
  };
}

const flag = /(?:--import|--require|-r)[= ]["']?((?:@[\w.-]+\/)?[\w.-]+(?:\/[\w.-]+)*)/g;

/** Packages that the start command or NODE_OPTIONS of an image loads before the program. */
function flagged(ground: Ground): readonly TelemetryStart[] {
  const { service, images, workspace } = ground;
  const commands = [
    ...(service.start?.at ? [{ text: service.start.command, at: service.start.at }] : []),
    ...images.list.flatMap((image) =>
      image.start.map((link) => ({ text: link.script?.text ?? link.text, at: link.at })),
    ),
    ...images.list.flatMap((image) => nodeOptions(workspace, image.dockerfile.file)),
  ];
  const found = commands.flatMap(({ text, at }) =>
    [...text.matchAll(flag)].flatMap(([, name = '']) => {
      const watcher = watcherOf(name) ?? watcherOf(packageOf(name));
      return watcher
        ? [
            {
              package: name,
              at,
              traces: true,
              measures: watcher.measures === true,
              order: 'early' as const,
              after: undefined,
              flaw: undefined,
            },
          ]
        : [];
    }),
  );
  return found.filter((one, index) => found.findIndex((other) => other.package === one.package) === index);
}

const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

function nodeOptions(
  workspace: Workspace,
  file: string,
): readonly { text: string; at: { file: string; line: number } }[] {
  const lines = (workspace.read(file) ?? '').split('\n');
  return lines.flatMap((text, index) =>
    /NODE_OPTIONS[= ]/.test(text) ? [{ text, at: { file, line: index + 1 } }] : [],
  );
}

/** Starts in files or functions that nothing live reaches. */
export function idleOf(ground: Ground): readonly IdleTelemetry[] {
  const { root } = ground.service;
  const near = (file: string): boolean => root === '.' || file.startsWith(`${root}/`);
  return ground.model.files.flatMap((file) => {
    const role = ground.reach.roleOf(file);
    if (!near(file) || role === 'test' || role === 'client' || !importsWatcher(ground, file)) return [];
    const call = ground.sites
      .of(file)
      .calls.find(
        (one) =>
          startNames.includes(one.name) &&
          starting(ground.model.origin(file, one.fn, one.expr.callee)) !== undefined &&
          !runs(ground, one),
      );
    return call ? [idle(ground, call)] : [];
  });
}

const runs = ({ live }: Ground, call: CallSite): boolean =>
  live.has(call.file) && (call.fn === 0 || live.hasFunction(call.file, call.fn));

function importsWatcher({ model }: Ground, file: string): boolean {
  const source = model.get(file);
  return (source?.head.imports ?? []).some((imported) => {
    const target = imported.typeOnly ? undefined : source?.resolve(imported.from);
    return target?.kind === 'package' && watcherOf(target.name) !== undefined;
  });
}

function idle(ground: Ground, call: CallSite): IdleTelemetry {
  const name = starting(ground.model.origin(call.file, call.fn, call.expr.callee)) ?? '';
  const why = ground.live.has(call.file) ? 'uncalled' : 'unloaded';
  const note = why === 'uncalled' ? 'nothing live calls the function it stands in' : 'imported by nothing that is live';
  return { package: name, at: { file: call.file, line: lineOf(call.expr.at) }, why, trail: [{ note }] };
}
