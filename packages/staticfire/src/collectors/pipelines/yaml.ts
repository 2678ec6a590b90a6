import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';

/** A YAML value with the line it stands on. Aliases and merge keys are resolved, shared rather than copied. */
export interface Yaml {
  readonly line: number;
  readonly value?: string | number | boolean | null;
  /** A block scalar kept line by line, so that lines can be counted. */
  readonly literal?: boolean;
  readonly entries?: ReadonlyMap<string, Entry>;
  readonly items?: readonly Yaml[];
}

export interface Entry {
  readonly line: number;
  readonly node: Yaml;
}

export interface ParsedYaml {
  readonly documents: readonly Yaml[];
  readonly error?: { readonly line: number; readonly detail: string };
}

const sizeLimit = 1_000_000;
const nothing: Yaml = { line: 1, value: null };

/** Parses a file of a stranger: bounded in size and in aliases, with errors as values. */
export function parseYaml(text: string): ParsedYaml {
  if (text.length > sizeLimit) return { documents: [], error: { line: 1, detail: 'the file is larger than 1 MB' } };
  const counter = new LineCounter();
  const documents = [
    ...parseAllDocuments(text, { lineCounter: counter, uniqueKeys: false, logLevel: 'silent', merge: true }),
  ];
  const error = documents.flatMap((document) => document.errors)[0];
  if (error)
    return { documents: [], error: { line: counter.linePos(error.pos[0]).line, detail: firstLine(error.message) } };
  return { documents: documents.map((document) => new Reader(document, counter).root()) };
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/ at line \d+.*$/, '');

class Reader {
  readonly #seen = new Map<Node, Yaml>();
  readonly #document: Document;
  readonly #counter: LineCounter;
  constructor(document: Document, counter: LineCounter) {
    this.#document = document;
    this.#counter = counter;
  }

  root(): Yaml {
    return this.#read(this.#document.contents, 0);
  }

  #read(node: unknown, depth: number): Yaml {
    if (depth > 60) return nothing;
    if (isAlias(node)) return this.#read(node.resolve(this.#document), depth + 1);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return nothing;
    const known = this.#seen.get(node);
    if (known) return known;
    this.#seen.set(node, nothing);
    const read = this.#convert(node, depth);
    this.#seen.set(node, read);
    return read;
  }

  #convert(node: Node, depth: number): Yaml {
    const line = this.#lineOf(node);
    if (isSeq(node)) return { line, items: node.items.map((item) => this.#read(item, depth + 1)) };
    if (isMap(node)) return { line, entries: this.#entries(node, depth) };
    if (!isScalar(node)) return nothing;
    // A version such as 0.10 is no number.
    const value = typeof node.value === 'number' && /^\d+\.\d*0$/.test(node.source ?? '') ? node.source : node.value;
    return { line, value: scalar(value), literal: node.type === 'BLOCK_LITERAL' };
  }

  #entries(node: unknown, depth: number): Map<string, Entry> {
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    if (!isMap(node)) return own;
    for (const pair of node.items) {
      const key = isScalar(pair.key)
        ? String(isScalar(pair.key) && pair.key.source !== undefined ? pair.key.source : pair.key.value)
        : '';
      const value = this.#read(pair.value, depth + 1);
      if (key === '<<')
        for (const part of value.items ?? [value])
          for (const [name, entry] of part.entries ?? []) merged.set(name, entry);
      else own.set(key, { line: this.#lineOf(pair.key), node: value });
    }
    for (const [name, entry] of merged) if (!own.has(name)) own.set(name, entry);
    return own;
  }

  #lineOf(node: unknown): number {
    const start = isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
    return start === undefined ? 1 : this.#counter.linePos(start).line;
  }
}

const scalar = (value: unknown): string | number | boolean | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

export const get = (node: Yaml | undefined, ...path: readonly string[]): Yaml | undefined =>
  path.reduce<Yaml | undefined>((at, key) => at?.entries?.get(key)?.node, node);

/** The line of a key, for `continue-on-error: true` and the like. */
export const lineOfKey = (node: Yaml | undefined, key: string): number | undefined => node?.entries?.get(key)?.line;

export const text = (node: Yaml | undefined): string | undefined =>
  node?.value === undefined || node.value === null ? undefined : String(node.value);

/** A scalar or a list of scalars, as a list. */
export const texts = (node: Yaml | undefined): readonly string[] =>
  (node?.items ?? (node ? [node] : [])).flatMap((item) => {
    const value = text(item);
    return value === undefined ? [] : [value];
  });

/** A map of scalars. */
export function record(node: Yaml | undefined): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [key, entry] of node?.entries ?? []) result[key] = text(entry.node) ?? '';
  return result;
}

export const isTrue = (node: Yaml | undefined): boolean => node?.value === true || node?.value === 'true';

/** A file whose every line is blank or a comment, with at least one comment. */
export function isCommentedOut(source: string): boolean {
  const lines = source.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => line !== '' && line !== '---');
  return told.length > 0 && told.every((line) => line.startsWith('#'));
}
