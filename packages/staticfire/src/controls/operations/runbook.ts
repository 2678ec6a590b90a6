import { runbookParts, runbooks, type RunbookPart, type Runbooks } from '../../facts/runbooks.ts';
import { defineControl, type Verdict, type Violation } from '../../model/control.ts';

const messages = {
  absent: {
    text: 'No document says what to do when the service is down: none covers {parts}.',
    remedy:
      'Write a runbook: how to roll a deploy back, how to restore the database from a backup, who is called and when, with the commands.',
  },
  partial: {
    text: 'The documents for operating the service do not cover {parts}.',
    remedy: 'Add sections with steps and commands that someone woken at night can follow, for: {parts}.',
  },
} as const;

/** Without these nobody can bring the service back. */
const needed: readonly RunbookPart[] = ['restore', 'rollback', 'escalation'];

const words: Readonly<Record<RunbookPart, string>> = {
  restore: 'restoring data from a backup',
  rollback: 'rolling a deploy back',
  escalation: 'escalation: who is called and when',
  severity: 'severity of incidents',
  alerts: 'alerts and what they mean',
  services: 'the services and what they depend on',
};

export const runbook = defineControl({
  id: 'operations/runbook',
  area: 'operations',
  scope: 'repository',
  title: {
    pass: 'A runbook says how to roll back, restore and escalate',
    fail: 'The runbook is missing or lacks what is needed in an outage',
  },
  why: 'In an outage people do what is written down or what they remember. Steps that were never written are found out while customers wait, by whoever happens to be there.',
  failure:
    'At night the database is gone and nobody knows where the backups lie, how to bring them back or whom to call; minutes become hours.',
  remedy:
    'Keep a runbook in the repository: services and dependencies, severities, escalation, rollback, restore and alerts, each with steps and commands.',
  done: 'Documents in the repository hold sections with steps for rolling back, for restoring data and for escalation.',
  severity: 'minor',
  confidence: 'likely',
  level: 'declared',
  stage: 'stable',
  since: '0.1.0',
  references: [
    'https://sre.google/sre-book/being-on-call/',
    'https://sre.google/workbook/incident-response/',
    'https://response.pagerduty.com/before/severity_levels/',
  ],
  needs: { runbooks },
  messages,
  evaluate({ runbooks: found }): Verdict<typeof messages> {
    const missing = needed.filter((part) => !covers(found, part));
    return missing.length > 0 ? { verdict: 'fail', violations: [lacking(found, missing)] } : passed(found);
  },
});

const covers = (found: Runbooks, part: RunbookPart): boolean => found.sections.some((one) => one.part === part);

const listed = (parts: readonly RunbookPart[]): string => parts.map((part) => words[part]).join('; ');

function lacking(found: Runbooks, missing: readonly RunbookPart[]): Violation<typeof messages> {
  const shown = [...found.sections, ...found.hollow].filter((one) => needed.includes(one.part));
  const trail = shown.slice(0, 4).map((one) => ({
    note: found.sections.includes(one)
      ? `covers ${words[one.part]}`
      : `names ${words[one.part]} and says too little to act on`,
    at: one.at,
  }));
  const said = {
    data: { parts: listed(missing) },
    searched: `headings and text of ${found.documents} documents`,
    subject: 'runbook',
    trail,
  };
  return missing.length === needed.length ? { message: 'absent', ...said } : { message: 'partial', ...said };
}

function passed(found: Runbooks): Verdict<typeof messages> {
  const [first, ...rest] = needed.flatMap((part) => {
    const section = found.sections.find((one) => one.part === part);
    return section ? [{ ...section.at, note: `${words[part]}: ${section.heading}` }] : [];
  });
  if (!first) return { verdict: 'unknown', because: 'no section was found', settle: 'write a runbook' };
  const more = runbookParts.filter((part) => !needed.includes(part) && !covers(found, part));
  return {
    verdict: 'pass',
    evidence: [first, ...rest],
    ...(more.length > 0 ? { reason: `not covered: ${listed(more)}` } : {}),
  };
}
