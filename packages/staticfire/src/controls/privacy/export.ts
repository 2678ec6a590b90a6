import { personalData, type PersonalExport } from '../../facts/personal-data.ts';
import { defineControl, type Verdict } from '../../model/control.ts';
import type { Evidence } from '../../model/place.ts';

const messages = {
  absent: {
    text: 'No endpoint hands a person all that is kept of them{others}.',
    remedy:
      'Add an endpoint that collects the rows of the person who asks, from {table} and the tables that refer to it, as JSON or CSV.',
  },
} as const;

type M = typeof messages;

export const dataExport = defineControl({
  id: 'privacy/export',
  area: 'privacy',
  scope: 'service',
  title: {
    pass: 'A person can get what is kept of them',
    fail: 'A person cannot get what is kept of them',
  },
  why: 'People may ask for a copy of what is kept of them, in a form that a machine can read. Without an endpoint, someone collects it by hand from every table, and forgets some.',
  failure: 'A request for data comes in and takes two developers a week; the answer lacks half of the tables.',
  remedy: 'Give people an endpoint that collects their own rows and returns them as JSON, CSV or an archive.',
  done: 'A live endpoint reads the row of the person and the rows that refer to it, and returns them in a form that a machine can read.',
  severity: 'minor',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: ['https://gdpr-info.eu/art-15-gdpr/', 'https://gdpr-info.eu/art-20-gdpr/'],
  needs: { personalData },
  messages,
  evaluate({ personalData: found }): Verdict<M> {
    if (found.none !== undefined) return { verdict: 'not-applicable', because: `${found.none}.` };
    const complete = found.exports.filter(({ lost }) => lost === undefined);
    const [first] = complete;
    if (first) return { verdict: 'pass', evidence: [evidenceOf(first), ...complete.slice(1, 4).map(evidenceOf)] };
    const [lost] = found.exports;
    if (lost)
      return {
        verdict: 'unknown',
        because: `What ${lost.by} hands out could not be told: ${lost.lost ?? ''}.`,
        settle: `Call ${lost.by} as a person with rows in several tables and look at the answer.`,
        evidence: [{ ...lost.at, note: 'the endpoint' }],
      };
    const table = found.persons.map((person) => person.table.table).join(' and ');
    const others =
      found.otherExports.length > 0 ? `; ${found.otherExports.slice(0, 2).join(' and ')} hands out something else` : '';
    return {
      verdict: 'fail',
      violations: [{ message: 'absent', data: { table, others }, searched: found.searched, subject: table }],
    };
  },
});

const evidenceOf = ({ by, at, reads }: PersonalExport): Evidence => ({
  ...at,
  note: `${by} reads ${reads.slice(0, 6).join(', ')}`,
});
