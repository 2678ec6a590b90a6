import type { SqlToken } from './statements.ts';

/** Reads the tokens of one statement from left to right. */
export class Cursor {
  private at = 0;
  private readonly tokens: readonly SqlToken[];

  constructor(tokens: readonly SqlToken[]) {
    this.tokens = tokens;
  }

  get line(): number {
    return this.tokens[this.at]?.line ?? this.tokens.at(-1)?.line ?? 1;
  }

  get ended(): boolean {
    return this.at >= this.tokens.length;
  }

  peek(ahead = 0): string {
    const next = this.tokens[this.at + ahead];
    return next && next.k !== 'name' && next.k !== 'text' ? next.v : '';
  }

  /** Takes the words if they all come next. */
  take(...words: readonly string[]): boolean {
    if (words.some((word, index) => this.peek(index) !== word)) return false;
    this.at += words.length;
    return true;
  }

  skip(): SqlToken | undefined {
    this.at += 1;
    return this.tokens[this.at - 1];
  }

  /** A name with or without its schema: the last part. Names without quotes are in lower case. */
  name(): string {
    let last = this.part();
    while (this.peek() === '.') {
      this.at += 1;
      last = this.part();
    }
    return last;
  }

  private part(): string {
    const next = this.tokens[this.at];
    if (!next || next.k === 'mark') return '';
    this.at += 1;
    return next.v;
  }

  /** What stands in the parentheses that come next; empty when none do. */
  group(): Cursor {
    if (this.peek() !== '(') return new Cursor([]);
    const start = this.at + 1;
    let depth = 0;
    for (; this.at < this.tokens.length; this.at += 1) {
      const { k, v } = this.tokens[this.at] ?? { k: 'mark', v: '' };
      if (k === 'mark' && v === '(') depth += 1;
      if (k === 'mark' && v === ')') depth -= 1;
      if (depth === 0) break;
    }
    this.at += 1;
    return new Cursor(this.tokens.slice(start, this.at - 1));
  }

  /** The rest, split at commas outside parentheses. */
  parts(): Cursor[] {
    const parts: SqlToken[][] = [[]];
    let depth = 0;
    for (const token of this.rest()) {
      if (token.k === 'mark' && token.v === '(') depth += 1;
      if (token.k === 'mark' && token.v === ')') depth -= 1;
      if (token.k === 'mark' && token.v === ',' && depth === 0) parts.push([]);
      else parts.at(-1)?.push(token);
    }
    return parts.filter((part) => part.length > 0).map((part) => new Cursor(part));
  }

  rest(): readonly SqlToken[] {
    return this.tokens.slice(this.at);
  }

  /** The rest as one line, names in lower case and without quotes. */
  text(): string {
    return this.rest()
      .map(({ k, v }) => (k === 'text' ? `'${v}'` : v.toLowerCase()))
      .join(' ');
  }
}
