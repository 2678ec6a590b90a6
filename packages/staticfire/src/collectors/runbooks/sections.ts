/** A heading with all that stands below it, sections inside it included. */
export interface Section {
  readonly heading: string;
  /** From 1. */
  readonly line: number;
  readonly body: string;
  /** How many lines of it stand in code blocks. */
  readonly commands: number;
}

interface Heading {
  readonly text: string;
  readonly level: number;
  /** From 0. */
  readonly index: number;
}

/** The sections of a Markdown, AsciiDoc or plain text document. */
export function sectionsOf(text: string): Section[] {
  const lines = text.split(/\r?\n/);
  const inCode = codeLines(lines);
  const headings = lines.flatMap((line, index) => (inCode.has(index) ? [] : headingAt(lines, line, index)));
  return headings.map((heading, at) => {
    const next = headings.slice(at + 1).find((other) => other.level <= heading.level);
    const end = next?.index ?? lines.length;
    const own = lines.slice(heading.index + 1, end);
    const commands = own.filter((_, offset) => inCode.has(heading.index + 1 + offset)).length;
    return { heading: heading.text, line: heading.index + 1, body: own.join('\n'), commands };
  });
}

function codeLines(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  let open = false;
  lines.forEach((line, index) => {
    const fence = /^\s*(?:```|~~~|----\s*$)/.test(line);
    if (open || fence) found.add(index);
    if (fence) open = !open;
  });
  return found;
}

function headingAt(lines: readonly string[], line: string, index: number): Heading[] {
  const marked = /^(#{1,6}|={1,6})\s+(\S.*)$/.exec(line);
  if (marked?.[1] && marked[2]) return [{ text: clean(marked[2]), level: marked[1].length, index }];
  const bold = /^\s*(?:\d+\.\s*)?\*\*([^*]{3,80})\*\*:?\s*$/.exec(line)?.[1];
  if (bold) return [{ text: clean(bold), level: 8, index }];
  const under = lines[index + 1] ?? '';
  if (/^\w.{2,80}$/.test(line) && /^(?:={4,}|-{4,})\s*$/.test(under))
    return [{ text: clean(line), level: under.startsWith('=') ? 1 : 2, index }];
  return [];
}

const clean = (text: string): string => text.replaceAll(/[*_`#:]/g, '').trim();
