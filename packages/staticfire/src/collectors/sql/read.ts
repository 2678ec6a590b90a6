import type { Change, Column, Key, Where } from '../../facts/schema-changes.ts';
import { Cursor } from './cursor.ts';
import { statementsOf, type SqlStatement, type SqlToken } from './statements.ts';

/** What the statements of a text change, in order. Statements of other kinds are left out. */
export function changesOf(text: string, firstLine = 1): Change[] {
  return statementsOf(text, firstLine).flatMap(changesOfStatement);
}

function changesOfStatement(statement: SqlStatement): Change[] {
  const at = new Cursor(statement.tokens);
  const where = (table: string): Where => ({ table, line: statement.line, comments: statement.comments });
  if (at.take('create')) return created(at, where);
  if (at.take('alter', 'table')) return altered(at, where);
  if (at.take('alter', 'type')) return enumRenamed(at, where);
  if (at.take('drop')) return dropped(at, where);
  if (at.take('rename', 'table'))
    return [{ ...where(at.name()), k: 'table-renamed', to: at.take('to') ? at.name() : '' }];
  return rowsChanged(at, where);
}

type Whereof = (table: string) => Where;

function created(at: Cursor, where: Whereof): Change[] {
  while (at.take('or', 'replace') || at.take('unlogged') || at.take('global') || at.take('local'));
  if (at.take('temp') || at.take('temporary')) return [];
  if (at.take('table')) return createdTable(at, where);
  const unique = at.take('unique');
  while (at.take('clustered') || at.take('nonclustered') || at.take('fulltext') || at.take('spatial'));
  return at.take('index') ? createdIndex(at, where, unique) : [];
}

function createdTable(at: Cursor, where: Whereof): Change[] {
  at.take('if', 'not', 'exists');
  const table = at.name();
  const parts = at.group().parts();
  const columns: Column[] = [];
  const keys: Key[] = [];
  for (const part of parts) {
    const key = keyOf(part);
    if (key) keys.push(key);
    else columns.push(columnOf(part));
  }
  return [{ ...where(table), k: 'table', columns, keys }];
}

function createdIndex(at: Cursor, where: Whereof, unique: boolean): Change[] {
  const concurrent = at.take('concurrently');
  at.take('if', 'not', 'exists');
  const name = at.peek() === 'on' ? '' : at.name();
  if (!at.take('on')) return [];
  at.take('only');
  const table = at.name();
  const method = at.take('using') ? at.name() : 'btree';
  const columns = columnsOf(at.group());
  // Indexes of other methods find words, ranges and places, not the rows of a key.
  const leading = method === 'btree' || method === 'hash' ? columns : [];
  return [{ ...where(table), k: 'index', columns: leading, unique, concurrent, name }];
}

const columnsOf = (group: Cursor): string[] => group.parts().map((part) => (part.peek() === '(' ? '' : part.name()));

const keyHeads = /^(?:constraint|primary|unique|foreign|check|exclude|key|index|fulltext|like)$/;
/** A column may be called `key` or `index`; its type then comes next. */
const columnTypes =
  /^(?:var|n?char|text|int|bigint|small|numeric|decimal|uuid|json|bool|time|date|double|real|blob|serial)/;

/** A constraint of a table, or undefined where a column is declared. */
function keyOf(part: Cursor): Key | undefined {
  if (!keyHeads.test(part.peek()) || columnTypes.test(part.peek(1))) return undefined;
  const { line } = part;
  const made = (kind: Key['kind'], columns: readonly string[], refers?: string, text = ''): Key => ({
    kind,
    columns,
    refers,
    line,
    text,
  });
  if (part.take('constraint')) part.name();
  if (part.take('foreign', 'key')) {
    if (part.peek() !== '(') part.name();
    const columns = columnsOf(part.group());
    return made('foreign', columns, part.take('references') ? part.name() : '');
  }
  const kind = part.take('primary', 'key') ? 'primary' : part.take('unique') ? 'unique' : undefined;
  if (kind === undefined && (part.take('key') || part.take('index'))) {
    if (part.peek() !== '(') part.name();
    return made('index', columnsOf(part.group()));
  }
  if (kind === undefined) return made('check', [], undefined, part.text());
  while (!part.ended && part.peek() !== '(' && part.peek() !== 'using') part.skip();
  return made(kind, columnsOf(part.group()));
}

const ending =
  /^(?:not|null|default|primary|unique|references|check|constraint|generated|collate|auto_increment|autoincrement|identity|comment|on|after|first)$/;

function columnOf(part: Cursor): Column {
  const { line } = part;
  const name = part.name();
  const type: string[] = [];
  while (!part.ended && !ending.test(part.peek())) type.push(part.skip()?.v.toLowerCase() ?? '');
  const tokens = part.rest();
  const rest = part.text();
  const fallback = /\bdefault (?!null\b)(.*)/.exec(rest)?.[1] ?? '';
  const kind = type.join(' ');
  const serial = /\b(?:big|small)?serial\b/.test(kind);
  const generated = /\bgenerated\b|\bidentity\b|auto_?increment/.test(rest);
  return {
    name,
    type: kind,
    required: /\bnot null\b|\bprimary key\b/.test(rest),
    filled: fallback !== '' || serial || generated,
    volatile: serial || generated || volatile.test(fallback),
    unique: /\bunique\b/.test(rest),
    primary: /\bprimary key\b/.test(rest),
    refers: referred(tokens),
    line,
  };
}

