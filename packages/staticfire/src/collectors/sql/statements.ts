/** A piece of an SQL statement. Words are in lower case; quoted names keep theirs. */
export interface SqlToken {
  readonly k: 'word' | 'name' | 'text' | 'mark';
  readonly v: string;
  readonly line: number;
}

export interface SqlStatement {
  readonly tokens: readonly SqlToken[];
  readonly line: number;
  /** What comments inside it and directly before it say. */
  readonly comments: readonly string[];
}

const token =
  /--([^\n]*)|\/\*([\s\S]*?)\*\/|(\$[A-Za-z_]*\$)|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|`([^`]*)`|\[([A-Za-z_][\w ]*)\]|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(\d[\w.]*)|(\n)|([^\s\w])/g;

/** Splits SQL of any dialect into statements. The body of an anonymous block is read as statements of its own. */
export function statementsOf(text: string, firstLine = 1): SqlStatement[] {
  const reader = new Reader(firstLine);
  token.lastIndex = 0;
  const pattern = new RegExp(token.source, 'g');
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const quote = match[3];
    if (quote === undefined) reader.take(match);
    else pattern.lastIndex = reader.quoted(text, pattern.lastIndex, quote);
  }
  return reader.done();
}

class Reader {
  private readonly statements: SqlStatement[] = [];
  private tokens: SqlToken[] = [];
  private comments: string[] = [];
  private depth = 0;
  private line: number;

  constructor(line: number) {
    this.line = line;
  }

  take(match: RegExpExecArray): void {
    const [whole, dash, block, , text, double, tick, bracket, word, number, , mark] = match;
    const name = double ?? tick ?? bracket;
    if (dash !== undefined || block !== undefined) this.comments.push((dash ?? block ?? '').trim());
    else if (text !== undefined) this.push('text', text);
    else if (name !== undefined) this.push('name', name);
    else if (word !== undefined) this.push('word', word.toLowerCase());
    else if (number !== undefined) this.push('text', number);
    else if (mark === ';' && this.depth <= 0) this.end();
    else if (mark !== undefined) this.mark(mark);
    for (const char of whole) if (char === '\n') this.line += 1;
  }

  /** A dollar-quoted text: the body of a function is text, the body of a `DO` block are statements. */
  quoted(text: string, from: number, quote: string): number {
    const end = text.indexOf(quote, from);
    const body = text.slice(from, end === -1 ? text.length : end);
    if (this.tokens[0]?.v === 'do') this.statements.push(...statementsOf(body, this.line).map(withoutBegin));
    else this.push('text', body);
    this.line += body.split('\n').length - 1;
    return end === -1 ? text.length : end + quote.length;
  }

  done(): SqlStatement[] {
    this.end();
    return this.statements;
  }

  private push(k: SqlToken['k'], v: string): void {
    this.tokens.push({ k, v, line: this.line });
  }

  private mark(mark: string): void {
    if (mark === '(') this.depth += 1;
    if (mark === ')') this.depth -= 1;
    this.push('mark', mark);
  }

  private end(): void {
    const [first] = this.tokens;
    if (first) {
      this.statements.push({ tokens: this.tokens, line: first.line, comments: this.comments });
      this.comments = [];
    }
    this.tokens = [];
    this.depth = 0;
  }
}

const opening: ReadonlySet<string> = new Set(['begin', 'then', 'else', 'loop', 'declare']);

/** Inside a block the first statement stands behind its `BEGIN` or `IF … THEN`. */
function withoutBegin(statement: SqlStatement): SqlStatement {
  const at = statement.tokens.findLastIndex(
    ({ k, v }, index) => k === 'word' && opening.has(v) && startsStatement(statement.tokens[index + 1]?.v),
  );
  if (at === -1) return statement;
  const tokens = statement.tokens.slice(at + 1);
  return { ...statement, tokens, line: tokens[0]?.line ?? statement.line };
}

const startsStatement = (word: string | undefined): boolean =>
  /^(?:alter|create|drop|delete|update|truncate|rename)$/.test(word ?? '');
