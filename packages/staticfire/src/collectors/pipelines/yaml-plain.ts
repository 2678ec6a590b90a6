import type { Entry, Yaml } from './yaml.ts';

/**
 * Reads the plain YAML that most pipelines are written in: block maps and lists, scalars on one line, literal blocks.
 * Undefined where anything else stands, valid or not: then the real parser has to read it.
 */
export function readPlain(text: string): Yaml | undefined {
  return strange.test(text) ? undefined : new PlainReader(text.split('\n')).document();
}

/** Characters that mean more than they show. */
// oxlint-disable-next-line no-control-regex
const strange = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

const key = /([A-Za-z0-9_][\w./-]{0,100}(?: [\w./-]{1,100}){0,8}):(?= |$)/y;
const flowItem = /\s*(?:"([^"\\]*)"|'([^']*)'|([\w./][\w./* @-]*?))\s*([,\]])/y;
const deepest = 40;

interface Line {
  /** Its place among all lines. */
  readonly at: number;
  readonly indent: number;
}

class PlainReader {
  readonly #lines: readonly string[];
  /** The line that is read next. */
  #at = 0;
  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  document(): Yaml | undefined {
    if (this.#lines[this.#next()?.at ?? 0] === '---') this.#at++;
    if (this.#next()?.indent !== 0) return undefined;
    const root = this.#block(0, 0);
    return this.#next() === undefined ? root : undefined;
  }

  /** The next line that holds something. */
  #next(): Line | undefined {
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at] ?? '';
      const indent = indentOf(line);
      if (indent < line.length && line[indent] !== '#') return { at: this.#at, indent };
    }
    return undefined;
  }

  #block(indent: number, depth: number): Yaml | undefined {
    if (depth > deepest) return undefined;
    const line = this.#lines[this.#at] ?? '';
    return isItem(line, indent) ? this.#list(indent, depth) : this.#map(indent, indent, depth);
  }

  #list(indent: number, depth: number): Yaml | undefined {
    const items: Yaml[] = [];
    const start = this.#at + 1;
    for (let next = this.#next(); next?.indent === indent; next = this.#next()) {
      const line = this.#lines[next.at] ?? '';
      if (!isItem(line, indent)) break;
      const item = this.#item(line, indent, depth);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return { line: start, items };
  }

  #item(line: string, indent: number, depth: number): Yaml | undefined {
    const column = indent + 1 + indentOf(line.slice(indent + 1));
    if (column >= line.length || line[column] === '#' || isItem(line, column)) return undefined;
    return keyAt(line, column) === undefined
      ? this.#value(line, column, indent, depth)
      : this.#map(column, column, depth + 1);
  }

  /** A map whose first key stands in the current line, be it behind the dash of a list. */
  #map(indent: number, column: number, depth: number): Yaml | undefined {
    if (depth > deepest) return undefined;
    const entries = new Map<string, Entry>();
    const start = this.#at + 1;
    for (let next: Line | undefined = { at: this.#at, indent }; next?.indent === indent; next = this.#next()) {
      const line = this.#lines[next.at] ?? '';
      const name = keyAt(line, column);
      if (name === undefined) return next.at + 1 > start && isItem(line, column) ? { line: start, entries } : undefined;
      const node = this.#entry(line, column + name.length + 1, indent, depth);
      if (node === undefined) return undefined;
      entries.set(name, { line: next.at + 1, node });
    }
    return { line: start, entries };
  }

  #entry(line: string, after: number, indent: number, depth: number): Yaml | undefined {
    const column = after + indentOf(line.slice(after));
    if (column < line.length && line[column] !== '#') return this.#value(line, column, indent, depth);
    const own = this.#at++;
    const next = this.#next();
    const below = next !== undefined && next.indent > indent;
    const beside = next?.indent === indent && isItem(this.#lines[next.at] ?? '', indent);
    if (next && (below || beside)) return this.#block(next.indent, depth + 1);
    return { line: own + 1, value: null, literal: false };
  }

  /** A value that begins in the current line and, apart from a block of text, ends there. */
  #value(line: string, column: number, indent: number, depth: number): Yaml | undefined {
    const rest = line.slice(column);
    if (rest.startsWith('|') || rest.startsWith('>')) return this.#textBlock(rest, indent);
    const at = this.#at + 1;
    const found = /^[[{]/.test(rest) ? flowOf(rest, at) : scalarOf(rest, at);
    this.#at++;
    const next = found && this.#next();
    return depth > deepest || (next && next.indent > indent) ? undefined : found;
  }

  #textBlock(header: string, indent: number): Yaml | undefined {
    const [, style, chomp] = /^([|>])(-?)(?:\s+#.*|\s*)$/.exec(header) ?? [];
    const start = this.#at + 1;
    const end = this.#blockEnd(start, indent);
    const [first = ''] = this.#lines.slice(start, end);
    const width = indentOf(first);
    if (chomp === undefined || width === first.length || width <= indent) return undefined;
    const rows: string[] = [];
    for (const line of this.#lines.slice(start, end)) {
      const own = indentOf(line);
      if (own === line.length ? own > width : own < width) return undefined;
      rows.push(line.slice(width));
    }
    while (rows.at(-1) === '') rows.pop();
    this.#at = end;
    const text = style === '|' ? rows.join('\n') : folded(rows);
    return text === undefined
      ? undefined
      : { line: start, value: text + (chomp === '' ? '\n' : ''), literal: style === '|' };
  }

  /** The first line that is not indented deeper. */
  #blockEnd(start: number, indent: number): number {
    let at = start;
    for (; at < this.#lines.length; at++) {
      const line = this.#lines[at] ?? '';
      const own = indentOf(line);
      if (own < line.length && own <= indent) return at;
    }
    return at;
  }
}

