/** A field of one of GraphQL's root types, as the schema language declares it. */
export interface RootField {
  readonly operation: 'query' | 'mutation' | 'subscription';
  readonly name: string;
  /** Directives behind it, as written: `@auth(requires: ADMIN)`. */
  readonly directives: readonly string[];
  /** Lines after the start of the text. */
  readonly line: number;
}

const operations = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' } as const;
const roots = /\b(?:extend\s+)?type\s+(Query|Mutation|Subscription)\b[^{}]*\{/g;

/** The fields of Query, Mutation and Subscription in a schema's text. */
export function rootFields(written: string): readonly RootField[] {
  const text = blanked(written);
  return [...text.matchAll(roots)].flatMap((match) => {
    const name = match[1];
    if (name !== 'Query' && name !== 'Mutation' && name !== 'Subscription') return [];
    const start = match.index + match[0].length;
    const fields = fieldsFrom(text, start);
    return fields.map((field, index) => ({
      operation: operations[name],
      name: field.name,
      directives: directivesIn(written, field.at, fields[index + 1]?.at),
      line: linesBefore(text, field.at),
    }));
  });
}

/** Between a field and the next, or the end of the type. */
function directivesIn(text: string, from: number, to: number | undefined): readonly string[] {
  const part = text.slice(from, to ?? from + 1000).split('}', 1)[0] ?? '';
  return (part.match(/@\w+(?:\([^()]*\))?/g) ?? []).filter((one) => !/^@(?:deprecated|specifiedBy)\b/.test(one));
}

/** Comments and descriptions become spaces, so that places stay. */
const blanked = (text: string): string =>
  text.replaceAll(/"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g, (match) => match.replaceAll(/[^\n]/g, ' '));

/** Names before a colon or arguments, at the first level inside the braces. */
function fieldsFrom(text: string, start: number): { name: string; at: number }[] {
  const found: { name: string; at: number }[] = [];
  const token = /[A-Za-z_]\w*|[(){}:[\]@]/g;
  token.lastIndex = start;
  let round = 0;
  let last: { name: string; at: number } | undefined;
  let directive = false;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [word] = match;
    if (word === '}' && round === 0) break;
    if (word === '(') {
      if (round === 0 && last) found.push(last);
      last = undefined;
      round += 1;
    } else if (word === ')') round -= 1;
    else if (word === ':' && round === 0) {
      if (last) found.push(last);
      last = undefined;
      skipType(text, token);
    } else if (round === 0 && /^\w/.test(word)) last = directive ? undefined : { name: word, at: match.index };
    directive = word === '@';
  }
  return found;
}

/** A field's type is no field. */
function skipType(text: string, token: RegExp): void {
  const match = /^\s*\[*\s*\w+[\]!]*/.exec(text.slice(token.lastIndex, token.lastIndex + 200));
  if (match) token.lastIndex += match[0].length;
}

function linesBefore(text: string, at: number): number {
  let count = 0;
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) count += 1;
  return count;
}
