import type { Change } from '../../facts/schema-changes.ts';

const down = /^[ \t]*--[ \t]*(?:migrate:down|\+goose Down|\+migrate Down|@?(?:DOWN|UNDO)\b|Down Migration)[^\n]*$/im;

/** A file that holds the way back as well: only the way up. */
export function upOf(text: string): string {
  const at = text.search(down);
  return at === -1 ? text : text.slice(0, at);
}

/** The comments before the first statement of a migration, SQL or program. */
export function headOf(text: string): string[] {
  const head = /^(?:\s|--[^\n]*\n?|\/\/[^\n]*\n?|\/\*[\s\S]*?\*\/|['"]use strict['"];?)*/.exec(text)?.[0] ?? '';
  return commentsIn(head);
}

const commentsIn = (text: string): string[] =>
  [...text.matchAll(/(?:--|\/\/)([^\n]*)|\/\*([\s\S]*?)\*\//g)].map((match) => (match[1] ?? match[2] ?? '').trim());

/** Comments of a program stand in the lines before a call, or behind it. */
export function withComments(text: string, changes: readonly Change[]): Change[] {
  const lines = text.split('\n');
  return changes.map((change) => ({ ...change, comments: [...change.comments, ...commentsAt(lines, change.line)] }));
}

function commentsAt(lines: readonly string[], line: number): string[] {
  let first = line - 1;
  while (/^\s*(?:\/\/|\/?\*)/.test(lines[first - 1] ?? '')) first -= 1;
  const above = lines.slice(first, line - 1).map((text) => text.replace(/^\s*(?:\/\/|\/?\*+)\s?/, ''));
  return [...above, /\/\/(.*)$/.exec(lines[line - 1] ?? '')?.[1] ?? ''].filter(Boolean);
}
