import { posix } from 'node:path';
import { lineOf } from '../code/summary.ts';
import { code } from '../facts/code.ts';
import { environmentCode } from '../facts/environment.ts';
import { reach, reachability, type LiveCode } from '../facts/live.ts';
import { pipelines } from '../facts/pipelines.ts';
import { project } from '../facts/project.ts';
import { safeguards, type DeadSafeguard, type Safeguard } from '../facts/safeguards.ts';
import { services, type Misplaced } from '../facts/services.ts';
import { updates } from '../facts/updates.ts';
import { defineCollector } from '../model/collector.ts';
import { absent, known } from '../model/fact.ts';
import type { Place, Step } from '../model/place.ts';
import { deathOf } from './safeguards/death.ts';
import { folded, type Found } from './safeguards/fold.ts';
import { lateMiddleware } from './safeguards/late.ts';
import { readingOf } from './safeguards/reading.ts';
import { recognisers } from './safeguards/recognise.ts';
import { startedBy } from './safeguards/started.ts';
import { createStanding, type Ground } from './safeguards/standing.ts';
import { unitsOf, type Unit } from './safeguards/units.ts';

export const safeguardsCollector = defineCollector({
  fact: safeguards,
  needs: { code, reach, reachability, project, services, environmentCode, pipelines, updates },
  collect({ facts }) {
    if (facts.services.list.length === 0) return absent('The repository has no service, so nothing says what is live.');
    const ground: Ground = {
      model: facts.code,
      reach: facts.reach,
      project: facts.project,
      services: facts.services.list,
    };
    const liveOf = liveCodes(facts.services.list, (service) => facts.reachability.of(service));
    const standing = createStanding(ground);
    const checks = checksByFile(facts.environmentCode.checks);
    const found: Found[] = [];
    const alive: Safeguard[] = [];
    let files = 0;
    for (const file of facts.code.files) {
      const role = facts.reach.roleOf(file);
      if (role === 'test' || role === 'client') continue;
      const stands = standing(file);
      if (stands.kind === 'aside') continue;
      files += 1;
      for (const { unit, safeguard } of inFile(ground, file, checks.get(file) ?? [])) {
        const death = deathOf(ground, liveOf, file, unit);
        if (death) found.push({ safeguard, death, standing: stands });
        else if (role === 'live') alive.push(safeguard);
      }
    }
    const dead = [
      ...placed(folded(ground, found, alive), facts.services.misplaced),
      ...late(ground),
      ...platform(facts.pipelines.idle, facts.updates),
    ];
    return known({
      dead: dead.toSorted((a, b) => byPlace(a.at, b.at)),
      live: alive.toSorted((a, b) => byPlace(a.at, b.at)),
      searched: `${files} source files of server code: functions, classes and bindings that guard, limit, check, log, trace, retry or clean up`,
    });
  },
});

const byPlace = (a: Place, b: Place): number =>
  a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0);

function liveCodes<S extends { readonly id: string }>(
  list: readonly S[],
  of: (service: S) => LiveCode,
): (id: string) => LiveCode | undefined {
  const byId = new Map(list.map((service) => [service.id, service]));
  return (id) => {
    const service = byId.get(id);
    return service && of(service);
  };
}

interface Check {
  readonly at: Place;
  readonly fn: number;
  readonly symbol: string;
  readonly technique: string;
  readonly required: readonly string[];
}

function checksByFile(all: readonly (Check & { readonly style: string })[]): ReadonlyMap<string, readonly Check[]> {
  const found = new Map<string, Check[]>();
  for (const check of all)
    if (check.style !== 'single') found.set(check.at.file, [...(found.get(check.at.file) ?? []), check]);
  return found;
}

interface Held {
  readonly unit: Unit;
  readonly safeguard: Safeguard;
}

/** The safeguards of one file, with the part of the module that holds each. */
function inFile(ground: Ground, file: string, checks: readonly Check[]): readonly Held[] {
  const source = ground.model.get(file);
  if (!source) return [];
  const units = unitsOf(source.summary);
  const found = units.flatMap((unit) => held(ground, file, unit, checks));
  const made = units.flatMap((unit) => instanceOf(unit, found, file));
  const exported = new Set(source.head.exports.flatMap((e) => [e.name, e.local ?? e.name]));
  return [...found, ...made]
    .filter(({ safeguard }) => !belongsTo(units, safeguard))
    .map((one) => named(one, units, exported, file));
}

function held(ground: Ground, file: string, unit: Unit, checks: readonly Check[]): readonly Held[] {
  const check = checks.find((one) =>
    one.fn !== 0
      ? unit.functions.includes(one.fn)
      : unit.form === 'binding'
        ? unit.name === one.symbol
        : unit.form === 'body',
  );
  const known = check
    ? ([
        'environment validator',
        `checks ${check.required.length > 0 ? `${check.required.length} variables` : 'the environment'} with ${check.technique}`,
      ] as const)
    : recognised(ground, file, unit);
  if (!known) return [];
  const at = { file, line: check && unit.form === 'body' ? (check.at.line ?? 1) : lineOf(unit.at) };
  return [{ unit, safeguard: { kind: known[0], symbol: unit.name || posix.basename(file), does: known[1], at } }];
}

/** `export const adminOnly = createGuard({…})`: made by a safeguard of the same file. */
function instanceOf(unit: Unit, found: readonly Held[], file: string): readonly Held[] {
  if (unit.form !== 'binding' || found.some((one) => one.unit === unit)) return [];
  const maker = found.find(
    (one) => one.unit.form === 'function' && unit.calls.some((call) => call.path === one.unit.name),
  );
  return maker
    ? [{ unit, safeguard: { ...maker.safeguard, symbol: unit.name, at: { file, line: lineOf(unit.at) } } }]
    : [];
}

