import type { LostCall } from '../../code/reach/calls-of.ts';
import type { Endpoint } from '../../facts/endpoints.ts';
import type { PersonalData, PersonalExport, PersonTable } from '../../facts/personal-data.ts';
import type { Table } from '../../facts/tables.ts';
import type { Ground } from './erasures.ts';
import { nameOf, type Reachable } from './reached.ts';
import { snake } from './words.ts';

/** Endpoints that hand a person what is kept of them, and those whose names only sound like it. */
export function exportsOf(
  ground: Ground,
  persons: readonly PersonTable[],
): Pick<PersonalData, 'exports' | 'otherExports'> {
  const exports: PersonalExport[] = [];
  const otherExports: string[] = [];
  for (const endpoint of ground.endpoints.list) {
    const name = nameIn(ground, endpoint);
    if (!handsOut.test(name) || !/^(?:GET|POST|ALL|query|mutation|action|function)$/.test(endpoint.method)) continue;
    const found = exportBy(ground, endpoint, persons, name);
    if (found) exports.push(found);
    else otherExports.push(`${endpoint.method} ${endpoint.path}`);
  }
  return { exports, otherExports };
}

/** 'api_users_me_export_get': the path and the function, word by word. */
const nameIn = ({ code }: Ground, { path, handler }: Endpoint): string =>
  snake(`${path.replace(/^.*#/, '')}_${handler ? nameOf(code, handler) : ''}`);

const person = String.raw`(?:users?|accounts?|members?|profiles?|customers?|me|my|self|person|personal)`;
const handsOut =
  /(?:^|_)(?:exports?|download|takeout|portability|gdpr|dsar|sar)(?:_|$)|(?:^|_)(?:my|personal|user|account)_data(?:_|$)|data_request/;
/** Names that can mean nothing else. */
const certain = new RegExp(
  String.raw`(?:^|_)(?:gdpr|takeout|portability|dsar|privacy)(?:_|$)|(?:export|download)_(?:all_)?(?:my|personal|user|account)_(?:data|info)|(?:^|_)(?:my|personal|user|account)_data(?:_export)?(?:_|$)|(?:^|_)data_(?:export|request|download)(?:_|$)|(?:export|download)_(?:your_|all_)?data(?:_|$)`,
);
const likely = new RegExp(
  String.raw`(?:^|_)${person}(?:_\w+)?_(?:export|download)(?:_|$)|(?:export|download)_(?:\w+_)?${person}(?:_|$)`,
);

/** A part of the path that names one of something else than people. */
function ofSomethingElse(path: string): boolean {
  const holes = [...path.matchAll(/[:[{$]+(?:\.\.\.)?(\w+)/g)].map((match) => snake(match[1] ?? ''));
  const about = /(?:^|\/)(?:users?|accounts?|members?|profiles?|customers?|people)\/[:[{$]/i.test(path);
  return holes.some(
    (hole) =>
      !/user|account|member|profile|customer|person|^env|prefix|format|version|type/.test(hole) &&
      !(hole === 'id' && about),
  );
}

/** It reads the person's own row and what belongs to it. */
function exportBy(
  ground: Ground,
  endpoint: Endpoint,
  persons: readonly PersonTable[],
  name: string,
): PersonalExport | undefined {
  const sure = certain.test(name);
  const plain = /^(?:api_)?(?:v\d_)?(?:export|download)(?:_(?:get|post))?_?$/.test(name);
  if (ofSomethingElse(endpoint.path) || (!sure && !likely.test(name) && !plain)) return undefined;
  const base = { by: `${endpoint.method} ${endpoint.path}`, at: endpoint.at };
  if (!endpoint.handler) return sure ? { ...base, reads: [], lost: 'its handler could not be followed' } : undefined;
  const reached = ground.ways.from(endpoint.handler);
  const read = readBy(ground, reached);
  const own = [...read].filter((table) =>
    persons.some((one) => one.table !== table && refersTo(ground, table, one.table)),
  );
  const about = persons.find(({ table }) => read.has(table));
  if ((about && own.length >= 2) || (sure && (about ? own.length >= 1 : own.length >= 2)))
    return { ...base, reads: [...(about ? [about.table] : []), ...own].map(({ table }) => table), lost: undefined };
  const lost = sure ? lostIn(reached, ground.ways.lostFrom(endpoint.handler), read) : undefined;
  return lost === undefined ? undefined : { ...base, reads: [], lost };
}

function readBy(ground: Ground, reached: readonly Reachable[]): ReadonlySet<Table> {
  const spots = new Set(reached.map(({ spot }) => `${spot.file}\0${spot.fn}`));
  return new Set(
    ground.tableUses.live.flatMap((use) =>
      use.deed === 'read' && spots.has(`${use.file}\0${use.fn}`) ? [use.table] : [],
    ),
  );
}

const queueing = /^(?:add|enqueue|trigger|dispatch|publish|queue\w*)$/;

/** Why what it hands out could not be told. */
function lostIn(
  reached: readonly Reachable[],
  lost: readonly LostCall[],
  read: ReadonlySet<Table>,
): string | undefined {
  if (reached.some(({ way }) => way.at(-1)?.calls.some(({ site }) => queueing.test(site.name))))
    return 'it hands the work to a queue';
  const [first] = lost;
  return first && read.size === 0 ? `${first.call.site.path || first.call.site.name} could not be followed` : undefined;
}

const refersTo = ({ tables }: Ground, table: Table, to: Table): boolean =>
  table.references.some((reference) => tables.named(reference.to) === to) ||
  table.columns.some(({ name }) => /^(?:user|account|member|customer|profile|owner|author)_?id$/i.test(name));
