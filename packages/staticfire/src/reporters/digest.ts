import type { Assessment, Finding, Result, ResultVerdict } from '../model/assessment.ts';
import { areas, type Area } from '../model/area.ts';

/** One finding, with every service it was found in. */
export interface Item {
  readonly finding: Finding;
  readonly result: Result;
  readonly services: readonly string[];
}

/** Findings of one control and message. */
export interface Group {
  readonly control: string;
  readonly area: Area;
  readonly lead: Item;
  readonly items: readonly [Item, ...Item[]];
}

/** Results that could not be decided for the same reason. */
export interface Open {
  readonly reason: string;
  readonly settle: string | undefined;
  readonly results: readonly [Result, ...Result[]];
}

/** What every report says, in the order in which it says it. */
export interface Digest {
  readonly blockers: readonly Group[];
  readonly others: readonly Group[];
  readonly unknown: readonly Open[];
  readonly errors: readonly Open[];
  readonly passed: readonly Result[];
  readonly notApplicable: readonly Result[];
}

export function digest(assessment: Assessment): Digest {
  const deciding = new Set(assessment.blockers);
  const items = itemsOf(assessment.results);
  const withVerdict = (verdict: ResultVerdict): Result[] =>
    assessment.results.filter((result) => result.verdict === verdict);
  return {
    blockers: grouped(items.filter(({ finding }) => deciding.has(finding.fingerprint))),
    others: grouped(items.filter(({ finding }) => !deciding.has(finding.fingerprint))),
    unknown: openOf(withVerdict('unknown')),
    errors: openOf(withVerdict('error')),
    passed: withVerdict('pass'),
    notApplicable: withVerdict('not-applicable'),
  };
}

export const sizeOf = (groups: readonly Group[]): number => groups.reduce((sum, group) => sum + group.items.length, 0);

export const openSize = (open: readonly Open[]): number => open.reduce((sum, each) => sum + each.results.length, 0);

/** The same finding in several services is one item. */
function itemsOf(results: readonly Result[]): Item[] {
  const items = new Map<string, Item & { services: string[] }>();
  for (const result of results) {
    for (const finding of result.findings) {
      const { at } = finding;
      const key = JSON.stringify([
        finding.control,
        finding.message,
        finding.text,
        finding.fingerprint,
        at?.file,
        at?.line,
        at?.column,
      ]);
      const item = items.get(key) ?? { finding, result, services: [] };
      if (!item.services.includes(result.service)) item.services.push(result.service);
      items.set(key, item);
    }
  }
  return [...items.values()];
}

const severities = ['critical', 'major', 'minor', 'note'];
const confidences = ['proven', 'likely', 'hint'];

const rank = ({ finding, result }: Item): number[] => [
  areas.indexOf(result.area),
  severities.indexOf(finding.severity),
  confidences.indexOf(finding.confidence),
];

function compare(a: Item, b: Item): number {
  const [left, right] = [rank(a), rank(b)];
  const at = left.findIndex((value, index) => value !== right[index]);
  return at === -1 ? comparePlace(a.finding, b.finding) : (left[at] ?? 0) - (right[at] ?? 0);
}

function comparePlace(a: Finding, b: Finding): number {
  return (
    byText(a.control, b.control) ||
    byText(a.at?.file ?? '', b.at?.file ?? '') ||
    (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
    byText(a.text, b.text)
  );
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function grouped(items: readonly Item[]): Group[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items.toSorted(compare)) {
    const key = `${item.finding.control} ${item.finding.message} ${item.finding.severity}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()].map((all) => ({
    control: all[0].finding.control,
    area: all[0].result.area,
    lead: all[0],
    items: all,
  }));
}

function openOf(results: readonly Result[]): Open[] {
  const open = new Map<string, Open & { results: [Result, ...Result[]] }>();
  for (const result of results) {
    const reason = result.reason ?? 'no reason was given';
    const key = JSON.stringify([reason, result.settle]);
    const same = open.get(key);
    if (same) same.results.push(result);
    else open.set(key, { reason, settle: result.settle, results: [result] });
  }
  return [...open.values()];
}