/** The table behind `REFERENCES`. */
function referred(tokens: readonly SqlToken[]): string | undefined {
  const at = tokens.findIndex(({ k, v }) => k === 'word' && v === 'references');
  return at === -1 ? undefined : new Cursor(tokens.slice(at + 1)).name();
}

/** Functions that give another value for each row. */
const volatile =
  /\b(?:gen_random_uuid|uuid_generate_v\d\w*|random|clock_timestamp|timeofday|nextval|uuidv7|newid)\s*\(/;

function altered(at: Cursor, where: Whereof): Change[] {
  at.take('if', 'exists');
  at.take('only');
  const table = at.name();
  at.take('*');
  return at.parts().flatMap((part) => alteration(part, where(table), part.line));
}

function alteration(at: Cursor, base: Where, line: number): Change[] {
  const here = { ...base, line };
  if (at.take('add')) return added(at, here);
  if (at.take('drop')) return droppedPart(at, here);
  if (at.take('rename')) return renamed(at, here);
  if (at.take('modify') || at.take('change')) return modified(at, here);
  if (!at.take('alter')) return [];
  at.take('column');
  const name = at.name();
  if (at.take('set', 'not', 'null')) return [{ ...here, k: 'required', name }];
  if (at.take('type') || at.take('set', 'data', 'type')) {
    const text = at.text();
    return [{ ...here, k: 'type', name, type: text.replace(/ using .*/, ''), converts: / using /.test(text) }];
  }
  return [];
}

function added(at: Cursor, here: Where): Change[] {
  const unique = at.peek() === 'unique' && /^(?:index|key)$/.test(at.peek(1));
  if (unique || at.peek() === 'index' || at.peek() === 'key') {
    if (unique) at.skip();
    at.skip();
    const name = at.peek() === '(' ? '' : at.name();
    return [{ ...here, k: 'index', columns: columnsOf(at.group()), unique, concurrent: false, name }];
  }
  const text = at.text();
  const key = keyOf(at);
  if (key)
    return [{ ...here, k: 'key', key, unchecked: /\bnot valid\b/.test(text), prepared: /\busing index\b/.test(text) }];
  at.take('column');
  at.take('if', 'not', 'exists');
  const group = at.peek() === '(' ? at.group().parts() : [at];
  return group.map((part) => ({ ...here, k: 'column', column: columnOf(part) }));
}

function droppedPart(at: Cursor, here: Where): Change[] {
  if (/^(?:constraint|primary|foreign|check|default|index|key|partition)$/.test(at.peek())) return [];
  at.take('column');
  at.take('if', 'exists');
  return [{ ...here, k: 'column-dropped', name: at.name() }];
}

function renamed(at: Cursor, here: Where): Change[] {
  if (at.take('to') || at.take('as')) return [{ ...here, k: 'table-renamed', to: at.name() }];
  if (/^(?:constraint|index|key|value)$/.test(at.peek())) return [];
  at.take('column');
  const name = at.name();
  return at.take('to') ? [{ ...here, k: 'column-renamed', name, to: at.name() }] : [];
}

/** MySQL's `MODIFY` and `CHANGE` say the whole column again. */
function modified(at: Cursor, here: Where): Change[] {
  at.take('column');
  const ahead = at.name();
  const column = columnOf(at);
  const to =
    column.name && !/^(?:varchar|int|bigint|text|enum|decimal|datetime|timestamp|tinyint|char|json)/.test(column.name);
  if (to && column.name !== ahead) return [{ ...here, k: 'column-renamed', name: ahead, to: column.name }];
  return [
    {
      ...here,
      k: 'type',
      name: ahead,
      type: to ? column.type : `${column.name} ${column.type}`.trim(),
      converts: false,
    },
  ];
}

/** `ALTER TYPE "Role_new" RENAME TO "Role"`: how the values of an enum are replaced. */
function enumRenamed(at: Cursor, where: Whereof): Change[] {
  const from = at.name();
  if (!at.take('rename', 'to')) return [];
  const to = at.name();
  return from !== to && from.startsWith(to) ? [{ ...where(''), k: 'enum-replaced', name: to }] : [];
}

function dropped(at: Cursor, where: Whereof): Change[] {
  if (at.take('table')) {
    at.take('if', 'exists');
    return at
      .parts()
      .map((part) => part.name())
      .map((table) => ({ ...where(table), k: 'table-dropped' }));
  }
  if (!at.take('index')) return [];
  const concurrent = at.take('concurrently');
  at.take('if', 'exists');
  const name = at.name();
  return [{ ...where(at.take('on') ? at.name() : ''), k: 'index-dropped', name, concurrent }];
}

function rowsChanged(at: Cursor, where: Whereof): Change[] {
  const verb = at.take('delete')
    ? 'delete'
    : at.take('update')
      ? 'update'
      : at.take('truncate')
        ? 'truncate'
        : undefined;
  if (!verb) return [];
  while (at.take('from') || at.take('only') || at.take('table') || at.take('ignore'));
  const table = at.name();
  if (table === '') return [];
  const filtered = at.rest().some((token) => token.k === 'word' && /^(?:where|limit|join|using)$/.test(token.v));
  return [{ ...where(table), k: 'rows', verb, filtered }];
}
