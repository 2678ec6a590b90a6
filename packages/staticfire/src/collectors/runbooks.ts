import { posix } from 'node:path';
import { runbooks, type RunbookPart, type Runbooks, type RunbookSection } from '../facts/runbooks.ts';
import { defineCollector } from '../model/collector.ts';
import { known } from '../model/fact.ts';
import type { Workspace } from '../model/workspace.ts';
import { sectionsOf, type Section } from './runbooks/sections.ts';

export const runbooksCollector = defineCollector({
  fact: runbooks,
  needs: {},
  collect: ({ workspace }) => known(read(workspace)),
});

const document = /\.(?:mdx?|markdown|adoc|asciidoc|rst|txt)$/i;
/** Documents of other kinds: about what will be built, what was found, what was done; and other people's. */
const asideFolders =
  /(?:^|\/)(?:\.(?!github\/)[\w-]+|node_modules|vendor|fixtures?|__tests__|tests?|testing|e2e|templates?|prompts?|agents?|skills|plans?|sessions?|reports?|proposals?|rfcs?|adrs?|specs?|archived?|legacy|blog|content|public|locales?|i18n)\//i;
const asideNames =
  /^(?:changelog|license|licence|notice|robots|requirements|contributing|code_of_conduct|security|agents|claude|gemini|llms[\w-]*)\b|gap|readiness|audit|assessment|roadmap|todo|proposal|summary|analysis|prd|release[-_]notes|checklist|verification|(?<!response|recovery|continuity|contingency|rollback|escalation|incident|operations?)[-_]plan\./i;
const largest = 400_000;

function read(workspace: Workspace): Runbooks {
  const files = [...workspace.files, ...workspace.above].filter(
    ({ path, size, tracked }) =>
      tracked &&
      size < largest &&
      document.test(path) &&
      !asideFolders.test(path) &&
      !asideNames.test(posix.basename(path)),
  );
  const found = files.flatMap(({ path }) => judged(path, workspace.read(path) ?? ''));
  return {
    sections: found.filter((one) => one.full).map(({ section }) => section),
    hollow: found.filter((one) => !one.full).map(({ section }) => section),
    documents: files.length,
  };
}

interface Part {
  readonly part: RunbookPart;
  readonly heading: RegExp;
  /** What the section must speak of, so that it is about running this service. */
  readonly body: RegExp;
}

const parts: readonly Part[] = [
  {
    part: 'restore',
    heading:
      /\brestor(?:e|es|ing|ation)\b|\bdisaster recovery\b|\brecover(?:y|ing)\b.*\b(?:database|data|backup|procedure|steps?|plan)\b|\b(?:database|data|backup|point[- ]in[- ]time) (?:and )?recovery\b/i,
    body: /\b(?:backups?|dumps?|snapshots?|pg_restore|psql|mysql|mongorestore|point[- ]in[- ]time|PITR|WAL|wal-g|pgbackrest|replica)\b/i,
  },
  {
    part: 'rollback',
    heading: /\broll(?:ing)?[- ]?backs?\b|\brevert(?:ing)?\b.*\b(?:deploy\w*|release|version|migration)/i,
    body: /\b(?:deploy\w*|releases?|versions?|images?|tags?|migrations?|commits?|git revert|kubectl|helm|vercel|heroku|docker|previous)\b/i,
  },
  {
    part: 'escalation',
    heading:
      /\bescalat\w*|\bon[- ]?call\b|\b(?:emergency|incident|support|key) contacts?\b|\bcontacts? (?:list|matrix|information)\b|\bincident (?:response|management|commander|handling|team|roles)|\bwho to (?:call|contact|page)\b|\bpaging\b/i,
    body: /\b(?:on[- ]?call|escalat\w+|pager\w*|opsgenie|phone|commander|responder|lead|manager|CTO|CEO|DPO|engineer|owner)\b/i,
  },
  {
    part: 'severity',
    heading:
      /\bseverit(?:y|ies)\b|\bpriority levels?\b|\bincident (?:levels?|classification|categor\w+)|\b(?:SEV|P)[- ]?[0-4]\b/i,
    body: /\b(?:SEV[- ]?\d|P[0-4]|critical|high|major|minor|low|outage)\b/i,
  },
  {
    part: 'alerts',
    heading: /\balert(?:s|ing)?\b|\bmonitoring\b|\balarms?\b|\bsymptoms?\b/i,
    body: /\b(?:alerts?|alarms?|threshold|dashboard|grafana|sentry|datadog|cloudwatch|pager\w*|uptime|prometheus|notif\w+)\b/i,
  },
  {
    part: 'services',
    heading:
      /\bservices?\b|\bdependenc(?:y|ies)\b|\barchitecture\b|\binfrastructure\b|\bsystem overview\b|\bcomponents\b|\btopology\b/i,
    body: /\b(?:database|postgres\w*|mysql|redis|queue|worker|api|server|container|cluster|region|host\w*|provider)\b/i,
  },
];

/** A heading that says the thing is not there, or asks for it. */
const missing =
  /\b(?:no|not|missing|lacks?|without|absent|todo|tbd|needed|planned|future|recommend\w*|optional)\b|❌|⚠/i;
/** Words of another trade: users restore items, transactions roll back, privileges escalate. */
const other =
  /\bprivilege|\bescalation of|\b(?:restor|recover)\w*\b.*\b(?:account|password|purchase|session|deleted (?:items?|users?|posts?)|wallet|draft|window|scroll|state|defaults?)|\b(?:transactions?|optimistic|database transaction) roll|\broll\w*back on (?:error|failure)\b|\bhuman escalation|\bescalation (?:rules?|logic|engine|feature)/i;

function judged(file: string, text: string): { readonly section: RunbookSection; readonly full: boolean }[] {
  return sectionsOf(text).flatMap((section) =>
    parts.flatMap((part) => {
      if (!part.heading.test(section.heading) || missing.test(section.heading) || other.test(section.heading))
        return [];
      const found = { part: part.part, heading: section.heading, at: { file, line: section.line } };
      return [{ section: found, full: isFull(section, part.part) && part.body.test(section.body) }];
    }),
  );
}

const unfilled =
  /^\s*(?:[-*]\s*)?(?:\[?(?:TODO|TBD|N\/A|coming soon|to be (?:defined|written|documented|added))\b.*|\[[ x]?\].*)$/i;
const form = /\[(?:describe|specify|insert|fill in)\b/i;

/** Steps or commands that someone can follow. What is done by hand takes more than a list of claims. */
function isFull({ body, commands }: Section, part: RunbookPart): boolean {
  if (form.test(body)) return false;
  const lines = body.split('\n').filter((line) => line.trim() && !unfilled.test(line));
  const words = lines.join(' ').split(/\s+/).length;
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  if (commands >= 3 || words >= 60) return true;
  if (part === 'restore' || part === 'rollback') return count(/^\s*(?:\d+[.)]|\.)\s*\S/) >= 2;
  return words >= 40 || (words >= 12 && count(/^\s*(?:\d+[.)]|\.|[-*+]|\|)\s*\S/) >= 2);
}
