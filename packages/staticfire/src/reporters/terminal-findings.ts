import type { Severity } from '../model/control.ts';
import type { Group, Item } from './digest.ts';
import { frameOf, type FrameLine } from './frame.ts';
import { pathAt, placeOf, serviceLabel } from './sentences.ts';
import type { Page } from './page.ts';
import { clean, cut, hang, listed, wrap } from './text.ts';

const shownPlaces = 10;
const shownMore = 3;

const painted = ({ paint }: Page, severity: Severity, text: string): string =>
  ({ critical: (t: string) => paint.bold(paint.red(t)), major: paint.yellow, minor: paint.cyan, note: paint.dim })[
    severity
  ](text);

/** A blocker in full: what, where, the code, the path that proves it, what happens in production, what to do. */
export function blockerLines(page: Page, group: Group, number: number, before: Group | undefined): string[] {
  const told = before?.control === group.control;
  const failure = told ? undefined : page.options.catalogue.get(group.control)?.failure;
  const { lead, items } = group;
  const rest = items.slice(1);
  return [
    ...headLines(page, group, `${number}.`),
    ...itemLines(page, lead),
    ...(failure === undefined ? [] : ['', ...labelled(page, 'In production', clean(failure))]),
    ...(failure === undefined ? [''] : []),
    ...labelled(page, 'Remedy', clean(lead.finding.remedy)),
    ...(page.options.details ? rest.flatMap((item) => ['', ...itemLines(page, item)]) : moreBlockers(page, lead, rest)),
  ];
}

function headLines(page: Page, { lead, items, control }: Group, number: string): string[] {
  const { severity } = lead.finding;
  const places = items.length > 1 ? [`${items.length} places`] : [];
  const head = `${number} ${painted(page, severity, severity)}  ${page.paint.bold(control)}`;
  return withFacts(page, { shown: head, width: number.length + severity.length + control.length + 3 }, [
    ...places,
    ...factsOf(page, items),
  ]);
}

/** How sure the finding is, where it is not proven, and which services it is about. */
function factsOf(page: Page, items: readonly Item[]): string[] {
  const confidence = items[0]?.finding.confidence;
  const label = serviceLabel(page.assessment, [...new Set(items.flatMap((item) => item.services))]);
  return [
    ...(confidence === undefined || confidence === 'proven' ? [] : [confidence]),
    ...(label === '' ? [] : [label]),
  ];
}

const withFacts = (page: Page, head: { shown: string; width: number }, facts: readonly string[]): string[] =>
  facts.length === 0
    ? [head.shown]
    : hang({ shown: `${head.shown}  `, width: head.width + 2 }, facts.join(', '), page.width);

function sentenceOf(page: Page, { finding, services }: Item): string {
  const label = page.options.details ? serviceLabel(page.assessment, services) : '';
  return clean(finding.text) + (label === '' ? '' : ` (${label})`);
}

/** Sentence, place, code frame and path. */
function itemLines(page: Page, item: Item): string[] {
  const frame = frameLines(page, frameOf(item.finding));
  const place = placeOf(item, true);
  return [
    ...wrap(sentenceOf(page, item), page.width - 3).map((line) => `   ${page.paint.bold(line)}`),
    ...(place === '' ? [] : wrap(place, page.width - 3).map((line) => `   ${page.paint.cyan(line)}`)),
    ...(frame.length > 0 ? ['', ...frame] : []),
    ...trailLines(page, item),
  ];
}

function frameLines({ paint, width, options }: Page, frame: readonly FrameLine[]): string[] {
  const digits = Math.max(...frame.map((line) => String(line.number).length));
  const bar = options.unicode ? '│' : '|';
  const room = width - digits - 8;
  return frame.flatMap((line) => {
    const gutter = `${String(line.number).padStart(digits)} ${bar}`;
    const [text, caret] = visible(line, room, options.unicode ? '…' : '...');
    const row = line.marked
      ? `   ${paint.red('>')} ${paint.bold(gutter)} ${text}`
      : `     ${paint.dim(gutter)} ${text}`;
    const under =
      caret === undefined
        ? []
        : [`     ${paint.dim(`${' '.repeat(digits)} ${bar}`)} ${' '.repeat(caret)}${paint.red('^')}`];
    return [row.trimEnd(), ...under];
  });
}

/** The part of a line that fits, moved so that the caret is in it. */
function visible(
  { text, caret }: FrameLine,
  room: number,
  ellipsis: string,
): [text: string, caret: number | undefined] {
  if (caret === undefined || caret < room - ellipsis.length) return [cut(text, room, ellipsis), caret];
  const from = caret - Math.floor(room / 2);
  return [cut(ellipsis + text.slice(from + ellipsis.length), room, ellipsis), caret - from];
}

