import { auditRecords, type AuditRecord } from '../../facts/personal-data.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  kept: {
    text: '{table} keeps {columns} of people for ever: nothing deletes or anonymises its old rows.',
    remedy: 'Decide how long {table} is needed, and delete or anonymise older rows in a scheduled job.',
  },
  unscheduled: {
    text: '{name} would remove old rows of {table}, and no schedule reaches it.',
    remedy: 'Start {name} on a schedule.',
  },
  dead: {
    text: '{name} would remove old rows of {table}, and never runs: {why}.',
    remedy: 'Start {name} on a schedule.',
  },
} as const;

type M = typeof messages;

export const auditRetention = defineControl({
  id: 'privacy/audit-retention',
  area: 'privacy',
  scope: 'service',
  title: {
    pass: 'Records of what people did are removed after a while',
    fail: 'Records of what people did are kept for ever',
  },
  why: 'A record of who did what, from which address, is personal data. The law of many countries allows to keep it only for as long as it is needed, and what is not kept cannot be stolen.',
  failure:
    'A leak shows ten years of addresses and actions of people who left long ago. Or the table has grown until every insert is slow.',
  remedy: 'Delete or anonymise rows after a stated time, by code that a schedule really reaches.',
  done: 'For each table that records what people did, scheduled code or the database itself removes or anonymises rows after a stated time.',
  severity: 'minor',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://gdpr-info.eu/art-5-gdpr/',
    'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#disposal-of-logs',
  ],
  needs: { auditRecords },
  messages,
  evaluate({ auditRecords: { list, idle, tables, searched } }): Verdict<M> {
    return failOr<M>(
      list.flatMap((record) => violation(record)),
      () => otherwise(list, idle, tables, searched),
    );
  },
});

function violation({ table, personal, written, retention }: AuditRecord): readonly Violation<M>[] {
  const base = { subject: table.table };
  const trail = [
    { note: `${table.table} is declared here`, at: table.at },
    { note: 'live code adds rows here', at: written },
  ];
  switch (retention.kind) {
    case 'none':
      return [
        { ...base, message: 'kept', data: { table: table.table, columns: listed(personal) }, at: table.at, trail },
      ];
    case 'unscheduled':
      return [
        {
          ...base,
          message: 'unscheduled',
          data: { table: table.table, name: retention.name },
          at: retention.at,
          trail: [...trail, ...retention.trail],
        },
      ];
    case 'dead':
      return [
        {
          ...base,
          message: 'dead',
          data: { table: table.table, name: retention.name, why: retention.why },
          at: retention.at,
          trail,
        },
      ];
    default:
      return [];
  }
}

const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and more` : names.join(', ');

function otherwise(
  list: readonly AuditRecord[],
  idle: readonly string[],
  tables: number,
  searched: string,
): Verdict<M> {
  const [first] = list;
  if (!first) {
    const because =
      tables === 0
        ? 'The repository declares no table of this service.'
        : `None of ${tables} tables records what people did together with who they are${idle.length > 0 ? `, but for ${listed(idle)}, which no live code fills` : ''}.`;
    return { verdict: 'not-applicable', because };
  }
  for (const { table, retention } of list)
    if (retention.kind === 'unclear')
      return {
        verdict: 'unknown',
        because: `Whether old rows of ${table.table} are removed could not be told: ${retention.why}.`,
        settle: `Look for the oldest row of ${table.table} in production.`,
        evidence: [{ ...retention.at, note: 'the schedule' }],
      };
  const evidence = list.flatMap(({ table, retention }): readonly Evidence[] =>
    retention.kind === 'purged' ? [{ ...retention.at, note: `${table.table}: removed by ${retention.by}` }] : [],
  );
  return { verdict: 'pass', evidence: [evidence[0] ?? { searched }, ...evidence.slice(1, 6)] };
}
