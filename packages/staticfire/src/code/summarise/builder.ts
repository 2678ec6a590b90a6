import { position, type Class, type Func, type Import, type Position } from '../summary.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Anything with a place in the source; offsets in UTF-16 code units. */
interface Located {
  readonly start: number;
  readonly end: number;
}

/** What the readers of one file share: what was gathered so far and where they are. Lives as long as one file is summarised. */
export interface Builder {
  readonly text: string;
  readonly functions: Draft<Func>[];
  readonly classes: Class[];
  readonly imports: Import[];
  readonly types: string[];
  /** Index of the function in whose body the reader stands. */
  fn: number;
  /** Index of the class whose members are being read. */
  owner: number | undefined;
  jsx: boolean;
  at(node: Located): Position;
  endLine(node: Located): number;
}

export function createBuilder(text: string): Builder {
  const lines = lineIndex(text);
  return {
    text,
    functions: [],
    classes: [],
    imports: [],
    types: [],
    fn: -1,
    owner: undefined,
    jsx: false,
    at: ({ start }) => lines.at(start),
    endLine: ({ end }) => lines.lineAt(end),
  };
}

interface LineIndex {
  at(offset: number): Position;
  lineAt(offset: number): number;
}

/** Offsets mostly grow while a file is read, so the search begins at the line of the last answer. */
function lineIndex(text: string): LineIndex {
  const starts = lineStarts(text);
  let last = 0;
  const find = (offset: number): number => {
    if ((starts[last] ?? 0) > offset) last = 0;
    const from = last;
    if (offset < (starts[from + 16] ?? Infinity)) {
      while ((starts[last + 1] ?? Infinity) <= offset) last += 1;
    } else {
      last = search(starts, offset, from);
    }
    return last;
  };
  return {
    at: (offset) => position(find(offset) + 1, offset - (starts[last] ?? 0) + 1),
    lineAt: (offset) => find(offset) + 1,
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

function search(starts: readonly number[], offset: number, from: number): number {
  let low = from;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
