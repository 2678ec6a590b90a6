const escape = String.fromCharCode(0x1b);
const csi = String.fromCharCode(0x9b);
const bell = String.fromCharCode(0x07);

const ansi = new RegExp(
  [
    `${escape}\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?`,
    `(?:${escape}\\[|${csi})[0-?]*[ -/]*[@-~]?`,
    `${escape}[ -/]*[0-~]?`,
  ].join('|'),
  'g',
);
/** Control, format (bidi, zero-width, tags), line separators and lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const longest = 2000;

/** One line of text from the audited repository, harmless in a terminal. Tabs become two spaces; indentation is kept. */
export function cleanLine(text: string): string {
  return text.slice(0, longest).replace(/\t/g, '  ').replace(ansi, '').replace(unseen, '');
}

/** Running text from anywhere: one line, single spaces, harmless. */
export function clean(text: string): string {
  return cleanLine(text.slice(0, longest).replace(/[\r\n\u2028\u2029]+/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

export const linesOf = (text: string): string[] => text.split(/\r\n?|\n/);

const zeroWidth = /\p{M}/u;
const emoji = /\p{Emoji_Presentation}/u;
const doubleWidth =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const plain = /^[ -~]*$/;

const widthOfChar = (char: string): number =>
  zeroWidth.test(char) ? 0 : doubleWidth.test(char) || emoji.test(char) ? 2 : 1;

/** Columns that clean text takes in a terminal. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  return Array.from(text).reduce((sum, char) => sum + widthOfChar(char), 0);
}

/** The text, or as much of it as fits with an ellipsis. */
export function cut(text: string, width: number, ellipsis = '...'): string {
  if (widthOf(text) <= width) return text;
  const room = Math.max(0, width - ellipsis.length);
  let used = 0;
  let kept = '';
  for (const char of text) {
    used += widthOfChar(char);
    if (used > room) break;
    kept += char;
  }
  return kept + ellipsis;
}

const longestWord = 240;

/** Clean text in lines no wider than `width`. Words, and so paths, are never broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').map((part) => cut(part, longestWord))) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(next) > width) {
      lines.push(line);
      line = word;
    } else line = next;
  }
  return line === '' ? lines : [...lines, line];
}

/** Lines that begin with `prefix` and hang under the text; the prefix takes a line of its own where it leaves no room. */
export function hang(
  prefix: { readonly shown: string; readonly width: number },
  text: string,
  width: number,
): string[] {
  const room = width - prefix.width;
  const indent = prefix.shown.length - prefix.shown.trimStart().length;
  if (room >= 24)
    return wrap(text, room).map((line, index) => (index === 0 ? prefix.shown : ' '.repeat(prefix.width)) + line);
  const margin = ' '.repeat(indent + 3);
  return [prefix.shown.trimEnd(), ...wrap(text, width - margin.length).map((line) => margin + line)];
}

/** Two sentences, the first with its full stop. */
export const joined = (first: string, second: string): string =>
  second === '' ? first : `${/[.!?:]$/.test(first) ? first : `${first}.`} ${second}`;

/** `3 blockers`, `1 blocker`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** `a, b and c`; with a limit `a, b and 4 more`. */
export function listed(items: readonly string[], limit = items.length): string {
  const shown = items.slice(0, items.length > limit ? limit : items.length);
  const last = items.length > shown.length ? `${items.length - shown.length} more` : shown.pop();
  return last === undefined ? '' : shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
