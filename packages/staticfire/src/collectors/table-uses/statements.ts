import { lineOf } from '../../code/summary.ts';
import type { Statement } from '../../code/sites.ts';
import type { TableUse, Written } from '../../facts/table-uses.ts';
import type { Tables } from '../../facts/tables.ts';

const ident = String.raw`["\`\[]?(?:\w+["\`\]]?\s*\.\s*["\`\[]?)?(\w+)["\`\]]?`;
const forms = new RegExp(
  String.raw`\bdelete\s+from\s+(?:only\s+)?${ident}|\btruncate\s+(?:table\s+)?${ident}|\bupdate\s+(?:only\s+)?${ident}\s+(?:as\s+\w+\s+|\w+\s+)?set\b|\binsert\s+(?:ignore\s+)?into\s+${ident}|\b(?:from|join)\s+${ident}`,
  'gi',
);

/** The tables that a statement of SQL reads and changes. */
export function usesOfStatement(tables: Tables, statement: Statement): readonly TableUse[] {
  const { text, file, fn, at } = statement;
  return [...text.matchAll(forms)].flatMap((match): readonly TableUse[] => {
    const [, deleted, truncated, updated, inserted, read] = match;
    const table = tables.named(deleted ?? truncated ?? updated ?? inserted ?? read ?? '');
    if (!table) return [];
    const deed =
      (deleted ?? truncated) !== undefined
        ? 'delete'
        : updated !== undefined
          ? 'update'
          : inserted !== undefined
            ? 'create'
            : 'read';
    const writes = deed === 'update' ? setIn(text.slice(match.index + match[0].length)) : [];
    return [{ table, deed, soft: false, file, fn, at: { file, line: lineOf(at) }, writes, whole: true }];
  });
}

/** `SET email = NULL, name = $1 WHERE …` */
function setIn(text: string): readonly Written[] {
  const list = text.split(/\b(?:where|returning|from)\b/i)[0] ?? '';
  return [...list.matchAll(/["`]?(\w+)["`]?\s*=\s*([^,]+)/g)].flatMap((match) =>
    match[1] !== undefined && match[2] !== undefined
      ? [{ column: match[1], value: undefined, text: match[2].trim() }]
      : [],
  );
}
