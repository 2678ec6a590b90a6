import type { Assessment, AssessedService } from '../model/assessment.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { openSize, sizeOf, type Digest, type Item } from './digest.ts';
import { clean, count, listed } from './text.ts';

/** Without a service there is nothing that could be ready, and without a blocker nothing that says it is not. */
export function verdictWord({ verdict, services, blockers }: Assessment): 'GO' | 'NO-GO' | 'NO SERVICE' {
  if (services.length === 0 && blockers.length === 0) return 'NO SERVICE';
  return verdict === 'go' ? 'GO' : 'NO-GO';
}

/** `3 blockers, 12 further findings, 4 unknown`. */
export function headline({ blockers, others, unknown, errors }: Digest): string {
  const [blocking, further, open, failed] = [sizeOf(blockers), sizeOf(others), openSize(unknown), openSize(errors)];
  return [
    blocking === 0 ? 'no blockers' : count(blocking, 'blocker'),
    ...(further === 0
      ? blocking === 0
        ? ['no findings']
        : []
      : [count(further, blocking === 0 ? 'finding' : 'further finding')]),
    ...(open === 0 ? [] : [`${open} unknown`]),
    ...(failed === 0 ? [] : [`${count(failed, 'check')} failed to run`]),
  ].join(', ');
}

/** `shop at 1a2b3c4d, with uncommitted changes`. */
export function subjectSentence({ subject }: Assessment): string {
  const commit =
    subject.commit === null
      ? subject.dirty === null
        ? 'not in git'
        : 'without a commit yet'
      : `at commit ${clean(subject.commit).slice(0, 10)}`;
  const dirty = subject.dirty === true && subject.commit !== null ? ', with uncommitted changes' : '';
  return `${clean(subject.name)} ${commit}${dirty}`;
}

export function servicesSentence(services: readonly AssessedService[]): string {
  if (services.length === 0) return 'Only what belongs to the repository was judged: nothing here starts a service';
  return `${count(services.length, 'service')}: ${listed(services.map(serviceWords), 8)}`;
}

function serviceWords({ id, frameworks, kind, endpoints }: AssessedService): string {
  const what = frameworks.length > 0 ? frameworks.map(clean).join(' and ') : kind;
  const http = endpoints.http === null ? '' : `, ${count(endpoints.http, 'endpoint')}`;
  return `${clean(id)} (${what}${http})`;
}

/** What the run did not judge or cannot prove by its nature. A GO says all of it. */
export function limitsSentences(assessment: Assessment, { passed, errors }: Digest, catalogue: Catalogue): string[] {
  const judged = new Set(assessment.results.map((result) => result.control)).size;
  const all = [...catalogue.values()].filter(({ stage }) => stage !== 'retired').length;
  const failed = openSize(errors);
  return [
    ...(judged < all ? [`Only ${judged} of ${count(all, 'control')} were judged in this run.`] : []),
    ...(failed > 0 ? [`${count(failed, 'check')} failed to run: what they would have found is not known.`] : []),
    ...(assessment.verdict === 'go' ? [passed.length > 0 ? onlyRead : 'No check passed: this GO proves nothing.'] : []),
  ];
}

const onlyRead = 'All of this was read, nothing was run: how the service behaves under load and failure is not proven.';

/** `17 controls passed (12 wired into live code, 5 declared in files), 3 do not apply.` */
export function passedSentence({ passed, notApplicable }: Digest): string {
  if (passed.length + notApplicable.length === 0) return 'No check passed.';
  const at = (level: string): number => passed.filter((result) => result.level === level).length;
  const [wired, declared] = [at('wired'), at('declared')];
  const levels = [
    ...(wired > 0 ? [`${wired} wired into live code`] : []),
    ...(declared > 0 ? [`${declared} declared in files`] : []),
  ];
  const proof = levels.length === 0 ? '' : ` (${levels.join(', ')})`;
  return `${count(passed.length, 'check')} passed${proof}, ${notApplicable.length} ${notApplicable.length === 1 ? 'does' : 'do'} not apply.`;
}

export function coverageSentence({ coverage: c, services }: Assessment): string {
  const where = services.length === 0 ? '' : ` in ${count(services.length, 'service')}`;
  const rest = [
    ...(c.clientOnly > 0 ? [`${c.clientOnly} client only`] : []),
    ...(c.tests > 0 ? [`${c.tests} tests`] : []),
    ...(c.unreached > 0 ? [`${c.unreached} reached by nothing live`] : []),
  ];
  const lost = c.imports.unresolved > 0 ? ` ${count(c.imports.unresolved, 'import')} did not resolve.` : '';
  return `Read ${count(c.files, 'file')}, ${c.sourceFiles} of them source: ${[`${c.live} live${where}`, ...rest].join(', ')}.${lost}`;
}

/** `3 not read: a.ts (too large), …`, or nothing. */
export function unreadSentence({ coverage }: Assessment, limit: number): string | undefined {
  if (coverage.unreadTotal === 0) return undefined;
  const shown = coverage.unread
    .slice(0, limit)
    .map(({ path, reason }) => `${clean(path)} (${clean(reason).replaceAll('-', ' ')})`);
  const more = coverage.unreadTotal - shown.length;
  return `${coverage.unreadTotal} not read in full: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** Where a finding stands, or what was searched for it. */
export function placeOf({ finding }: Item, column = false): string {
  const { at, searched } = finding;
  if (at === undefined) return searched === undefined ? '' : `searched: ${clean(searched)}`;
  return at.file === undefined ? '' : pathAt(at.file, at.line, column ? at.column : undefined);
}

export const pathAt = (file: string, line?: number, column?: number): string =>
  `${clean(file)}${line === undefined ? '' : `:${line}`}${line === undefined || column === undefined ? '' : `:${column}`}`;

/** Names the services where there is more than one to confuse. */
export function serviceLabel({ services: all }: Assessment, ids: readonly string[]): string {
  if (all.length < 2 || ids.every((id) => id === 'repository')) return '';
  if (ids.length > 2)
    return ids.length === all.length ? `all ${ids.length} services` : `${ids.length} of ${all.length} services`;
  return listed(ids.map(clean));
}

export interface NextStep {
  readonly say: string;
  readonly command?: string;
}

/** The one thing to do next. */
export function nextStep({ services }: Assessment, { blockers, others, unknown, errors }: Digest): NextStep {
  const explain = (control: string): string => `npx staticfire explain ${control}`;
  const [first] = blockers;
  if (first)
    return {
      say: 'Read why the first blocker counts and what is done when it is mended:',
      command: explain(first.control),
    };
  if (services.length === 0)
    return {
      say: 'Name the folder that holds the service, or give it a start script:',
      command: 'npx staticfire path/to/service',
    };
  const [worst] = others.toSorted((a, b) => weight(a.lead) - weight(b.lead));
  if (worst)
    return { say: 'Nothing blocks the launch; the heaviest finding is next:', command: explain(worst.control) };
  const [open] = unknown;
  if (open) return { say: 'Settle what is unknown:', command: explain(open.results[0].control) };
  if (errors.length > 0) return { say: 'Report the failures above, with the version of staticfire.' };
  return { say: 'Keep it so: run this in CI, it exits with 1 on NO-GO:', command: 'npx staticfire' };
}

const weight = ({ finding }: Item): number => ['critical', 'major', 'minor', 'note'].indexOf(finding.severity);
