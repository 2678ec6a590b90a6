import { personalData, type Erasure, type PersonalData } from '../../facts/personal-data.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'Nothing erases a person from {table}: no endpoint deletes or anonymises the row.',
    remedy: 'Add a way by which a person, or someone for them, has their row deleted or anonymised.',
  },
  dead: {
    text: '{name} would erase a person from {table}, and never runs: {why}.',
    remedy: 'Let an endpoint or a schedule reach {name}.',
  },
  marked: {
    text: '{by} only marks the row in {table}: the personal data stays.',
    remedy: 'Delete the row, or overwrite what tells who it was, now or in a scheduled job.',
  },
  blocked: {
    text: '{by} deletes from {table}, and the database refuses it while {tables} has rows of the person.',
    remedy: 'Delete or detach those rows first, or declare what becomes of them when the person is deleted.',
  },
} as const;

type M = typeof messages;

export const erasure = defineControl({
  id: 'privacy/erasure',
  area: 'privacy',
  scope: 'service',
  title: {
    pass: 'A person can be erased',
    fail: 'A person cannot be erased',
  },
  why: 'People may ask that what is kept of them is erased, and a service that cannot do it has to search its tables by hand within a month.',
  failure: 'Someone closes their account and finds their address in a leak two years later: the row was only marked.',
  remedy: 'Give people a way to delete their account that deletes or anonymises every row that tells who they were.',
  done: 'A live endpoint, job or setting deletes or anonymises the row of a person, and no other row keeps the database from doing so.',
  severity: 'major',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://gdpr-info.eu/art-17-gdpr/',
    'https://developer.apple.com/support/offering-account-deletion-in-your-app/',
  ],
  needs: { personalData },
  messages,
  evaluate({ personalData: found }): Verdict<M> {
    if (found.none !== undefined) return { verdict: 'not-applicable', because: `${found.none}.` };
    if (found.elsewhere !== undefined)
      return {
        verdict: 'not-applicable',
        because: `The service ${found.elsewhere} erases persons from the same tables.`,
      };
    return failOr<M>(violations(found), () => passed(found));
  },
});

function violations(found: PersonalData): readonly Violation<M>[] {
  const [best] = found.erasures;
  const table = found.persons.map((person) => person.table.table).join(' and ');
  const [dead] = found.deadErasures;
  const gone: Violation<M>[] = dead
    ? [{ message: 'dead', data: { table, name: dead.name, why: dead.why }, at: dead.at, subject: table }]
    : [];
  if (!best)
    return gone.length > 0 ? gone : [{ message: 'absent', data: { table }, searched: found.searched, subject: table }];
  if (best.kind === 'marks')
    return [
      { message: 'marked', data: { by: best.by, table }, at: best.at, subject: table, trail: best.trail },
      ...gone,
    ];
  return best.blockedBy.length === 0 ? [] : [blocked(best, table)];
}

function blocked({ by, at, trail, blockedBy }: Erasure, table: string): Violation<M> {
  const names = [...new Set(blockedBy.map((one) => one.table))];
  const tables = names.length > 3 ? `${names.slice(0, 3).join(', ')} or ${names.length - 3} more` : names.join(' or ');
  return {
    message: 'blocked',
    data: { by, table, tables },
    at,
    subject: table,
    trail: [
      ...trail,
      ...blockedBy.map((one) => ({
        note: `${one.table}.${one.column} refers to the row and does not let go`,
        at: one.at,
      })),
    ],
  };
}

function passed({ erasures }: PersonalData): Verdict<M> {
  const evidence = erasures.slice(0, 4).map(({ by, kind, at, left }): Evidence => ({
    ...at,
    note: `${by} ${kind === 'library' ? 'deletes the account' : kind === 'marks' ? 'marks the row' : `${kind} the row`}${left.length > 0 ? `; rows of ${left.slice(0, 5).join(', ')} stay` : ''}`,
  }));
  return { verdict: 'pass', evidence: [evidence[0] ?? { searched: 'the endpoints' }, ...evidence.slice(1)] };
}
