/** A shell text as a tree, as far as a pipeline's commands need it. */
export type Shell = readonly Statement[];

export interface Statement {
  /** Joined by `&&` and `||`; `ops[i]` stands between `parts[i]` and `parts[i + 1]`. */
  readonly parts: readonly Pipe[];
  readonly ops: readonly ('&&' | '||')[];
  /** Ended by `&`. */
  readonly background: boolean;
}

/** Commands joined by `|`. */
export type Pipe = readonly Command[];

export type Command =
  | {
      readonly kind: 'simple';
      readonly words: readonly string[];
      readonly line: number;
      readonly inner: readonly Shell[];
    }
  | { readonly kind: 'group'; readonly body: Shell; readonly subshell: boolean }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: Shell; readonly body: Shell }[];
      readonly otherwise: Shell | undefined;
    }
  | { readonly kind: 'loop'; readonly body: Shell };

/** Reads a shell text. What it does not understand becomes plain words; it never throws. */
export function parseShell(source: string): Shell {
  return new ShellReader(tokenize(source)).script([]);
}

interface Token {
  readonly op?: string;
  readonly word?: string;
  readonly quoted?: boolean;
  readonly line: number;
  readonly inner?: readonly Shell[];
}

/** Stands for a redirection into the outputs of a step, where a later step may look. */
export const handedOn = '>outputs';

const operators = ['&&', '||', ';;', '|&', '|', '&', ';', '(', ')', '\n'];

function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const heredocs: string[] = [];
  let line = 0;
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    if (char === '\\' && source[at + 1] === '\n') [at, line] = [at + 2, line + 1];
    else if (char === ' ' || char === '\t' || char === '\r') at++;
    else if (char === '#') at = endOfLine(source, at);
    else {
      const op = operators.find((candidate) => source.startsWith(candidate, at));
      if (op) {
        tokens.push({ op, line });
        at += op.length;
        if (op === '\n') [at, line] = [skipHeredocs(source, at, heredocs), line + 1];
      } else {
        const word = readWord(source, at);
        const doc = /^<<-?["']?(\w+)["']?$/.exec(source.slice(at, word.end));
        if (doc?.[1]) heredocs.push(doc[1]);
        else if (/^[&\d]?>.*GITHUB_(OUTPUT|ENV)/.test(source.slice(at, word.end)))
          tokens.push({ word: handedOn, line });
        else if (!word.redirect) tokens.push({ word: word.text, quoted: word.quoted, line, inner: word.inner });
        line += source.slice(at, word.end).split('\n').length - 1;
        at = word.end;
      }
    }
  }
  return tokens;
}

const endOfLine = (source: string, at: number): number => {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
};

function skipHeredocs(source: string, at: number, heredocs: string[]): number {
  let from = at;
  for (const end of heredocs.splice(0)) {
    const found = new RegExp(`^[ \\t]*${end}[ \\t]*$`, 'm').exec(source.slice(from));
    from = found ? from + found.index + found[0].length : source.length;
  }
  return from;
}

interface Word {
  readonly text: string;
  readonly end: number;
  readonly quoted: boolean;
  readonly redirect: boolean;
  readonly inner: readonly Shell[];
}

function readWord(source: string, start: number): Word {
  const redirect = /^(\d?>>?&?\d?|&>>?|<(?!<))[ \t]*/.exec(source.slice(start, start + 40));
  let at = start + (redirect?.[0].length ?? 0);
  if (redirect && /&\d$/.test(redirect[0])) return { text: '', end: at, quoted: false, redirect: true, inner: [] };
  let text = '';
  let quoted = false;
  const inner: Shell[] = [];
  while (at < source.length && !/[\s;&|()]/.test(source.charAt(at)) && !source.startsWith('\\\n', at)) {
    const part = readPart(source, at);
    text += part.text;
    quoted ||= part.quoted;
    if (part.inner !== undefined) inner.push(parseShell(part.inner));
    at = Math.max(part.end, at + 1);
  }
  return { text, end: Math.max(at, start + 1), quoted, redirect: redirect !== null, inner };
}

interface Part {
  readonly text: string;
  readonly end: number;
  readonly quoted: boolean;
  readonly inner?: string;
}

function readPart(source: string, at: number): Part {
  const char = source.charAt(at);
  if (char === '\\') return { text: source.charAt(at + 1), end: at + 2, quoted: true };
  if (char === "'") return quotedPart(source, at, closing(source, at + 1, "'"));
  if (char === '"') return quotedPart(source, at, closing(source, at + 1, '"'));
  if (char === '`') return substitution(source, at, at + 1, closing(source, at + 1, '`'));
  if (source.startsWith('$((', at)) return plain(source, at, matching(source, at + 1));
  if (source.startsWith('$(', at)) return substitution(source, at, at + 2, matching(source, at + 1));
  if (source.startsWith('${{', at)) return plain(source, at, source.indexOf('}}', at) + 1);
  if (source.startsWith('${', at)) return plain(source, at, source.indexOf('}', at));
  return { text: char, end: at + 1, quoted: false };
}