function trailLines(page: Page, { finding }: Item): string[] {
  if (finding.trail.length === 0) return [];
  const [middle, last] = page.options.unicode ? ['├', '└'] : ['|', '`'];
  const steps = finding.trail.map(({ file, line, note }) =>
    file === undefined ? clean(note) : `${pathAt(file, line)} ${clean(note)}`,
  );
  return [
    '',
    `   ${page.paint.bold('Evidence')}`,
    ...steps.flatMap((step, index) => {
      const glyph = index === steps.length - 1 ? last : middle;
      return wrap(step, page.width - 7).map((text, row) =>
        row === 0 ? `   ${page.paint.dim(`${glyph} `)}${text}` : `       ${text}`,
      );
    }),
  ];
}

function labelled({ paint, width }: Page, label: string, text: string): string[] {
  return wrap(`${label}: ${text}`, width - 3).map((line, index) =>
    index === 0 ? `   ${paint.bold(`${label}:`)}${line.slice(label.length + 1)}` : `   ${line}`,
  );
}

/** The other places of the same blocker, one line each; their sentence where it differs. */
function moreBlockers(page: Page, lead: Item, rest: readonly Item[]): string[] {
  if (rest.length === 0) return [];
  const shown = rest.slice(0, shownPlaces);
  const hidden = rest.length - shown.length;
  return [
    '',
    `   ${page.paint.bold('Also')}`,
    ...shown.flatMap((item) => [
      `   - ${page.paint.cyan(placeOf(item))}`,
      ...(item.finding.text === lead.finding.text
        ? []
        : wrap(clean(item.finding.text), page.width - 5).map((line) => `     ${line}`)),
    ]),
    ...(hidden > 0 ? [`   - ${hidden} more, shown with --verbose`] : []),
  ];
}

/** Findings that do not block: one entry for all of a kind, in full with details. The heading stands once for its neighbours. */
export function findingLines(page: Page, group: Group, before: Group | undefined): string[] {
  const head = findingHead(page, group);
  const told = before !== undefined && findingHead(page, before).join() === head.join();
  const body = page.options.details
    ? group.items.flatMap((item) => [...inset(page, item), ...remedyLines(page, item), '']).slice(0, -1)
    : compact(page, group.items);
  return told ? [...(page.options.details ? [''] : []), ...body] : [...head, ...body];
}

function findingHead(page: Page, { lead, items, control }: Group): string[] {
  const { severity } = lead.finding;
  const shown = `  ${painted(page, severity, severity.padEnd(8))}  ${page.paint.bold(control)}`;
  return withFacts(page, { shown, width: 12 + control.length }, factsOf(page, items));
}

const inset = (page: Page, item: Item): string[] =>
  itemLines(page, item).map((line) => (line === '' ? '' : `  ${line}`));

const remedyLines = (page: Page, { finding }: Item): string[] =>
  labelled({ ...page, width: page.width - 2 }, 'Remedy', clean(finding.remedy)).map((line) => `  ${line}`);

/** The first sentence, where it stands, and where else there is one like it. */
function compact(page: Page, items: readonly [Item, ...Item[]]): string[] {
  const [first, ...rest] = items;
  const placed = rest.filter(({ finding }) => finding.at !== undefined);
  return [
    ...wrap(clean(first.finding.text), page.width - 6).map((line, index) => `    ${index === 0 ? '-' : ' '} ${line}`),
    ...dimmed(page, first.finding.at === undefined ? absenceOf(page, items) : placeOf(first)),
    ...(placed.length > 0 ? dimmed(page, `also ${listed(placed.map(otherPlace(first)), shownMore)}`) : []),
  ];
}

/** Another place of the same kind; with what it is about where the sentence would be another. */
const otherPlace =
  (first: Item) =>
  (item: Item): string => {
    const { text, subject } = item.finding;
    const differs = text !== first.finding.text && text.includes(subject) && !first.finding.text.includes(subject);
    return placeOf(item) + (differs ? ` (${clean(subject)})` : '');
  };

/** Where something is missing, and what was searched for it. */
function absenceOf(page: Page, items: readonly [Item, ...Item[]]): string {
  const absent = items.filter(({ finding }) => finding.at === undefined);
  const services = [...new Set(absent.flatMap((item) => item.services))].toSorted();
  const some = services.length > 1 && services.length < page.assessment.services.length;
  const where = some ? `in ${listed(services.map(clean), 6)}; ` : '';
  return where + placeOf(items[0]);
}

const dimmed = ({ paint, width }: Page, text: string): string[] =>
  text === '' ? [] : wrap(text, width - 6).map((line) => `      ${paint.dim(line)}`);
