import type { Finding } from '../model/assessment.ts';
import { cleanLine, linesOf, widthOf } from './text.ts';

export interface FrameLine {
  readonly number: number;
  readonly text: string;
  readonly marked: boolean;
  /** Columns before the caret, on the first marked line only. */
  readonly caret?: number;
}

const around = 3;
const reach = 400;

/** The excerpt as numbered, harmless lines without their common indentation; empty when the finding has none. */
export function frameOf(finding: Finding): FrameLine[] {
  const raw = rawLines(finding);
  const indent = Math.min(...raw.filter((line) => line.text.trim() !== '').map((line) => indentOf(line.text)));
  return raw.map((line) => ({
    number: line.number,
    marked: line.marked,
    ...shownPart(line, Number.isFinite(indent) ? indent : 0, line.head ? finding.at?.column : undefined),
  }));
}

interface RawLine {
  readonly number: number;
  readonly text: string;
  readonly marked: boolean;
  readonly head: boolean;
}

function rawLines({ excerpt, excerptLine, at }: Finding): RawLine[] {
  if (excerpt === undefined || excerpt.trim() === '') return [];
  const first = excerptLine ?? at?.line ?? 1;
  const line = at?.line ?? first;
  const last = Math.min(at?.endLine ?? line, line + around);
  const isMarked = (number: number): boolean => at?.line !== undefined && number >= line && number <= last;
  return linesOf(excerpt.replace(/\s+$/, ''))
    .map((text, index) => ({
      number: first + index,
      text,
      marked: isMarked(first + index),
      head: first + index === at?.line,
    }))
    .filter((each) => each.number >= line - around && each.number <= last + around);
}

const indentOf = (text: string): number => text.length - text.trimStart().length;

/** Of a very long line only what stands around the column. */
function shownPart(line: RawLine, indent: number, column: number | undefined): Pick<FrameLine, 'text' | 'caret'> {
  const from = column !== undefined && column - indent > reach ? column - 40 : indent;
  const text = cleanLine(line.text.slice(from, from + reach));
  if (column === undefined || column <= from || column > line.text.length) return { text };
  return { text, caret: widthOf(cleanLine(line.text.slice(from, column - 1))) };
}
