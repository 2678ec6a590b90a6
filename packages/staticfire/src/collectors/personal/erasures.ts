import type { CodeModel } from '../../code/model.ts';
import type { Spot } from '../../code/production.ts';
import { lineOf, type Expr } from '../../code/summary.ts';
import { propOf } from '../../code/walk.ts';
import type { LiveCalls } from '../../facts/calls.ts';
import type { Endpoint, Endpoints } from '../../facts/endpoints.ts';
import type { LiveCode, Reachability } from '../../facts/live.ts';
import type { Erasure, PersonalData, PersonTable } from '../../facts/personal-data.ts';
import type { Schedules } from '../../facts/schedules.ts';
import type { Service, Services } from '../../facts/services.ts';
import type { Reference, Table, Tables } from '../../facts/tables.ts';
import type { TableUse, TableUses } from '../../facts/table-uses.ts';
import { usedBySome } from '../elsewhere.ts';
import { nameOf, stepsTo, type Ways } from './reached.ts';
import { anonymises, marks } from './values.ts';

export interface Ground {
  readonly calls: LiveCalls;
  readonly code: CodeModel;
  readonly endpoints: Endpoints;
  readonly live: LiveCode;
  readonly reachability: Reachability;
  readonly schedules: Schedules;
  readonly service: Service;
  readonly services: Services;
  readonly tables: Tables;
  readonly tableUses: TableUses;
  readonly ways: Ways;
}

type Kind = Erasure['kind'];

interface Removal {
  readonly use: TableUse;
  readonly person: PersonTable;
  readonly kind: Kind;
}

/** What code does to make a person's row go. */
function removalsIn(model: CodeModel, persons: readonly PersonTable[], uses: readonly TableUse[]): readonly Removal[] {
  return uses.flatMap((use): readonly Removal[] => {
    const person = persons.find(({ table }) => table === use.table);
    if (!person) return [];
    const kind: Kind | undefined = marks(use)
      ? 'marks'
      : use.deed === 'delete'
        ? 'deletes'
        : anonymises(model, use)
          ? 'anonymises'
          : undefined;
    return kind ? [{ use, person, kind }] : [];
  });
}

const speaks = /delet|remov|eras|destroy|close|deactivat|anonymi|gdpr|forget|terminat|purge|wipe|disable/i;
const otherwise = /regist|sign_?up|create|invite|verif|login|sign_?in|merge|link|seed|test|impersonat|reset/i;

/** Endpoints by which a person's row goes, the strongest first. */
export function erasuresOf(ground: Ground, persons: readonly PersonTable[]): readonly Erasure[] {
  const removals = removalsIn(ground.code, persons, ground.tableUses.live);
  const byEndpoint =
    removals.length === 0 ? [] : ground.endpoints.list.flatMap((endpoint) => erasedBy(ground, endpoint, removals));
  return [...byEndpoint, ...ofLibraries(ground), ...scheduled(ground, removals)].toSorted((a, b) => rank(a) - rank(b));
}

const rank = ({ kind, blockedBy }: Erasure): number =>
  ['deletes', 'anonymises', 'library', 'marks'].indexOf(kind) + (blockedBy.length > 0 ? 4 : 0);

function erasedBy(ground: Ground, endpoint: Endpoint, removals: readonly Removal[]): readonly Erasure[] {
  const { handler } = endpoint;
  if (!handler) return [];
  const { code: model, ways } = ground;
  const label = `${endpoint.method} ${endpoint.path}`;
  const reached = ways.from(handler);
  const spots = new Set(reached.map(({ spot }) => `${spot.file}\0${spot.fn}`));
  return removals.flatMap((removal): readonly Erasure[] => {
    const { use, person, kind } = removal;
    const way = reached.find(({ spot }) => spot.file === use.file && spot.fn === use.fn);
    if (!way) return [];
    const names = [endpoint.path, nameOf(model, handler), nameOf(model, use)].join(' ');
    if (endpoint.method !== 'DELETE' && (!speaks.test(names) || otherwise.test(endpoint.path))) return [];
    const done = ground.tableUses.live.filter(
      (one) => spots.has(`${one.file}\0${one.fn}`) && one.deed !== 'read' && one.deed !== 'create',
    );
    return [
      {
        person: person.table,
        kind,
        by: label,
        at: use.at,
        trail: [
          { note: `${label} is served here`, at: endpoint.at },
          ...stepsTo(model, way),
          { note: toldAs[kind], at: use.at },
        ],
        ...(kind === 'deletes' ? restOf(ground, person.table, done) : { blockedBy: [], left: [] }),
      },
    ];
  });
}

const toldAs: Readonly<Record<Kind, string>> = {
  deletes: 'the row is deleted here',
  anonymises: 'what tells who it was is overwritten here',
  marks: 'the row is only marked here',
  library: 'the library deletes the account',
};

/** Who did it, not whose it is. */
const isActor = (column: string): boolean => /_?by(?:_?(?:id|user|user_?id))?$/i.test(column);

/** Rows that refer to the person and are neither deleted, nor changed, nor taken along by the database. */
function restOf(ground: Ground, person: Table, done: readonly TableUse[]): Pick<Erasure, 'blockedBy' | 'left'> {
  const handled = new Set(done.map((use) => use.table));
  const pointing = ground.tables.list.flatMap((table) =>
    handled.has(table) || table === person
      ? []
      : table.references.flatMap((reference) =>
          ground.tables.named(reference.to) === person ? [{ table, reference }] : [],
        ),
  );
  return {
    blockedBy: pointing.flatMap(({ table, reference }) =>
      refuses(table, reference) && !reference.columns.every(isActor)
        ? [{ table: table.table, column: reference.columns.join(', '), at: reference.at }]
        : [],
    ),
    left: pointing.flatMap(({ table, reference }) =>
      reference.onDelete === 'set-null' || (!refuses(table, reference) && reference.onDelete !== 'cascade')
        ? [table.table]
        : [],
    ),
  };
}

