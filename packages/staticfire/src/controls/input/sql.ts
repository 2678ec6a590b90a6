import { queryTexts, type QueryText, type QueryTexts } from '../../facts/query-texts.ts';
import { defineControl, failOr, type Verdict, type Violation } from '../../model/control.ts';

const messages = {
  joined: {
    text: '{part} comes from a request and is joined to the text of a query that {by} sends.',
    remedy:
      'Send {part} as a parameter of the query; where it names a column or a direction, look it up in a fixed list.',
  },
} as const;

export const sql = defineControl({
  id: 'input/sql',
  area: 'input',
  scope: 'service',
  title: {
    pass: 'No query is built by joining text with input',
    fail: 'A query is built by joining text with input',
  },
  why: 'Whoever writes a part of a query can write the rest of it as well. A value that is joined to the text of a query is read by the database as a command.',
  failure:
    'Someone sends a quote and a few words of SQL in a parameter, and reads every table, changes what is in them, or runs programs on the database server.',
  remedy:
    'Send values as parameters of the query. Where a name of a column or a direction comes from outside, look it up in a fixed list.',
  done: 'Every part of every query text is fixed in the code, chosen from a fixed list, a number, or sent as a parameter.',
  severity: 'critical',
  confidence: 'likely',
  level: 'wired',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html',
    'https://www.prisma.io/docs/orm/prisma-client/using-raw-sql/raw-queries',
    'https://node-postgres.com/features/queries#parameterized-query',
  ],
  needs: { queryTexts },
  messages,
  evaluate({ queryTexts: found }): Verdict<typeof messages> {
    if (!found.store && found.queries === 0)
      return { verdict: 'not-applicable', because: 'live code reaches no database by SQL' };
    const joined = unique(found.texts.filter((text) => text.made === 'input'));
    return failOr<typeof messages>(joined.map(violation), () => settled(found));
  },
});

/** One finding for a place where a part is joined, however many queries use it. */
function unique(texts: readonly QueryText[]): readonly QueryText[] {
  const seen = new Map<string, QueryText>();
  for (const text of texts) {
    const key = `${text.joined.file}:${text.joined.line ?? 0}:${text.part}`;
    if (!seen.has(key)) seen.set(key, text);
  }
  return [...seen.values()];
}

const violation = (text: QueryText): Violation<typeof messages> => ({
  message: 'joined',
  data: { part: text.part, by: text.by },
  at: text.joined,
  subject: `${text.fn || text.by} ${text.part}`,
  trail: text.trail,
});

function settled(found: QueryTexts): Verdict<typeof messages> {
  const lost = unique(found.texts.filter((text) => text.made === 'lost'));
  const [first] = lost;
  if (first)
    return {
      verdict: 'unknown',
      because: `the origin of ${first.part} in a query of ${first.by} could not be followed${lost.length > 1 ? `, nor that of ${lost.length - 1} more parts` : ''}`,
      settle: 'take the part from a fixed list beside the query, or send it as a parameter',
      evidence: lost.slice(0, 6).map((text) => ({ ...text.joined, note: `${text.part} is joined to a query` })),
    };
  return {
    verdict: 'pass',
    evidence: [{ searched: `${found.queries} queries sent as text in ${found.files} live files` }],
  };
}
