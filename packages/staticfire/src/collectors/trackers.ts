import { posix } from 'node:path';
import { follow } from '../code/follow.ts';
import type { CodeModel, Origin } from '../code/model.ts';
import { inProduction, runsInProduction } from '../code/production.ts';
import type { CallSite } from '../code/sites.ts';
import { lineOf, type Class } from '../code/summary.ts';
import { propOf } from '../code/walk.ts';
import { calls, sites, type LiveCalls, type SitesByFile } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { live, reach, type LiveCode, type Reach } from '../facts/live.ts';
import { project, type Project } from '../facts/project.ts';
import { service, type Service } from '../facts/services.ts';
import { trackers, type IdleTracker, type Tracker, type Trackers } from '../facts/trackers.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { capturing, startNames, trackerPackage } from './trackers/packages.ts';

export const trackersCollector = defineCollector({
  fact: trackers,
  needs: { calls, code, live, project, reach, service, sites },
  collect: ({ workspace, facts }) => known(gather(workspace, facts)),
});

interface Facts {
  readonly calls: LiveCalls;
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly project: Project;
  readonly reach: Reach;
  readonly service: Service;
  readonly sites: SitesByFile;
}

function gather(workspace: Workspace, facts: Facts): Trackers {
  const starts = facts.calls
    .named(...startNames, ...defaultNames(facts))
    .filter((call) => starting(facts.calls.origin(call)));
  const disabled = starts.filter((call) => isDisabled(facts.code, call));
  const live = [
    ...starts.filter((call) => !disabled.includes(call)).map((call) => trackerOf(facts, call)),
    ...loaded(facts),
  ];
  return {
    live,
    idle:
      live.length > 0
        ? []
        : [
            ...disabled.map((call): IdleTracker => ({ ...trackerOf(facts, call), why: 'disabled', trail: [] })),
            ...unreached(facts),
            ...commented(workspace, facts),
          ],
    bypass: live.some((one) => one.package.startsWith('@sentry/')) ? bypassing(facts) : undefined,
    declared: declaredIn(facts.project, facts.service),
  };
}

/** The names under which live files import a tracker's default export. */
function defaultNames(facts: Facts): string[] {
  return [...facts.calls.packages].flatMap(([name, places]) =>
    trackerPackage(name)?.starts.includes('default')
      ? places.flatMap(({ file }) =>
          (facts.code.get(file)?.head.imports ?? [])
            .filter((i) => i.from === name)
            .flatMap((i) => i.names.map((n) => n.local)),
        )
      : [],
  );
}

function starting(origin: Origin): boolean {
  if (origin.kind !== 'package') return false;
  const tracker = trackerPackage(origin.package);
  if (!tracker) return false;
  const last = origin.member.split('.').at(-1) || origin.name;
  return (
    tracker.starts.includes(last) || (tracker.starts.includes('default') && origin.name === 'default' && !origin.called)
  );
}

function trackerOf(facts: Facts, call: CallSite): Tracker {
  const origin = facts.calls.origin(call);
  return {
    package: origin.kind === 'package' ? origin.package : '',
    at: { file: call.file, line: lineOf(call.expr.at) },
  };
}

function isDisabled(model: CodeModel, call: CallSite): boolean {
  if (runsInProduction(model, call, call.when) === false) return true;
  const options = call.expr.args[0];
  const enabled = propOf(options, 'enabled');
  if (enabled && inProduction(model, call, enabled) === false) return true;
  const dsn = propOf(options, 'dsn');
  return (
    dsn !== undefined && (dsn.k === 'undefined' || dsn.k === 'null' || model.literal(call.file, call.fn, dsn) === '')
  );
}

/** Trackers that work as soon as they are loaded: by an import, or by the start command. */
function loaded(facts: Facts): Tracker[] {
  const imported = [...facts.calls.packages].flatMap(([name, [at]]) =>
    at && trackerPackage(name)?.starts.length === 0 ? [{ package: name, at }] : [],
  );
  const { start } = facts.service;
  const flag =
    start &&
    /(?:--import|--require|-r)[= ](newrelic|dd-trace\/init|dd-trace|elastic-apm-node\/start|@sentry\/[\w-]+\/\w+)/.exec(
      start.command,
    )?.[1];
  const initialised = [...sideEffects(facts), ...injected(facts)];
  return [...imported, ...(flag && start.at ? [{ package: flag, at: start.at }] : []), ...initialised];
}

/** Before version 8 the build plugin of Sentry for Next.js loaded its configuration files by their name. */
function injected(facts: Facts): Tracker[] {
  const manifest = facts.project.manifests.find((m) => m.file === facts.service.manifest);
  const range = manifest?.dependencies['@sentry/nextjs'] ?? '';
  if (!/^[\^~]?[1-7]\./.test(range)) return [];
  const inRoot = (name: RegExp): string[] =>
    facts.code.files.filter(
      (file) => posix.dirname(file) === posix.normalize(facts.service.root) && name.test(posix.basename(file)),
    );
  const wrapped = inRoot(/^next\.config\./).some((file) =>
    facts.sites.of(file).calls.some((call) => call.name === 'withSentryConfig'),
  );
  return wrapped
    ? inRoot(/^sentry\.server\.config\./).map((file) => ({ package: '@sentry/nextjs', at: { file, line: 1 } }))
    : [];
}

