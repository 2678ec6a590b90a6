import type { Column, OnDelete, Reference, Table, TableIndex } from '../../facts/tables.ts';

interface Draft {
  readonly name: string;
  readonly at: { readonly file: string; readonly line: number };
  readonly columns: Column[];
  readonly references: Reference[];
  readonly indexes: TableIndex[];
}

const ident = String.raw`["\`\[]?[\w$-]+["\`\]]?`;
const qualified = String.raw`(?:${ident}\s*\.\s*)?(${ident})`;
const statements = new RegExp(
  [
    String.raw`\bcreate\s+(?:(?:unlogged|or\s+replace)\s+)*table\s+(?:if\s+not\s+exists\s+)?${qualified}\s*\(`,
    String.raw`\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?${qualified}\s+([^;]*)`,
    String.raw`\bcreate\s+(unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?(?:${ident}\s+)?on\s+(?:only\s+)?${qualified}\s*(?:using\s+\w+\s*)?\(([^;]*?)\)\s*(?:where|include|with|;|$)`,
    String.raw`\bdrop\s+table\s+(?:if\s+exists\s+)?${qualified}`,
  ].join('|'),
  'gi',
);

/** The tables that exist after the statements of these files, in order. */
export function sqlTables(files: readonly { readonly file: string; readonly text: string }[]): readonly Table[] {
  const drafts = new Map<string, Draft>();
  for (const { file, text } of files) applyFile(drafts, file, blankComments(text));
  return [...drafts.values()].map((draft) => ({ ...draft, table: draft.name, layer: 'sql' as const }));
}

/** Comments become blanks, so that places stay where they are. */
const blankComments = (text: string): string =>
  text.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '));

const plain = (name: string): string => name.replaceAll(/["`[\]]/g, '');

function applyFile(drafts: Map<string, Draft>, file: string, text: string): void {
  const lineAt = lineCounter(text);
  for (const match of text.matchAll(statements)) {
    const [whole, created, altered, change, unique, indexed, columns, dropped] = match;
    const at = { file, line: lineAt(match.index) };
    if (created) create(drafts, plain(created), at, text, match.index + whole.length, lineAt);
    if (altered && change) alter(drafts, plain(altered), change, at);
    if (indexed && columns) addIndex(drafts, plain(indexed), columns, unique !== undefined, at);
    if (dropped) drafts.delete(plain(dropped).toLowerCase());
  }
}

/** Lines are counted forward from the last question. */
function lineCounter(text: string): (index: number) => number {
  let [from, line] = [0, 1];
  return (index) => {
    if (index < from) [from, line] = [0, 1];
    for (let at = from; at < index; at += 1) if (text.codePointAt(at) === 10) line += 1;
    from = Math.max(from, index);
    return line;
  };
}

function create(
  drafts: Map<string, Draft>,
  name: string,
  at: Draft['at'],
  text: string,
  from: number,
  lineAt: (index: number) => number,
): void {
  if (drafts.has(name.toLowerCase())) return;
  const draft: Draft = { name, at, columns: [], references: [], indexes: [] };
  drafts.set(name.toLowerCase(), draft);
  for (const part of partsOf(text, from)) addPart(draft, part.text, { file: at.file, line: lineAt(part.index) });
}

/** The definitions between the parentheses, split at the commas of the outermost level. */
function partsOf(text: string, from: number): readonly { readonly text: string; readonly index: number }[] {
  const parts: { text: string; index: number }[] = [];
  let [depth, start] = [1, from];
  for (let index = from; index < text.length && depth > 0; index += 1) {
    const char = text[index];
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if ((char === ',' && depth === 1) || depth === 0) {
      const part = text.slice(start, index);
      parts.push({ text: part.trim(), index: start + (part.length - part.trimStart().length) });
      start = index + 1;
    }
  }
  return parts;
}

const constraint = /^(?:constraint\b|primary\s+key|foreign\s+key|unique\b|check\b|exclude\b|index\b|key\b|like\b)/i;

function addPart(draft: Draft, text: string, at: Draft['at']): void {
  if (constraint.test(text)) return addConstraint(draft, text, at);
  const [, name, type] =
    new RegExp(String.raw`^(${ident})\s+([\w]+(?:\s+varying|\s+precision)?(?:\s*\([^)]*\))?)`, 'i').exec(text) ?? [];
  if (name === undefined || type === undefined) return;
  const column = plain(name);
  const optional = !/\bnot\s+null\b|\bprimary\s+key\b/i.test(text);
  draft.columns.push({ name: column, column, type: type.toLowerCase(), optional, at });
  if (/\bprimary\s+key\b|\bunique\b/i.test(text))
    draft.indexes.push({ columns: [column], unique: true, expires: false, at });
  addReference(draft, [column], text, at);
}

function addConstraint(draft: Draft, text: string, at: Draft['at']): void {
  const key = /\b(primary\s+key|unique)\b[^(]*\(([^)]*)\)/i.exec(text);
  if (key?.[2] !== undefined) draft.indexes.push({ columns: namesIn(key[2]), unique: true, expires: false, at });
  const foreign = /\bforeign\s+key\s*\(([^)]*)\)/i.exec(text);
  if (foreign?.[1] !== undefined) addReference(draft, namesIn(foreign[1]), text, at);
}

const namesIn = (list: string): string[] =>
  list
    .split(',')
    .flatMap((part) => new RegExp(String.raw`^\s*(${ident})(?![\w"]*\s*\()`).exec(part)?.slice(1, 2).map(plain) ?? []);

function addReference(draft: Draft, columns: readonly string[], text: string, at: Draft['at']): void {
  const to = new RegExp(String.raw`\breferences\s+${qualified}`, 'i').exec(text)?.[1];
  if (to === undefined) return;
  const action = /\bon\s+delete\s+(cascade|set\s+null|set\s+default|restrict|no\s+action)/i.exec(text)?.[1];
  draft.references.push({ columns, to: plain(to), onDelete: actionOf(action), at });
}

function actionOf(word: string | undefined): OnDelete {
  if (word === undefined) return 'default';
  if (/cascade/i.test(word)) return 'cascade';
  return /set/i.test(word) ? 'set-null' : 'restrict';
}

function alter(drafts: Map<string, Draft>, name: string, change: string, at: Draft['at']): void {
  const draft = drafts.get(name.toLowerCase());
  if (!draft) return;
  const renamed = new RegExp(String.raw`^rename\s+to\s+(${ident})`, 'i').exec(change)?.[1];
  if (renamed !== undefined) {
    drafts.delete(name.toLowerCase());
    drafts.set(plain(renamed).toLowerCase(), { ...draft, name: plain(renamed) });
    return;
  }
  for (const part of change.split(/,(?=\s*(?:add|drop|alter|rename)\b)/i)) alterPart(draft, part.trim(), at);
}

function alterPart(draft: Draft, part: string, at: Draft['at']): void {
  const dropped = new RegExp(String.raw`^drop\s+column\s+(?:if\s+exists\s+)?(${ident})`, 'i').exec(part)?.[1];
  const gone = dropped === undefined ? -1 : draft.columns.findIndex((one) => one.name === plain(dropped));
  if (gone !== -1) draft.columns.splice(gone, 1);
  const added = /^add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?([\s\S]+)$/i.exec(part)?.[1];
  if (added !== undefined) addPart(draft, added.trim(), at);
}

function addIndex(drafts: Map<string, Draft>, name: string, columns: string, unique: boolean, at: Draft['at']): void {
  drafts.get(name.toLowerCase())?.indexes.push({ columns: namesIn(columns), unique, expires: false, at });
}
