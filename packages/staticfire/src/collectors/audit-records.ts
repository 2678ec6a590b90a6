import type { CodeModel } from '../code/model.ts';
import { callReach } from '../facts/calls.ts';
import { code } from '../facts/code.ts';
import { live, reachability, type LiveCode, type Reachability } from '../facts/live.ts';
import { auditRecords, type AuditRecord, type Retention } from '../facts/personal-data.ts';
import { schedules, type Schedules } from '../facts/schedules.ts';
import { service, services, type Service, type Services } from '../facts/services.ts';
import { tables, type Table, type Tables } from '../facts/tables.ts';
import { tableUses, type TableUse, type TableUses } from '../facts/table-uses.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { usedBySome } from './elsewhere.ts';
import { createWays, nameOf, placeOf, stepsTo, wayTo, type Ways } from './personal/reached.ts';
import { anonymises } from './personal/values.ts';
import { isRecord, personalIn } from './personal/words.ts';

export const auditRecordsCollector = defineCollector({
  fact: auditRecords,
  needs: { callReach, code, live, reachability, schedules, service, services, tables, tableUses },
  collect({ workspace, facts }) {
    const ways = createWays(facts.code, facts.callReach, facts.live.files);
    const ground: Ground = { workspace, ways, ...facts };
    const candidates = facts.tables.list.filter((table) => isRecord(table) && personalIn(table).length > 0);
    const written = candidates.flatMap((table) => {
      const use = facts.tableUses.live.find((one) => one.table === table && one.deed === 'create');
      return use ? [{ table, personal: personalIn(table), written: use.at }] : [];
    });
    return known({
      list: written.map((one): AuditRecord => ({ ...one, retention: retentionOf(ground, one.table) })),
      idle: candidates.filter((table) => !written.some((one) => one.table === table)).map(({ table }) => table),
      tables: facts.tables.list.length,
      searched: `deletions and anonymisation in ${facts.live.files.length} live files, ${facts.schedules.list.length + facts.schedules.timers.length} schedules and timers, and cron jobs and expiring indexes of the database`,
    });
  },
});

interface Ground {
  readonly workspace: Workspace;
  readonly code: CodeModel;
  readonly live: LiveCode;
  readonly reachability: Reachability;
  readonly schedules: Schedules;
  readonly service: Service;
  readonly services: Services;
  readonly tables: Tables;
  readonly tableUses: TableUses;
  readonly ways: Ways;
}

function retentionOf(ground: Ground, table: Table): Retention {
  const { code: model, tableUses: uses } = ground;
  const expiring = table.indexes.find((index) => index.expires);
  if (expiring) return { kind: 'purged', by: 'an index that expires', at: expiring.at, trail: [] };
  const removing = uses.live.filter((use) => removes(model, use, table));
  const scheduled = byScheduled(ground, removing) ?? byDatabase(ground, table);
  if (scheduled) return scheduled;
  const unclear = followedInVain(ground);
  if (unclear) return unclear;
  const first = removing.find((use) => !isTidying(model, use));
  if (first) {
    const at = first.at;
    return {
      kind: 'unscheduled',
      at,
      name: nameOf(model, first) || table.name,
      trail: [{ note: `rows of ${table.table} are removed here`, at }],
    };
  }
  return deadPurge(ground, table) ?? { kind: 'none' };
}

const removes = (model: CodeModel, use: TableUse, table: Table): boolean =>
  use.table === table && ((use.deed === 'delete' && !use.soft) || anonymises(model, use));

/** A removal beside something else: of one row that someone names, or of all that belongs to what is deleted. */
const isTidying = (model: CodeModel, use: TableUse): boolean =>
  !/purge|retention|clean|prune|expire|old|anonym|trim|rotate|archive/i.test(`${nameOf(model, use)} ${use.file}`);

function byScheduled(ground: Ground, removing: readonly TableUse[]): Retention | undefined {
  const { ways, code: model, schedules: found } = ground;
  for (const schedule of found.list) {
    if (schedule.broken) continue;
    const hit = wayTo(ways, schedule.starts, removing);
    if (hit)
      return {
        kind: 'purged',
        by: `${schedule.by}: ${schedule.name}`,
        at: schedule.at,
        trail: [...stepsTo(model, hit.reached), { note: 'rows are removed here', at: placeOf(model, hit.target) }],
      };
  }
  const timed = wayTo(ways, found.timers, removing);
  return (
    timed && { kind: 'purged', by: 'a timer', at: placeOf(model, timed.target), trail: stepsTo(model, timed.reached) }
  );
}

/** `cron.schedule(…)` in a migration, with a deletion from this table in it or in a function that stands beside it. */
function byDatabase({ workspace }: Ground, { table }: Table): Retention | undefined {
  for (const file of workspace.match(/\.sql$/)) {
    const text = (workspace.read(file) ?? '').replaceAll(/--[^\n]*/g, (comment) => ' '.repeat(comment.length));
    const index = text.search(/\bcron\.schedule\s*\(|\bcreate_parent\s*\(/i);
    if (
      index === -1 ||
      !new RegExp(String.raw`(?:delete\s+from|update|create_parent\s*\([^)]*)\s*['"\w.]*\b${table}\b`, 'i').test(text)
    )
      continue;
    return {
      kind: 'purged',
      by: 'a job of the database',
      at: { file, line: text.slice(0, index).split('\n').length },
      trail: [],
    };
  }
  return undefined;
}

/** A schedule whose name speaks of it, and whose work could not be followed to any table. */
function followedInVain({ schedules: found, ways, tableUses: uses }: Ground): Retention | undefined {
  const named = found.list.find(
    (one) => !one.broken && /audit|retention|purge|log_?clean|clean.*log|prune/i.test(one.name),
  );
  if (!named) return undefined;
  const reached = named.starts.flatMap((start) => ways.from(start).map(({ spot }) => spot));
  const touches = reached.some((spot) => uses.in(spot.file).some((use) => use.fn === spot.fn && use.deed !== 'read'));
  return touches
    ? undefined
    : { kind: 'unclear', at: named.at, why: `what ${named.name} does could not be followed to a table` };
}

const telling = /audit|log|retention|purge|clean|prune|archiv|anonym|history|job|cron|maintenance|gdpr|privacy/i;

/** Code of the service that would do it, though nothing runs it. */
function deadPurge(ground: Ground, table: Table): Retention | undefined {
  const { code: model, live: liveCode, reachability: reaching, service: own, services: all, tableUses: uses } = ground;
  const inside = (file: string): boolean => own.root === '.' || file.startsWith(`${own.root}/`);
  const files = model.files.filter(
    (file) => liveCode.has(file) || (inside(file) && telling.test(file) && reaching.reach.roleOf(file) === 'unreached'),
  );
  for (const file of files) {
    if (/(?:^|\/)(?:seeds?|seeders?|scripts?|migrations?)\b/.test(file)) continue;
    const use = uses
      .in(file)
      .find((one) => removes(model, one, table) && !isTidying(model, one) && !usedBySome(reaching, all, one));
    const why = liveCode.has(file) ? 'no live code calls it' : 'nothing that the service loads imports its file';
    if (use) return { kind: 'dead', at: use.at, name: nameOf(model, use) || file, why };
  }
  return undefined;
}