/** `import 'dd-trace/init'`. */
function sideEffects(facts: Facts): Tracker[] {
  return ['dd-trace', 'elastic-apm-node'].flatMap((name) =>
    (facts.calls.packages.get(name) ?? []).flatMap((at) => {
      const found = facts.code
        .get(at.file)
        ?.head.imports.find((i) => /^(?:dd-trace\/init|elastic-apm-node\/start)/.test(i.from));
      return found ? [{ package: name, at }] : [];
    }),
  );
}

/** Starts in files or functions that nothing live reaches. */
function unreached(facts: Facts): IdleTracker[] {
  const { root } = facts.service;
  const near = (file: string): boolean => root === '.' || file.startsWith(`${root}/`);
  return facts.code.files.flatMap((file) => {
    if (!near(file) || facts.reach.roleOf(file) === 'test' || facts.reach.roleOf(file) === 'client') return [];
    const imported = facts.code
      .get(file)
      ?.head.imports.find((i) => !i.typeOnly && trackerPackage(packageName(i.from)) !== undefined);
    if (!imported) return [];
    const start = facts.sites
      .of(file)
      .calls.find(
        (call) => startNames.includes(call.name) && starting(facts.code.origin(file, call.fn, call.expr.callee)),
      );
    if (!start) return [];
    const why = facts.live.has(file) ? 'uncalled' : 'unloaded';
    const note =
      why === 'uncalled' ? 'nothing live calls the function it stands in' : 'imported by nothing that is live';
    return [{ package: packageName(imported.from), at: { file, line: lineOf(start.expr.at) }, why, trail: [{ note }] }];
  });
}

const telling = /sentry|monitor|track|bugsnag|rollbar|honeybadger|instrument|observab|report|telemetry|error/i;
const inComment =
  /^\s*(?:\/\/|\*)\s*(Sentry\.init|Bugsnag\.start|Honeybadger\.configure|new Rollbar|Raygun\.init)\s*\(/;

/** A start that someone wrote and commented out. */
function commented(workspace: Workspace, facts: Facts): IdleTracker[] {
  const { root } = facts.service;
  const near = (file: string): boolean => root === '.' || file.startsWith(`${root}/`);
  return facts.code.files.flatMap((file) => {
    if (!near(file) || !telling.test(posix.basename(file)) || facts.reach.roleOf(file) === 'test') return [];
    const lines = (workspace.read(file) ?? '').split('\n');
    const index = lines.findIndex((line) => inComment.test(line));
    if (index === -1) return [];
    const what = inComment.exec(lines[index] ?? '')?.[1] ?? '';
    const note = facts.live.has(file) ? 'the file itself is live' : 'nothing live loads the file either';
    return [
      { package: what.replace(/^new |\..*$/g, ''), at: { file, line: index + 1 }, why: 'commented', trail: [{ note }] },
    ];
  });
}

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** In NestJS a filter for all exceptions stands between the errors and the tracker. */
function bypassing(facts: Facts): Trackers['bypass'] {
  if (!facts.service.frameworks.includes('nestjs')) return undefined;
  const hooks = facts.calls.named(...capturing.filter((name) => /^setup|^Sentry|Interceptor$/.test(name)));
  if (hooks.length > 0 || usesGlobalFilter(facts)) return undefined;
  const filters = facts.live.files.flatMap((file) =>
    (facts.code.get(file)?.summary.classes ?? []).filter(catchesAll).map((cls) => ({ file, cls })),
  );
  const silent = filters.filter(({ file, cls }) => !reports(facts, file, cls));
  const [first] = silent;
  if (!first || silent.length < filters.length) return undefined;
  return { at: { file: first.file, line: lineOf(first.cls.at) }, name: first.cls.name };
}

function usesGlobalFilter(facts: Facts): boolean {
  return (
    [...facts.calls.packages.keys()].some((name) => name === '@sentry/nestjs') &&
    facts.live.files.some((file) =>
      (facts.code.get(file)?.head.imports ?? []).some(
        (i) =>
          i.from.startsWith('@sentry/nestjs') &&
          i.names.some((n) =>
            /^Sentry(?:GlobalFilter|GlobalGenericFilter|GlobalGraphQLFilter|ExceptionCaptured)$/.test(n.imported),
          ),
      ),
    )
  );
}

/** `@Catch()` without arguments. */
const catchesAll = (cls: Class): boolean =>
  cls.decorators.some(
    (d) => d.k === 'call' && d.callee.k === 'ref' && d.callee.path === 'Catch' && d.args.length === 0,
  );

function reports(facts: Facts, file: string, cls: Class): boolean {
  const starts = cls.members.flatMap((m) => (m.fn === undefined ? [] : [{ file, fn: m.fn }]));
  return follow(facts.code, facts.sites.of, starts).calls.some(({ call }) => capturing.includes(call.name));
}

/** What another service depends on says nothing of this one. */
function declaredIn(found: Project, own: Service): Tracker[] {
  const manifests = found.manifests.filter((manifest) => manifest.file === own.manifest || manifest.dir === '.');
  return manifests.flatMap((manifest) =>
    Object.keys(manifest.dependencies).flatMap((name) => {
      if (!trackerPackage(name)) return [];
      const line = manifest.lineOf('dependencies', name);
      return [{ package: name, at: { file: manifest.file, ...(line ? { line } : {}) } }];
    }),
  );
}