/** Lines folded into one; undefined where some stay apart. */
const folded = (rows: readonly string[]): string | undefined =>
  rows.some((row) => row === '' || row.startsWith(' ')) ? undefined : rows.join(' ');

function indentOf(line: string): number {
  let at = 0;
  while (line.charCodeAt(at) === 32) at++;
  return at;
}

const isItem = (line: string, at: number): boolean =>
  line[at] === '-' && (at + 1 === line.length || line[at + 1] === ' ');

function keyAt(line: string, column: number): string | undefined {
  key.lastIndex = column;
  return key.exec(line)?.[1];
}

/** A scalar on one line, with a comment or nothing behind it. */
function scalarOf(rest: string, line: number): Yaml | undefined {
  const quote = rest.charAt(0);
  if (quote === '"' || quote === "'") {
    const found = /^(?:"(?:[^"\\]|\\["\\nt])*"|'[^']*')(?=\s+#|\s*$)/.exec(rest)?.[0];
    return found === undefined ? undefined : { line, value: unquoted(found), literal: false };
  }
  const comment = rest.indexOf(' #');
  const plain = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  const value =
    /^[^\s,[\]{}#&*!|>'"%@`?:]/.test(plain) && !/:(?: |$)|^-(?: |$)/.test(plain) ? resolved(plain) : undefined;
  return value === undefined ? undefined : { line, value, literal: false };
}

const unquoted = (text: string): string =>
  text.startsWith('"') && text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);

/** `[a, b]`, `[]` and `{}` on one line. */
function flowOf(rest: string, line: number): Yaml | undefined {
  if (/^\[\s*\](?=\s+#|\s*$)/.test(rest)) return { line, items: [] };
  if (rest.startsWith('{')) return /^\{\s*\}(?=\s+#|\s*$)/.test(rest) ? { line, entries: new Map() } : undefined;
  const items: Yaml[] = [];
  flowItem.lastIndex = 1;
  for (let found = flowItem.exec(rest); found !== null; found = flowItem.exec(rest)) {
    const [, double, single, plain = '', end] = found;
    const value = double ?? single ?? resolved(plain);
    if (value === undefined) return undefined;
    items.push({ line, value, literal: false });
    if (end === ']') return /^(?:\s+#|\s*$)/.test(rest.slice(flowItem.lastIndex)) ? { line, items } : undefined;
  }
  return undefined;
}

/** What a plain scalar stands for in YAML's core schema; undefined for numbers that are seldom written. */
function resolved(plain: string): string | number | boolean | null | undefined {
  if (/^(?:~|null|Null|NULL)$/.test(plain)) return null;
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(plain)) return /^t/i.test(plain);
  if (!number.test(plain)) return plain;
  return /^-?(?:\d{1,15}|\d{1,8}\.\d{0,6}[1-9])$/.test(plain) ? Number(plain) : undefined;
}

const number =
  /^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|[-+]?(?:\d+|\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?)$/;
