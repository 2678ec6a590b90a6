import { defineReporter } from '../model/reporter.ts';
import { digest, openSize, sizeOf, type Digest, type Group, type Open } from './digest.ts';
import { pageOf, type Page } from './page.ts';
import { blockerLines, findingLines } from './terminal-findings.ts';
import {
  coverageSentence,
  headline,
  verdictWord,
  limitsSentences,
  nextStep,
  passedSentence,
  pathAt,
  serviceLabel,
  servicesSentence,
  subjectSentence,
  unreadSentence,
} from './sentences.ts';
import { clean, hang, wrap } from './text.ts';
import { timingLines } from './timing.ts';

export const terminal = defineReporter({
  id: 'terminal',
  mediaType: 'text/plain',
  render(assessment, options) {
    return `${sections(pageOf(assessment, options), digest(assessment))
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n')}\n`;
  },
});

const sections = (page: Page, all: Digest): string[][] => [
  verdictLines(page, all),
  ...section(
    page,
    `Blockers (${sizeOf(all.blockers)})`,
    all.blockers.map((group, index) => blockerLines(page, group, index + 1, all.blockers[index - 1])),
  ),
  ...section(
    page,
    `${all.blockers.length > 0 ? 'Further findings' : 'Findings'} (${sizeOf(all.others)})`,
    byArea(page, all.others),
  ),
  ...section(page, `Unknown (${openSize(all.unknown)})`, [openLines(page, all.unknown)]),
  ...section(page, `Failed to run (${openSize(all.errors)})`, [
    openLines(page, all.errors),
    failedAdvice(page, all.errors),
  ]),
  ...(page.options.details ? details(page, all) : []),
  coverageLines(page, all),
  nextLines(page, all),
];

/** A heading and its blocks, or nothing where there are none. */
function section({ paint, options, width }: Page, title: string, blocks: readonly string[][]): string[][] {
  const [first, ...rest] = blocks.filter((lines) => lines.length > 0);
  if (!first) return [];
  const rule = (options.unicode ? '─' : '-').repeat(Math.max(2, width - title.length - 4));
  const dash = options.unicode ? '──' : '--';
  return [[`${paint.dim(dash)} ${paint.bold(title)} ${paint.dim(rule)}`], first, ...rest];
}

function verdictLines(page: Page, all: Digest): string[] {
  const { assessment, paint, width, options } = page;
  const word = verdictWord(assessment);
  const shown = options.color ? paint.bold(badge(page, word)) : word;
  const prefix = { shown: `${shown}  `, width: word.length + (options.color ? 4 : 2) };
  const limits = limitsSentences(assessment, all, options.catalogue);
  return [
    ...bold(page, prefix, headline(all)),
    '',
    ...wrap(subjectSentence(assessment), width),
    ...wrap(servicesSentence(assessment.services), width),
    ...limits.flatMap((sentence) => wrap(sentence, width)),
  ];
}

function badge({ paint }: Page, word: ReturnType<typeof verdictWord>): string {
  if (word === 'NO SERVICE') return paint.bgYellow(paint.black(` ${word} `));
  return word === 'GO' ? paint.bgGreen(paint.black(` ${word} `)) : paint.bgRed(paint.white(` ${word} `));
}

function bold({ paint, width }: Page, prefix: { shown: string; width: number }, text: string): string[] {
  const [first = '', ...rest] = wrap(text, width - prefix.width);
  return [prefix.shown + paint.bold(first), ...rest.map((line) => ' '.repeat(prefix.width) + paint.bold(line))];
}

function byArea(page: Page, groups: readonly Group[]): string[][] {
  const found = new Set(groups.map((group) => group.area));
  return [...found].map((area) => {
    const here = groups.filter((group) => group.area === area);
    return [page.paint.bold(area), ...here.flatMap((group, index) => findingLines(page, group, here[index - 1]))];
  });
}

function openLines(page: Page, open: readonly Open[]): string[] {
  return open.flatMap((each) => {
    const names = each.results.map(({ control, service }) => {
      const label = serviceLabel(page.assessment, [service]);
      return label === '' ? control : `${control} (${label})`;
    });
    return [
      ...wrap(names.join(', '), page.width - 2).map((line) => `  ${page.paint.yellow(line)}`),
      ...wrap(clean(each.reason), page.width - 4).map((line) => `    ${line}`),
      ...(each.settle === undefined
        ? []
        : wrap(`To settle: ${clean(each.settle)}`, page.width - 4).map((line) => `    ${line}`)),
    ];
  });
}

const failedAdvice = ({ width }: Page, errors: readonly Open[]): string[] =>
  errors.length === 0
    ? []
    : wrap(
        'These are defects of staticfire, not of the service. Nothing they would have judged counts as passed.',
        width - 2,
      ).map((line) => `  ${line}`);

function details(page: Page, all: Digest): string[][] {
  const passed = all.passed.flatMap((result) => {
    const label = serviceLabel(page.assessment, [result.service]);
    const [proof] = result.evidence;
    const place = proof?.file === undefined ? proof?.searched : pathAt(proof.file, proof.line);
    return [
      ...hang(
        { shown: `  ${result.control}  `, width: result.control.length + 4 },
        clean(`${result.title}${label === '' ? '' : ` (${label})`}`),
        page.width,
      ),
      ...(place === undefined ? [] : wrap(clean(place), page.width - 6).map((line) => page.paint.dim(`      ${line}`))),
    ];
  });
  const skipped = all.notApplicable.flatMap((result) => {
    const label = serviceLabel(page.assessment, [result.service]);
    const id = label === '' ? result.control : `${result.control} (${label})`;
    return hang({ shown: `  ${id}  `, width: id.length + 4 }, clean(result.reason ?? ''), page.width);
  });
  return [
    ...section(page, `Passed (${all.passed.length})`, [passed]),
    ...section(page, `Does not apply (${all.notApplicable.length})`, [skipped]),
    ...section(page, 'Timing', [timingLines(page.assessment.timing)]),
  ];
}

function coverageLines(page: Page, all: Digest): string[] {
  const { assessment, options, width, paint } = page;
  const unread = unreadSentence(assessment, options.details ? 50 : 3);
  const notes = options.details ? assessment.coverage.notes.map(clean) : [];
  return [passedSentence(all), coverageSentence(assessment), ...(unread === undefined ? [] : [unread]), ...notes]
    .flatMap((sentence) => wrap(sentence, width))
    .map((line) => paint.dim(line));
}

function nextLines(page: Page, all: Digest): string[] {
  const { paint, width } = page;
  const { say, command } = nextStep(page.assessment, all);
  return [...wrap(`Next: ${say}`, width), ...(command === undefined ? [] : [`  ${paint.bold(command)}`])];
}
