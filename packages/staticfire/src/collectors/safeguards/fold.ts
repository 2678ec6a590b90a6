import { posix } from 'node:path';
import { lineOf } from '../../code/summary.ts';
import type { DeadSafeguard, Safeguard } from '../../facts/safeguards.ts';
import type { Death } from './death.ts';
import type { Ground, Standing } from './standing.ts';

export interface Found {
  readonly safeguard: Safeguard;
  readonly death: Death;
  readonly standing: Standing;
}

/** One entry for each safeguard, file and fate: what died together is told together. */
export function folded(ground: Ground, found: readonly Found[], alive: readonly Safeguard[]): readonly DeadSafeguard[] {
  const groups = new Map<string, Found[]>();
  const twins = new Set(alive.map(twinKey));
  const owned = new Set(ground.services.map((service) => service.manifest));
  const isCopy = ({ standing, safeguard }: Found): boolean =>
    standing.kind !== 'abandoned' &&
    !owned.has(ground.project.manifestOf(safeguard.at.file)?.file) &&
    twins.has(twinKey(safeguard));
  const unloaded = new Set(
    found
      .filter((one) => one.death.how === 'unloaded')
      .map(({ safeguard }) => `${safeguard.at.file}\0${safeguard.kind}`),
  );
  for (const one of found) {
    if (one.standing.kind === 'by-hand' && !perRequest.has(one.safeguard.kind)) continue;
    if (toldByImporter(ground, one, unloaded)) continue;
    const key = isCopy(one) ? `copies\0${ground.project.manifestOf(one.safeguard.at.file)?.file}` : keyOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return copiesFolded(
    ground,
    [...groups.values()].flatMap((group) => [entry(ground, group, alive)].flat()),
  );
}

/** What only makes sense while requests are served: a program run by hand does not need it. */
const perRequest: ReadonlySet<string> = new Set([
  'rate limiter',
  'usage limit',
  'security headers',
  'authentication',
  'authorization',
  'CSRF check',
  'signature check',
  'request context',
  'error handler',
]);

/** The same safeguard by name and file name, as in copies of a shared folder. */
const twinKey = ({ kind, symbol, at }: Safeguard): string => `${kind}\0${symbol}\0${posix.basename(at.file)}`;

/** The only file that leads to it holds a dead safeguard of the same kind, which stands for both. */
function toldByImporter(ground: Ground, { safeguard, death }: Found, unloaded: ReadonlySet<string>): boolean {
  if (death.how !== 'unloaded') return false;
  const importers = ground.model
    .importersOf(safeguard.at.file)
    .filter((file) => ground.reach.roleOf(file) === 'unreached');
  return importers.length === 1 && unloaded.has(`${importers[0]}\0${safeguard.kind}`);
}

/** Kinds that are written and used together. */
const families: Readonly<Record<string, string>> = {
  retry: 'resilience',
  'time limit': 'resilience',
  'circuit breaker': 'resilience',
  authentication: 'access',
  authorization: 'access',
};

function keyOf({ safeguard, death, standing }: Found): string {
  if (standing.kind === 'abandoned') return `${standing.what}\0${standing.root}`;
  if (safeguard.does.endsWith('by its name')) return `${posix.dirname(safeguard.at.file)}\0${safeguard.kind}\0hint`;
  return `${safeguard.at.file}\0${families[safeguard.kind] ?? safeguard.kind}\0${death.how}`;
}

/** One unused schema is a leftover; several in a file are a layer that nothing goes through. */
const schemasThatCount = 3;

function entry(ground: Ground, group: readonly Found[], alive: readonly Safeguard[]): readonly DeadSafeguard[] {
  const [first] = group;
  if (
    !first ||
    (first.safeguard.kind === 'input schema' && first.standing.kind === 'own' && group.length < schemasThatCount)
  )
    return [];
  const { safeguard, death, standing } = first;
  const rest = group.slice(1).map((one) => one.safeguard);
  const loader = loaderOf(ground, safeguard);
  const base = { loader, replacedBy: replacement(ground, safeguard, alive), others: rest };
  if (standing.kind !== 'abandoned')
    return [{ ...safeguard, ...base, how: death.how, why: death.why, trail: death.trail }];
  const all = group.map((one) => one.safeguard);
  const file = standing.what === 'folder' || standing.what === 'package' ? safeguard.at.file : standing.root;
  const own = all.find((one) => one.at.file === file) ?? safeguard;
  const at = own.at.file === file ? own.at : { file, line: lineOfClass(ground, file, standing.name) };
  const why = {
    application: 'nothing starts this application',
    package: 'no service loads this package',
    folder: 'no service loads anything from this folder',
    module: 'no module of a live application imports this one',
  }[standing.what];
  return [
    {
      ...own,
      symbol: standing.name,
      at,
      ...base,
      others: all,
      how: 'abandoned',
      why,
      trail: [
        { note: why, at: { file, line: 1 } },
        ...all.slice(0, 4).map((one) => ({ note: `${one.symbol} ${one.does}`, at: one.at })),
      ],
    },
  ];
}

function lineOfClass({ model }: Ground, file: string, name: string): number {
  const cls = model.get(file)?.summary.classes.find((one) => one.name === name);
  return cls ? lineOf(cls.at) : 1;
}

/** What the whole process needs is loaded where the process starts; the rest beside what uses it. */
const processWide: ReadonlySet<string> = new Set([
  'environment validator',
  'error tracker',
  'tracing',
  'metrics',
  'logger',
  'graceful shutdown',
  'scheduled job',
  'cleanup job',
  'erasure',
]);

function loaderOf(ground: Ground, { kind, at }: Safeguard): string | undefined {
  if (!processWide.has(kind))
    return ground.reach.roleOf(at.file) === 'live' ? undefined : ground.reach.nearestLive(at.file);
  const ids = new Set(servicesFor(ground, at.file));
  const entries = ground.services.filter(({ id }) => ids.has(id)).flatMap((service) => service.entries);
  const first = ['process', 'instrumentation', 'job']
    .map((wanted) => entries.find((entry) => entry.kind === wanted))
    .find((entry) => entry !== undefined);
  const server = entries.find(({ file }) =>
    /(?:^|\/)(?:entry-)?(?:server|router|start|ssr|main)\.[cm]?[jt]sx?$/.test(file),
  );
  return first?.file ?? server?.file ?? ground.reach.nearestLive(at.file);
}

/** Kinds of which one can stand in for another. */
const replaceable: ReadonlySet<string> = new Set([
  'rate limiter',
  'security headers',
  'CSRF check',
  'authentication',
  'authorization',
  'error tracker',
  'error handler',
  'logger',
  'metrics',
  'tracing',
  'health check',
  'graceful shutdown',
  'request context',
  'retry',
  'time limit',
  'circuit breaker',
  'redaction',
]);

/** A live safeguard of the same kind in a service that could use the dead one. */
function replacement(ground: Ground, safeguard: Safeguard, alive: readonly Safeguard[]): DeadSafeguard['replacedBy'] {
  if (!replaceable.has(safeguard.kind)) return undefined;
  const own = new Set(servicesFor(ground, safeguard.at.file));
  return alive.find(
    (other) => other.kind === safeguard.kind && ground.reach.servicesOf(other.at.file).some((id) => own.has(id)),
  )?.at;
}

function servicesFor(ground: Ground, file: string): readonly string[] {
  const live = ground.reach.servicesOf(file);
  if (live.length > 0) return live;
  const around = ground.services.filter(({ root }) => root === '.' || file.startsWith(`${root}/`));
  const nearest = Math.max(0, ...around.map(({ root }) => root.length));
  return (around.length > 0 ? around.filter(({ root }) => root.length === nearest) : ground.services).map(
    ({ id }) => id,
  );
}

/** Copies of a shared folder in several services: told once. */
function copiesFolded(ground: Ground, list: readonly DeadSafeguard[]): readonly DeadSafeguard[] {
  const found = new Map<string, DeadSafeguard>();
  for (const one of list) {
    const lines = ground.model.get(one.at.file)?.head.lines ?? 0;
    const key =
      one.how === 'abandoned'
        ? `${one.at.file}\0${one.symbol}`
        : [one.kind, one.symbol, one.how, posix.basename(one.at.file), lines].join('\0');
    const before = found.get(key);
    found.set(key, before ? { ...before, others: [...before.others, one, ...one.others] } : one);
  }
  return [...found.values()];
}
