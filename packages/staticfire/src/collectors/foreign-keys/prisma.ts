import type { PrismaSchema } from '../../facts/prisma.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { KeyedTable } from './tables.ts';

/** How relations are kept: by the database, or by Prisma alone. */
export const relationMode = (workspace: Workspace, schema: PrismaSchema): string =>
  /^\s*relationMode\s*=\s*"(\w+)"/m.exec(workspace.read(schema.file) ?? '')?.[1] ?? 'foreignKeys';

/** The models of a Prisma schema with their relation fields and indexes. */
export function prismaTables(workspace: Workspace, schema: PrismaSchema): KeyedTable[] {
  return schema.models.map((model) => {
    const lines = (workspace.read(model.file) ?? '').split('\n');
    return readModel(model.file, model.name, model.table, bodyOf(lines, model.line));
  });
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** The lines of a model without comments; what a bracket leaves open goes on with the next line. */
function bodyOf(lines: readonly string[], from: number): Line[] {
  const body: Line[] = [];
  let open: Line | undefined;
  for (let number = from + 1; number <= lines.length; number += 1) {
    const text = (lines[number - 1] ?? '').replace(/\/\/.*$/, '').trim();
    if (text.startsWith('}') && !open) break;
    const whole: Line = open ? { text: `${open.text} ${text}`, number: open.number } : { text, number };
    open = balance(whole.text) > 0 ? whole : undefined;
    if (!open && whole.text) body.push(whole);
  }
  return body;
}

const balance = (text: string): number => (text.match(/[([]/g)?.length ?? 0) - (text.match(/[)\]]/g)?.length ?? 0);

function readModel(file: string, name: string, table: string, body: readonly Line[]): KeyedTable {
  const columns = new Map<string, string>();
  const indexes: string[][] = [];
  const keys: { readonly columns: string[]; readonly refers: string; readonly line: number }[] = [];
  const numbers = new Map<string, number>();
  for (const { text, number } of body) {
    if (/^@@(?:index|unique|id)\b/.test(text)) indexes.push(listed(text, 'fields') ?? listed(text) ?? []);
    const field = /^(\w+)\s+(\w+)/.exec(text);
    const [, own, type] = field ?? [];
    if (own === undefined || type === undefined) continue;
    numbers.set(own, number);
    const mapped = /@map\(\s*(?:name\s*:\s*)?"([^"]+)"/.exec(text)?.[1];
    if (mapped) columns.set(own, mapped);
    if (/@(?:id|unique)\b/.test(text)) indexes.push([own]);
    const fields = /@relation\(/.test(text) ? listed(text, 'fields') : undefined;
    if (fields && fields.length > 0) keys.push({ columns: fields, refers: type, line: number });
  }
  const placed = keys.map((key) => ({
    columns: key.columns,
    refers: key.refers,
    at: { file, line: numbers.get(key.columns[0] ?? '') ?? key.line },
  }));
  return { name, aliases: [table], file, keys: placed, indexes, columns };
}

/** The names of a bracketed list, of the argument of this name or of the first list. */
function listed(text: string, argument?: string): string[] | undefined {
  const pattern = argument ? new RegExp(String.raw`\b${argument}\s*:\s*\[`) : /\[/;
  const start = pattern.exec(text);
  if (!start) return undefined;
  const from = start.index + start[0].length;
  const inside = text.slice(from, text.indexOf(']', from)).replaceAll(/\([^)]*\)/g, '');
  return inside.split(',').flatMap((part) => /\w+/.exec(part)?.[0] ?? []);
}