/** Would the database keep the person's row while this one exists? */
function refuses(table: Table, { columns, onDelete }: Reference): boolean {
  if (onDelete === 'restrict') return table.layer !== 'mongo';
  if (onDelete !== 'default') return false;
  if (table.layer === 'prisma')
    return columns.every((name) => table.columns.find((one) => one.name === name)?.optional !== true);
  return table.layer === 'drizzle' || table.layer === 'sql' || table.layer === 'typeorm';
}

/** Libraries that keep accounts themselves. */
function ofLibraries({ calls: liveCalls, code: model }: Ground): readonly Erasure[] {
  const enabled = liveCalls
    .settings('deleteUser')
    .filter(({ value, file, fn, keys }) => keys.includes('user') && isEnabled(model, { file, fn }, value));
  const called = liveCalls.named('deleteUser', 'deleteAccount', 'removeUser').filter((call) => {
    const origin = liveCalls.origin(call);
    return (
      (origin.kind === 'package' &&
        /^(?:@clerk\/|better-auth|firebase-admin|@supabase\/|@auth0\/|auth0|@workos-inc\/)/.test(origin.package)) ||
      /(?:^|\.)(?:auth\.admin\.deleteUser|auth\.api\.(?:deleteUser|removeUser)|users\.deleteUser)$/.test(call.path)
    );
  });
  const found = [
    ...enabled.map(({ file, at }) => ({ by: 'user.deleteUser of better-auth', at: { file, line: lineOf(at) } })),
    ...called.map((call) => ({ by: call.path || call.name, at: { file: call.file, line: lineOf(call.expr.at) } })),
  ];
  return found.map(({ by, at }) => ({
    person: undefined,
    kind: 'library',
    by,
    at,
    trail: [{ note: toldAs.library, at }],
    blockedBy: [],
    left: [],
  }));
}

/** `{ enabled: true }`, also behind a name. */
function isEnabled(model: CodeModel, spot: Spot, value: Expr): boolean {
  const origin = value.k === 'ref' ? model.origin(spot.file, spot.fn, value) : undefined;
  if (origin?.kind === 'value' && !origin.member && origin.expr.k === 'obj')
    return isEnabled(model, origin, origin.expr);
  const flag = propOf(value, 'enabled');
  return flag !== undefined && model.literal(spot.file, spot.fn, flag) === true;
}

/** A job that carries out what a person asked for earlier: rows that were marked go after a while. */
function scheduled({ schedules: found, ways, code: model }: Ground, removals: readonly Removal[]): readonly Erasure[] {
  return found.list.flatMap((schedule) =>
    schedule.broken
      ? []
      : schedule.starts.flatMap((start) => {
          const reached = ways.from(start);
          return removals.flatMap(({ use, person, kind }): readonly Erasure[] => {
            const way = reached.find(({ spot }) => spot.file === use.file && spot.fn === use.fn);
            const asked = /delet|eras|gdpr|account|purge|expired/i.test(`${schedule.name} ${nameOf(model, use)}`);
            if (!way || kind === 'marks' || !asked || otherwise.test(nameOf(model, use))) return [];
            const trail = [
              { note: `${schedule.by} starts ${schedule.name}`, at: schedule.at },
              ...stepsTo(model, way),
              { note: toldAs[kind], at: use.at },
            ];
            return [
              {
                person: person.table,
                kind,
                by: `${schedule.by}: ${schedule.name}`,
                at: use.at,
                trail,
                blockedBy: [],
                left: [],
              },
            ];
          });
        }),
  );
}

const telling = /user|account|profile|member|customer|gdpr|privacy|eras|delet|clean|job|auth|merge/i;

/** Live code of another service erases persons from the same tables. */
export function erasedElsewhere(ground: Ground, persons: readonly PersonTable[]): string | undefined {
  const { code: model, live: liveCode } = ground;
  const { reach: reached } = ground.reachability;
  for (const file of model.files) {
    if (liveCode.has(file) || reached.roleOf(file) !== 'live') continue;
    const removals = removalsIn(model, persons, ground.tableUses.in(file));
    if (removals.some(({ use, kind }) => kind !== 'marks' && speaks.test(`${nameOf(model, use)} ${file}`)))
      return reached.servicesOf(file)[0];
  }
  return undefined;
}

/** Code of the service that would erase a person, though nothing reaches it. */
export function deadErasuresOf(ground: Ground, persons: readonly PersonTable[]): PersonalData['deadErasures'] {
  const { code: model, live: liveCode, service: own, reachability: reaching } = ground;
  const inside = (file: string): boolean => own.root === '.' || file.startsWith(`${own.root}/`);
  const files = model.files.filter(
    (file) => liveCode.has(file) || (inside(file) && telling.test(file) && reaching.reach.roleOf(file) === 'unreached'),
  );
  return files.flatMap((file) => {
    if (/(?:^|\/)(?:seeds?|seeders?|scripts?|migrations?|tests?|prisma)\//.test(file)) return [];
    const removals = removalsIn(model, persons, ground.tableUses.in(file));
    return removals.flatMap(({ use, kind }) => {
      const name = nameOf(model, use);
      if (kind === 'marks' || !speaks.test(name) || usedBySome(reaching, ground.services, use)) return [];
      const why = liveCode.has(file) ? 'no live code calls it' : 'nothing that the service loads imports its file';
      return [{ name, at: use.at, why }];
    });
  });
}