const plain = (source: string, at: number, close: number): Part => {
  const end = close < at ? source.length : close + 1;
  return { text: source.slice(at, end), end, quoted: false };
};

const quotedPart = (source: string, at: number, close: number): Part => ({
  text: source.slice(at + 1, close),
  end: close + 1,
  quoted: true,
});

const substitution = (source: string, at: number, from: number, close: number): Part => ({
  text: source.slice(at, close + 1),
  end: close + 1,
  quoted: false,
  inner: source.slice(from, close),
});

function closing(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\' && quote !== "'") at++;
    else if (source[at] === quote) return at;
    else if (quote === '"' && source.startsWith('$(', at)) at = matching(source, at + 1);
  }
  return source.length;
}

function matching(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (char === "'" || char === '"') at = closing(source, at + 1, char);
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return at;
  }
  return source.length;
}

class ShellReader {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  /** Statements up to one of these words (not taken) or the end. */
  script(until: readonly string[]): Shell {
    const statements: Statement[] = [];
    while (this.#at < this.#tokens.length) {
      this.#skip();
      if (this.#ends(until)) break;
      const before = this.#at;
      statements.push(this.#statement());
      if (this.#at === before) this.#at++;
    }
    return statements.filter((statement) => statement.parts.length > 0);
  }

  #statement(): Statement {
    const parts: Pipe[] = [this.#pipe()];
    const ops: ('&&' | '||')[] = [];
    for (let op = this.#op(); op === '&&' || op === '||'; op = this.#op()) {
      this.#at++;
      this.#newlines();
      ops.push(op);
      parts.push(this.#pipe());
    }
    return { parts, ops, background: this.#op() === '&' };
  }

  #pipe(): Pipe {
    const commands: Command[] = [this.#command()];
    while (this.#op() === '|' || this.#op() === '|&') {
      this.#at++;
      this.#newlines();
      commands.push(this.#command());
    }
    return commands;
  }

  #command(): Command {
    if (this.#op() === '(') return this.#group(')', true);
    if (this.#keyword('{')) return this.#group('}', false);
    if (this.#keyword('if')) return this.#if();
    if (this.#keyword('for') || this.#keyword('while') || this.#keyword('until')) return this.#loop();
    return this.#simple();
  }

  #group(end: string, subshell: boolean): Command {
    this.#at++;
    const body = this.script([end]);
    this.#at++;
    this.#redirects();
    return { kind: 'group', body, subshell };
  }

  #if(): Command {
    const branches: { test: Shell; body: Shell }[] = [];
    while (this.#keyword('if') || this.#keyword('elif')) {
      this.#at++;
      const test = this.script(['then']);
      this.#at++;
      branches.push({ test, body: this.script(['elif', 'else', 'fi']) });
    }
    const otherwise = this.#keyword('else') ? (this.#at++, this.script(['fi'])) : undefined;
    this.#at++;
    return { kind: 'if', branches, otherwise };
  }

  #loop(): Command {
    while (this.#at < this.#tokens.length && !this.#keyword('do')) this.#at++;
    this.#at++;
    const body = this.script(['done']);
    this.#at++;
    this.#redirects();
    return { kind: 'loop', body };
  }

  #simple(): Command {
    const words: string[] = [];
    const inner: Shell[] = [];
    const line = this.#tokens[this.#at]?.line ?? 0;
    for (let token = this.#tokens[this.#at]; token?.word !== undefined; token = this.#tokens[++this.#at]) {
      words.push(token.word);
      inner.push(...(token.inner ?? []));
    }
    if (words.length === 1 && this.#op() === '(') return this.#function();
    return { kind: 'simple', words, line, inner };
  }

  /** `name() { … }`: the body counts as run. */
  #function(): Command {
    while (this.#op() === '(' || this.#op() === ')' || this.#op() === '\n') this.#at++;
    return this.#keyword('{') ? this.#group('}', false) : { kind: 'group', body: [], subshell: false };
  }

  #redirects(): void {
    while (this.#tokens[this.#at]?.word !== undefined && !this.#op()) this.#at++;
  }

  #ends(until: readonly string[]): boolean {
    const token = this.#tokens[this.#at];
    if (!token) return true;
    if (token.op === ')') return until.includes(')');
    return token.word !== undefined && !token.quoted && until.includes(token.word);
  }

  #skip(): void {
    while (['\n', ';', '&', ';;'].includes(this.#op() ?? '')) this.#at++;
  }

  #newlines(): void {
    while (this.#op() === '\n') this.#at++;
  }

  #op(): string | undefined {
    return this.#tokens[this.#at]?.op;
  }

  #keyword(word: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.word === word && !token.quoted;
  }
}
