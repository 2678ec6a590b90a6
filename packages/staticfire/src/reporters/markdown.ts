import type { Assessment, Result } from '../model/assessment.ts';
import { areas } from '../model/area.ts';
import { defineReporter } from '../model/reporter.ts';
import type { Catalogue } from '../model/catalogue.ts';
import { digest, openSize, sizeOf, type Digest, type Group, type Item, type Open } from './digest.ts';
import { frameOf } from './frame.ts';
import { codeSpan, escapePlain, escapeText, fenced } from './markup.ts';
import { clean, joined, listed } from './text.ts';
import {
  coverageSentence,
  headline,
  verdictWord,
  limitsSentences,
  passedSentence,
  pathAt,
  serviceLabel,
  servicesSentence,
  subjectSentence,
  unreadSentence,
} from './sentences.ts';

export const markdown = defineReporter({
  id: 'markdown',
  mediaType: 'text/markdown',
  render(assessment, { catalogue }) {
    const all = digest(assessment);
    return `${[
      ...verdict(assessment, all, catalogue),
      ...resultsTable(assessment),
      ...section(
        `Blockers (${sizeOf(all.blockers)})`,
        all.blockers.flatMap((group) => groupBlocks(assessment, group, catalogue)),
      ),
      ...section(
        `${all.blockers.length > 0 ? 'Further findings' : 'Findings'} (${sizeOf(all.others)})`,
        all.others.flatMap((group) => groupBlocks(assessment, group, catalogue)),
      ),
      ...section(`Unknown (${openSize(all.unknown)})`, openBlocks(assessment, all.unknown)),
      ...section(`Failed to run (${openSize(all.errors)})`, openBlocks(assessment, all.errors)),
      ...coverage(assessment, all),
    ].join('\n\n')}\n`;
  },
});

const section = (title: string, blocks: readonly string[]): string[] =>
  blocks.length === 0 ? [] : [`## ${title}`, ...blocks];

const verdict = (assessment: Assessment, all: Digest, catalogue: Catalogue): string[] => [
  `# ${verdictWord(assessment)}: ${headline(all)}`,
  escapeText(subjectSentence(assessment)),
  escapeText(servicesSentence(assessment.services)),
  ...limitsSentences(assessment, all, catalogue).map(escapeText),
];

const columns = ['fail', 'unknown', 'error', 'pass', 'not-applicable'] as const;

/** Results by area, one row for each service that has some. */
function resultsTable({ results }: Assessment): string[] {
  const rows = areas.flatMap((area) => {
    const here = results.filter((result) => result.area === area);
    return [...new Set(here.map((result) => result.service))].map((service) =>
      row(
        area,
        service,
        here.filter((result) => result.service === service),
      ),
    );
  });
  if (rows.length === 0) return [];
  return [
    '## Results',
    [`| area | of | ${columns.join(' | ')} |`, `|---|---|${columns.map(() => '---:|').join('')}`, ...rows].join('\n'),
  ];
}

const row = (area: string, service: string, results: readonly Result[]): string =>
  `| ${area} | ${escapePlain(clean(service))} | ${columns.map((verdict) => results.filter((result) => result.verdict === verdict).length || '').join(' | ')} |`;

function groupBlocks(assessment: Assessment, { control, lead, items }: Group, catalogue: Catalogue): string[] {
  const { severity, confidence } = lead.finding;
  const failure = catalogue.get(control)?.failure;
  return [
    `### ${escapeText(control)}: ${severity}${confidence === 'proven' ? '' : `, ${confidence}`}`,
    ...items.flatMap((item) => itemBlocks(assessment, item)),
    ...(failure === undefined ? [] : [`**In production:** ${escapeText(clean(failure))}`]),
    ...[...new Set(items.map((item) => clean(item.finding.remedy)))].map(
      (remedy) => `**Remedy:** ${escapeText(remedy)}`,
    ),
  ];
}

function itemBlocks(assessment: Assessment, item: Item): string[] {
  const { finding } = item;
  const label = serviceLabel(assessment, item.services);
  const place = finding.at
    ? codeSpan(pathAt(finding.at.file, finding.at.line, finding.at.column))
    : escapeText(`searched: ${clean(finding.searched ?? 'nothing')}`);
  const steps = finding.trail.map(
    ({ file, line, note }) =>
      `- ${file === undefined ? '' : `${codeSpan(pathAt(file, line))} `}${escapeText(clean(note))}`,
  );
  return [
    `${escapeText(clean(finding.text))}${label === '' ? '' : ` (${escapeText(label)})`}`,
    place,
    ...code(item),
    ...(steps.length === 0 ? [] : [steps.join('\n')]),
  ];
}

function code({ finding }: Item): string[] {
  const frame = frameOf(finding);
  if (frame.length === 0) return [];
  const digits = Math.max(...frame.map((line) => String(line.number).length));
  return [
    fenced(
      frame.map((line) =>
        `${line.marked ? '>' : ' '} ${String(line.number).padStart(digits)} | ${line.text}`.trimEnd(),
      ),
    ),
  ];
}

const openBlocks = (assessment: Assessment, open: readonly Open[]): string[] =>
  open.map(({ reason, settle, results }) => {
    const names = results.map(({ control, service }) => {
      const label = serviceLabel(assessment, [service]);
      return `${codeSpan(control)}${label === '' ? '' : ` (${escapeText(label)})`}`;
    });
    const answer = joined(clean(reason), settle === undefined ? '' : `To settle: ${clean(settle)}`);
    return `- ${listed(names)}: ${escapeText(answer)}`;
  });

const coverage = (assessment: Assessment, all: Digest): string[] =>
  section(
    'Coverage',
    [
      passedSentence(all),
      coverageSentence(assessment),
      unreadSentence(assessment, 20),
      ...assessment.coverage.notes.map(clean),
    ]
      .filter((sentence) => sentence !== undefined)
      .map(escapeText),
  );