/** A schema that a function of its own file uses shares the fate of that function. */
const belongsTo = (units: readonly Unit[], { kind, symbol }: Safeguard): boolean =>
  kind === 'input schema' &&
  units.some(
    (unit) => unit.name !== symbol && [...unit.refs].some((ref) => ref === symbol || ref.startsWith(`${symbol}.`)),
  );

/** What others can load goes by its exported name: the function that calls a private one stands for it. */
function named(one: Held, units: readonly Unit[], exported: ReadonlySet<string>, file: string): Held {
  const { unit, safeguard } = one;
  if (unit.form !== 'function' || exported.size === 0 || exported.has(unit.name)) return one;
  const outer = units.find(
    (other) =>
      other.form === 'function' && exported.has(other.name) && other.calls.some((call) => call.path === unit.name),
  );
  return outer
    ? { unit: outer, safeguard: { ...safeguard, symbol: outer.name, at: { file, line: lineOf(outer.at) } } }
    : one;
}

function recognised(ground: Ground, file: string, unit: Unit): readonly [Safeguard['kind'], string] | undefined {
  const source = ground.model.get(file);
  if (!source || (unit.name === '' && unit.form === 'function')) return undefined;
  if (unit.calls.length === 0 && unit.form !== 'class' && unit.params.length === 0) return undefined;
  const reading = readingOf(ground.model, source, unit);
  for (const [kind, recognise] of recognisers) {
    const does = recognise(reading);
    if (does !== undefined) return [kind, does];
  }
  const started = startedBy(reading);
  return started && [started, `sets up the ${started}, by its name`];
}

function late({ model, reach: reached }: Ground): readonly DeadSafeguard[] {
  return model.files
    .filter((file) => reached.roleOf(file) === 'live' && model.get(file)?.head.imports.length !== 0)
    .flatMap((file) => lateMiddleware(model, file))
    .map(({ name, at, routes }) => ({
      kind: 'request context' as const,
      symbol: name,
      does: 'is registered as middleware',
      at,
      how: 'late' as const,
      why: 'it is registered after the routes, which answer before it runs',
      trail: [
        { note: 'the routes are registered here', at: routes },
        { note: `${name} is registered here, after them`, at },
      ],
      loader: routes.file,
      replacedBy: undefined,
      others: [],
    }));
}

/** A file that its framework does not load for its place: what it holds is told with that reason. */
function placed(dead: readonly DeadSafeguard[], list: readonly Misplaced[]): readonly DeadSafeguard[] {
  const byFile = new Map(list.map((one) => [one.file, one]));
  const moved = dead.map((one): DeadSafeguard => {
    const place = byFile.get(one.at.file);
    return place
      ? { ...one, how: 'misplaced', why: place.why, loader: place.expected[0], trail: [lookedFor(place), ...one.trail] }
      : one;
  });
  const told = new Set(moved.map((one) => one.at.file));
  const bare = list.filter(({ file, loaded }) => !told.has(file) && loaded === undefined);
  return [
    ...moved,
    ...bare.map((one): DeadSafeguard => ({
      kind: 'framework file',
      symbol: posix.basename(one.file),
      does: `is written as the ${one.role} of the application`,
      at: { file: one.file, line: 1 },
      how: 'misplaced',
      why: one.why,
      trail: [lookedFor(one)],
      loader: one.expected[0],
      replacedBy: undefined,
      others: [],
    })),
  ];
}

const lookedFor = ({ file, expected }: Misplaced): Step => ({
  note: `the framework looks for ${expected.slice(0, 2).join(' or ')}`,
  at: { file, line: 1 },
});

function platform(
  idle: readonly {
    readonly platform: string;
    readonly file: string;
    readonly line: number;
    readonly why: string;
    readonly detail: string;
  }[],
  bots: readonly {
    readonly tool: string;
    readonly at: Place;
    readonly idle?: { readonly kind: string; readonly text: string };
  }[],
): readonly DeadSafeguard[] {
  const one = (symbol: string, does: string, at: Place, why: string): DeadSafeguard => ({
    kind: 'pipeline',
    symbol,
    does,
    at,
    how: 'misplaced',
    why,
    trail: [{ note: why, at }],
    loader: undefined,
    replacedBy: undefined,
    others: [],
  });
  return [
    ...byFolder(idle.filter(({ why }) => why === 'misplaced')).map(([first, ...rest]) => ({
      ...one(
        posix.basename(first.file),
        `is a workflow of ${first.platform}`,
        { file: first.file, line: first.line },
        first.detail,
      ),
      others: rest.map((flow) => ({
        kind: 'pipeline' as const,
        symbol: posix.basename(flow.file),
        does: 'is a workflow',
        at: { file: flow.file, line: flow.line },
      })),
    })),
    ...bots.flatMap((bot) =>
      bot.idle?.kind === 'misplaced'
        ? [one(posix.basename(bot.at.file), `configures ${bot.tool}`, bot.at, bot.idle.text)]
        : [],
    ),
  ];
}

function byFolder<T extends { readonly file: string }>(list: readonly T[]): readonly (readonly [T, ...T[]])[] {
  const found = new Map<string, [T, ...T[]]>();
  for (const one of list) {
    const group = found.get(posix.dirname(one.file));
    if (group) group.push(one);
    else found.set(posix.dirname(one.file), [one]);
  }
  return [...found.values()];
}
